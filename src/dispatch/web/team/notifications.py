"""Programs that are told what happens: how it goes with each, and having them told once more."""

from dataclasses import dataclass

from starlette.responses import Response

from dispatch.errors import BadInput
from dispatch.model.notify.notification import Notification, NotificationState
from dispatch.model.notify.receiver import Receiver, ReceiverPlan, ReceiverState
from dispatch.web.team.queries import with_query
from dispatch.web.team.visit import Visit

PAGE = 50
MOST_DIGITS = 18
"""Of the number of a row, so that each database takes it."""

_BADGES = {
    NotificationState.WAITING: "waits",
    NotificationState.DELIVERED: "delivered",
    NotificationState.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A receiver, as the file has it and as it goes with it."""

    plan: ReceiverPlan
    receiver: Receiver

    @property
    def badge(self) -> str:
        """One word for how it stands."""
        if self.receiver.state is not ReceiverState.ON:
            return "stopped"
        return "failing" if self.receiver.failing_since else "ready"

    @property
    def is_quiet(self) -> bool:
        """Whether somebody may have it told things again."""
        return self.badge != "ready"


def show(visit: Visit) -> Response:
    """All of them, a card each."""
    return visit.page("notifications.html", here="notifications", cards=_cards(visit))


def one(visit: Visit) -> Response:
    """One: what it is told, how it goes, and what it was told, newest first."""
    plan = visit.app.notify.plan(visit.part("name"))
    cards = [card for card in _cards(visit) if card.plan is plan]
    only_failed = visit.asked("what") == "failed"
    before = _number(visit.asked("before"))
    here = f"{visit.base}/notifications/{plan.name}"
    found = visit.app.notify.page(plan.name, before=before, limit=PAGE + 1, only_failed=only_failed)
    rows = found[:PAGE]
    what = "failed" if only_failed else ""
    older = with_query(here, what=what, before=rows[-1].id) if len(found) > PAGE else ""
    return visit.page(
        "receiver.html",
        here="notifications",
        plan=plan,
        card=cards[0] if cards else None,
        rows=rows,
        badge_of=_badge_of,
        only_failed=only_failed,
        older=older,
        here_path=here,
    )


def test(visit: Visit) -> Response:
    """Call it now."""
    name = visit.part("name")
    try:
        _, answer = visit.app.notify.test(name, by=visit.by)
    except BadInput:
        return visit.to(f"/notifications/{name}", said="receiver_no_secret")
    said = "receiver_took" if answer.took else "receiver_took_not"
    return visit.to(f"/notifications/{name}", said=said)


def resume(visit: Visit) -> Response:
    """Tell it things again."""
    name = visit.part("name")
    visit.app.notify.resume(name, by=visit.by)
    return visit.to(f"/notifications/{name}", said="receiver_resumed")


def replay(visit: Visit) -> Response:
    """Tell it what was chosen once more, or all that has failed."""
    name = visit.part("name")
    if visit.form.has("all"):
        number = visit.app.notify.replay_failed(name, by=visit.by)
    else:
        read = map(_number, visit.form.all("n"))
        numbers = [one for one in read if one is not None]
        if not numbers:
            return visit.to(f"/notifications/{name}", said="receiver_none_chosen")
        number = visit.app.notify.replay(numbers, by=visit.by)
    return visit.to(f"/notifications/{name}", said="receiver_replayed", count=number)


def _number(text: str) -> int | None:
    """The number of a row, as an address or a form says it; None where it is none."""
    is_one = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if is_one else None


def _cards(visit: Visit) -> list[Card]:
    plans = visit.app.workspace.notify
    return [Card(plans[one.name], one) for one in visit.app.notify.receivers() if one.name in plans]


def _badge_of(notification: Notification) -> str:
    return _BADGES[notification.state]
