"""What somebody does to an edition that goes out, or has: pause, resume, cancel, mend, correct."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.errors import BadInput, NotFound
from dispatch.model.delivery.correction import Came, Repost
from dispatch.model.delivery.message import Refused as RefusedMail
from dispatch.model.delivery.state import On
from dispatch.model.editions.edition import OwnSnippet
from dispatch.model.team.role import Right
from dispatch.pipeline.archive.amend import Corrections, amend_edition
from dispatch.pipeline.delivery import pause, resolve
from dispatch.pipeline.delivery.resolve import Resolved
from dispatch.pipeline.delivery.tell_again import tell_again
from dispatch.web.api.answers import Answer
from dispatch.web.api.call import Call
from dispatch.web.api.editions.shown import Decided, decided, edition_of
from dispatch.web.api.operation import Operation

MOST_REASON = 500
MOST_CHOSEN = 200

DeliveryId = Annotated[str, Field(pattern="^[1-9][0-9]{0,17}$", examples=["4711000012"])]


class EditionPause(BaseModel):
    """Why nothing more is to leave."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=MOST_REASON, examples=["The link is wrong"])


class EditionCancellation(BaseModel):
    """Why who has not got it does not get it."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=MOST_REASON, examples=["The link is wrong"])


class ChosenDeliveries(BaseModel):
    """Some deliveries."""

    model_config = ConfigDict(extra="forbid")

    deliveries: list[DeliveryId] = Field(
        description="Their ids.", min_length=1, max_length=MOST_CHOSEN
    )


class RetriedDeliveries(BaseModel):
    """Which failed deliveries to send again."""

    model_config = ConfigDict(extra="forbid")

    deliveries: list[DeliveryId] | None = Field(
        default=None, description="Their ids; null: all of them.", max_length=MOST_CHOSEN
    )


class ResolvedDeliveries(BaseModel):
    """What is thought of deliveries that may have arrived."""

    model_config = ConfigDict(extra="forbid")

    deliveries: list[DeliveryId] | None = Field(
        default=None, description="Their ids; null: all of them.", max_length=MOST_CHOSEN
    )
    as_: Literal["accept", "resend"] = Field(
        alias="as", description="accept: they arrived; resend: they are sent again."
    )


class MovedDeliveries(BaseModel):
    """Of how many deliveries something was decided."""

    deliveries: int = Field(examples=[12])


class EditionTest(BaseModel):
    """To whom a test of the digest goes."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(
        default="",
        description="Empty: to who made the token; to others only with the right `mend`.",
        max_length=254,
    )


class TestedEdition(BaseModel):
    """What came of a test."""

    channel: str = Field(description="By which channel it went.", examples=["mail"])
    accepted: bool
    reason: str = Field(description="Why not, or empty.")


class PostCorrection(BaseModel):
    """What a post on a network is to say."""

    model_config = ConfigDict(extra="forbid")

    delivery: DeliveryId = Field(description="The delivery that posted it.")
    text: str = Field(min_length=1, max_length=10_000, examples=["Spring, at last"])
    how: Literal["edit", "repost", "not-there"] = Field(
        default="edit",
        description="repost: where it cannot be edited it is deleted and posted again;"
        " not-there: also where it is not known whether it is there.",
    )


class CorrectedPost(BaseModel):
    """What came of it."""

    came: Came
    address: str = Field(description="Where it stands.")
    problem: str


def pause_edition(call: Call) -> Answer:
    """Let nothing more of an edition leave, on any machine, until somebody resumes it."""
    app, edition = call.app, edition_of(call)
    reason = call.said(EditionPause).reason.strip() or f"by {call.by}"
    paused = pause.pause_edition(
        edition.id, reason=reason, by=call.by, store=app.store, clock=app.clock
    )
    return decided(call, paused)


def resume_edition(call: Call) -> Answer:
    """Let a paused edition go on."""
    app, edition = call.app, edition_of(call)
    resumed = pause.go_on_with_edition(edition.id, by=call.by, store=app.store, clock=app.clock)
    return decided(call, resumed)


def cancel_edition(call: Call) -> Answer:
    """End an edition: who has not got it does not get it any more."""
    app, edition = call.app, edition_of(call)
    reason, clock = call.said(EditionCancellation).reason, app.tools.engine_clock()
    cancelled = pause.cancel_edition(
        edition.id, reason=reason, by=call.by, store=app.store, clock=clock
    )
    return decided(call, cancelled)


def retry_failed(call: Call) -> MovedDeliveries:
    """Send again what has failed: all of it, or what is chosen."""
    app, edition = call.app, edition_of(call)
    clock, keys = app.tools.engine_clock(), _keys(call.said(RetriedDeliveries).deliveries)
    store = app.store
    return _moved(
        resolve.retry_failed(by=call.by, store=store, clock=clock, edition_id=edition.id, keys=keys)
    )


def resolve_unknown(call: Call) -> MovedDeliveries:
    """Decide about what may have arrived: sent again, or counted as accepted."""
    app, edition, said = call.app, edition_of(call), call.said(ResolvedDeliveries)
    on = On.BELIEVED if said.as_ == "accept" else On.RESENT
    resolved = resolve.resolve_unknown(
        on,
        by=call.by,
        store=app.store,
        clock=app.tools.engine_clock(),
        edition_id=edition.id,
        keys=_keys(said.deliveries),
    )
    return _moved(resolved)


def tell_edition_again(call: Call) -> MovedDeliveries:
    """Tell an account all the same what another edition has told it already."""
    app, edition = call.app, edition_of(call)
    keys, clock = _keys(call.said(ChosenDeliveries).deliveries), app.tools.engine_clock()
    resolved = tell_again(edition.id, by=call.by, store=app.store, clock=clock, keys=keys or ())
    return MovedDeliveries(deliveries=resolved.deliveries)


def test_edition(call: Call) -> TestedEdition:
    """Send the digest as a test, to who made the token or, with the right `mend`, to anybody."""
    edition, own = edition_of(call), call.person.email
    address = call.said(EditionTest).to.strip() or own
    if address != own:
        call.need(Right.MEND)
    try:
        address = checked_address(address)
    except InvalidValueError as error:
        raise BadInput([f"to: {error}"]) from error
    sent = call.app.editions.send_test_of(edition, address, by=call.by)
    refused = sent.outcome if isinstance(sent.outcome, RefusedMail) else None
    return TestedEdition(
        channel=sent.channel, accepted=refused is None, reason=refused.reason if refused else ""
    )


def correct_post(call: Call) -> CorrectedPost:
    """Have what stands on a network say something else."""
    app, edition, said = call.app, edition_of(call), call.said(PostCorrection)
    key, text = int(said.delivery), said.text.replace("\r\n", "\n").strip()
    with app.store.read() as tx:
        row = tx.published.of_delivery(key)
        found = tx.delivery_pages.with_keys(edition, [key])
    if row is None or not found:
        raise NotFound(f"delivery {key}: stands on no network - see the deliveries")
    if text != row.post.text.strip():
        plan = next(one for one in edition.content.social if one.via == row.channel)
        if over := app.channels.takes(row.channel).for_plan(plan).too_many(text):
            raise BadInput([f"text: has {over} characters too many - shorten it"])
        amend_edition(
            edition.id,
            Corrections(snippets=(OwnSnippet(row.channel, found[0].part, text),)),
            by=call.by,
            campaigns=app.workspace.campaigns,
            store=app.store,
            clock=app.clock,
            renderer=app.tools.trials,
            takes_of=app.channels.takes,
        )
    told = list(app.delivery.correct(edition.id, by=call.by, repost=_HOW[said.how], only={key}))
    if not told:
        return CorrectedPost(came=Came.SAME, address="", problem="")
    return CorrectedPost(came=told[0].came, address=told[0].address, problem=told[0].problem)


def _keys(chosen: list[str] | None) -> list[int] | None:
    return None if chosen is None else [int(one) for one in chosen]


def _moved(resolved: list[Resolved]) -> MovedDeliveries:
    return MovedDeliveries(deliveries=sum(one.deliveries for one in resolved))


_HOW = {"edit": Repost.NEVER, "repost": Repost.INSTEAD, "not-there": Repost.ANYWAY}

_AT = "/editions/{id}"

OPERATIONS = (
    Operation(
        "POST", f"{_AT}/pause", pause_edition, Right.PAUSE, gives=Decided, takes=EditionPause
    ),
    Operation("POST", f"{_AT}/resume", resume_edition, Right.MEND, gives=Decided),
    Operation(
        "POST",
        f"{_AT}/cancel",
        cancel_edition,
        Right.MEND,
        gives=Decided,
        takes=EditionCancellation,
        slow=True,
    ),
    Operation(
        "POST",
        f"{_AT}/retry-failed",
        retry_failed,
        Right.MEND,
        gives=MovedDeliveries,
        takes=RetriedDeliveries,
        slow=True,
    ),
    Operation(
        "POST",
        f"{_AT}/resolve",
        resolve_unknown,
        Right.MEND,
        gives=MovedDeliveries,
        takes=ResolvedDeliveries,
        slow=True,
    ),
    Operation(
        "POST",
        f"{_AT}/tell-again",
        tell_edition_again,
        Right.MEND,
        gives=MovedDeliveries,
        takes=ChosenDeliveries,
        slow=True,
    ),
    Operation(
        "POST",
        f"{_AT}/correct",
        correct_post,
        Right.MEND,
        gives=CorrectedPost,
        takes=PostCorrection,
        slow=True,
        may=(502,),
    ),
    Operation(
        "POST",
        f"{_AT}/test",
        test_edition,
        Right.WRITE,
        gives=TestedEdition,
        takes=EditionTest,
        slow=True,
        may=(502,),
    ),
)
