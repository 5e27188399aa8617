"""The figures to reach, and how one that was measured is kept and shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `least` is what it has to reach, `aim` what we want; both in `unit`."""

    title: str
    unit: str
    least: float | None
    aim: float | None
    more_is_better: bool = False

    def reached(self, value: float) -> str:
        """How far a value gets, in a word."""
        for limit, word in ((self.aim, "aim"), (self.least, "yes")):
            if limit is not None and (value >= limit if self.more_is_better else value <= limit):
                return word
        return "" if self.least is None else "no"


FIGURES: Mapping[str, Figure] = {
    "sink": Figure("rate into smtp-sink, against smtp-source", "x", 1.05, 1.1, more_is_better=True),
    "cpu": Figure("sender's CPU per mail into smtp-sink, against smtp-source", "x", 1.5, 1.0),
    "fast": Figure("rate into the fast sink, against smtp-source", "x", 0.8, 1.2, True),
    "cpu-fast": Figure("sender's CPU per mail into the fast sink, against it", "x", 1.5, 1.0),
    "delay": Figure("the same rate with 5 ms reply delay", "x", 3.5, 3.8, True),
    "forty": Figure("that with 40 connections, against smtp-source with 40", "x", None, None, True),
    "bdat": Figure("that with 20, and 8 mails under way on each by BDAT", "x", 18, 20, True),
    "slow-sync": Figure(
        "rate into the fast sink with a sync that takes 5 ms, against without",
        "x",
        0.9,
        0.95,
        more_is_better=True,
    ),
    "postgres": Figure(
        "rate into smtp-sink, ledger on PostgreSQL, two workers", "x", 0.9, 1.0, True
    ),
    "dkim": Figure(
        "rate into the fast sink with ed25519 DKIM, against without", "x", 0.25, 0.3, True
    ),
    "filling": Figure("filling a compiled message, against a full render", "x", 300, 700, True),
    "ledger": Figure("ledger's share of the sender's CPU, SQLite", "%", 25, 15),
    "ledger-mail": Figure("its CPU for each mail", "µs", 10, 7),
    "calls": Figure(
        "{people:,} recipients by calls of 1,000, the ledger included",
        "/s",
        30_000,
        None,
        more_is_better=True,
    ),
    "calls-fast": Figure("that rate, against ours into the fast sink", "x", None, None, True),
    "address-sqlite": Figure("addressing {people:,} recipients, SQLite", "s", 5, 2),
    "address-postgres": Figure("addressing {people:,} recipients, PostgreSQL", "s", 8, 4),
    "import-sqlite": Figure("importing {people:,} people, SQLite", "s", 12, 6),
    "import-memory": Figure("peak memory of that, the whole process", "MB", 150, 100),
    "import-again": Figure("importing the same file again", "s", 12, 6),
    "import-look": Figure("looking at {people:,} people of a file, SQLite", "s", 10, 6),
    "import-look-memory": Figure("peak memory of that, the whole process", "MB", 150, 100),
    "import-postgres": Figure("importing {people:,} people, PostgreSQL", "s", 30, 15),
    "memory-few": Figure("sender's peak memory, {people:,} recipients", "MB", 60, 45),
    "memory-many": Figure("sender's peak memory, {people:,} recipients", "MB", 60, 45),
    "pace-most": Figure(
        "two workers, a pace of 100 a second: the fullest second", "mails", 105, None
    ),
    "pace-average": Figure("the same on average", "mails", 95, None, True),
    "takeover": Figure("kill -9 of one of two PostgreSQL workers to the end", "leases", 2, None),
    "kill-unknown": Figure("the most unknown after a kill -9 of 20 connections", "mails", 20, None),
    "cut-unknown": Figure(
        "the most unknown after a power cut, of 500 reserved", "mails", 500, None
    ),
    "killed-doubles": Figure("mails twice, after all of these", "mails", 0, None),
    "killed-lost": Figure("deliveries that say what is not so", "mails", 0, None),
    "feeds-unchanged": Figure(
        "polling {people:,} feeds of which none has changed (304)", "s", 2, 1
    ),
    "tick-first": Figure(
        "the first tick after a start with {people:,} campaigns, none due", "ms", 50, 20
    ),
    "tick-idle": Figure("a later tick with {people:,} campaigns, none due", "ms", 50, 5),
    "idle": Figure("CPU of a worker with {people:,} campaigns, none due", "%", 1, 0.5),
    "start-help": Figure("CPU of `dispatch --help`", "s", 0.15, 0.1),
    "start-check": Figure("CPU of `dispatch check` in a new workspace", "s", 0.8, 0.6),
    "start-run": Figure("CPU of `dispatch run` with nothing new", "s", 0.7, 0.5),
    "web-rate": Figure(
        "rate of sending while 100 pages a second are asked for, against alone", "x", 0.7, 0.9, True
    ),
    "web-p99": Figure("99 of 100 of these pages within", "ms", 300, 100),
    "web-errors": Figure("those of them that failed, in the worst round", "pages", 0, None),
    "web-full-rate": Figure(
        "rate of sending while all the pages are asked for that can be, against alone",
        "x",
        None,
        None,
        True,
    ),
    "web-full-p99": Figure("99 of 100 of all these pages within", "ms", None, None),
    "web-full-errors": Figure("those of all that failed, in the worst round", "pages", 0, None),
    "team-home-sqlite": Figure("home with {people:,} readers, SQLite", "ms", 50, None),
    "team-pages-sqlite": Figure("the slowest of the team's other pages, SQLite", "ms", 200, None),
    "team-home-postgres": Figure("home with {people:,} readers, PostgreSQL", "ms", 50, None),
    "team-pages-postgres": Figure(
        "the slowest of the team's other pages, PostgreSQL", "ms", 200, None
    ),
    "api-sqlite-reads": Figure(
        "reads by the API beside 1,000 mails a second, SQLite", "/s", 150, None, True
    ),
    "api-sqlite-reads-p95": Figure("95 of 100 of them answered within", "ms", 200, 100),
    "api-sqlite-writes": Figure("writes by the API at the same time, SQLite", "/s", 50, None, True),
    "api-sqlite-writes-p95": Figure("95 of 100 of them answered within", "ms", 300, 150),
    "api-sqlite-pace": Figure("the edition beside them", "mails/s", 950, 990, True),
    "api-postgres-reads": Figure(
        "reads by the API beside 1,000 mails a second, PostgreSQL", "/s", 150, None, True
    ),
    "api-postgres-reads-p95": Figure("95 of 100 of them answered within", "ms", 200, 100),
    "api-postgres-writes": Figure(
        "writes by the API at the same time, PostgreSQL", "/s", 50, None, True
    ),
    "api-postgres-writes-p95": Figure("95 of 100 of them answered within", "ms", 300, 150),
    "api-postgres-pace": Figure("the edition beside them", "mails/s", 950, 990, True),
    "api-lists-sqlite": Figure(
        "the slowest page of 200 of the API's lists of {people:,}, SQLite", "ms", 50, None
    ),
    "api-lists-postgres": Figure(
        "the slowest page of 200 of the API's lists of {people:,}, PostgreSQL", "ms", 50, None
    ),
    "people-health": Figure(
        "requests for health with nothing else at work", "/s", None, None, True
    ),
    "people-signups": Figure("sign-ups beside 1,000 mails a second", "/s", 100, None, True),
    "people-choices": Figure("choices and leaving, likewise", "/s", 200, None, True),
    "people-checks": Figure("pages of the archive that have not changed", "/s", 500, None, True),
    "people-pages": Figure("whole pages of the archive", "/s", 150, None, True),
    "people-edition": Figure("the edition beside the slowest of them", "mails/s", 900, 990, True),
    "people-left-late": Figure("mails two seconds after their reader had left", "mails", 0, None),
    "watched-rate": Figure(
        "an edition at a pace of 1,000 a second with 50 people watching", "mails/s", 950, 990, True
    ),
    "watched-silence": Figure("the longest that one of them was told nothing", "s", 5, 2),
    "notify": Figure(
        "notifications that a program takes, beside eight that are of no use", "/s", 200, 400, True
    ),
    "events-sqlite": Figure(
        "events taken in beside 1,000 mails a second, in requests of 500, SQLite",
        "/s",
        3_000,
        None,
        more_is_better=True,
    ),
    "events-sqlite-p95": Figure("95 of 100 of these requests answered within", "ms", 200, 100),
    "events-sqlite-pace": Figure("the edition beside them", "mails/s", 950, 990, True),
    "events-postgres": Figure(
        "events taken in beside 1,000 mails a second, in requests of 500, PostgreSQL",
        "/s",
        3_000,
        None,
        more_is_better=True,
    ),
    "events-postgres-p95": Figure("95 of 100 of these requests answered within", "ms", 200, 100),
    "events-postgres-pace": Figure("the edition beside them", "mails/s", 950, 990, True),
    "people-junk": Figure("mails by 10,000 sign-ups a minute of one network", "mails", 60, None),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure as it came out: one value for each round, or `reason` why there is none.

    `people` is how many recipients it was taken with, where its title says so.
    """

    name: str
    rounds: Sequence[float] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    people: int = 0

    @property
    def value(self) -> float | None:
        """The median of the rounds."""
        return median(self.rounds) if self.rounds else None

    @property
    def title(self) -> str:
        """What it says, in words."""
        return FIGURES[self.name].title.format(people=self.people)

    def as_json(self) -> dict[str, Any]:
        """All that is known of it."""
        figure = FIGURES[self.name]
        return {
            "name": self.name,
            "title": self.title,
            "unit": figure.unit,
            "more_is_better": figure.more_is_better,
            "least": figure.least,
            "aim": figure.aim,
            "value": self.value,
            "rounds": [round(one, 4) for one in self.rounds],
            "people": self.people,
            "details": dict(self.details),
            "reason": self.reason,
        }


def from_json(report: Mapping[str, Any]) -> list[Measured]:
    """The figures of a stored report; those that are no longer known are left out."""
    return [
        Measured(row["name"], row["rounds"], row["details"], row["reason"], row["people"])
        for row in report["figures"]
        if row["name"] in FIGURES
    ]


def table(figures: Iterable[Measured], before: Iterable[Measured] = ()) -> str:
    """The figures as a Markdown table; with those of an older report, what has changed."""
    earlier = {(one.name, one.people): one.value for one in before}
    head = ["figure", "measured", "to reach", "aim", "reached"]
    rows = [head + (["before"] if earlier else [])]
    for one in figures:
        figure = FIGURES[one.name]
        row = [
            one.title,
            _shown(one.value, figure.unit) if one.value is not None else f"– ({one.reason})",
            _limit(figure, figure.least),
            _limit(figure, figure.aim),
            figure.reached(one.value) if one.value is not None else "",
        ]
        if earlier:
            row.append(_change(one, earlier.get((one.name, one.people))))
        rows.append(row)
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines) + "\n"


def _limit(figure: Figure, value: float | None) -> str:
    if value is None:
        return ""
    return f"{'≥' if figure.more_is_better else '≤'} {_shown(value, figure.unit)}"


def _shown(value: float, unit: str) -> str:
    number = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return number + unit if unit in {"x", "%"} else f"{number} {unit}"


def _change(now: Measured, before: float | None) -> str:
    if before is None:
        return ""
    shown = _shown(before, FIGURES[now.name].unit)
    if now.value is None or not before:
        return shown
    return f"{shown} ({now.value / before - 1:+.0%})"
