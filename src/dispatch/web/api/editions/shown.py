"""An edition as programs see it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.editions.edition import Edition, EditionContent, EditionState
from dispatch.model.editions.piece import Part, Piece
from dispatch.pipeline.editions.edit import Edited
from dispatch.web.api.answers import Answer, changed_tags, tag_of
from dispatch.web.api.call import Call

ID = "3f2a51c09b7e4d0c8f1e2d3c4b5a6978"
FINGERPRINT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class EmailOf(BaseModel):
    """To whom the digest goes, and how."""

    audience: str = Field(examples=["newsletter"])
    template: str = Field(examples=["weekly"])
    via: str = Field(description="The channel.", examples=["mail"])
    failover: list[str] = Field(description="The channels that step in.", examples=[[]])
    segment: str = Field(description="Which of the audience, or empty.", examples=[""])


class SocialOf(BaseModel):
    """Snippets on one channel."""

    via: str = Field(description="The channel.", examples=["mastodon"])
    template: str = Field(examples=["weekly"])
    each: str = Field(description="Whether one for each post or for the edition.")


class ReviewOf(BaseModel):
    """What it has to pass before it goes out."""

    needed: bool
    by: list[str] = Field(description="Who may approve; empty: anybody with the right.")
    other_than_author: bool = Field(description="Whether whoever edited it last may not.")
    deadline: datetime | None
    otherwise: Literal["skip", "send"] = Field(description="What becomes of it at the deadline.")


class PartOf(BaseModel):
    """A post, or a piece that the team wrote, in the order of reading."""

    id: str = Field(description="By which orders and edits name it.", examples=["4711"])
    kind: Literal["post", "heading", "text", "picture", "link"]
    title: str = Field(description="A post's title; a piece's words, or its label.")
    link: str = Field(description="Where it leads, or empty.")
    feed: str = Field(description="Of a post: the feed that it is from.", examples=["atelier"])
    fingerprint: str = Field(description="Of a piece: of what it says.")


class SnippetOf(BaseModel):
    """A snippet that somebody wrote."""

    channel: str = Field(examples=["mastodon"])
    part: str = Field(description="The post's id, or empty for the whole edition.")
    text: str


class ShownEdition(BaseModel):
    """What an edition says, and where it stands."""

    id: str = Field(examples=[ID])
    campaign: str | None = Field(description="null: a letter, which no campaign made.")
    letter: bool
    title: str = Field(description="What its campaign is called.")
    slot: str = Field(
        description="The wall-clock time that it is for.", examples=["2026-05-04T08:00:00"]
    )
    state: EditionState
    fingerprint: str = Field(
        description="Of what it says now: approval names it.", examples=[FINGERPRINT]
    )
    created: datetime
    author: str = Field(description="Who edited it last, or empty.")
    note: str = Field(description="What is to be changed, where somebody has asked for that.")
    reason: str = Field(description="Why it was rejected, paused or cancelled.")
    approved_by: str
    ended_by: str
    goes_out: datetime | None = Field(description="Its time, as known when it was approved.")
    review: ReviewOf
    subject: str = Field(description="What somebody wrote; empty: what the template says.")
    preheader: str
    intro: str
    parts: list[PartOf]
    snippets: list[SnippetOf] = Field(description="Those that somebody wrote.")
    email: EmailOf | None
    social: list[SocialOf]
    page_url: str = Field(description="Where it can be read in a browser, or empty.")


class Decided(BaseModel):
    """An edition after something was decided about it."""

    id: str = Field(examples=[ID])
    state: EditionState = Field(examples=["approved"])
    fingerprint: str = Field(description="Of what it says now.", examples=[FINGERPRINT])
    waits_until: datetime | None = Field(
        description="When an approved one goes out, if that is later.", examples=[None]
    )


def edition_of(call: Call) -> Edition:
    """The edition that the address names; raises NotFound."""

    def read() -> Edition:
        with call.app.store.read() as tx:
            return tx.editions.get(call.part("id"))

    return call.once("edition", read)


def tag_of_edition(call: Call) -> str:
    """The tag of what `shown` tells of it."""
    return _tag(edition_of(call))


def letter_tag(letter: Edition) -> str:
    """The tag of what a letter is for, and when."""
    return tag_of(letter.fingerprint, letter.state)


def edited(call: Call, made: Edited) -> dict[str, str]:
    """The header of an edit: the edition is another now, and as a letter, too."""
    return _changed(made.before, call.again("edition", made.edition))


def _changed(was: Edition, now: Edition) -> dict[str, str]:
    return changed_tags((_tag(was), _tag(now)), (letter_tag(was), letter_tag(now)))


def _tag(one: Edition) -> str:
    stands = (one.state, one.author, one.note, one.reason, one.approved_by, one.ended_by)
    return tag_of(one.fingerprint, *stands, one.goes_out, one.review)


def shown(edition: Edition) -> ShownEdition:
    """All that a program is told of it."""
    content, review = edition.content, edition.review
    is_letter = content.letter is not None
    return ShownEdition(
        id=edition.id,
        campaign=None if is_letter else edition.campaign,
        letter=is_letter,
        title=content.title,
        slot=content.slot.isoformat(),
        state=edition.state,
        fingerprint=edition.fingerprint,
        created=edition.created,
        author=edition.author,
        note=edition.note,
        reason=edition.reason,
        approved_by=edition.approved_by,
        ended_by=edition.ended_by,
        goes_out=edition.goes_out,
        review=ReviewOf(
            needed=review.needed,
            by=list(review.by),
            other_than_author=review.other_than_author,
            deadline=review.deadline,
            otherwise=review.otherwise.value,
        ),
        subject=content.subject,
        preheader=content.preheader,
        intro=content.intro,
        parts=[_part(one) for one in content.parts],
        snippets=[
            SnippetOf(channel=one.channel, part=one.part, text=one.text) for one in content.snippets
        ],
        email=_email(content.email) if content.email else None,
        social=_social(content),
        page_url=content.page_url,
    )


def decided(call: Call, now: Edition) -> Answer:
    """The same, told after a decision, and which tags that has made old."""
    was = edition_of(call)
    said = Decided(
        id=now.id,
        state=now.state,
        fingerprint=now.fingerprint,
        waits_until=now.waits_until(call.now),
    )
    return Answer(said, headers=_changed(was, now) if _is_own_work(was, now) else {})


def _is_own_work(was: Edition, now: Edition) -> bool:
    """Whether nothing differs but what a decision writes itself.

    It was read before the decision's own transaction: somebody may have edited it in between, and
    who has seen the old tag has not seen that. Only a draft gets another review, by being handed
    in; a note is emptied, or is that of who wants changes.
    """
    wants_changes = now.state is EditionState.CHANGES_REQUESTED
    return (
        (was.fingerprint, was.author) == (now.fingerprint, now.author)
        and (was.review == now.review or was.state is EditionState.DRAFT)
        and (now.note in {was.note, ""} or wants_changes)
    )


def _part(one: Part) -> PartOf:
    if isinstance(one, Piece):
        return PartOf(
            id=one.id,
            kind=one.kind.value,
            title=one.alt if one.picture else one.text,
            link=one.address,
            feed="",
            fingerprint=one.fingerprint,
        )
    return PartOf(
        id=str(one.id), kind="post", title=one.title, link=one.link, feed=one.feed, fingerprint=""
    )


def _email(plan: EmailPlan) -> EmailOf:
    return EmailOf(
        audience=plan.audience,
        template=plan.template,
        via=plan.via,
        failover=list(plan.failover),
        segment=plan.segment,
    )


def _social(content: EditionContent) -> list[SocialOf]:
    return [
        SocialOf(via=one.via, template=one.template, each=one.each.value) for one in content.social
    ]
