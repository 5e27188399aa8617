"""What the service says while it runs: one line per event, for people or as JSON.

What events there are: `log_events/`.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from contextlib import AbstractContextManager
from pathlib import PurePath
from typing import Any

import structlog

from dispatch.log_events import CONTEXT, EVENTS

SECRET_KEYS = frozenset({"authorization", "password", "secret", "token", "signature", "api_key"})

WIDTH = 60
"""So wide is a sentence at least, so that the fields of most lines stand below one another."""

PLACES = 3
"""How many calls are named of those that an error came through: a library's own and its caller."""

FIRST = ("timestamp", "level", "event", "message", *CONTEXT)

Line = MutableMapping[str, Any]

_API_TOKEN = re.compile(r"dsp_[0-9A-Za-z]{8,}")
"""Longer than the hint of one, by which people tell them apart."""

_FIELD = re.compile(r"{(\w+)}")


def configure(*, as_json: bool = False, level: str = "info") -> None:
    """Set up logging for the whole process; called once, by the edge that starts it."""
    for_people: list[structlog.typing.Processor] = [
        leave_out_what_was_said,
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            event_key="message",
            exception_formatter=structlog.dev.plain_traceback,
            pad_event_to=WIDTH,
            sort_keys=False,
        ),
    ]
    for_machines: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_secrets,
            add_message,
            *(for_machines if as_json else for_people),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    root = logging.getLogger()
    if not any(isinstance(one, FromLibraries) for one in root.handlers):
        root.addHandler(FromLibraries(logging.WARNING))


def pass_on(say: Callable[[str, Line], object]) -> None:
    """Set up logging for a process whose lines another one writes: each is said, by its level."""

    def hand(_logger: Any, method: str, line: Line) -> Line:
        say(method, line)
        raise structlog.DropEvent

    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, _with_traceback, hand],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    logging.getLogger().addHandler(FromLibraries(logging.WARNING))


def _with_traceback(_logger: Any, _method: str, line: Line) -> Line:
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exception()
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        line["exception"] = "".join(traceback.format_exception(error)).rstrip()
    return line


def repeat(level: str, line: Line) -> None:
    """Write what another process has passed on."""
    log = structlog.get_logger()
    say = log.log
    say(logging.getLevelNamesMapping()[level.upper()], **line)


def at_work_on(**context: object) -> AbstractContextManager[None]:
    """Have all lines name what is at work, such as an edition and its campaign.

    It holds for this thread: one that is started says so itself.
    """
    return structlog.contextvars.bound_contextvars(**context)


class FromLibraries(logging.Handler):
    """What libraries have to say, said as we say it: one line, JSON where ours is."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass it on, with the name of who said it."""
        log = structlog.get_logger()
        try:
            log.log(
                record.levelno,
                "library.said",
                logger=record.name,
                text=record.getMessage(),
                exc_info=record.exc_info,
            )
        except Exception:  # noqa: BLE001 - as logging does with its own
            self.handleError(record)


def hide_secrets(_logger: Any, _method: str, line: Line) -> Line:
    """A last net under promise P7: values under a telling key never reach the output.

    Nor do tokens of the API, whoever has written them there.

    >>> hide_secrets(None, "info", {"event": "signed in", "token": "abc"})
    {'event': 'signed in', 'token': '***'}
    >>> hide_secrets(None, "info", {"event": "odd", "problem": "GET /?t=dsp_4fQz7hT2kLw9"})
    {'event': 'odd', 'problem': 'GET /?t=dsp_***'}
    """
    return {
        key: "***" if key.lower() in SECRET_KEYS else _without_api_tokens(value)
        for key, value in line.items()
    }


def _without_api_tokens(value: Any) -> Any:
    if isinstance(value, str) and "dsp_" in value:
        return _API_TOKEN.sub("dsp_***", value)
    return value


def add_message(_logger: Any, _method: str, line: Line) -> Line:
    """Say the event as a sentence, too; a plugin's own event is its sentence.

    >>> add_message(None, "info", {"posts": 3, "event": "feed.polled", "feed": "blog"})
    {'event': 'feed.polled', 'message': 'new posts in blog: 3', 'feed': 'blog', 'posts': 3}
    """
    said = EVENTS.get(line["event"])
    if said is None:
        line.setdefault("message", line["event"])
    else:
        line["message"] = _FIELD.sub(lambda field: str(line.get(field[1], "?")), said.message)
    first = {key: line.pop(key) for key in FIRST if key in line}
    return {**first, **line}


def leave_out_what_was_said(_logger: Any, _method: str, line: Line) -> Line:
    """Leave to people what the sentence does not say, in letters that keep to their line.

    >>> line = {"event": "feed.polled", "message": "new posts in blog: 3", "posts": 3, "slot": "a"}
    >>> leave_out_what_was_said(None, "info", line)
    {'event': 'feed.polled', 'message': 'new posts in blog: 3', 'slot': 'a'}
    """
    said = EVENTS.get(line["event"])
    known = set(_FIELD.findall(said.message)) if said else set()
    return {
        key: _on_one_line(value) if isinstance(value, str) else value
        for key, value in line.items()
        if key not in known and not (said is None and key == "event")
    }


def place_of(error: BaseException) -> str:
    """Where an error was raised, innermost first: for lines that must not have what it says.

    >>> try:
    ...     int("ada@example.org")
    ... except ValueError as error:
    ...     place_of(error).endswith(":2")
    True
    """
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    return ", ".join(f"{PurePath(one.filename).name}:{one.lineno}" for one in reversed(frames))


def _on_one_line(text: str) -> str:
    """The text, with an escape for all that would end the line or steer a terminal."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
