"""Programs that are told what happens: how it goes with each, and having them told once more."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dispatch.errors import NotFound
from dispatch.model.notify.notification import Notification, NotificationState
from dispatch.model.notify.receiver import Receiver, ReceiverState
from dispatch.model.team.role import Right
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed, PageQuery, behind, cut
from dispatch.web.api.operation import Operation

MOST_REPLAYED = 1_000

NotificationId = Annotated[str, Field(pattern="^[1-9][0-9]{0,17}$", examples=["4711"])]


class ReceiverOf(BaseModel):
    """A receiver, as the file has it and as it goes with it."""

    name: str = Field(examples=["crm"])
    host: str = Field(
        description="Where it is, without the path, which may be a secret.",
        examples=["https://crm.example.org"],
    )
    events: list[str] = Field(description="What it is told.", examples=[["post.arrived"]])
    addresses: bool = Field(description="Whether it gets the addresses of readers.")
    state: ReceiverState
    reason: str = Field(description="Why it is off, or empty.")
    failing_since: datetime | None = Field(examples=[None])
    answered: datetime | None = Field(description="When it last took something.")
    waiting: int = Field(description="What it is still to be told.")
    failed: int = Field(description="What it has not taken, and is told no more by itself.")


class NotificationsQuery(PageQuery):
    """Which notifications."""

    state: Literal["", "failed"] = Field(
        default="", description="failed: only what it has not taken."
    )


class NotificationOf(BaseModel):
    """One thing that a receiver is told."""

    id: str = Field(examples=["4711"])
    event: str = Field(description="The id that it is told under, at each attempt.")
    receiver: str = Field(examples=["crm"])
    type: str = Field(examples=["edition.finished"])
    state: NotificationState
    made: datetime
    due: datetime | None = Field(description="When it is tried next; null: no more.")
    attempt: int = Field(description="How often it was tried.")
    delivered: datetime | None
    status: int = Field(description="Of the last answer; 0: there was none.", examples=[204])
    reason: str = Field(description="Why the last answer did not count, or empty.")
    body: dict[str, Any] | None = Field(
        description="What it is told; null without the right `readers`, whom it may be about.",
        examples=[None],
    )


class ReplayedNotifications(BaseModel):
    """What is to be told once more."""

    model_config = ConfigDict(extra="forbid")

    ids: list[NotificationId] = Field(min_length=1, max_length=MOST_REPLAYED)


class Replayed(BaseModel):
    """How many are told once more."""

    notifications: int = Field(examples=[3])


class ReceiverTest(BaseModel):
    """What came of a call."""

    took: bool
    status: int = Field(description="0: nothing was answered.", examples=[204])
    reason: str = Field(description="Why it did not count, or empty.")


def list_receivers(call: Call) -> Listed[ReceiverOf]:
    """The receivers of the file, and how it goes with each."""
    there = call.app.workspace.notify
    known = [one for one in call.app.notify.receivers() if one.name in there]
    return Listed(items=[_receiver(one, call) for one in known], next=None)


def show_receiver(call: Call) -> ReceiverOf:
    """One receiver, and how it goes with it."""
    return _found(call)


def list_notifications(call: Call) -> Listed[NotificationOf]:
    """What a receiver was told and is to be told, the newest first."""
    asked = call.query(NotificationsQuery)
    last = behind(asked.cursor, int)
    name, before = call.part("name"), last[0] if last else 0
    found = call.app.notify.page(
        name,
        before=before or None,
        limit=asked.limit + 1,
        only_failed=asked.state == "failed",
    )
    page, onward = cut(found, asked.limit, lambda one: (one.id,))
    return Listed(items=[_notification(one, call) for one in page], next=onward)


def show_notification(call: Call) -> NotificationOf:
    """One notification."""
    return _notification(call.app.notify.get(call.number("number")), call)


def replay_notifications(call: Call) -> Replayed:
    """Have some told once more, by the ids that they had: all of them, or none."""
    numbers = list(map(int, call.said(ReplayedNotifications).ids))
    return Replayed(notifications=call.app.notify.replay(numbers, by=call.by))


def replay_failed(call: Call) -> Replayed:
    """Have all told once more that a receiver has not taken."""
    name = _found(call).name
    return Replayed(notifications=call.app.notify.replay_failed(name, by=call.by))


def resume_receiver(call: Call) -> ReceiverOf:
    """Tell a receiver things again that was off or failed."""
    return _receiver(call.app.notify.resume(_found(call).name, by=call.by), call)


def test_receiver(call: Call) -> ReceiverTest:
    """Call a receiver now, by a notification of the type `test.ping`."""
    _, answer = call.app.notify.test(_found(call).name, by=call.by)
    return ReceiverTest(took=answer.took, status=answer.status, reason=answer.reason)


def _found(call: Call) -> ReceiverOf:
    """The one that the address names, in the file and known; raises NotFound."""
    plan = call.app.notify.plan(call.part("name"))
    found = next((one for one in call.app.notify.receivers() if one.name == plan.name), None)
    if found is None:
        raise NotFound(f"receiver {plan.name}: is not known yet - ask again in a moment")
    return _receiver(found, call)


def _receiver(one: Receiver, call: Call) -> ReceiverOf:
    plan = call.app.workspace.notify[one.name]
    return ReceiverOf(
        name=one.name,
        host=plan.host,
        events=sorted(plan.types),
        addresses=plan.addresses,
        state=one.state,
        reason=one.reason,
        failing_since=one.failing_since,
        answered=one.answered_at,
        waiting=one.waiting,
        failed=one.failed,
    )


def _notification(one: Notification, call: Call) -> NotificationOf:
    return NotificationOf(
        id=str(one.id),
        event=one.event,
        receiver=one.receiver,
        type=one.type,
        state=one.state,
        made=one.made_at,
        due=one.due if one.state is NotificationState.WAITING else None,
        attempt=one.attempt,
        delivered=one.delivered_at,
        status=one.status,
        reason=one.reason,
        body=json.loads(one.body) if call.may(Right.READERS) else None,
    )


_AT = "/receivers/{name}"

OPERATIONS = (
    Operation("GET", "/receivers", list_receivers, Right.PLAN, gives=Listed[ReceiverOf]),
    Operation("GET", _AT, show_receiver, Right.PLAN, gives=ReceiverOf),
    Operation(
        "GET",
        f"{_AT}/notifications",
        list_notifications,
        Right.PLAN,
        gives=Listed[NotificationOf],
        query=NotificationsQuery,
    ),
    Operation("POST", f"{_AT}/replay-failed", replay_failed, Right.CHANNELS, gives=Replayed),
    Operation("POST", f"{_AT}/resume", resume_receiver, Right.CHANNELS, gives=ReceiverOf),
    Operation("POST", f"{_AT}/test", test_receiver, Right.CHANNELS, gives=ReceiverTest, slow=True),
    Operation(
        "GET", "/notifications/{number}", show_notification, Right.PLAN, gives=NotificationOf
    ),
    Operation(
        "POST",
        "/notifications/replay",
        replay_notifications,
        Right.CHANNELS,
        gives=Replayed,
        takes=ReplayedNotifications,
        may=(404,),
    ),
)
