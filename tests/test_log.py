"""What the service says: one line for an event, whoever it is from."""

import json
import logging
import re

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
        "library.said",
        "error",
        "sqlalchemy.pool",
    )
    assert first["message"] == first["text"] == "cannot close a cursor"
    assert "ZeroDivisionError" in second["exception"]


def test_what_they_chat_about_is_not_said(capsys):
    log.configure(as_json=True)

    logging.getLogger("httpx").info("HTTP Request: GET https://example.org")

    assert lines(capsys) == []


def test_json_has_the_event_by_name_and_as_a_sentence_with_what_is_at_work(capsys):
    log.configure(as_json=True)

    with log.at_work_on(campaign="weekly", edition="e1"):
        structlog.get_logger().warning("channel.stopped", channel="mail", problem="mail: is away")
    structlog.get_logger().info("feed.polled", feed="blog", posts=3)

    stopped, polled = lines(capsys)
    del stopped["timestamp"], polled["timestamp"]
    assert stopped == {
        "level": "warning",
        "event": "channel.stopped",
        "message": "mail: is away",
        "campaign": "weekly",
        "edition": "e1",
        "channel": "mail",
        "problem": "mail: is away",
    }
    assert polled == {
        "level": "info",
        "event": "feed.polled",
        "message": "new posts in blog: 3",
        "feed": "blog",
        "posts": 3,
    }


def test_what_libraries_say_names_what_was_at_work_too(capsys):
    log.configure(as_json=True)

    with log.at_work_on(edition="e1"):
        logging.getLogger("sqlalchemy.pool").error("cannot close")

    [line] = lines(capsys)
    assert line["edition"] == "e1"


def test_people_read_the_sentence_and_then_what_it_does_not_say(capsys):
    log.configure()

    with log.at_work_on(campaign="weekly"):
        structlog.get_logger().info("feed.polled", feed="blog", posts=3)

    line = capsys.readouterr().err
    assert re.search(r" \[info +\] new posts in blog: 3 +event=feed.polled campaign=weekly$", line)


def test_a_plugins_own_event_is_its_sentence(capsys):
    log.configure()

    structlog.get_logger().info("had a nap", minutes=3)

    line = capsys.readouterr().err
    assert re.search(r"\] had a nap +minutes=3$", line)


@pytest.mark.parametrize("unfit", ["a\nb", "a\rb", "a\x1b[31mb", "a\u2028b"])
def test_no_words_of_others_begin_a_line_or_steer_the_terminal(capsys, unfit):
    log.configure()

    structlog.get_logger().warning("library.said", text=unfit, logger=unfit)

    [line] = capsys.readouterr().err.splitlines()
    assert unfit not in line


@pytest.mark.parametrize("as_json", [True, False])
def test_what_stands_under_a_telling_key_is_in_neither_field_nor_sentence(capsys, as_json):
    log.configure(as_json=as_json)

    structlog.get_logger().info("signed in", token="correct horse")

    assert "correct" not in capsys.readouterr().err
