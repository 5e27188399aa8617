"""Parsing in a process of its own: the same result, and no feed that stalls the service."""

import os
import subprocess
import sys
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dispatch.errors import FeedUnreadable
from dispatch.feeds.apart import ParseApart
from dispatch.feeds.parse import parse
from dispatch.feeds.reader import read

SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
URL = "https://ada:s3cret@feeds.example/x.xml"
GOOD = b"<rss version='2.0'><channel><title>Good</title></channel></rss>"
# feedparser compares each of these with all before it: minutes of work.
SLOW = b"<rss version='2.0'><channel><item>%b</item></channel></rss>" % b"".join(
    b"<category>%d</category>" % number for number in range(76_000)
)
# Ten megabytes, as many as are fetched, that become half a gigabyte.
HUGE = b'{"items": [%b 1]}' % (b'{"":0},' * 1_400_000)


@pytest.fixture(scope="module")
def apart():
    with ParseApart() as parser:
        yield parser


def pids(parser):
    return {reader._process.pid for reader in parser._running.copy()}


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
    with ParseApart() as parser:
        before = pids(parser)
        for _ in range(3):
            parser(GOOD, URL)
        after = pids(parser)

    assert before == set()
    assert len(after) == 1
    assert not any(map(is_alive, after))


def test_a_feed_that_takes_too_long_is_stopped_and_the_next_is_read():
    with ParseApart(seconds=2) as parser:
        parser(GOOD, URL)

        with pytest.raises(FeedUnreadable) as caught:
            parser(SLOW, URL)
        after = parser(GOOD, URL)

    assert str(caught.value) == (
        "https://feeds.example/x.xml: takes too long to be read - tell the feed's owner"
    )
    assert after.title == "Good"


@pytest.mark.skipif(sys.platform != "linux", reason="this system does not limit memory")
def test_a_feed_that_takes_too_much_memory_is_stopped_and_the_next_is_read(apart):
    with pytest.raises(FeedUnreadable, match="takes too much memory to be read - ask"):
        apart(HUGE, URL)

    assert apart(GOOD, URL).title == "Good"


def test_a_process_that_dies_while_idle_is_replaced(apart):
    apart(GOOD, URL)
    for reader in apart._running:
        reader._process.kill()
        reader._process.wait()

    # What is under way in a process that dies is tried again at the next poll.
    with pytest.raises(FeedUnreadable, match="could not be read to its end - it is tried again"):
        apart(GOOD, URL)

    assert apart(GOOD, URL).title == "Good"


def test_the_service_itself_does_not_load_the_parser():
    look = "import sys, dispatch.app; sys.exit('feedparser' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


def test_many_threads_share_two_processes(apart):
    bodies = [GOOD.replace(b"Good", b"Feed %d" % number) for number in range(40)]

    with ThreadPoolExecutor(8) as pool:
        titles = list(pool.map(lambda body: apart(body, URL).title, bodies))

    assert titles == [f"Feed {number}" for number in range(40)]
    assert len(pids(apart)) <= 2


def test_a_slow_feed_delays_no_other():
    with ParseApart(seconds=2) as parser, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(parser, SLOW, URL)
        titles = [parser(GOOD, URL).title for _ in range(5)]
        was_busy = not slow.done()
        refusal = slow.exception(timeout=10)

    assert titles == ["Good"] * 5
    assert was_busy
    assert "takes too long" in str(refusal)


def test_closing_ends_what_is_under_way_and_refuses_what_comes_later():
    parser = ParseApart()
    began = threading.Event()

    def read():
        began.set()
        return parser(SLOW, URL)

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(read)
        began.wait(5)
        while not (running := pids(parser)):
            began.wait(0.01)
        parser.close()
        refusal = slow.exception(timeout=10)

    assert isinstance(refusal, FeedUnreadable)
    assert not any(map(is_alive, running))
    with pytest.raises(FeedUnreadable, match="dispatch stops"):
        parser(GOOD, URL)


def test_who_waits_for_a_process_while_it_closes_gets_none():
    parser = ParseApart(at_once=1)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(parser, SLOW, URL) for _ in range(4)]
        while not (running := pids(parser)):
            threading.Event().wait(0.01)
        parser.close()
        refusals = [str(one.exception(timeout=10)) for one in waiting]

    assert sum("dispatch stops" in refusal for refusal in refusals) == 3
    assert not any(map(is_alive, running | pids(parser)))


def test_secrets_of_the_environment_do_not_go_along(monkeypatch):
    monkeypatch.setenv("SMTP_PASSWORD", "s3cret")
    with ParseApart() as parser:
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
