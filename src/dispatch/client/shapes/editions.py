# Made by docs/generate.py from the API's description: change the API, then run `make docs`.
"""Shapes of editions."""

from typing import Literal, NotRequired, TypedDict

from dispatch.client.shapes.common import DeliveryState, EditionState, UploadedPicture


class AgainIn(TypedDict):
    """That a piece comes again, as it is then, in each new edition until a day."""

    until: str
    """The last day."""
    campaigns: list[str]
    """In whose editions; (letter) is for letters."""


class ApprovalRequest(TypedDict):
    """What those who approve are to know."""

    note: NotRequired[str]
    """For those who approve."""
    fingerprint: NotRequired[str]
    """Of what is to be approved; empty: as it is now."""


Came = Literal["same", "edited", "reposted", "fixed", "deleted", "refused", "failed", "unknown"]
"""What came of one post."""


Did = Literal["written", "changed", "moved", "taken out"]
"""What somebody did to a piece."""


class ChangedPiece(TypedDict):
    """A piece before and after, in words; empty: it was not there, or stayed as it is."""

    id: str
    kind: str
    what: Did
    before: str
    after: str


class ChangedText(TypedDict):
    """A text before and after; empty: what the template says."""

    name: str
    before: str
    after: str
    channel: str
    """Of a snippet: where."""
    part: str
    """Of a snippet: for which post."""


class ChosenDeliveries(TypedDict):
    """Some deliveries."""

    deliveries: list[str]
    """Their ids."""


class CorrectedPost(TypedDict):
    """What came of it."""

    came: Came
    address: str
    """Where it stands."""
    problem: str


class DeliveryRow(TypedDict):
    """One message to one recipient."""

    id: str
    channel: str
    recipient: str
    """An address, or a channel's account."""
    subscriber: str | None
    """The public id of the reader; null: none."""
    part: str
    """Of a snippet: the post's id."""
    state: DeliveryState
    reason: str
    attempt: int
    changed: str
    due: str | None


class EditOf(TypedDict):
    """What somebody changed at once."""

    by: str
    at: str
    was: str
    """The fingerprint before."""
    fingerprint: str
    """The fingerprint after."""
    texts: list[ChangedText]
    pieces: list[ChangedPiece]
    added: list[str]
    """Posts by id."""
    dropped: list[str]
    order: list[str]
    """Of posts, where it is another."""


class EditionCancellation(TypedDict):
    """Why who has not got it does not get it."""

    reason: str


class SnippetOf(TypedDict):
    """A snippet that somebody wrote."""

    channel: str
    part: str
    """The post's id, or empty for the whole edition."""
    text: str


class EditionChanges(TypedDict):
    """What is to be different: what is left out stays, and an empty text is the template's again"""

    subject: NotRequired[str | None]
    preheader: NotRequired[str | None]
    intro: NotRequired[str | None]
    order: NotRequired[list[str]]
    """Posts in this order; the others follow as they were."""
    pin: NotRequired[str | None]
    """The post that comes first."""
    drop: NotRequired[list[str]]
    """Posts to take out."""
    add: NotRequired[list[str]]
    """Posts to bring in."""
    parts: NotRequired[list[str]]
    """Posts and pieces in this order; the others follow as they were."""
    snippets: NotRequired[list[SnippetOf]]
    """Snippets to write; one with an empty text is the template's again."""


class FoundByCheck(TypedDict):
    """What a check found."""

    kind: Literal["stop", "look", "fine"]
    """stop: it cannot be approved as it is."""
    name: str
    """A word for programs."""
    text: str
    """The same for people."""
    advice: str
    """What to do about it, or empty."""


class EditionChecks(TypedDict):
    """What was found, the worst first."""

    items: list[FoundByCheck]


class EditionPause(TypedDict):
    """Why nothing more is to leave."""

    reason: NotRequired[str]


class EditionProgress(TypedDict):
    """How far an edition has come; `counts` is how many deliveries are in which state."""

    state: str
    total: int
    counts: dict[str, int]
    channels: dict[str, dict[str, int]]
    """The same by channel."""
    later: dict[str, int]
    """What was told later, such as bounced."""
    approved: str | None
    addressed: str | None
    finished: str | None


class EditionRejection(TypedDict):
    """Why it does not go out."""

    reason: NotRequired[str]


class EditionTest(TypedDict):
    """To whom a test of the digest goes."""

    to: NotRequired[str]
    """Empty: to who made the token; to others only with the right `mend`."""


class EmailOf(TypedDict):
    """To whom the digest goes, and how."""

    audience: str
    template: str
    via: str
    """The channel."""
    failover: list[str]
    """The channels that step in."""
    segment: str
    """Which of the audience, or empty."""


class MovedDeliveries(TypedDict):
    """Of how many deliveries something was decided."""

    deliveries: int


PieceKind = Literal["heading", "text", "picture", "link"]
"""What a piece is."""


class NewPiece(TypedDict):
    """A piece, and where it is to stand."""

    text: NotRequired[str | None]
    """A heading, a text in Markdown, or a link's label."""
    address: NotRequired[str | None]
    """Where a link or a picture leads."""
    picture: NotRequired[str | None]
    """The mark of an uploaded picture."""
    alt: NotRequired[str | None]
    """What the picture shows."""
    decorates: NotRequired[bool | None]
    """Whether the picture only decorates, and says nothing."""
    kind: PieceKind
    below: NotRequired[str]
    """The id of the part that it stands below; empty, or of none: at the end."""
    again: NotRequired[AgainIn | None]
    """Have it come again."""


class PartOf(TypedDict):
    """A post, or a piece that the team wrote, in the order of reading."""

    id: str
    """By which orders and edits name it."""
    kind: Literal["post", "heading", "text", "picture", "link"]
    title: str
    """A post's title; a piece's words, or its label."""
    link: str
    """Where it leads, or empty."""
    feed: str
    """Of a post: the feed that it is from."""
    fingerprint: str
    """Of a piece: of what it says."""


class PieceChanges(TypedDict):
    """What a piece is to say from now on; what is left out stays."""

    text: NotRequired[str | None]
    """A heading, a text in Markdown, or a link's label."""
    address: NotRequired[str | None]
    """Where a link or a picture leads."""
    picture: NotRequired[str | None]
    """The mark of an uploaded picture."""
    alt: NotRequired[str | None]
    """What the picture shows."""
    decorates: NotRequired[bool | None]
    """Whether the picture only decorates, and says nothing."""
    again: NotRequired[AgainIn | None]
    """Have it come again as it is after this; left out, that stays as it is."""


class PieceOf(TypedDict):
    """A piece of an edition."""

    id: str
    kind: PieceKind
    text: str
    """A heading, a text in Markdown, or a link's label."""
    address: str
    """Where a link or a picture leads, or empty."""
    picture: UploadedPicture | None
    alt: str
    """What a picture shows."""
    decorates: bool
    """Whether a picture only decorates."""
    fingerprint: str
    """Of what it says, wherever it stands."""
    standing: str | None
    """The number of the standing piece that it is a copy of."""


class PostCorrection(TypedDict):
    """What a post on a network is to say."""

    delivery: str
    """The delivery that posted it."""
    text: str
    how: NotRequired[Literal["edit", "repost", "not-there"]]
    """repost: where it cannot be edited it is deleted and posted again; not-there: also where
    it is not known whether it is there.
    """


class PreviewedDigest(TypedDict):
    """A digest as one reader would get it; its links are nobody's."""

    subject: str
    preheader: str
    html: str
    text: str


class PreviewedSnippet(TypedDict):
    """A snippet as it would go out."""

    channel: str
    part: str
    """The post's id, or empty for the whole edition."""
    text: str
    thread: list[str]
    """What follows it, where the channel takes such."""
    link: str
    language: str
    too_many: int
    """Characters more than the channel takes; 0: it fits."""


class PreviewedSnippets(TypedDict):
    """All of them."""

    items: list[PreviewedSnippet]


ResolvedDeliveries = TypedDict("ResolvedDeliveries", {"deliveries": NotRequired[list[str] | None], "as": Literal["accept", "resend"]})
"""What is thought of deliveries that may have arrived."""


class RetriedDeliveries(TypedDict):
    """Which failed deliveries to send again."""

    deliveries: NotRequired[list[str] | None]
    """Their ids; null: all of them."""


class ReviewOf(TypedDict):
    """What it has to pass before it goes out."""

    needed: bool
    by: list[str]
    """Who may approve; empty: anybody with the right."""
    other_than_author: bool
    """Whether whoever edited it last may not."""
    deadline: str | None
    otherwise: Literal["skip", "send"]
    """What becomes of it at the deadline."""


class SocialOf(TypedDict):
    """Snippets on one channel."""

    via: str
    """The channel."""
    template: str
    each: str
    """Whether one for each post or for the edition."""


class ShownEdition(TypedDict):
    """What an edition says, and where it stands."""

    id: str
    campaign: str | None
    """null: a letter, which no campaign made."""
    letter: bool
    title: str
    """What its campaign is called."""
    slot: str
    """The wall-clock time that it is for."""
    state: EditionState
    fingerprint: str
    """Of what it says now: approval names it."""
    created: str
    author: str
    """Who edited it last, or empty."""
    note: str
    """What is to be changed, where somebody has asked for that."""
    reason: str
    """Why it was rejected, paused or cancelled."""
    approved_by: str
    ended_by: str
    goes_out: str | None
    """Its time, as known when it was approved."""
    review: ReviewOf
    subject: str
    """What somebody wrote; empty: what the template says."""
    preheader: str
    intro: str
    parts: list[PartOf]
    snippets: list[SnippetOf]
    """Those that somebody wrote."""
    email: EmailOf | None
    social: list[SocialOf]
    page_url: str
    """Where it can be read in a browser, or empty."""


class TestedEdition(TypedDict):
    """What came of a test."""

    channel: str
    """By which channel it went."""
    accepted: bool
    reason: str
    """Why not, or empty."""


class WantedChanges(TypedDict):
    """What is to be changed."""

    note: str
    """For whoever edits it."""
