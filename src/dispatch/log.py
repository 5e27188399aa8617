"""What the service says while it runs: one line per event, for people or as JSON."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET_KEYS = frozenset({"authorization", "password", "secret", "token", "signature", "api_key"})


def configure(*, as_json: bool = False, level: str = "info") -> None:
    """Set up logging for the whole process; called once, by the edge that starts it."""
    people = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    machines = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_secrets,
            *(machines if as_json else [people]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    root = logging.getLogger()
    if not any(isinstance(one, FromLibraries) for one in root.handlers):
        root.addHandler(FromLibraries(logging.WARNING))


class FromLibraries(logging.Handler):
    """What libraries have to say, said as we say it: one line, JSON where ours is."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass it on, with the name of who said it."""
        try:
            words = {"exc_info": record.exc_info} if record.exc_info else {}
            message = record.getMessage()
            structlog.get_logger().log(record.levelno, message, logger=record.name, **words)
        except Exception:  # noqa: BLE001 - as logging does with its own
            self.handleError(record)


def hide_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A last net under promise P7: values under a telling key never reach the output.

    >>> hide_secrets(None, "info", {"event": "signed in", "token": "abc"})
    {'event': 'signed in', 'token': '***'}
    """
    return {key: "***" if key.lower() in SECRET_KEYS else value for key, value in event.items()}
