"""Audiences, and how many readers they have and had: nothing of any of them."""

from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from dispatch.errors import BadInput
from dispatch.model.team.role import Right
from dispatch.model.text.suggestions import did_you_mean
from dispatch.store.team.reader_counts import ALL, ReaderCount
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Listed
from dispatch.web.api.operation import Operation

MOST_WEEKS = 520


class Count(BaseModel):
    """How many there were on a day."""

    day: date = Field(examples=["2026-03-02"])
    readers: int = Field(description="Who gets mail: active, and not suppressed.", examples=[1204])
    active: int
    pending: int
    paused: int
    ended: int
    suppressed: int = Field(description="Of the active, who gets no mail.")


class Audience(BaseModel):
    """People who asked for something."""

    name: str = Field(examples=["readers"])
    count: Count | None = Field(description="The last one; null: it was never counted.")


class WeekCount(Count):
    """How many there were at the end of a week."""

    week: date = Field(description="Its Monday.", examples=["2026-03-02"])


class WeeksQuery(BaseModel):
    """Of whom, and for how long."""

    model_config = ConfigDict(extra="forbid")

    audience: str = Field(
        default="", description="Left out: everybody, each counted once.", max_length=200
    )
    weeks: int = Field(default=13, description="So many last ones.", ge=1, le=MOST_WEEKS)


def list_audiences(call: Call) -> Listed[Audience]:
    """All audiences, with their last counts."""
    with call.app.store.read() as tx:
        latest = tx.reader_counts.latest()
    items = [
        Audience(name=name, count=Count(**_numbers(latest[name])) if name in latest else None)
        for name in call.app.people.audiences()
    ]
    return Listed(items=items, next=None)


def list_reader_counts(call: Call) -> Listed[WeekCount]:
    """How many readers there were week by week, the last day of each on which they were counted."""
    asked = call.query(WeeksQuery)
    audiences = call.app.people.audiences()
    if asked.audience and asked.audience not in audiences:
        known = did_you_mean(asked.audience, audiences)
        raise BadInput([f"audience: there is none of that name - {known}"])
    today = call.now.astimezone(call.app.zone).date()
    first = _monday(today) - timedelta(weeks=asked.weeks - 1)
    with call.app.store.read() as tx:
        counts = tx.reader_counts.since(first, asked.audience or ALL)
    last = {_monday(one.day): one for one in counts}
    items = [WeekCount(week=week, **_numbers(one)) for week, one in last.items()]
    return Listed(items=items, next=None)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _numbers(one: ReaderCount) -> dict[str, Any]:
    return {
        "day": one.day,
        "readers": one.readers,
        "active": one.active,
        "pending": one.pending,
        "paused": one.paused,
        "ended": one.ended,
        "suppressed": one.suppressed,
    }


OPERATIONS = (
    Operation("GET", "/audiences", list_audiences, Right.LOOK, gives=Listed[Audience]),
    Operation(
        "GET",
        "/audiences/counts",
        list_reader_counts,
        Right.LOOK,
        gives=Listed[WeekCount],
        query=WeeksQuery,
    ),
)
