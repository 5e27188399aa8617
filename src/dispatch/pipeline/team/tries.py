"""How often somebody may be wrong: counted before anything is reckoned, shared by all nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.people.subscriber import email_key
from dispatch.signing import Signer
from dispatch.store.people.limits import Limit
from dispatch.store.transactions import Transaction

PAUSE = timedelta(minutes=15)
OF_AN_ADDRESS = Limit(5, PAUSE)
OF_A_NETWORK = Limit(20, PAUSE)
_PAUSE = Limit(1, PAUSE)

_MARK_BYTES = 16


@dataclass(frozen=True, slots=True)
class Wrong:
    """What to say to who was wrong: how many tries are left, or how long the pause lasts."""

    left: int = 0
    pause: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Counter:
    mark: str
    pause: str
    limit: Limit


class Tries:
    """Counts for one thing that can be guessed, such as a password, with the newest of the keys.

    Marks are keyed hashes: the database does not tell who has tried. An empty address or network
    is not counted, as long as the other one is there.
    """

    def __init__(self, keys: Sequence[str], what: str) -> None:
        self._signer = Signer(keys[-1], "tries", _MARK_BYTES)
        self._what = what

    def begin(self, address: str, network: str, *, tx: Transaction, now: datetime) -> Wrong | None:
        """Count a try as if it was wrong; not None: there is a pause, and it is not to be made."""
        counters = self._counters(address, network)
        waits = [wait for one in counters if (wait := tx.limits.wait(one.pause, now=now))]
        if waits:
            return Wrong(pause=max(waits))
        for one in counters:
            if tx.limits.take(one.mark, one.limit, now=now):
                return self._begin_pause(one, tx, now)
        return None

    def was_wrong(self, address: str, network: str, *, tx: Transaction, now: datetime) -> Wrong:
        """It was: what is left; none left: the pause begins."""
        counters = self._counters(address, network)
        left = [(tx.limits.left(one.mark, one.limit, now=now), one) for one in counters]
        fewest, counter = min(left, key=lambda pair: pair[0])
        return Wrong(left=fewest) if fewest else self._begin_pause(counter, tx, now)

    def was_right(self, address: str, network: str, *, tx: Transaction) -> None:
        """It was not wrong after all."""
        for one in self._counters(address, network):
            tx.limits.give_back(one.mark, one.limit)

    def _begin_pause(self, counter: _Counter, tx: Transaction, now: datetime) -> Wrong:
        tx.limits.take(counter.pause, _PAUSE, now=now)
        tx.limits.forget(counter.mark)
        return Wrong(pause=tx.limits.wait(counter.pause, now=now) or PAUSE)

    def _counters(self, address: str, network: str) -> list[_Counter]:
        asked = []
        if address or not network:
            asked.append(("address", email_key(address), OF_AN_ADDRESS))
        if network:
            asked.append(("network", network, OF_A_NETWORK))
        return [
            _Counter(self._mark(kind, who), self._mark(f"pause of {kind}", who), limit)
            for kind, who, limit in asked
        ]

    def _mark(self, *parts: str) -> str:
        return self._signer.sign("\0".join((self._what, *parts))).hex()
