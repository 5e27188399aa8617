"""How long our access to each channel's account lasts, and which of them need somebody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.channels.find import find_provider
from dispatch.config.workspace import Workspace
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.delivery.tokens import WARN_BEFORE

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction


class AccessState(StrEnum):
    """How it stands."""

    NONE = "none"  # nobody has let us in yet
    FINE = "fine"
    SOON = "soon"  # ends within 14 days
    ENDED = "ended"
    STUCK = "stuck"  # could not be renewed, and no end is known


@dataclass(frozen=True, slots=True)
class Access:
    """Our access to one channel's account, which a person gives and only a person renews at `ends`.

    `connects`: by agreeing at the network; else by a token of their own. `by` and `at` say who let
    us in, and when. `problem` is why it could not be renewed.
    """

    channel: str
    connects: bool
    state: AccessState
    ends: datetime | None = None
    scopes: tuple[str, ...] = ()
    by: str = ""
    at: datetime | None = None
    problem: str = ""
    used: bool = True

    @property
    def needs_somebody(self) -> bool:
        """Whether the team is to be told."""
        return self.used and self.state is not AccessState.FINE

    def sentence(self, now: datetime) -> str:
        """The same for the command line, with what to do."""
        command = f"dispatch channels connect {self.channel}"
        advice = command if self.connects else "make a new token there, and put it in its place"
        match self.state, self.ends:
            case AccessState.NONE, _:
                said = "nobody has let us in yet"
            case AccessState.STUCK, _:
                return self.problem
            case AccessState.ENDED, datetime():
                said = f"access ended on {_day(self.ends)}"
            case _, datetime():
                days = max((self.ends - now).days, 0)
                left = f"in {days} days" if days > 1 else "in a day" if days else "today"
                said = f"access ends on {_day(self.ends)}, {left}"
            case _:
                return ""
        return f"channel {self.channel}: {said} - {advice}"


def wait_for_somebody(workspace: Workspace, tx: "Transaction", *, now: datetime) -> set[str]:
    """The channels that only a person can have go on, or will soon."""
    found = {one.channel for one in outlook(workspace, tx, now=now) if one.needs_somebody}
    stopped = {one.channel for one in tx.channels.stops() if one.until is None}
    return found | stopped & workspace.channels.keys()


def connects(plan: ChannelPlan) -> bool:
    """Whether a channel is let in by agreeing at its network: it has no token of its own."""
    try:
        provider = find_provider(plan.provider)
    except NotFound:
        return False
    return hasattr(provider, "consent_address") and "token" not in plan.options


def outlook(workspace: Workspace, tx: "Transaction", *, now: datetime) -> Iterator[Access]:
    """The access of each channel of which anything is known; the others have none that ends."""
    kept, checks = tx.tokens.all(), tx.channel_checks.all()
    used = {name for one in workspace.campaigns.values() for name in one.all_channels}
    for name, plan in workspace.channels.items():
        check = checks.get(name)
        if not connects(plan):
            if check is not None and check.ends is not None:
                state = _state(check.ends, now)
                yield Access(name, False, state, check.ends, check.can, used=name in used)
            continue
        row = kept.get(name)
        if row is None or row.provider != plan.provider:
            yield Access(name, True, AccessState.NONE, used=name in used)
            continue
        state = _state(row.refresh_ends, now)
        if row.problem and state is AccessState.FINE:
            state = AccessState.STUCK
        yield Access(
            channel=name,
            connects=True,
            state=state,
            ends=row.refresh_ends,
            scopes=row.scopes,
            by=row.by,
            at=row.at,
            problem=row.problem,
            used=name in used,
        )


def _state(ends: datetime | None, now: datetime) -> AccessState:
    if ends is None or ends - now > WARN_BEFORE:
        return AccessState.FINE
    return AccessState.SOON if ends > now else AccessState.ENDED


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
