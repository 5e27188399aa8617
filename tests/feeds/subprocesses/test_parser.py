"""Parsing in a process of its own: the same result, and no feed that stalls the service."""

import os
import subprocess
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dispatch.errors import FeedTooCostly, FeedUnreadable
from dispatch.feeds.parse.document import parse
from dispatch.feeds.subprocesses.feed_reader import read
from dispatch.feeds.subprocesses.parser import SubprocessParser
from dispatch.feeds.subprocesses.turns import Rank
from patience import PATIENCE

SAMPLES = sorted((Path(__file__).parents[1] / "samples").iterdir())
URL = "https://ada:s3cret@feeds.example/x.xml"
GOOD = b"<rss version='2.0'><channel><title>Good</title></channel></rss>"
# feedparser compares each of these with all before it: minutes of work.
SLOW = b"<rss version='2.0'><channel><item>%b</item></channel></rss>" % b"".join(
    b"<category>%d</category>" % number for number in range(76_000)
)
# Ten megabytes, as many as are fetched, that become half a gigabyte.
HUGE = b'{"items": [%b 1]}' % (b'{"":0},' * 1_400_000)
# Half a second of honest work.
LONG = b"<rss version='2.0'><channel><title>Long</title>%b</channel></rss>" % b"".join(
    b"<item><guid>%d</guid><description>%b</description></item>" % (number, b"word " * 1_000)
    for number in range(300)
)

FOR_EVER = 3_600.0


def suspects(parser):
    """Those who wait for a long turn."""
    return [one for one in parser._turns._waiting.copy() if one.rank is Rank.SUSPECT]


def until(found):
    """What a function finds, once it finds something."""
    pause, give_up = threading.Event(), time.monotonic() + PATIENCE
    while not (result := found()):
        assert time.monotonic() < give_up
        pause.wait(0.01)
    return result


@pytest.fixture(scope="module")
def apart():
    with SubprocessParser() as parser:
        yield parser


def pids(parser):
    return {child._process.pid for child in parser._running.copy()}


def at_work(parser):
    """The processes that read something."""
    return [child for child in parser._running.copy() if child.is_done]


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_result_is_the_same_as_here(apart, path):
    body = path.read_bytes()

    assert apart(body, URL) == parse(body, url=URL)


def test_the_content_type_goes_along(apart):
    body = "<rss version='2.0'><channel><title>Żółw</title></channel></rss>".encode("iso-8859-2")

    assert apart(body, url=URL, content_type="text/xml; charset=iso-8859-2").title == "Żółw"


def test_a_refusal_is_the_same_as_here(apart):
    with pytest.raises(FeedUnreadable) as here:
        parse(b"Hello", url=URL)
    with pytest.raises(FeedUnreadable) as there:
        apart(b"Hello", URL)

    assert str(there.value) == str(here.value)


def test_nothing_is_started_before_it_is_needed_and_one_process_reads_many_feeds():
    with SubprocessParser() as parser:
        before = pids(parser)
        for _ in range(3):
            parser(GOOD, URL)
        after = pids(parser)

    assert before == set()
    assert len(after) == 1
    assert not any(map(is_alive, after))


def test_a_feed_that_takes_too_long_is_stopped_and_the_next_is_read():
    with SubprocessParser(seconds=2) as parser:
        parser(GOOD, URL)

        with pytest.raises(FeedTooCostly) as caught:
            parser(SLOW, URL)
        after = parser(GOOD, URL)

    assert str(caught.value) == (
        "https://feeds.example/x.xml: takes too long to be read - tell the feed's owner"
    )
    assert after.title == "Good"


@pytest.mark.skipif(sys.platform != "linux", reason="this system does not limit memory")
def test_a_feed_that_takes_too_much_memory_is_stopped_and_the_next_is_read(apart):
    with pytest.raises(FeedTooCostly, match="takes too much memory to be read - ask"):
        apart(HUGE, URL)

    assert apart(GOOD, URL).title == "Good"


def test_a_process_that_dies_while_idle_is_replaced(apart):
    apart(GOOD, URL)
    for child in apart._running:
        child._process.kill()
        child._process.wait()

    assert apart(GOOD, URL).title == "Good"


def test_a_process_that_is_killed_at_work_is_the_feeds_doing():
    with SubprocessParser() as parser, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(parser, SLOW, URL)
        [child] = until(lambda: at_work(parser))
        child.kill()  # as a system does that is out of memory
        refusal = slow.exception(timeout=PATIENCE)

    assert isinstance(refusal, FeedTooCostly)
    assert "could not be read to its end - it is tried again later" in str(refusal)


def test_the_service_itself_does_not_load_the_parser():
    look = "import sys, dispatch.app; sys.exit('feedparser' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


def test_many_threads_share_two_processes(apart):
    bodies = [GOOD.replace(b"Good", b"Feed %d" % number) for number in range(40)]

    with ThreadPoolExecutor(8) as pool:
        titles = list(pool.map(lambda body: apart(body, URL).title, bodies))

    assert titles == [f"Feed {number}" for number in range(40)]
    assert len(pids(apart)) <= 2


def test_slow_feeds_never_hold_all_processes_however_many_they_are():
    hostile = [f"https://hostile{number}.example/" for number in range(6)]
    with ThreadPoolExecutor(len(hostile) + 1) as pool:
        with SubprocessParser(seconds=FOR_EVER, quick=1, patience=FOR_EVER) as parser:
            parser(GOOD, URL)
            slow = [pool.submit(parser, SLOW, url) for url in hostile]
            until(lambda: len(at_work(parser)) == 2)
            good = pool.submit(lambda: [parser(GOOD, URL).title for _ in range(5)])
            titles = good.result(timeout=PATIENCE)
            were_held = [not one.done() for one in slow]
        refusals = [str(one.exception(timeout=PATIENCE)) for one in slow]

    assert titles == ["Good"] * 5
    assert all(were_held)
    assert all("dispatch stops" in refusal for refusal in refusals)


def test_a_feed_that_takes_long_is_read_when_no_other_takes_long_any_more():
    with (
        ThreadPoolExecutor(2) as pool,
        SubprocessParser(seconds=FOR_EVER, quick=0.1, patience=FOR_EVER) as parser,
    ):
        slow = pool.submit(parser, SLOW, "https://hostile.example/")
        until(lambda: parser._turns._long)
        [child] = at_work(parser)
        honest = pool.submit(parser, LONG, URL)
        until(lambda: suspects(parser))  # its first turn was too short
        child.kill()
        document = honest.result(timeout=PATIENCE)

    assert document.title == "Long"
    assert isinstance(slow.exception(timeout=PATIENCE), FeedTooCostly)


def test_where_others_take_long_a_feed_does_not_wait_for_ever():
    with ThreadPoolExecutor(1) as pool:
        with SubprocessParser(seconds=FOR_EVER, quick=0.1, patience=0) as parser:
            slow = pool.submit(parser, SLOW, "https://hostile.example/")
            until(lambda: parser._turns._long)
            with pytest.raises(FeedUnreadable) as caught:
                parser(LONG, URL)
        slow.exception(timeout=PATIENCE)

    assert type(caught.value) is FeedUnreadable
    assert str(caught.value) == (
        "https://feeds.example/x.xml: takes long to be read, and others do so too - "
        "it is tried later"
    )


def test_who_took_too_long_the_last_time_waits_for_its_like_and_not_with_the_others():
    with SubprocessParser(seconds=0.5, quick=0.1) as parser:
        with pytest.raises(FeedTooCostly):
            parser(SLOW, URL)
        turn = parser._turns.take(Rank.SUSPECT, patience=0)  # somebody takes long
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(parser, SLOW, URL)
            until(lambda: suspects(parser))
            was_begun = bool(at_work(parser))
            parser._turns.give_back(turn, None)
            refusal = slow.exception(timeout=PATIENCE)

    assert not was_begun
    assert isinstance(refusal, FeedTooCostly)


def test_closing_ends_what_is_under_way_and_refuses_what_comes_later():
    parser = SubprocessParser()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(parser, SLOW, URL)
        until(lambda: at_work(parser))
        running = pids(parser)
        parser.close()
        refusal = slow.exception(timeout=PATIENCE)

    assert type(refusal) is FeedUnreadable
    assert "dispatch stops" in str(refusal)
    assert not any(map(is_alive, running))
    with pytest.raises(FeedUnreadable, match="dispatch stops"):
        parser(GOOD, URL)


def test_who_waits_for_a_process_while_it_closes_gets_none():
    parser = SubprocessParser(at_once=1, seconds=FOR_EVER)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(parser, SLOW, URL) for _ in range(4)]
        running = until(lambda: pids(parser))
        parser.close()
        refusals = [str(one.exception(timeout=PATIENCE)) for one in waiting]

    assert all("not read" in refusal for refusal in refusals)
    assert not any(map(is_alive, running | pids(parser)))


def test_secrets_of_the_environment_do_not_go_along(monkeypatch):
    monkeypatch.setenv("SMTP_PASSWORD", "s3cret")
    with SubprocessParser() as parser:
        parser(GOOD, URL)
        [pid] = pids(parser)
        environ = Path(f"/proc/{pid}/environ")
        known = environ.read_bytes() if environ.exists() else b""

    assert b"SMTP_PASSWORD" not in known


def test_a_large_feed_hardly_grows_the_service(apart):
    post = f"<item><guid>{{}}</guid><description>{'word ' * 1_000}</description></item>"
    items = "".join(post.format(number) for number in range(1_000))
    body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()

    tracemalloc.start()
    try:
        document = apart(body, URL)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(document.entries) == 1_000
    assert peak < 50_000_000


def test_a_bug_is_told_with_its_traceback():
    def stumble(*_args, **_names):
        raise ZeroDivisionError("no")

    bug = read(GOOD, URL, "", stumble)

    assert str(bug) == "ZeroDivisionError: no"
    assert "in stumble" in bug.__notes__[0]
