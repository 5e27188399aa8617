"""Correct what an edition says on the web and on networks; what was approved stays as it is.

A correction is kept here, beside the edition. What stands on networks is then changed by
`pipeline/delivery/correct_published.py`, as often as it takes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dispatch.channels.takes import TakesOf, anything
from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict
from dispatch.model.campaigns.archive import Archive
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.editions.amendment import Amendment, amended
from dispatch.model.editions.edition import Edition, EditionState, OwnSnippet
from dispatch.model.text.invisible import visible
from dispatch.pipeline.editions.edit import (
    check_shown,
    checked_line,
    checked_snippets,
    checked_text,
)
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.render.texts import MOST_SUBJECT
from dispatch.store.editions.archive import HAS_GONE_OUT
from dispatch.store.transactions import Store

MOST_NOTE = 300
"""In code points: it stands above the letter."""

MOST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is to be said instead; posts are named by their ids, and a text of None stays."""

    subject: str | None = None
    intro: str | None = None
    titles: Mapping[int, str] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)
    snippets: tuple[OwnSnippet, ...] = ()


@dataclass(frozen=True, slots=True)
class Amended:
    """An edition that is to say something else now, and the name of its page, or empty.

    `amendment` is None where nothing new was said: networks can be gone through again.
    """

    edition: Edition
    amendment: Amendment | None
    page: str


def amend_edition(
    edition_id: str,
    corrections: Corrections,
    *,
    note: str = "",
    by: str,
    campaigns: Mapping[str, Campaign],
    store: Store,
    clock: Clock,
    renderer: Renderer = HERE,
    takes_of: TakesOf = anything,
) -> Amended:
    """Keep a correction beside an edition; where its page changes, with a sentence for its readers.

    Raises BadInput, Conflict where it has not gone out or stands nowhere, or where nothing would
    change, and TemplateFailed if its template cannot say it.
    """
    with store.read() as tx:
        edition = tx.editions.get(edition_id)
        before = amended(edition.content, tx.archive.amendments(edition.id))
        on_networks = bool(tx.published.of_edition(edition.number))
    page = _page(edition, campaigns, store, needed=not on_networks)
    amendment = Amendment(
        note=checked_line("note", note, "", MOST_NOTE),
        by=by,
        at=clock(),
        subject=_optional("subject", corrections.subject, MOST_SUBJECT),
        intro=None if corrections.intro is None else checked_text("intro", corrections.intro),
        titles=_of_posts("title", edition, corrections.titles, _title),
        texts=_of_posts("text", edition, corrections.texts, checked_text),
        snippets=checked_snippets(edition.content, corrections.snippets, takes_of),
    )
    for one in amendment.snippets:
        _needed(f"snippet {one.channel}", one.text)
    after = amended(before, [amendment])
    if after == before:
        if on_networks:
            return Amended(edition, None, page)
        problem = "this changes nothing on its page"
        raise Conflict(f"edition {edition.id[:8]}: {problem} - see 'editions amend --help'")
    if page and amendment.is_of_page:
        _needed("note", amendment.note)
        check_shown(after)
        renderer.page(replace(after, page=""), "")
    with store.begin() as tx:
        tx.archive.amend(edition.id, amendment)
        tx.audit.add(
            "edition.amend",
            by=by,
            now=amendment.at,
            kind="edition",
            subject=edition.id,
            texts=sorted(amendment.changes),
            note=amendment.note,
        )
    return Amended(edition, amendment, page)


def _page(
    edition: Edition, campaigns: Mapping[str, Campaign], store: Store, *, needed: bool
) -> str:
    """The name of its page. Where none is needed and there is none, it is empty."""
    named, campaign = f"edition {edition.id[:8]}", campaigns.get(edition.campaign)
    has_archive = campaign is not None and campaign.archive is not Archive.OFF
    if not needed and not (has_archive and edition.state in HAS_GONE_OUT):
        return ""
    if edition.state not in HAS_GONE_OUT:
        advice = "'dispatch editions edit' changes what has not gone out"
        if edition.state in {EditionState.CANCELLED, EditionState.REJECTED}:
            advice = "it has no page"
        raise Conflict(f"{named}: is {edition.state} - {advice}")
    if not has_archive:
        problem = f"campaign {edition.campaign} has no archive, so that it has no page"
        raise Conflict(f"{named}: {problem} - add 'archive: public', or unlisted")
    with store.read() as tx:
        names = {one.id: one.name for one in tx.archive.of(edition.campaign)}
    if edition.id not in names:
        raise Conflict(f"{named}: is no edition of its own - amend the one that it repeats")
    return names[edition.id]


def _of_posts(
    what: str, edition: Edition, said: Mapping[int, str], check: Callable[[str, str], str]
) -> dict[int, str]:
    known = {post.id for post in edition.content.posts}
    found = {}
    for post, text in said.items():
        if post not in known:
            advice = f"see 'dispatch editions show {edition.id[:8]}'"
            raise Conflict(f"post {post}: is not in edition {edition.id[:8]} - {advice}")
        name = f"{what} of post {post}"
        found[post] = _needed(name, check(name, text))
    return found


def _title(name: str, text: str) -> str:
    return checked_line(name, text, "", MOST_TITLE)


def _optional(name: str, text: str | None, most: int) -> str | None:
    return None if text is None else _needed(name, checked_line(name, text, "", most))


def _needed(name: str, text: str) -> str:
    if not visible(text).strip():
        raise BadInput([f"{name}: is empty - write what is to be read"])
    return text
