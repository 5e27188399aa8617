"""Two senders by turns: what is compared is what was measured in the same minute."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.figures import Measured
from benchmarks.postgres import Server
from benchmarks.processes import Usage
from benchmarks.sinks import Sink
from benchmarks.stage import Options, Sent, Stage, WrongCountError, send, source
from benchmarks.workspace import CONNECTIONS


@dataclass(frozen=True, slots=True)
class Round:
    """Both senders once, one after the other."""

    outside: Usage
    ours: Sent


def against_source(
    options: Options,
    stage: Stage,
    open_sink: Callable[[], AbstractContextManager[Sink]],
    mails: int,
    *,
    workers: int = 1,
    server: Server | None = None,
    connections: int = CONNECTIONS,
    in_flight: int = 1,
) -> list[Round]:
    """The outside sender, then ours, and so on: what disturbs the machine disturbs both.

    Each has so many connections; ours has so many mails under way on each of them.
    """
    ours: dict[str, Any] = {"connections": connections, "in_flight": in_flight}
    rounds = []
    with _database(server) as database:
        prepared = stage.prepare(mails, database=database) if server else stage.prepared(mails)
        with open_sink() as sink:
            for _ in range(options.rounds):
                outside = source(sink.port, mails, connections=connections)
                with stage.copy(prepared, port=sink.port, server=server, **ours) as once:
                    rounds.append(Round(outside, send(once, mails, workers=workers)))
    taken, expected = sink.counts.get("msgs"), 2 * mails * options.rounds
    if taken not in {None, expected}:
        raise WrongCountError(f"the sink took {taken} mails of {expected}")
    return rounds


@contextmanager
def _database(server: Server | None) -> Iterator[str]:
    if server is None:
        yield ""
        return
    with server.database() as database:
        yield database


def rates(name: str, rounds: Sequence[Round], mails: int) -> Measured:
    """How fast ours was, against the outside sender."""
    ratios = [one.outside.seconds / one.ours.usage.seconds for one in rounds]
    details = {
        "mails": mails,
        "smtp_source_per_second": per_second([one.outside for one in rounds], mails),
        "dispatch_per_second": per_second([one.ours.usage for one in rounds], mails),
    }
    return Measured(name, ratios, details)


def cpu(name: str, rounds: Sequence[Round], mails: int) -> Measured:
    """What a mail cost ours, against what it cost the outside sender."""
    ratios = [one.ours.usage.cpu / one.outside.cpu for one in rounds]
    details = {
        "mails": mails,
        "smtp_source_us": round(median(one.outside.cpu for one in rounds) / mails * 1e6, 1),
        "dispatch_us": round(median(one.ours.usage.cpu for one in rounds) / mails * 1e6, 1),
    }
    return Measured(name, ratios, details)


def per_second(usages: Sequence[Usage], mails: int) -> int:
    """Mails a second, the median."""
    return round(median(mails / one.seconds for one in usages))
