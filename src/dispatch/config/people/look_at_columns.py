"""The columns of a subscriber file as somebody looks at them: what each is taken for, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dispatch.config.csv.encoding import encoding_of
from dispatch.config.csv.rows import rows_of
from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.config.people.columns import Column, Columns, Role
from dispatch.config.people.subscribers import read_header
from dispatch.config.people.tidying import tidy
from dispatch.config.values.columns import RULES, Rules
from dispatch.errors import BadInput
from dispatch.model.people.field_names import name_of
from dispatch.model.text.plain_text import one_line, shorten
from dispatch.model.text.suggestions import did_you_mean

LOOKED_AT = 200
"""Rows in which the first value of a column is looked for."""

LONGEST = 40
"""Characters of a value that are shown."""

BY_HEADING, BY_FILE, BY_OPTION = "its heading", "schedules.yaml", "--column"


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """One column: its heading, its first value, what it is taken for, and on whose word."""

    heading: str
    first: str
    taken_for: str
    by: str


def look_at_columns(path: Path, rules: Rules, said: Rules) -> list[SeenColumn]:
    """The columns of a file, in order; none where they cannot be read, which reading it tells.

    `rules` are what schedules.yaml says of some, `said` what somebody says now and which goes
    before that. Raises BadInput for a column that is not there.
    """
    try:
        encoding = encoding_of(path)
        separator, columns = read_header(path, encoding, {**rules, **said})
        with encoding.open(path) as file:
            found = rows_of(file, separator, is_row=columns.is_row)
            rows = [row.cells for row in islice(found, LOOKED_AT + 1)]
    except (InvalidValueError, OSError):
        return []
    headings = rows[0] if rows else ()
    _check_there(said, headings)
    named = [(BY_OPTION, said), (BY_FILE, rules)]
    return [
        SeenColumn(one_line(heading), _first(place, rows[1:]), _taken_for(column, columns), by)
        for place, (heading, column) in enumerate(zip(headings, columns.all, strict=True))
        for by in [next((by for by, of in named if _says(of, heading)), BY_HEADING)]
    ]


def shape_of(path: Path, rules: Rules) -> tuple[str, str] | None:
    """How a file is written, and what stands between its cells; None where it cannot be read."""
    try:
        encoding = encoding_of(path)
        separator, _ = read_header(path, encoding, rules)
    except (InvalidValueError, OSError):
        return None
    name = encoding.name.upper().removesuffix("-SIG")  # a mark that nobody need know of
    return encoding.guessed or name, separator


def rules_said(options: Sequence[str]) -> Rules:
    """What `Heading=field` says of columns; raises BadInput with all that is wrong."""
    rules: dict[str, str] = {}
    problems: list[str] = []
    for option in options:
        heading, sign, rule = option.rpartition("=")
        if not sign or not heading.strip():
            advice = "write it as --column 'Heading=name'"
            problems.append(f"--column {quoted(option)}: says nothing of a column - {advice}")
        elif rule.strip() not in RULES:
            problem = f"{quoted(rule)} is nothing that a column can be"
            problems.append(f"--column {quoted(option)}: {problem} - {did_you_mean(rule, RULES)}")
        else:
            rules[heading.strip()] = rule.strip()
    if problems:
        raise BadInput(problems)
    return rules


def _check_there(said: Rules, headings: Sequence[str]) -> None:
    known = {name_of(one) for one in headings}
    if missing := [one for one in said if name_of(one) not in known]:
        raise BadInput(
            [
                f"--column {quoted(one)}: the file has no such column - "
                f"{did_you_mean(one, [one_line(each) for each in headings])}"
                for one in missing
            ]
        )


def _says(rules: Mapping[str, object], heading: str) -> bool:
    return name_of(heading) in {name_of(one) for one in rules}


def _first(place: int, rows: Sequence[Sequence[str]]) -> str:
    cells = (tidy(row[place]) for row in rows if place < len(row))
    return shorten(one_line(next(filter(None, cells), "")), LONGEST)


def _taken_for(column: Column, columns: Columns) -> str:
    if column.role is Role.NAMELESS:
        return "nothing, as it has no heading"
    if column.role is Role.BESIDE:
        return "nothing: it tells of a row that did not count"
    if column.role is Role.KNOWN:
        return column.name
    if column.standing:
        certain = "" if column.standing.certain else "maybe "
        kind = "its words" if column.standing.words else column.standing.kind.value
        return f"{certain}who may be mailed ({kind})"
    own = f"your own: fields.{column.name}"
    ours = column.fills or ("name" if column.name in columns.name_parts else "")
    return f"{ours}, and {own}" if ours else own
