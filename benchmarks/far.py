"""Into a sink that is far away: what counts is how many mails are under way."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from benchmarks.figures import Measured
from benchmarks.rounds import against_source, rates
from benchmarks.sinks import fast_sink
from benchmarks.stage import Options, Stage
from benchmarks.workspace import CONNECTIONS

DELAY = 5_000
"""Microseconds of a reply's way: a server in the next country."""

FORTY = 40
IN_FLIGHT = 8


def measure_delay(options: Options, stage: Stage) -> Iterator[Measured]:
    """Both with as many connections, one mail under way on each."""
    yield _far("delay", options, stage)


def measure_forty(options: Options, stage: Stage) -> Iterator[Measured]:
    """The same with 40, which `smtp-source` has then, too."""
    yield _far("forty", options, stage, connections=FORTY)


def measure_bdat(options: Options, stage: Stage) -> Iterator[Measured]:
    """Ours with eight mails under way on each connection, which takes BDAT."""
    yield _far("bdat", options, stage, in_flight=IN_FLIGHT)


def _far(
    name: str,
    options: Options,
    stage: Stage,
    *,
    connections: int = CONNECTIONS,
    in_flight: int = 1,
) -> Measured:
    sink = partial(fast_sink, options.fast_sink, delay=DELAY)
    how: dict[str, Any] = {"connections": connections, "in_flight": in_flight}
    return rates(name, against_source(options, stage, sink, options.mails, **how), options.mails)
