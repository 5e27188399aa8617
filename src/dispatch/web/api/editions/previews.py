"""What an edition looks like, what its checks find, and how far it has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.editions.edition import Edition
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.team.role import Right
from dispatch.pipeline.editions.typical_readers import NAMELESS, nobodys, typical_readers
from dispatch.render.texts import Digest, Snippet
from dispatch.web.api.call import Call
from dispatch.web.api.editions.shown import edition_of
from dispatch.web.api.operation import Operation
from dispatch.web.team.checks import sentences
from dispatch.web.team.times import Times
from dispatch.words.catalogues import team_words_in

if TYPE_CHECKING:
    from dispatch.pipeline.archive.kept import Kept


class DigestQuery(BaseModel):
    """As whom the digest is looked at."""

    model_config = ConfigDict(extra="forbid")

    language: str = Field(
        default=NAMELESS,
        description="As a typical reader of a language, such as fr; empty: one without a name.",
        max_length=35,
    )
    subscriber: str = Field(
        default="",
        description="As a reader, by their public id: only with the right `readers`.",
        max_length=100,
    )


class PreviewedDigest(BaseModel):
    """A digest as one reader would get it; its links are nobody's."""

    subject: str
    preheader: str
    html: str
    text: str


class SnippetsQuery(BaseModel):
    """Of which channel."""

    model_config = ConfigDict(extra="forbid")

    channel: str = Field(default="", description="Of one channel only.", max_length=200)


class PreviewedSnippet(BaseModel):
    """A snippet as it would go out."""

    channel: str = Field(examples=["mastodon"])
    part: str = Field(description="The post's id, or empty for the whole edition.")
    text: str
    thread: list[str] = Field(description="What follows it, where the channel takes such.")
    link: str
    language: str
    too_many: int = Field(description="Characters more than the channel takes; 0: it fits.")


class PreviewedSnippets(BaseModel):
    """All of them."""

    items: list[PreviewedSnippet]


class FoundByCheck(BaseModel):
    """What a check found."""

    kind: Literal["stop", "look", "fine"] = Field(
        description="stop: it cannot be approved as it is."
    )
    name: str = Field(description="A word for programs.", examples=["links_dead"])
    text: str = Field(description="The same for people.")
    advice: str = Field(description="What to do about it, or empty.")


class EditionChecks(BaseModel):
    """What was found, the worst first."""

    items: list[FoundByCheck]


class EditionProgress(BaseModel):
    """How far an edition has come; `counts` is how many deliveries are in which state."""

    state: str
    total: int
    counts: dict[str, int] = Field(examples=[{"accepted": 12_400, "pending": 81}])
    channels: dict[str, dict[str, int]] = Field(description="The same by channel.")
    later: dict[str, int] = Field(description="What was told later, such as bounced.")
    approved: datetime | None
    addressed: datetime | None
    finished: datetime | None


def preview_digest(call: Call) -> PreviewedDigest:
    """The digest of an edition, as a typical reader would get it, or a real one."""
    edition = edition_of(call)
    if edition.content.email is None:
        raise NotFound(f"edition {edition.id[:8]}: has no email - look at its snippets")
    reader = reader_of(call, edition)
    key = ("digest", edition.fingerprint, repr(reader))
    digest = cast(
        "Digest", _kept(call).get(key, lambda: call.app.editions.digest(edition.content, reader))
    )
    return PreviewedDigest(
        subject=digest.subject, preheader=digest.preheader, html=digest.html, text=digest.text
    )


def preview_snippets(call: Call) -> PreviewedSnippets:
    """The snippets of an edition, as they would go out."""
    edition, channel = edition_of(call), call.query(SnippetsQuery).channel
    plans = [one for one in edition.content.social if channel in {"", one.via}]
    if channel and not plans:
        raise NotFound(f"edition {edition.id[:8]}: has no snippets on {channel!r} - leave it out")
    return PreviewedSnippets(
        items=[
            PreviewedSnippet(
                channel=plan.via,
                part=one.part,
                text=one.text,
                thread=list(one.thread),
                link=one.link,
                language=one.language,
                too_many=one.too_many,
            )
            for plan in plans
            for one in _snippets(call, edition, plan)
        ]
    )


def check_edition(call: Call) -> EditionChecks:
    """What an edition's checks find, the worst first; nobody is asked anything."""
    edition, words = edition_of(call), team_words_in("en")
    found = sentences(
        call.app.editions.check(edition), words, Times(words, call.app.zone, call.now)
    )
    return EditionChecks(
        items=[
            FoundByCheck(kind=one.kind.value, name=one.name, text=one.text, advice=one.do)
            for one in found
        ]
    )


def show_progress(call: Call) -> EditionProgress:
    """How far an edition has come: how many deliveries are in which state, and what came later."""
    edition = edition_of(call)
    with call.app.store.read() as tx:
        counted = tx.deliveries.counted(edition)
        later = tx.later.counts(edition)
        course = tx.editions.course(edition.id)
    return EditionProgress(
        state=course.state.value,
        total=counted.total,
        counts=_words(counted.by_state),
        channels={name: _words(states) for name, states in counted.by_channel.items()},
        later=_words(later),
        approved=course.approved,
        addressed=course.addressed,
        finished=course.finished,
    )


def reader_of(call: Call, edition: Edition) -> Subscriber:
    """As whom it is looked at; raises NotFound, and Refused without the right to real readers."""
    asked = call.query(DigestQuery)
    if asked.subscriber:
        call.need(Right.READERS)
        with call.app.store.read() as tx:
            found = tx.subscribers.by_public_id(asked.subscriber)
        if found is None:
            raise NotFound(f"subscriber {asked.subscriber}: is not known - see the list")
        return nobodys(found)
    typical = {one.key: one.reader for one in typical_readers(edition.content)}
    if asked.language not in typical:
        spoken = ", ".join(filter(None, typical))
        raise NotFound(f"language {asked.language}: no typical reader has it - say {spoken}")
    return typical[asked.language]


def _snippets(call: Call, edition: Edition, plan: SocialPlan) -> Sequence[Snippet]:
    app = call.app
    key = ("snippets", edition.fingerprint, plan.via, repr(app.channels.takes(plan.via)))
    kept = _kept(call).get(key, lambda: tuple(app.editions.snippets(edition.content, plan)))
    return cast("Sequence[Snippet]", kept)


def _kept(call: Call) -> "Kept[object]":
    kept: Kept[object] = call.request.app.state.previews
    return kept


def _words(states: Mapping[Any, int]) -> dict[str, int]:
    return {str(state.value): number for state, number in states.items() if number}


OPERATIONS = (
    Operation(
        "GET",
        "/editions/{id}/digest",
        preview_digest,
        Right.LOOK,
        gives=PreviewedDigest,
        query=DigestQuery,
    ),
    Operation(
        "GET",
        "/editions/{id}/snippets",
        preview_snippets,
        Right.LOOK,
        gives=PreviewedSnippets,
        query=SnippetsQuery,
    ),
    Operation("GET", "/editions/{id}/checks", check_edition, Right.LOOK, gives=EditionChecks),
    Operation("GET", "/editions/{id}/progress", show_progress, Right.LOOK, gives=EditionProgress),
)
