# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of settings."""

from typing import NotRequired, TypedDict


class Settings(TypedDict):
    """What schedules.yaml says for all campaigns; null where it says nothing."""

    sender_name: NotRequired[str | None]
    """The name that readers' mails come from."""
    sender_email: NotRequired[str | None]
    """The address that they come from."""
    locale: NotRequired[str | None]
    """The language of readers."""
    timezone: NotRequired[str | None]
    """By whose clocks the team plans."""
    address: NotRequired[str | None]
    """Our postal address, below each mail."""
    website: NotRequired[str | None]
    """Our site."""
    public_url: NotRequired[str | None]
    """Where readers' links lead."""
    accent: NotRequired[str | None]
    """The colour of links."""
    erase_after: NotRequired[str | None]
    """How long people are kept who have left; null: without end."""
    keep_networks: NotRequired[bool | None]
    """Whether it is kept from which network somebody has joined."""
    second_factor: NotRequired[bool | None]
    """Whether everybody of the team has to set up an app. It and the rest: only with the right
    'own'; else null.
    """
    service_name: NotRequired[str | None]
    """The service by which people sign in."""
    service_issuer: NotRequired[str | None]
    """The address of that service."""
    service_client_id: NotRequired[str | None]
    """Who we are there."""
    service_client_secret: NotRequired[str | None]
    """The name of our secret there: env:NAME or file:PATH, never itself."""
