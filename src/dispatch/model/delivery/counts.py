"""How many deliveries stand where: by channel and state, and why those went wrong that did."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dispatch.model.delivery.state import DeliveryState

EXPLAINED = frozenset(
    {
        DeliveryState.REFUSED,
        DeliveryState.FAILED,
        DeliveryState.UNKNOWN,
        DeliveryState.SUPPRESSED,
    }
)
"""States of which it is told why, how often."""

KINDS_KEPT = 20
"""Reasons of one state in one batch that are told apart; what is rarer has none."""

REASON_LENGTH = 160

_STATUS = re.compile(r"\d{3}|\d\.\d{1,3}\.\d{1,3}")

Reason = tuple[DeliveryState, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """The deliveries of an edition or a batch.

    `by_channel` is by the channel that carried them, or is to. `reasons` names nobody: words that
    differ from reader to reader are left out.
    """

    by_channel: Mapping[str, Mapping[DeliveryState, int]] = field(default_factory=dict)
    reasons: Mapping[Reason, int] = field(default_factory=dict)

    @property
    def by_state(self) -> dict[DeliveryState, int]:
        """How many are in each state."""
        found: Counter[DeliveryState] = Counter()
        for states in self.by_channel.values():
            found.update(states)
        return {state: number for state, number in found.items() if number}

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(number for states in self.by_channel.values() for number in states.values())


def add_up(parts: Iterable[tuple[Counted, int]]) -> Counted:
    """Several of them together, each so many times.

    >>> one = Counted({"mail": {DeliveryState.ACCEPTED: 2}})
    >>> add_up([(one, 3)]).total
    6
    """
    by_channel: dict[str, Counter[DeliveryState]] = {}
    reasons: Counter[Reason] = Counter()
    for part, times in parts:
        for channel, states in part.by_channel.items():
            mine = by_channel.setdefault(channel, Counter())
            for state, number in states.items():
                mine[state] += number * times
        for reason, number in part.reasons.items():
            reasons[reason] += number * times
    return Counted(by_channel, reasons)


def sort_reasons(found: Iterable[tuple[DeliveryState, str, int]]) -> dict[Reason, int]:
    """Why deliveries of a batch went wrong: as often as it is said, in words that name nobody."""
    kinds: Counter[Reason] = Counter()
    for state, reason, number in found:
        kinds[state, nameless(reason)] += number
    kept: Counter[Reason] = Counter()
    told: Counter[DeliveryState] = Counter()
    for (state, words), number in kinds.most_common():
        told[state] += 1
        kept[state, words if told[state] <= KINDS_KEPT else ""] += number
    return dict(kept)


def nameless(reason: str) -> str:
    """A reason without what is another one for each reader: addresses, hosts, numbers of queues.

    >>> nameless("550 5.1.1 <ada@one.example>: no such user (in reply to RCPT, id 4F2A)")
    '550 5.1.1 no such user (in reply to RCPT, id'
    >>> nameless("the subscription has ended")
    'the subscription has ended'
    >>> nameless("Does not contain a valid address.")
    'Does not contain a valid address.'
    """
    words = [word for word in reason.split() if not _differs(word)]
    text = " ".join(words)
    return text if len(text) <= REASON_LENGTH else text[: REASON_LENGTH - 1].rstrip() + "…"


def _differs(word: str) -> bool:
    bare = word.strip("()[]<>,;:'\"").rstrip(".!?…")
    if _STATUS.fullmatch(bare):
        return False
    return "@" in word or "://" in word or any(map(str.isdigit, word)) or "." in bare
