"""The snippets of an edition on one channel: what is said there, how long it is, how it looks."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from dispatch.channels.takes import Takes
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.text.counting import Counting
from dispatch.render.texts import Snippet
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.review.previews import snippets_for

UNITS = {
    Counting.CODE_POINTS: "characters",
    Counting.GRAPHEMES: "graphemes",
    Counting.FEDIVERSE: "graphemes",
}
"""How the script counts while somebody types; what counts is the server's number."""

_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Card:
    """A snippet. `field` is the name of its field, `own` whether somebody wrote it."""

    field: str
    part: str
    title: str
    text: str
    shown: Markup
    used: int
    most: int | None
    unit: str
    link_cost: int | None
    own: bool
    link: str
    host: str
    picture: str
    alt: str
    language: str


def field_of(part: str) -> str:
    """The name of the field of a snippet."""
    return f"snippet-{part or 'edition'}"


def cards_of(desk: Desk, plan: SocialPlan) -> tuple[list[Card], str]:
    """Those of a channel, and why there are none, in English."""
    takes = desk.visit.app.channels.takes(plan.via).for_plan(plan)
    own = {one.part for one in desk.edition.content.snippets if one.channel == plan.via}
    try:
        found = snippets_for(desk.visit, desk.edition, plan)
    except TemplateFailed as error:
        return [], str(error)
    return [_card(one, takes, own=one.part in own) for one in found], ""


def _card(snippet: Snippet, takes: Takes, *, own: bool) -> Card:
    url = snippet.image.url if snippet.image else ""
    return Card(
        field=field_of(snippet.part),
        part=snippet.part,
        title=snippet.title,
        text=snippet.text,
        shown=linked(snippet.text),
        used=takes.counter.count(snippet.text),
        most=takes.max_text,
        unit=UNITS[takes.counting],
        link_cost=takes.link_cost,
        own=own,
        link=snippet.link,
        host=snippet.link.partition("://")[2].partition("/")[0],
        picture=url if url.startswith("https://") else "",
        alt=snippet.image.alt if snippet.image else "",
        language=snippet.language,
    )


def linked(text: str) -> Markup:
    """A text with its links marked, as networks show them.

    >>> linked("Look: https://a.example/x")
    Markup('Look: <mark>a.example/x</mark>')
    """
    shown, done = Markup(), 0
    for found in _LINK.finditer(text):
        bare = found[0].partition("://")[2]
        shown += Markup("{}<mark>{}</mark>").format(text[done : found.start()], bare)
        done = found.end()
    return shown + text[done:]
