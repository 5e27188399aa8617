"""Never mail again who complained, and addresses that are dead by what is told of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.model.delivery.event import Event, EventKind, Later, later_of
from dispatch.model.people.subscriber import Suppression, email_key
from dispatch.model.people.suppression import Target
from dispatch.model.text.plain_text import single_spaced
from dispatch.pipeline.events.soft_bounces import soft_bounces
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.suppress import keep_suppressed
from dispatch.pipeline.people.take_in_endings import REASON
from dispatch.store.transactions import Transaction

LONGEST = 200
"""Characters of a reason in the list: what servers say may be a page."""


@dataclass(frozen=True, slots=True)
class OfAddress:
    """What was told of a mail to an address: `reader` and `key` are 0 where it is no delivery."""

    event: Event
    at: datetime
    email: str
    reader: int = 0
    key: int = 0


def source_of(channel: str) -> str:
    """On whose word it is so, for the list and the record."""
    return f"channel {channel}"


def suppress_told(
    told: Iterable[OfAddress], *, channel: str, tx: Transaction, now: datetime, endings: Endings
) -> int:
    """Suppress what has to be; how many addresses are new.

    At once after a hard bounce, a complaint, and where the provider would never send. Soft bounces
    count (`soft_bounces`). What the team lifted after it happened stays lifted.
    """
    told = sorted((one for one in told if _may_count(one)), key=lambda one: one.at)
    if not told:
        return 0
    lifted = tx.suppressions.lifted({email_key(one.email) for one in told})
    told = [one for one in told if (at := lifted.get(email_key(one.email))) is None or one.at > at]
    said = {email_key(one.email): (one.email, why) for one in told if (why := _at_once(one.event))}
    # Who complains has said most.
    said |= {
        email_key(one.email): (one.email, _at_once(one.event))
        for one in told
        if one.event.kind is EventKind.COMPLAINED
    }
    said = _too_soft(told, tx) | said
    if not said:
        return 0
    source = source_of(channel)
    found = {
        Target(key): Suppression(email, reason, now, source)
        for key, (email, reason) in said.items()
    }
    new = keep_suppressed(found, tx=tx, now=now, endings=endings)
    for target, one in found.items():
        if target not in new:
            _say_more(one, tx, now)
    return len(new)


def reason_of(what: str, said: str) -> str:
    r"""A reason as the list has it: what happened, and what the mail server said.

    >>> reason_of("bounced", "550 5.1.1\n no such user")
    'bounced: 550 5.1.1 no such user'
    """
    said = single_spaced(said)
    whole = f"{what}: {said}" if said else what
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1].rstrip()}…"


def _at_once(event: Event) -> str:
    """Why nothing goes to an address after one such event; empty where it may."""
    dead = event.permanent and event.kind in (EventKind.BOUNCED, EventKind.DROPPED)
    if dead or event.kind is EventKind.COMPLAINED:
        return reason_of(event.kind, _said(event))
    return ""


def _said(event: Event) -> str:
    return event.reason or event.said


def _say_more(said: Suppression, tx: Transaction, now: datetime) -> None:
    """Say why where nobody knows any more, as the database was lost, and that they complained.

    Of an address that only bounced until now it matters whether they may be answered at all.
    """
    was = tx.suppressions.of_address(email_key(said.email))
    if was is None:
        return
    worse = said.is_for_good and not was.is_for_good and was.source.startswith(source_of(""))
    if worse or was.reason == REASON:
        tx.suppressions.restate(said.email, reason=said.reason, source=said.source, now=now)


def _may_count(one: OfAddress) -> bool:
    return bool(_at_once(one.event)) or _is_soft(one)


def _is_soft(one: OfAddress) -> bool:
    return bool(one.key) and later_of(one.event) is Later.SOFT_BOUNCED


def _too_soft(told: Sequence[OfAddress], tx: Transaction) -> dict[str, tuple[str, str]]:
    soft = {one.reader: one for one in told if _is_soft(one)}
    if not soft:
        return {}
    readers = {reader: email_key(one.email) for reader, one in soft.items()}
    there = {email_key(one.email) for one in tx.suppressions.listed(keys=set(readers.values()))}
    readers = {reader: key for reader, key in readers.items() if key not in there}
    counts = soft_bounces(readers, tx=tx, also={one.key for one in told})
    return {
        readers[reader]: (
            one.email,
            reason_of(f"bounced softly {count.bounced} of {count.mails} times", _said(one.event)),
        )
        for reader, one in soft.items()
        if reader in counts and (count := counts[reader]).too_many
    }
