# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of forms."""

from typing import NotRequired, TypedDict


class SignUp(TypedDict):
    """Who wants to join, and what else they filled in."""

    email: str
    """Their address."""
    agree: bool
    """Whether they agreed to the form's consent."""
    fields: NotRequired[dict[str, str | list[str]]]
    """The form's own fields by name; a list where several may be chosen."""
    language: NotRequired[str]
    """Of the page that they read, such as fr."""
    proof: NotRequired[str]
    """The solved challenge, where the form wants one."""


class Taken(TypedDict):
    """It was taken in, whoever it is."""

    detail: str
    """What to tell them."""
