"""What the log can say is declared: no event without its entry, no entry without its event."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import dispatch
from dispatch.log import SECRET_KEYS
from dispatch.log_events import AS_THEY_SAY, CONTEXT, EVENTS, FIELDS

SOURCE = Path(dispatch.__file__).parent
LEVELS = {"debug": "debug", "info": "info", "warning": "warning", "error": "error"} | {
    "exception": "error",
    "critical": "critical",
}
COUNTING = SOURCE / "web/serving/tally.py"  # says what it was told, and how often


@dataclass(frozen=True)
class Said:
    """One place in the code that logs."""

    place: str
    level: str
    name: str | None
    fields: frozenset[str | None]


def said_in(file: Path) -> Iterator[Said]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        speaker, verb = ast.unparse(node.func.value), node.func.attr
        level, counted = LEVELS.get(verb), set()
        if verb == "note" and speaker.endswith("tally"):
            level, counted = "warning", {"times"}
        elif speaker == "log" and verb == "log":
            level = AS_THEY_SAY
        elif speaker != "log" or level is None:
            continue
        names = [one for one in node.args if isinstance(one, ast.Constant)]
        fields = {keyword.arg for keyword in node.keywords} - {"exc_info"}
        yield Said(
            f"{file.relative_to(SOURCE)}:{node.lineno}",
            level,
            str(names[0].value) if names else None,
            frozenset(fields | counted),
        )


@pytest.fixture(scope="module")
def all_said() -> list[Said]:
    """All that the code says; to read it takes a second, which only one process is to wait for."""
    files = [file for file in sorted(SOURCE.rglob("*.py")) if file != COUNTING]
    counted = [one for one in said_in(COUNTING) if one.name]
    return [one for file in files for one in said_in(file)] + counted


def test_what_is_logged_is_declared_with_its_level_and_fields(all_said):
    def is_declared(said: Said) -> bool:
        event = EVENTS.get(said.name)
        return event is not None and (event.level, set(event.fields)) == (said.level, said.fields)

    assert len(all_said) > 50
    assert [said for said in all_said if not is_declared(said)] == []


def test_what_is_declared_is_logged(all_said):
    assert {said.name for said in all_said} == set(EVENTS)


def test_all_code_logs_by_the_same_name_so_that_none_is_overlooked():
    loggers = re.compile(r"^(.*)structlog\.get_logger\(", re.MULTILINE)

    for file in SOURCE.rglob("*.py"):
        for before in loggers.findall(file.read_text(encoding="utf-8")):
            assert before.strip() == "log =", file


@pytest.mark.parametrize(("name", "event"), EVENTS.items(), ids=EVENTS)
def test_an_event_has_a_dotted_name_and_a_sentence_of_its_own_fields(name, event):
    in_sentence = set(re.findall(r"{(\w+)}", event.message))

    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name)
    assert in_sentence <= set(event.fields)
    assert event.when.endswith(".")


def test_every_field_says_what_it_means_and_none_is_a_secret():
    used = {field for event in EVENTS.values() for field in event.fields}

    assert used | set(CONTEXT) == set(FIELDS)
    assert not SECRET_KEYS & set(FIELDS)
