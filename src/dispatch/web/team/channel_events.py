"""What a channel's service tells: by which way it comes, the last of it, and what was refused."""

from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.channels.feedback import Feedback, hook_of
from dispatch.channels.provider import Hook
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.delivery.event import Event, EventKind, word_of
from dispatch.model.team.role import Right
from dispatch.store.events.hooks import HookCounts
from dispatch.store.events.mailboxes import MailboxRow
from dispatch.web.team.visit import Visit

SHOWN = 8
AMONG = 5_000
"""Of so many last events of all channels those of one are shown: a page looks no further back."""

BADGE_SAYS_ALL = {
    EventKind.DELIVERED,
    EventKind.OPENED,
    EventKind.CLICKED,
    EventKind.UNSUBSCRIBED,
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event: its badge, when it happened, whom it is about, and what the service says.

    `reader` is empty where it is about no message of ours, or where who looks may not see readers;
    `person` names the page of who it is.
    """

    badge: str
    at: datetime
    reader: str
    person: str
    is_stranger: bool
    words: str


@dataclass(frozen=True, slots=True)
class Heard:
    """How a channel is heard, and what has come; `mailbox` is None until it was looked into."""

    way: Feedback
    address: str
    hook: Hook | None
    counts: HookCounts
    events: tuple[EventRow, ...]
    place: str = ""
    mailbox: MailboxRow | None = None


def heard(visit: Visit, plan: ChannelPlan) -> Heard:
    """What the page of a channel says of it."""
    app = visit.app
    hook = hook_of(plan)
    with app.store.read() as tx:
        counts = tx.hooks.all().get(plan.name, HookCounts(plan.name))
        told = (
            [one for _, one in tx.events.latest(channel=plan.name, most=SHOWN, among=AMONG)]
            if counts.events
            else []
        )
        ours = tx.events.deliveries(one.delivery for one in told if one.delivery is not None)
        people = tx.subscribers.get(
            [one.subscriber_id for one in ours.values() if one.subscriber_id]
        )
    may_see = visit.may(Right.READERS)
    rows = []
    for one in told:
        of = ours.get(one.delivery or 0)
        who = people.get(of.subscriber_id or 0) if of else None
        reader = of.recipient if of else one.event.recipient
        rows.append(
            EventRow(
                badge_of_event(one.event),
                one.at,
                reader if may_see else "",
                who.public_id if who and may_see else "",
                one.delivery is None,
                _words(one.event),
            )
        )
    way = app.channels.feedback().get(plan.name, Feedback.NONE)
    address = app.channels.hook_address(plan.name) if hook else ""
    found = Heard(way, address, hook, counts, tuple(rows))
    if way is not Feedback.MAILBOX or app.bounces.plan is None:
        return found
    return replace(found, place=app.bounces.plan.address, mailbox=app.bounces.state())


def _words(event: Event) -> str:
    """What the service says of it; where all went well, or a reader did it, the badge says all."""
    return event.reason or ("" if event.kind in BADGE_SAYS_ALL else event.said)


def badge_of_event(event: Event) -> str:
    """The state on its badge."""
    return "not tried" if event.kind is EventKind.DROPPED else word_of(event)
