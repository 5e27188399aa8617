# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of forms."""

from typing import Any, NotRequired, TypedDict


FormPatch = dict[str, Any]
"""A merge patch (RFC 7396) of a form's keys: null takes one out, what is left out stays."""


class FormShape(TypedDict):
    """A form by which people join."""

    name: str
    """Its name."""
    audiences: list[str]
    """What people join by it."""
    title: str
    """Above the form; or empty."""
    fields: list[str]
    """What it asks for beside the address."""
    confirm: str
    """double: by a link in a mail; single."""
    link: str
    """Its public page."""
    sign_ups: int
    """How many came by it in the last 30 days."""
    confirmed: int
    """How many of them have confirmed it."""


class FormWhole(TypedDict):
    """A form with its keys. The ETag is that of schedules.yaml."""

    name: str
    """Its name."""
    audiences: list[str]
    """What people join by it."""
    title: str
    """Above the form; or empty."""
    fields: list[str]
    """What it asks for beside the address."""
    confirm: str
    """double: by a link in a mail; single."""
    link: str
    """Its public page."""
    sign_ups: int
    """How many came by it in the last 30 days."""
    confirmed: int
    """How many of them have confirmed it."""
    plan: dict[str, Any]
    """What schedules.yaml says of it; empty where it says nothing of any form."""
    html: str
    """What to paste into a page of another site."""


class NewForm(TypedDict):
    """A form to make."""

    name: str
    """Its name in schedules.yaml."""
    plan: dict[str, Any]
    """Its keys, as schedules.yaml has them below `forms.<name>`."""


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
