"""Who has a link to choices: read from the address, by whichever kind of link it is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request

from dispatch.model.people.subscriber import Subscriber
from dispatch.pipeline.people.find_reader import find_chooser

if TYPE_CHECKING:
    from dispatch.app import App

CADENCE = "/cadence/"
"""Links from before there was more to choose; they hold as those of the first version do."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """The reader, or None for the link of a test mail; `audience` is whose letter it came in."""

    reader: Subscriber | None
    audience: str


def chooser_of(request: Request) -> Chooser:
    """Raises NotFound for a link that is not ours, and LinkOver for one that holds no more."""
    app: App = request.app.state.app
    token, links = request.path_params["token"], app.tools.links
    path = request.url.path.removeprefix(request.app.state.base)
    read = links.read_cadence if path.startswith(CADENCE) else links.read_preferences
    bearer = read(token)
    return Chooser(find_chooser(bearer, store=app.store), bearer.audience)


def choices_path(app: "App", reader: Subscriber) -> str:
    """The page of somebody's choices, for whoever has proved to be them."""
    make = app.tools.links.preferences_tokens("", reader.link_version)
    return path_of(app.tools.links.preferences_url(make(reader.public_id)))


def path_of(address: str) -> str:
    """An address of ours as our own pages name it, under whatever name they are reached."""
    return urlsplit(address).path
