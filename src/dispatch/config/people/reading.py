"""One file of people, as it is being read: row by row, and what is to be said at its end."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from dispatch.config.csv.formulas import unguarded
from dispatch.config.csv.rows import Row
from dispatch.config.files.problems import (
    FileProblem,
    InvalidValueError,
    Problems,
    Severity,
    as_one,
    quoted,
)
from dispatch.config.people.columns import MEANINGS, STATE, Column, Columns, Role
from dispatch.config.people.headings import EMAIL, name_of
from dispatch.config.people.kept_out import KeptOut, in_words
from dispatch.config.people.standing import Kind, Standing
from dispatch.config.people.standing_words import NEVER, STATES, plain
from dispatch.config.people.unmistakable import is_unmistakable
from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.subscriber import Consent, SubscriberRow, SubscriptionState, email_key
from dispatch.model.text.invisible import trimmed, visible
from dispatch.model.text.plain_text import printable
from dispatch.model.text.suggestions import asked, closest, did_you_mean

_ENDED, _ACTIVE = SubscriptionState.ENDED, SubscriptionState.ACTIVE

CADENCE = "cadence"

_SEPARATOR = re.compile(r"[,;|\t]")

Wrong = list[tuple[str, InvalidValueError]]


@dataclass(slots=True)
class _Person:
    """What the cells of one row have said so far."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    state: SubscriptionState = _ACTIVE
    why: str = ""
    loud: tuple[str, str] | None = None  # the first column that says no, and is not known for it
    wrong: Wrong = field(default_factory=list)
    lost: Wrong = field(default_factory=list)  # cells that cost themselves, and nobody


class Reading:
    """What has been found so far in one file."""

    def __init__(self, file: str, audience: str) -> None:
        self.file = file
        self.audience = audience
        self.problems = Problems(file)
        self.faulty = self.duplicates = 0
        self.columns = Columns(())
        self._rows: list[SubscriberRow] = []
        self._kept_out: list[KeptOut] = []
        self._lines: dict[str, int] = {}  # email key to the line it was first seen on
        self._gone: dict[str, int] = {}  # email key to the line that says so
        self._blank: dict[str, set[int]] = {}  # column to the lines in which it says nothing
        self._loud: tuple[int, str, str] | None = None
        self._takers: list[Callable[[str, _Person], None]] = []
        self._askers: list[tuple[int, str]] = []

    def begin(self, columns: Columns, line: int) -> None:
        """The columns are known; `line` is where they are named."""
        self.columns = columns
        self._takers = [self._taker(one) for one in columns.all]
        self._askers = [
            (place, one.name)
            for place, one in enumerate(columns.all)
            if one.standing and one.standing.kind is Kind.IN
        ]
        self._blank = {name: set() for _, name in self._askers}
        for name, near in columns.slips().items():
            self._note(line, name, "is kept as a column of your own", asked(near))
        for heading in columns.unused:
            problem = f"schedules.yaml says what the column {quoted(heading)} is, and there is none"
            self._note(line, "", problem, did_you_mean(heading, columns.names))

    def take(self, row: Row) -> None:
        """One row: a person, one who stays out, or a problem."""
        person = _Person(row.line)
        if row.flaw:
            person.wrong.append(("", InvalidValueError(*row.flaw)))
        else:
            self._read(row, person)
        if person.wrong:
            self._refuse(person)
        elif person.state is not _ACTIVE:
            self._keep_out(person)
        else:
            if person.loud and self._loud is None:
                self._loud = person.line, *person.loud
            self._keep(person)

    @property
    def unclear(self) -> FileProblem | None:
        """Why nobody of the file can come in before somebody says what a column is."""
        for one in self.columns.standing:
            if one.keeps_file_out:
                line, cell = one.unknown[0]
                problem = (
                    f"may say who is not to be mailed, and {quoted(cell)} is not understood, so"
                    " that nobody comes in"
                )
                return FileProblem(self.file, line, one.name, problem, self._what_it_is(one))
        if self._loud:
            line, name, cell = self._loud
            problem = (
                f"{quoted(cell)} says that somebody is not to be mailed, but the column is not"
            )
            problem += " known for that, so that nobody comes in"
            advice = f"{self._say(name, 'state')}, or ignore, where it is about something else"
            if plain(cell) not in STATES:  # a remark, or one of several words
                advice = "mark them in a column 'unsubscribed', or remove their rows, and then "
                advice += self._say(name, "ignore")
            return FileProblem(self.file, line, name, problem, advice)
        return None

    def rows(self) -> tuple[SubscriberRow, ...]:
        """Who comes in."""
        for one in self.columns.standing:
            if not one.certain and one.is_understood:
                for row in self._rows:
                    row.fields.pop(one.name, None)
        silent = self._silent()
        rows = []
        for row in self._rows:
            key = email_key(row.email)
            if key in self._gone:
                why = f"as line {self._gone[key]} says"
                self._kept_out.append(KeptOut(row.line, row.email, why, _ENDED))
            elif row.line in silent:
                why = f"no word in {quoted(silent[row.line])}"
                self._kept_out.append(KeptOut(row.line, row.email, why, SubscriptionState.PENDING))
            else:
                rows.append(row)
        return tuple(rows)

    def kept_out(self) -> tuple[KeptOut, ...]:
        """Who stays out as the file says so; to be asked after `rows`."""
        found = tuple(sorted(self._kept_out))
        if found:
            names = [one.name for one in self.columns.standing if one.is_understood]
            told = FileProblem(
                self.file, None, ", ".join(names), in_words(found), "", Severity.NOTICE
            )
            self.problems.add_about_file(told)
        return found

    def _silent(self) -> Mapping[int, str]:
        """The lines without a word in a column that says of others that they may be mailed."""
        understood = {one.name for one in self.columns.standing if one.is_understood}
        return {
            line: name
            for name, lines in self._blank.items()
            if name in understood
            for line in lines
        }

    def _taker(self, column: Column) -> Callable[[str, _Person], None]:
        if column.standing:
            standing = column.standing
            return lambda cell, person: self._stand(standing, cell, person)
        if column.role is Role.OWN:
            return lambda cell, person: self._own(column, cell, person)
        if column.role is Role.NAMELESS:
            return _nameless
        return _known(column.name)

    def _read(self, row: Row, person: _Person) -> None:
        for take, cell in zip(self._takers, map(_tidy, row.cells), strict=False):
            if cell:
                take(cell, person)
        if len(row.cells) > len(self._takers) and any(map(_tidy, row.cells[len(self._takers) :])):
            problem = f"has {len(row.cells)} cells, but there are {len(self._takers)} columns"
            advice = "put a text that contains the separator in quotes"
            person.wrong.append(("", InvalidValueError(problem, advice)))
        for place, name in self._askers:
            if place >= len(row.cells) or not _tidy(row.cells[place]):
                self._blank[name].add(row.line)
        if len(row.cells) == 1 < len(self._takers) and (other := _SEPARATOR.search(row.cells[0])):
            problem = f"has '{other[0]}' between its cells, and the line of names has not"
            person.wrong[:] = [("", InvalidValueError(problem, "use one of the two in all lines"))]
            return
        if EMAIL not in person.values:
            missing = InvalidValueError("is missing", "add the address or remove the row")
            person.wrong.append((EMAIL, missing))

    def _stand(self, standing: Standing, cell: str, person: _Person) -> None:
        found = standing.read(cell, person.line)
        if found is None and standing.certain:
            advice = self._what_was_meant(standing, cell)
            error = InvalidValueError(f"unknown state {quoted(cell)}", advice)
            person.wrong.append((standing.name, error))
        elif found is not None and _WEIGHT[found] > _WEIGHT[person.state]:
            person.state, person.why = found, quoted(cell)
        if not standing.certain:
            person.fields[standing.name] = printable(cell)

    def _own(self, column: Column, cell: str, person: _Person) -> None:
        person.fields[column.name] = printable(cell)
        if column.fills:
            _known(column.fills)(cell, person)
        if column.fills == CADENCE:
            return
        if self._loud is None and is_unmistakable(cell) and not column.ignored:
            person.loud = person.loud or (column.name, cell)

    def _refuse(self, person: _Person) -> None:
        self.faulty += 1
        if self.problems.has_room():
            self.problems.add(as_one(self.file, person.line, [*person.wrong, *person.lost]))
        else:
            self.problems.count(Severity.ERROR)

    def _keep_out(self, person: _Person) -> None:
        email = person.values[EMAIL]
        self._kept_out.append(KeptOut(person.line, email, person.why, person.state))
        if person.state is _ENDED:
            self._gone.setdefault(email_key(email), person.line)

    def _keep(self, person: _Person) -> None:
        values, line = person.values, person.line
        email = values.pop(EMAIL)
        first = self._lines.setdefault(email_key(email), line)
        if first != line:
            self.duplicates += 1
            problem = f"{email} is already in line {first}, which counts"
            self._note(line, EMAIL, problem, "remove one of the two")
            return
        for name, error in person.lost:
            self._tell_lost(line, name, error)
        if name := self._full_name(person):
            values["name"] = name
        consent = Consent(values.pop("consented_at", None), values.pop("consent_source", ""))
        self._note_cadence(line, values.get("cadence", ""))
        self._rows.append(SubscriberRow(line, email, consent, fields=person.fields, **values))

    def _full_name(self, person: _Person) -> str:
        parts = (
            person.values.get(name) if name == "name" else person.fields.get(name, "")
            for name in self.columns.name_parts
        )
        return " ".join(filter(None, parts))

    def _tell_lost(self, line: int, name: str, error: InvalidValueError) -> None:
        if self.problems.has_room(Severity.NOTICE):
            self._note(line, name, f"{error.problem}, so that it was left empty", error.advice)
        else:
            self.problems.count(Severity.NOTICE)

    def _note_cadence(self, line: int, word: str) -> None:
        # No reason to leave somebody out: templates and segments may know the word.
        if not word or word in _CADENCES:
            return
        if self.problems.has_room(Severity.NOTICE):
            problem = f"{quoted(word)} is no cadence, so that they get the default"
            advice = did_you_mean(word.lower(), list(Cadence))
            self._note(line, "cadence", problem, advice)
        else:
            self.problems.count(Severity.NOTICE)

    def _note(self, line: int, key: str, problem: str, advice: str) -> None:
        severity = Severity.NOTICE
        self.problems.add(FileProblem(self.file, line, key, problem, advice, severity))

    def _what_was_meant(self, one: Standing, cell: str) -> str:
        known: Collection[str] = list(SubscriptionState) if one.name == STATE else STATES
        if one.name == STATE or closest(cell, known):
            return did_you_mean(cell.lower(), known)
        return self._say(one.name, f"{{{quoted(cell)}: ended}}")

    def _what_it_is(self, one: Standing) -> str:
        yes_or_no = "subscribed where yes may be mailed, unsubscribed where yes may not"
        words = f"its words, such as {{{quoted(one.unknown[0][1])}: ended}}"
        return f"{self._say(one.name, 'ignore')}, or {yes_or_no}, or {words}"

    def _say(self, name: str, rule: str) -> str:
        heading = visible(self.columns.headings.get(name, name))
        if not name_of(heading) or re.search(r"[^\w .-]", heading):
            heading = repr(heading)
        place = f"subscribers: {{{self.audience}: {{columns: {{{heading}: {rule}}}}}}}"
        return f"say what it is in schedules.yaml: {place}"


_WEIGHT = {_ACTIVE: 0, SubscriptionState.PENDING: 1, _ENDED: 2}
_CADENCES = frozenset(cadence.value for cadence in Cadence)


def _tidy(written: str) -> str:
    """A cell without the spaces around it, and without our guard against formulas."""
    cell = written.strip()
    return unguarded(cell) if "'" in cell else cell


def _known(name: str) -> Callable[[str, _Person], None]:
    meaning = MEANINGS[name]

    def take(written: str, person: _Person) -> None:
        if not (cell := trimmed(written)):
            return
        if name == CADENCE and plain(cell) in NEVER:
            person.state, person.why = _ENDED, quoted(cell)
            return
        try:
            person.values[name] = meaning(cell)
        except InvalidValueError as error:
            (person.wrong if name == EMAIL else person.lost).append((name, error))
            if name == EMAIL:
                person.values[name] = None

    return take


def _nameless(_: str, person: _Person) -> None:
    advice = "name that column in the first line"
    problem = "has a cell in a column without a name"
    person.wrong.append(("", InvalidValueError(problem, advice)))
