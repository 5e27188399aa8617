"""What an edition has posted on networks: where it stands, and what can be done with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.channels.find import find_provider
from dispatch.channels.provider import Deletes, Edits, Provider
from dispatch.channels.takes import Takes
from dispatch.errors import NotFound
from dispatch.model.delivery.published import PublishedRow, PublishedState
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.amendment import Amendment
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.team.role import Right
from dispatch.model.text.threads import posts_in
from dispatch.pipeline.delivery.publishing import TOLD_ALREADY
from dispatch.web.team.provider_words import title_of
from dispatch.web.team.review.snippets import UNITS
from dispatch.web.team.visit import Visit

STATES = {
    PublishedState.RESERVED: "unknown",
    PublishedState.PUBLISHED: "published",
    PublishedState.EDITED: "edited",
    PublishedState.DELETED: "deleted",
    PublishedState.FAILED: "failed",
}
"""How pages call the states."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A post on a network, and what can be done with it. `text` is what it says, or was typed."""

    key: int
    title: str
    network: str
    state: str
    at: datetime
    address: str
    text: str
    used: int
    takes: Takes
    unit: str
    can_edit: bool
    can_delete: bool
    is_ours: bool
    told_already: bool = False

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"text-{self.key}"

    @property
    def may_change(self) -> bool:
        """Whether anything can be done with it from here."""
        if self.state == "unknown":
            return self.is_ours
        return self.state != "failed" and (self.can_edit or self.can_delete)


@dataclass(frozen=True, slots=True)
class Correction:
    """One of the corrections of an edition: when, whose, what it was about, and why."""

    at: datetime
    name: str
    what: str
    note: str


def published_of(
    visit: Visit, edition: Edition, typed: Mapping[int, str] | None = None
) -> dict[str, object]:
    """What the template needs of it."""
    with visit.app.store.read() as tx:
        rows = tx.published.of_edition(edition.number)
        deliveries = tx.delivery_pages.with_keys(edition, [row.delivery_id for row in rows])
        amendments = tx.archive.amendments(edition.id)
        names = {one.handle: one.name or one.handle for one in tx.persons.all(ended=True)}
    parts = {one.id: one.part for one in deliveries}
    told = {
        one.id
        for one in deliveries
        if one.state is DeliveryState.REFUSED and one.reason.startswith(TOLD_ALREADY)
    }
    titles = {str(post.id): post.title for post in edition.content.posts}
    takes = {
        plan.via: visit.app.channels.takes(plan.via).for_plan(plan)
        for plan in edition.content.social
    }
    posted = [
        replace(
            _posted(
                visit,
                row,
                titles.get(parts.get(row.delivery_id, ""), ""),
                takes.get(row.channel, Takes()),
                typed or {},
            ),
            told_already=row.delivery_id in told,
        )
        for row in rows
    ]
    return {
        "posted": posted,
        "corrections": [_correction(visit, one, names) for one in reversed(amendments)],
        "may_correct": visit.may(Right.MEND),
        "may_tell_again": visit.may(Right.MEND) and edition.state is not EditionState.CANCELLED,
    }


def _posted(
    visit: Visit, row: PublishedRow, title: str, takes: Takes, typed: Mapping[int, str]
) -> Posted:
    channel = visit.app.workspace.channels.get(row.channel)
    provider = _provider(channel.provider) if channel else None
    text = typed.get(row.delivery_id, row.post.text)
    is_known = bool(row.post.ids)  # what has no name there is found by nobody but a person
    return Posted(
        key=row.delivery_id,
        title=title,
        network=title_of(visit.words, channel.provider) if channel else row.channel,
        state=STATES[row.state],
        at=row.changed or row.at,
        address=row.post.address if row.post.address.startswith("https://") else "",
        text=text,
        used=max(map(takes.counter.count, posts_in(text, threads=takes.threads))),
        takes=takes,
        unit=UNITS[takes.counting],
        can_edit=is_known and provider is not None and issubclass(provider, Edits),
        can_delete=is_known and provider is not None and issubclass(provider, Deletes),
        is_ours=is_known and row.changed is not None,
    )


def _provider(name: str) -> type[Provider[object]] | None:
    try:
        return find_provider(name)
    except NotFound:
        return None


def _correction(visit: Visit, one: Amendment, names: Mapping[str, str]) -> Correction:
    return Correction(one.at, names.get(one.by, one.by), ", ".join(_parts(visit, one)), one.note)


def _parts(visit: Visit, one: Amendment) -> Iterator[str]:
    words = visit.words
    if one.subject is not None:
        yield words("edition.part_subject")
    if one.intro is not None:
        yield words("edition.part_intro")
    if one.titles:
        yield words("networks.part_titles", count=len(one.titles))
    if one.texts:
        yield words("networks.part_texts", count=len(one.texts))
    if one.snippets:
        yield words("edition.part_snippets", count=len(one.snippets))
