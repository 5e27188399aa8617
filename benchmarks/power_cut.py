"""Kills and power cuts in the middle of an edition on SQLite: who got it twice, who is unknown."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import sqlalchemy as sa

from benchmarks.figures import Measured
from benchmarks.processes import Child, NotMeasuredError
from benchmarks.stage import Options, Prepared, Stage, WrongCountError, patience
from benchmarks.workspace import CONNECTIONS
from dispatch.model.campaigns.pace import Pace
from dispatch.model.delivery.reservation import MOST_RESERVED, most_reserved
from dispatch.model.delivery.state import DeliveryState
from dispatch.store.database.engine import address_of_file, open_engine
from dispatch.store.database.schema import batches, deliveries
from dispatch.testing.forgetful_disk import CANNOT_BE_WATCHED, ForgetfulDisk, can_be_watched
from dispatch.testing.smtp_server import Mail, SmtpServer

EACH = MOST_RESERVED + 300
"""Mails for each time, of which at most the first may become unknown."""

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ANSWER_SECONDS = 0.002
"""How long a mail is in the server's hands, so that some are when something happens."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How many were unknown after each time, and whom the mail server and the ledger tell of."""

    unknown: list[int]
    doubles: int
    lost: int


class Copies(list[Mail]):
    """Who got how many; each answer takes a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.by_recipient: Counter[str] = Counter()
        self._came = threading.Condition()
        self._never = threading.Event()

    def append(self, mail: Mail) -> None:
        """See list."""
        with self._came:
            self.by_recipient.update(mail.recipients)
            self._came.notify_all()
        self._never.wait(ANSWER_SECONDS)

    def wait_for_more(self, number: int, *, seconds: float) -> None:
        """Return when so many more have come."""
        with self._came:
            enough = self.by_recipient.total() + number
            if not self._came.wait_for(lambda: self.by_recipient.total() >= enough, seconds):
                raise WrongCountError(f"{self.by_recipient.total()} of {enough} mails came")


def measure_power_cuts(options: Options, stage: Stage) -> Iterator[Measured]:
    """As many kills as rounds at random moments of one edition, and as many cuts in another."""
    if not can_be_watched():
        raise NotMeasuredError(CANNOT_BE_WATCHED)
    people = options.rounds * EACH  # or they would be used up before the last time
    prepared = stage.prepared(people)
    killed, cut = (
        _through(stage, prepared, people, times=options.rounds, power=power)
        for power in (True, False)
    )
    details = {"kills": options.rounds, "connections": CONNECTIONS}
    yield Measured("kill-unknown", [max(killed.unknown)], details)
    bound = most_reserved(Pace(), connections=CONNECTIONS, batch=1)
    details = {"cuts": options.rounds, "reserved_at_most": bound}
    yield Measured("cut-unknown", [max(cut.unknown)], details)
    yield Measured("killed-doubles", [killed.doubles + cut.doubles])
    yield Measured("killed-lost", [killed.lost + cut.lost])


def _through(
    stage: Stage, prepared: Prepared, people: int, *, times: int, power: bool
) -> Aftermath:
    """Let an edition go out through so many ends of its sender, or of the machine's `power`."""
    rng, copies, unknown = random.Random(f"power: {power}"), Copies(), [0]
    with SmtpServer(taken=copies) as server, stage.copy(prepared, port=server.port) as once:
        disk = ForgetfulDisk(stage.new_folder(), watched=once.folder)
        for number in range(times + 1):
            disk.begin()
            with Child(
                "sender",
                once.folder,
                once.edition,
                timeout=patience(people),
                environ=disk.environ(),
            ) as child:
                child.wait_until_ready()
                child.go()
                if number == times:
                    child.result()
                else:
                    most = max(1, people // times // 5)
                    copies.wait_for_more(rng.randint(1, most), seconds=patience(people))
                    child.kill()
            if number < times and not power:
                disk.cut(rng)
            unknown.append(_unknown_by_now(once))
        states = _states(once)
    # What the last one has made unknown is of the last time; a sender begins by looking.
    return Aftermath(
        [after - before for before, after in pairwise(unknown)],
        doubles=sum(number > 1 for number in copies.by_recipient.values()),
        lost=people - len(states) + sum(_is_lost(*one, copies) for one in states.items()),
    )


def _is_lost(recipient: str, state: str, copies: Copies) -> bool:
    """Whether the ledger says of a delivery what is not so."""
    if state == DeliveryState.UNKNOWN.value:
        return False
    return state != DeliveryState.ACCEPTED.value or recipient not in copies.by_recipient


def _unknown_by_now(once: Prepared) -> int:
    """How many are; and leases run out, as they do while a machine is off."""
    engine = open_engine(_url(once))
    with engine.begin() as connection:
        held = batches.c.lease_until.is_not(None)
        connection.execute(batches.update().where(held).values(lease_until=LONG_AGO))
        query = sa.select(sa.func.count()).where(deliveries.c.state == DeliveryState.UNKNOWN.value)
        number: int = connection.scalars(query).one()
    engine.dispose()
    return number


def _states(once: Prepared) -> dict[str, str]:
    engine = open_engine(_url(once))
    with engine.connect() as connection:
        rows = connection.execute(sa.select(deliveries.c.recipient, deliveries.c.state)).all()
    engine.dispose()
    return {row.recipient: row.state for row in rows}


def _url(once: Prepared) -> str:
    return address_of_file(once.folder / "dispatch.db")
