"""What an edition looks like: to whom, over which channel, in which light."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from markupsafe import escape
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from dispatch.errors import NotFound, TemplateFailed
from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.editions.edition import Edition
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.team.role import Right
from dispatch.pipeline.editions.typical_readers import NAMELESS, nobodys, typical_readers
from dispatch.render.texts import Digest, Snippet
from dispatch.web.team.campaign_titles import file_name
from dispatch.web.team.frame import BARE, HEADERS, packed
from dispatch.web.team.queries import with_query
from dispatch.web.team.review.desk import Desk, desk_of
from dispatch.web.team.visit import Visit

if TYPE_CHECKING:
    from dispatch.pipeline.archive.kept import Kept

PREVIEWS = 48
"""How many digests and lists of snippets a process remembers."""

MAIL, TEXT = "mail", "text"
SIZES = ("desktop", "phone", "plain")
REAL = "r-"
"""How the address of a preview names a real reader: by this, and who they are in links."""

_DARK = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)
_LIGHT = re.compile(r"\(\s*prefers-color-scheme\s*:\s*light\s*\)", re.IGNORECASE)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_SO, _NOT_SO = "(min-width: 0)", "(max-width: 0)"


@dataclass(frozen=True, slots=True)
class Whom:
    """As whom somebody looks. `key` names them in addresses; `email` is shown to who may see it."""

    key: str
    reader: Subscriber
    email: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be seen: a tab, in which size and light, as whom."""

    tab: str
    size: str
    dark: bool
    whom: Whom
    opens: Mapping[str, str] = field(default_factory=dict)

    def query(self, **other: str) -> str:
        """The same as the end of an address, with something else instead."""
        values = {
            "tab": self.tab if self.tab != MAIL else "",
            "size": self.size if self.size != SIZES[0] else "",
            "dark": "1" if self.dark else "",
            "as": self.whom.key,
        }
        return with_query("", {**values, **self.opens, **other}).removeprefix("?")

    @property
    def frame_query(self) -> str:
        """What the frame's address says."""
        return "&".join(
            part for part in (f"as={self.whom.key}", "dark=1" if self.dark else "") if part
        )


def look_of(desk: Desk) -> Look:
    """What the address asks for; what it asks wrongly is the usual."""
    visit, edition = desk.visit, desk.edition
    channels = [plan.via for plan in edition.content.social]
    tab = visit.asked("tab", MAIL)
    if tab not in channels:
        tab = MAIL if edition.content.email or not channels else channels[0]
    size = visit.asked("size")
    return Look(
        tab=tab,
        size=size if size in SIZES else SIZES[0],
        dark=visit.asked("dark") == "1",
        whom=whom_of(visit, edition),
        opens=desk.opens,
    )


def whom_of(visit: Visit, edition: Edition) -> Whom:
    """As whom: a typical reader, or a real one for who may see addresses."""
    typical = {one.key: one.reader for one in typical_readers(edition.content)}
    usual = Whom(NAMELESS, typical[NAMELESS])
    key, email = visit.asked("as"), visit.asked("who")
    if visit.may(Right.READERS) and (email or key.startswith(REAL)):
        with visit.app.store.read() as tx:
            found = (
                tx.subscribers.find(email)
                if email
                else tx.subscribers.by_public_id(key.removeprefix(REAL))
            )
        if found is None:
            return Whom(NAMELESS, typical[NAMELESS], email, problem="edition.nobody_there")
        return Whom(f"{REAL}{found.public_id}", nobodys(found), found.email)
    return Whom(key, typical[key]) if key in typical else usual


def digest_for(visit: Visit, edition: Edition, reader: Subscriber) -> Digest:
    """The digest as one reader would get it; kept, as a page and its frame ask for the same."""
    key = ("digest", edition.fingerprint, repr(reader))
    return cast(
        "Digest", _kept(visit).get(key, lambda: visit.app.editions.digest(edition.content, reader))
    )


def snippets_for(visit: Visit, edition: Edition, plan: SocialPlan) -> Sequence[Snippet]:
    """The snippets of one channel, likewise."""
    key = ("snippets", edition.fingerprint, plan.via, repr(visit.app.channels.takes(plan.via)))
    return cast(
        "Sequence[Snippet]",
        _kept(visit).get(key, lambda: tuple(visit.app.editions.snippets(edition.content, plan))),
    )


def _kept(visit: Visit) -> "Kept[object]":
    kept: Kept[object] = visit.request.app.state.previews
    return kept


def number_of(edition: Edition, plan: SocialPlan) -> int:
    """How many snippets there are on a channel."""
    return len(edition.content.posts) if plan.each is Each.POST else 1


def bare(visit: Visit) -> Response:
    """The bare preview, for the frame."""
    edition = desk_of(visit).edition
    kind = visit.part("kind")
    try:
        if kind in {MAIL, TEXT}:
            if edition.content.email is None:
                raise NotFound(f"edition {edition.id[:8]}: has no email - look at its snippets")
            digest = digest_for(visit, edition, whom_of(visit, edition).reader)
            if kind == TEXT:
                return PlainTextResponse(digest.text, headers=BARE)
            dark = visit.asked("dark") == "1"
            html = at_hand(digest.html, edition.content.publisher.public_url)
            return packed(visit, HTMLResponse(framed(html, dark=dark), headers=BARE))
        plan = _plan(edition, kind)
        texts = [one.whole for one in snippets_for(visit, edition, plan)]
        return PlainTextResponse("\n\n---\n\n".join(texts), headers=BARE)
    except TemplateFailed as error:
        page = f"<!doctype html><title>dispatch</title><p>{escape(str(error))}</p>"
        return HTMLResponse(page, status_code=422, headers=BARE)


def eml(visit: Visit) -> Response:
    """The digest as a file that mail programs open."""
    edition = desk_of(visit).edition
    if edition.content.email is None:
        raise NotFound(f"edition {edition.id[:8]}: has no email - look at its snippets")
    mail = visit.app.editions.as_mail(edition.content, whom_of(visit, edition).reader)
    name = f"{file_name(edition.campaign)}-{edition.content.slot:%Y-%m-%d}.eml"
    return Response(
        mail,
        media_type="message/rfc822",
        headers=HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'},
    )


def at_hand(html: str, public_url: str) -> str:
    """A digest whose pictures of pieces come from here: a public address may lead nowhere yet."""
    here = f"{urlsplit(public_url).path}/pictures/"
    return html.replace(f'src="{public_url}/pictures/', f'src="{here}')


def framed(html: str, *, dark: bool) -> str:
    """A digest for our frame: its links lead nowhere, and it is as light or dark as asked for.

    Which of its styles hold is otherwise the system's to say, and not the person's who looks.
    """
    html = _DARK.sub(_SO if dark else _NOT_SO, html)
    html = _LIGHT.sub(_NOT_SO if dark else _SO, html)
    scheme = "dark" if dark else "light"
    ours = (
        '<base target="_blank">'  # the sandbox opens nothing
        f"<style>:root{{color-scheme:{scheme}}}</style>"
    )
    return _HEAD.sub(lambda head: head[0] + ours, html, count=1)


def _plan(edition: Edition, channel: str) -> SocialPlan:
    for plan in edition.content.social:
        if plan.via == channel:
            return plan
    raise NotFound(f"edition {edition.id[:8]}: has no snippets on {channel!r} - see its tabs")
