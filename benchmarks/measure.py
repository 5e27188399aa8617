"""What is measured: one function for each row that can be asked for."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median

from benchmarks.arrivals import Arrivals
from benchmarks.calling import measure_calling
from benchmarks.far import DELAY, measure_bdat, measure_delay, measure_forty
from benchmarks.figures import Measured
from benchmarks.idle import idle_share
from benchmarks.lists import measure_api_lists
from benchmarks.notifying import measure_notifying
from benchmarks.pace import Evenness, keep_pace
from benchmarks.people import measure_people
from benchmarks.postgres import postgres
from benchmarks.power_cut import measure_power_cuts
from benchmarks.processes import Usage, call, free_port, listening
from benchmarks.rounds import against_source, cpu, per_second, rates
from benchmarks.sinks import fast_sink, smtp_sink
from benchmarks.slow_sync import measure_slow_sync
from benchmarks.stage import Options, Sent, Stage, WrongCountError, patience, send
from benchmarks.starting import starting_seconds
from benchmarks.takeover import take_over
from benchmarks.team_pages import measure_team_pages
from benchmarks.telling import measure_telling
from benchmarks.watched import measure_watched
from benchmarks.web_load import measure_web
from benchmarks.workers import check_worker
from dispatch.testing.recording_service import recording_service
from dispatch.testing.smtp_server import SmtpServer

FEEDS, ENTRIES = 500, 20
CAMPAIGNS = 1_000
IDLE_SECONDS = 60
TAKEOVER_MAILS = 20_000
PACE_MAILS = 2_000
"""Two batches, one for each worker."""

CALLED = 100_000
PER_SECOND = 100
ADDRESSING_ROUNDS = 3
"""At most: a million people take a while to be made."""


def measure_sink(options: Options, stage: Stage) -> Iterator[Measured]:
    """Into Postfix's smtp-sink: rate, and CPU per mail."""
    rounds = against_source(options, stage, smtp_sink, options.mails)
    yield rates("sink", rounds, options.mails)
    yield cpu("cpu", rounds, options.mails)


def measure_fast(options: Options, stage: Stage) -> Iterator[Measured]:
    """Into a sink that is faster than any sender: rate, and CPU per mail."""
    rounds = against_source(options, stage, lambda: fast_sink(options.fast_sink), options.mails)
    yield rates("fast", rounds, options.mails)
    yield cpu("cpu-fast", rounds, options.mails)


def measure_postgres(options: Options, stage: Stage) -> Iterator[Measured]:
    """Into smtp-sink by two workers, the ledger on PostgreSQL."""
    with postgres(options.postgres) as server:
        rounds = against_source(options, stage, smtp_sink, options.mails, workers=2, server=server)
    yield rates("postgres", rounds, options.mails)


def measure_dkim(options: Options, stage: Stage) -> Iterator[Measured]:
    """Signing every mail with an Ed25519 key, against signing none."""
    mails = options.mails
    plain, signed = stage.prepared(mails), stage.prepared(mails, dkim=True)
    without, with_it = [], []
    with fast_sink(options.fast_sink) as sink:
        for _ in range(options.rounds):
            with stage.copy(plain, port=sink.port) as once:
                without.append(send(once, mails).usage)
            with stage.copy(signed, port=sink.port, dkim=True) as once:
                with_it.append(send(once, mails).usage)
    details = {
        "mails": mails,
        "without_per_second": per_second(without, mails),
        "signed_per_second": per_second(with_it, mails),
    }
    ratios = [bare.seconds / one.seconds for bare, one in zip(without, with_it, strict=True)]
    yield Measured("dkim", ratios, details)


def measure_filling(options: Options, stage: Stage) -> Iterator[Measured]:
    """Making mails on one core, without sending them."""
    prepared = stage.prepared(min(options.mails, 1000))
    flags = ["--rounds", options.rounds, "--seconds", options.filling_seconds]
    made = call(
        "filling", prepared.folder, prepared.edition, *flags, timeout=patience(options.rounds * 500)
    )
    details = {
        "mail_bytes": made["mail_bytes"],
        "filled_bytes": made["filled_bytes"],
        "filled_per_second": round(median(made["filled"])),
        "rendered_per_second": round(median(made["rendered"])),
    }
    ratios = [fast / slow for fast, slow in zip(made["filled"], made["rendered"], strict=True)]
    yield Measured("filling", ratios, details)


def measure_ledger(options: Options, stage: Stage) -> Iterator[Measured]:
    """How much of the sender's CPU goes into the ledger; ledger.py says how that is told."""
    prepared = stage.prepared(options.mails)
    sent = []
    with fast_sink(options.fast_sink) as sink:
        for _ in range(options.rounds):
            with stage.copy(prepared, port=sink.port) as once:
                sent.append(send(once, options.mails, account=True))
    details = {"mails": options.mails}
    yield Measured("ledger", [100 * one.ledger_cpu / one.usage.cpu for one in sent], details)
    yield Measured("ledger-mail", [one.ledger_cpu / options.mails * 1e6 for one in sent])


def measure_calls(options: Options, stage: Stage) -> Iterator[Measured]:
    """Through a service that takes 1,000 recipients in a call, and into the fast sink beside it."""
    mails = min(CALLED, 5 * options.mails)
    prepared = stage.prepared(mails)
    called: list[Sent] = []
    mailed: list[Usage] = []
    with recording_service() as service, fast_sink(options.fast_sink) as sink:
        for number in range(options.rounds):
            with stage.copy(prepared, port=service.port, calls=True) as once:
                called.append(send(once, mails, account=True))
            if set(service.copies.values()) != {number + 1}:
                raise WrongCountError("the service did not take one mail for everybody")
            with stage.copy(prepared, port=sink.port) as once:
                mailed.append(send(once, mails).usage)
        sizes = service.sizes
    ledger = median(one.ledger_cpu for one in called)
    details = {
        "recipients_in_a_call": round(sum(sizes) / len(sizes)),
        "cpu_us": round(median(one.usage.cpu for one in called) / mails * 1e6, 1),
        "ledger_us": round(ledger / mails * 1e6, 1),
        "fast_sink_per_second": per_second(mailed, mails),
    }
    rates = [mails / one.usage.seconds for one in called]
    yield Measured("calls", rates, details, people=mails)
    both = zip(called, mailed, strict=True)
    yield Measured("calls-fast", [fast.seconds / one.usage.seconds for one, fast in both])


def measure_address(options: Options, stage: Stage) -> Iterator[Measured]:
    """Writing the frozen audience and its batches."""
    rounds = range(min(options.rounds, ADDRESSING_ROUNDS))
    seconds = [stage.prepare(options.people).address_seconds for _ in rounds]
    yield Measured("address-sqlite", seconds, people=options.people)
    seconds = []
    with postgres(options.postgres) as server:
        for _ in rounds:
            with server.database() as database:
                prepared = stage.prepare(options.people, database=database)
                seconds.append(prepared.address_seconds)
    yield Measured("address-postgres", seconds, people=options.people)


def measure_import(options: Options, stage: Stage) -> Iterator[Measured]:
    """A file of people into an empty database, the same once more, and looks before and after."""
    rounds, people = range(min(options.rounds, ADDRESSING_ROUNDS)), options.people
    timeout = patience(people)
    taken = [call("importing", stage.new_folder(), people, timeout=timeout) for _ in rounds]
    first, again = ([one[which] for one in taken] for which in ("first", "again"))
    details = {"cpu_s": round(median(one["cpu"] for one in first), 1)}
    yield Measured("import-sqlite", [one["seconds"] for one in first], details, people=people)
    yield Measured("import-memory", [one["peak_mb"] for one in first], people=people)
    details = {"cpu_s": round(median(one["cpu"] for one in again), 1)}
    yield Measured("import-again", [one["seconds"] for one in again], details, people=people)
    looks = [max((one["look"], one["look-again"]), key=_seconds) for one in taken]
    details = {"cpu_s": round(median(one["cpu"] for one in looks), 1)}
    yield Measured("import-look", [one["seconds"] for one in looks], details, people=people)
    yield Measured("import-look-memory", [one["peak_mb"] for one in looks], people=people)
    taken = []
    with postgres(options.postgres) as server:
        for _ in rounds:
            with server.database() as database:
                where = (stage.new_folder(), people, "--database", database)
                taken.append(call("importing", *where, timeout=timeout)["first"])
    details = {"cpu_s": round(median(one["cpu"] for one in taken), 1)}
    yield Measured("import-postgres", [one["seconds"] for one in taken], details, people=people)


def _seconds(taken: Mapping[str, float]) -> float:
    return taken["seconds"]


def measure_memory(options: Options, stage: Stage) -> Iterator[Measured]:
    """The most memory the sender holds, which must not grow with the audience."""
    with fast_sink(options.fast_sink) as sink:
        for name, people in (("memory-few", options.few), ("memory-many", options.many)):
            prepared = stage.prepared(people)
            with stage.copy(prepared, port=sink.port) as once:
                sent = send(once, people)
            details = {
                "opened_mb": round(sent.opened_mb, 1),
                "per_second": round(people / sent.usage.seconds),
            }
            yield Measured(name, [sent.peak_mb], details, people=people)


def measure_takeover(options: Options, stage: Stage) -> Iterator[Measured]:
    """What a worker's death costs: the other has to wait for its lease."""
    check_worker()
    mails = min(options.mails, TAKEOVER_MAILS)
    leases: list[float] = []
    counts: dict[str, int] = {}
    with postgres(options.postgres) as server, server.database() as database:
        prepared = stage.prepare(mails, database=database)
        for _ in range(min(options.rounds, 3)):
            # With some delay, or all may be over before anybody can be killed.
            with (
                fast_sink(options.fast_sink, delay=DELAY) as sink,
                stage.copy(prepared, port=sink.port, server=server) as once,
            ):
                took, counts = take_over(once, mails)
                leases.append(took)
    yield Measured("takeover", leases, {"mails": mails, "counts": counts})


def measure_pace(options: Options, stage: Stage) -> Iterator[Measured]:
    """Two workers that share a pace: the fullest second, and the average."""
    check_worker()
    mails = min(options.mails, PACE_MAILS)
    found: list[Evenness] = []
    with postgres(options.postgres) as server, server.database() as database:
        prepared = stage.prepare(mails, database=database)
        for _ in range(min(options.rounds, 3)):
            arrivals = Arrivals()
            with (
                SmtpServer(taken=arrivals) as taker,
                stage.copy(prepared, port=taker.port, server=server, per_second=PER_SECOND) as once,
            ):
                found.append(keep_pace(once, arrivals, mails))
    yield Measured("pace-most", [one.most for one in found], {"mails": mails})
    yield Measured("pace-average", [one.average for one in found], {"mails": mails})


def measure_feeds(options: Options, stage: Stage) -> Iterator[Measured]:
    """Polling feeds that have not changed: each on a host of its own, and all on one."""
    feeds = min(FEEDS, options.mails)
    port = free_port()
    server = [sys.executable, "-m", "benchmarks.feed_server", str(port), str(ENTRIES)]
    with listening(server, port):
        many, one = (
            call(
                "polling",
                *(stage.new_folder(), port, feeds, "--rounds", options.rounds, *flags),
                timeout=patience(feeds),
            )
            for flags in ([], ["--one-host"])
        )
    details = {
        "entries": ENTRIES,
        "cpu_s": round(median(many["cpu"]), 3),
        "all_on_one_host_s": round(median(one["seconds"]), 3),
    }
    yield Measured("feeds-unchanged", many["seconds"], details, people=feeds)


def measure_ticks(options: Options, stage: Stage) -> Iterator[Measured]:
    """Ticks with many campaigns of which none is due."""
    campaigns = min(CAMPAIGNS, options.mails)
    flags = ["--rounds", options.rounds]
    ticks = call("ticking", stage.new_folder(), campaigns, *flags, timeout=patience(campaigns))
    yield Measured("tick-first", ticks["first"], people=campaigns)
    yield Measured("tick-idle", ticks["later"], people=campaigns)


def measure_idle(options: Options, stage: Stage) -> Iterator[Measured]:
    """A whole worker with as many campaigns, while nothing happens."""
    campaigns = min(CAMPAIGNS, options.mails)
    seconds = min(IDLE_SECONDS, options.mails)
    share = idle_share(stage.new_folder(), campaigns, seconds=seconds)
    yield Measured("idle", [share], {"seconds": seconds}, people=campaigns)


def measure_starting(options: Options, stage: Stage) -> Iterator[Measured]:
    """Commands that people wait for, from their start to their end."""
    for name, seconds in starting_seconds(stage.new_folder(), rounds=options.rounds).items():
        yield Measured(name, seconds)


Measure = Callable[[Options, Stage], Iterator[Measured]]

ROWS: Mapping[str, tuple[Measure, Sequence[str]]] = {
    "sink": (measure_sink, ("sink", "cpu")),
    "fast": (measure_fast, ("fast", "cpu-fast")),
    "delay": (measure_delay, ("delay",)),
    "forty": (measure_forty, ("forty",)),
    "bdat": (measure_bdat, ("bdat",)),
    "slow_sync": (measure_slow_sync, ("slow-sync",)),
    "postgres": (measure_postgres, ("postgres",)),
    "dkim": (measure_dkim, ("dkim",)),
    "filling": (measure_filling, ("filling",)),
    "ledger": (measure_ledger, ("ledger", "ledger-mail")),
    "calls": (measure_calls, ("calls", "calls-fast")),
    "address": (measure_address, ("address-sqlite", "address-postgres")),
    "import": (
        measure_import,
        (
            *("import-sqlite", "import-memory", "import-again"),
            *("import-look", "import-look-memory", "import-postgres"),
        ),
    ),
    "memory": (measure_memory, ("memory-few", "memory-many")),
    "takeover": (measure_takeover, ("takeover",)),
    "power_cut": (
        measure_power_cuts,
        ("kill-unknown", "cut-unknown", "killed-doubles", "killed-lost"),
    ),
    "pace": (measure_pace, ("pace-most", "pace-average")),
    "feeds": (measure_feeds, ("feeds-unchanged",)),
    "ticks": (measure_ticks, ("tick-first", "tick-idle")),
    "idle": (measure_idle, ("idle",)),
    "start": (measure_starting, ("start-help", "start-check", "start-run")),
    "watched": (measure_watched, ("watched-rate", "watched-silence")),
    "team": (
        measure_team_pages,
        (
            *("team-home-sqlite", "team-pages-sqlite"),
            *("team-home-postgres", "team-pages-postgres"),
        ),
    ),
    "api": (
        measure_calling,
        tuple(
            f"api-{database}-{what}"
            for database in ("sqlite", "postgres")
            for what in ("reads", "reads-p95", "writes", "writes-p95", "pace")
        ),
    ),
    "api_lists": (measure_api_lists, ("api-lists-sqlite", "api-lists-postgres")),
    "people": (
        measure_people,
        (
            *("people-health", "people-signups", "people-choices", "people-checks"),
            *("people-pages", "people-edition", "people-left-late", "people-junk"),
        ),
    ),
    "events": (
        measure_telling,
        (
            *("events-sqlite", "events-sqlite-p95", "events-sqlite-pace"),
            *("events-postgres", "events-postgres-p95", "events-postgres-pace"),
        ),
    ),
    "notify": (measure_notifying, ("notify",)),
    "web": (
        measure_web,
        ("web-rate", "web-p99", "web-errors", "web-full-rate", "web-full-p99", "web-full-errors"),
    ),
}
"""What can be asked for by name: how it is measured, and which figures come of it."""
