"""What the service says: one line for an event, whoever it is from."""

import json
import logging

import pytest
import structlog

from dispatch import log


@pytest.fixture(autouse=True)
def _as_before():
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    root.handlers[:] = before
    structlog.reset_defaults()


def lines(capsys) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_what_libraries_say_is_json_where_ours_is(capsys):
    log.configure(as_json=True)
    log.configure(as_json=True)  # which says nothing twice

    logging.getLogger("sqlalchemy.pool").error("cannot close %s", "a cursor")
    try:
        1 / 0  # noqa: B018 - it is to fail
    except ZeroDivisionError:
        logging.getLogger("some.library").exception("stumbled")

    first, second = lines(capsys)
    assert (first["event"], first["level"], first["logger"]) == (
        "cannot close a cursor",
        "error",
        "sqlalchemy.pool",
    )
    assert "ZeroDivisionError" in second["exception"]


def test_what_they_chat_about_is_not_said(capsys):
    log.configure(as_json=True)

    logging.getLogger("httpx").info("HTTP Request: GET https://example.org")

    assert lines(capsys) == []
