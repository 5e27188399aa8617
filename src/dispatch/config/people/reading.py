"""One file of people, as it is being read: row by row, and what is to be said at its end."""

import re
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from dispatch.config.csv.rows import Row, Rows
from dispatch.config.files.problems import (
    FileProblem,
    InvalidValueError,
    Problems,
    Severity,
    as_one,
    quoted,
)
from dispatch.config.people.columns import MEANINGS, STATE, Column, Columns, Role
from dispatch.config.people.first_lines import FirstLines
from dispatch.config.people.gathering import Gathering
from dispatch.config.people.headings import EMAIL
from dispatch.config.people.kept_out import KeptOut
from dispatch.config.people.plain_rows import CADENCE, CADENCES, PlainReader
from dispatch.config.people.standing import Kind, Standing
from dispatch.config.people.standing_words import NEVER, STATES, plain
from dispatch.config.people.tidying import tidy
from dispatch.config.people.unmistakable import is_unmistakable
from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.arriving import ArrivingPeople
from dispatch.model.people.field_names import name_of
from dispatch.model.people.refusal import Refusal
from dispatch.model.people.subscriber import Consent, SubscriberRow, SubscriptionState, email_key
from dispatch.model.text.invisible import trimmed, visible
from dispatch.model.text.plain_text import printable
from dispatch.model.text.suggestions import asked, closest, did_you_mean

_AT_A_TIME = 1_000
"""People who are handed over together, where their rows were read one by one."""

_ENDED, _ACTIVE = SubscriptionState.ENDED, SubscriptionState.ACTIVE

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
    blank: list[str] = field(default_factory=list)  # columns that ask for a yes, and have none


class Reading:
    """What has been found so far in one file."""

    def __init__(self, file: str, audience: str, into: Gathering) -> None:
        self.file = file
        self.audience = audience
        self.problems = Problems(file)
        self.people = self.faulty = self.duplicates = 0
        self.kept_out = KeptOut()
        self.columns = Columns(())
        self._reader = PlainReader(self.columns)
        self._into = into
        self._rows: list[SubscriberRow] = []  # not handed over yet
        self._lines = FirstLines()  # of those who come in
        self._gone = FirstLines()  # of rows that say that somebody is not to be mailed any more
        self._out: dict[int, str] = {}  # lines of whom another row says that
        self._blank: dict[str, array[int]] = {}  # column to the lines in which it says nothing
        self._loud: tuple[int, str, str] | None = None
        self._takers: list[Callable[[str, _Person], None]] = []
        self._askers: list[tuple[int, str]] = []

    def begin(self, columns: Columns, line: int) -> None:
        """The columns are known; `line` is where they are named."""
        self.columns = columns
        self._reader = PlainReader(columns)
        self._takers = [self._taker(one) for one in columns.all]
        self._askers = [
            (place, one.name)
            for place, one in enumerate(columns.all)
            if one.standing and one.standing.kind is Kind.IN
        ]
        self._blank = {name: array("I") for _, name in self._askers}
        for name, near in columns.slips().items():
            self._note(line, name, "is kept as a column of your own", asked(near))
        for heading in columns.unused:
            problem = f"schedules.yaml says what the column {quoted(heading)} is, and there is none"
            self._note(line, "", problem, did_you_mean(heading, columns.names))

    def take_all(self, rows: Rows) -> None:
        """Many rows at once; those that are odd are taken one by one, in their turn."""
        found = self._reader.read(rows.lines, rows.cells)
        lines, emails = rows.lines, found.people.emails
        out = set(found.odd)
        keys = [email_key(one) if place not in out else "" for place, one in enumerate(emails)]
        begin = 0
        for end in (*found.odd, len(lines)):
            repeated = self._lines.add_all(keys[begin:end], lines[begin:end])
            for place, first in repeated.items():
                self._tell_repeated(lines[begin + place], emails[begin + place], first)
                out.add(begin + place)
            if end < len(lines):
                self.take(Row(lines[end], rows.cells[end]))
            begin = end + 1
        for name, places in found.blank.items():
            self._blank[name].extend(lines[place] for place in places if place not in out)
        people = found.people
        if out:
            people = people.only([place not in out for place in range(len(lines))])
        self._hand_over(people)

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

    def end(self) -> None:
        """All rows were taken: what only the whole file says."""
        self._hand_over_rows()
        for gone, line in self._gone.shared_with(self._lines):
            self._out[line] = f"as line {gone} says"
        self._into.take_out(self._told(self._out.items()), gone=True)
        self._into.take_out(self._told(self._silent()), gone=False)
        if self.kept_out.number:
            names = [one.name for one in self.columns.standing if one.is_understood]
            said, keys = self.kept_out.in_words(), ", ".join(names)
            told = FileProblem(self.file, None, keys, said, "", Severity.NOTICE)
            self.problems.add_about_file(told)

    def _silent(self) -> Iterator[tuple[int, str]]:
        """Lines without a word in a column that says of others that they may be mailed."""
        found: set[int] = set()
        for one in reversed(self.columns.standing):
            for line in self._blank.get(one.name, ()) if one.is_understood else ():
                if line not in found and line not in self._out:
                    found.add(line)
                    yield line, f"no word in {quoted(one.name)}"

    def _told(self, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for line, why in lines:
            self.people -= 1
            self.kept_out.add(line, why)
            self._into.refuse(line, Refusal.NOT_MAILED, why)
            yield line, why

    def _taker(self, column: Column) -> Callable[[str, _Person], None]:
        if column.standing:
            standing = column.standing
            return lambda cell, person: self._stand(standing, cell, person)
        if column.role is Role.OWN:
            return lambda cell, person: self._own(column, cell, person)
        if column.role is Role.NAMELESS:
            return _nameless
        if column.role is Role.BESIDE:
            return lambda _cell, _person: None
        return _known(column.name)

    def _read(self, row: Row, person: _Person) -> None:
        for take, cell in zip(self._takers, map(tidy, row.cells), strict=False):
            if cell:
                take(cell, person)
        if len(row.cells) > len(self._takers) and any(map(tidy, row.cells[len(self._takers) :])):
            problem = f"has {len(row.cells)} cells, but there are {len(self._takers)} columns"
            advice = "put a text that contains the separator in quotes"
            person.wrong.append(("", InvalidValueError(problem, advice)))
        for place, name in self._askers:
            if place >= len(row.cells) or not tidy(row.cells[place]):
                person.blank.append(name)
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
        by_address = any(name == EMAIL for name, _ in person.wrong)
        kind = Refusal.WRONG_ADDRESS if by_address else Refusal.WRONG_ROW
        why = (f"{name}: {one.problem}" if name else one.problem for name, one in person.wrong)
        self._into.refuse(person.line, kind, "; ".join(why))

    def _keep_out(self, person: _Person) -> None:
        self.kept_out.add(person.line, person.why)
        self.kept_out.has_paused |= person.state is SubscriptionState.PAUSED
        self._into.refuse(person.line, _REFUSED[person.state], person.why)
        if person.state is _ENDED:
            email = person.values[EMAIL]
            self._into.add_gone(person.line, email, person.why)
            self._gone.add(email_key(email), person.line)

    def _keep(self, person: _Person) -> None:
        values, line = person.values, person.line
        email = values.pop(EMAIL)
        first = self._lines.add(email_key(email), line)
        if first != line:
            self._tell_repeated(line, email, first)
            return
        for name in person.blank:
            self._blank[name].append(line)
        for name, error in person.lost:
            self._tell_lost(line, name, error)
        if name := self._full_name(person):
            values["name"] = name
        consent = Consent(values.pop("consented_at", None), values.pop("consent_source", ""))
        self._note_cadence(line, values.get("cadence", ""))
        self._rows.append(SubscriberRow(line, email, consent, fields=person.fields, **values))
        if len(self._rows) >= _AT_A_TIME:
            self._hand_over_rows()

    def _hand_over_rows(self) -> None:
        names = [one.name for one in self.columns.all if one.role in _FIELDS]
        self._hand_over(ArrivingPeople.of(self._rows, names))
        self._rows = []

    def _hand_over(self, people: ArrivingPeople) -> None:
        if not len(people):
            return
        # One that is understood later keeps the file out, if it has said anything before.
        understood = {one.name for one in self.columns.standing if one.is_understood}
        fields = {name: said for name, said in people.fields.items() if name not in understood}
        self.people += len(people)
        self._into.add(replace(people, fields=fields))

    def _tell_repeated(self, line: int, email: str, first: int) -> None:
        self.duplicates += 1
        self._into.refuse(line, Refusal.TWICE, f"{email} is already in line {first}")
        if self.problems.has_room(Severity.NOTICE):
            problem = f"{email} is already in line {first}, which counts"
            self._note(line, EMAIL, problem, "remove one of the two")
        else:
            self.problems.count(Severity.NOTICE)

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
        if not word or word in CADENCES:
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


_FIELDS = frozenset({Role.OWN, Role.STANDING})
_WEIGHT = {_ACTIVE: 0, SubscriptionState.PENDING: 1, SubscriptionState.PAUSED: 2, _ENDED: 3}
_REFUSED = {
    SubscriptionState.PENDING: Refusal.PENDING,
    SubscriptionState.PAUSED: Refusal.PAUSED,
    _ENDED: Refusal.NOT_MAILED,
}


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
