"""Rendering in a child process: the same answers, and no template that stalls the service."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import Each, SocialPlan
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.limits import TextLimits
from dispatch.render.digests.variant import Reading
from dispatch.render.local_renderer import LocalRenderer
from dispatch.render.subprocesses.child import Child
from dispatch.render.subprocesses.renderer import SubprocessRenderer
from dispatch.render.subprocesses.request import CONTENTS, KEPT, Request
from dispatch.render.templates.links import LinksView
from dispatch.render.trials.check import check_template
from dispatch.render.trials.samples import trial_content, trial_readers
from patience import PATIENCE
from render.render_samples import TEMPLATES

GOOD = {path.name: path.read_text(encoding="utf-8") for path in (TEMPLATES / "weekly").iterdir()}
# Each turn is dear: minutes of work, in fewer turns than are allowed.
SLOW = "{% for a in range(9000) %}{{ (range(9999)|sort)[0] }}{% endfor %}"
# Each text is as long as one may be, and all of them are kept.
HUGE = (
    "{% set ns = namespace(kept=[]) %}{% for a in range(9000) %}"
    "{% set ns.kept = ns.kept + [('x' ~ a) * 90000] %}{% endfor %}"
)
WHAT = {
    "pictures": {},
    "needs_email": True,
    "needs_social": True,
    "each": (),
    "may_be_empty": False,
    "most_posts": 12,
}
FOR_EVER = 3_600.0


def with_subject(text: str) -> dict[str, str]:
    return GOOD | {"subject.txt": text + GOOD["subject.txt"]}


def content(text: str = ""):
    return trial_content("weekly", with_subject(text), locale="en")


@pytest.fixture(scope="module")
def apart():
    with SubprocessRenderer() as opened:
        yield opened


def at_work(apart, *, after=0):
    """Its process, or the one after that, once it has something to do."""
    pause, give_up = threading.Event(), time.monotonic() + PATIENCE
    while not (apart._lock.locked() and apart._asked and pid_of(apart) != after):
        assert time.monotonic() < give_up
        pause.wait(0.01)
    pause.wait(0.3)  # for the request to arrive
    return pid_of(apart)


def pid_of(apart):
    return apart._process._process.pid if apart._process else 0


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_good_edition_passes_and_a_good_template_has_no_problems(apart):
    apart.proof(content())

    assert apart.check_template("weekly", GOOD, **WHAT) == []


@pytest.mark.parametrize("broken", ["{{ nothing }}", "{% if %}", "{{ 'x' * 10**9 }}"])
def test_a_failure_is_the_same_as_here(apart, broken):
    with pytest.raises(TemplateFailed, match=r"^templates/weekly/subject\.txt:1: "):
        apart.proof(content(broken))

    there = apart.check_template("weekly", with_subject(broken), **WHAT)
    assert there == check_template("weekly", with_subject(broken), **WHAT)


def test_what_takes_too_long_is_stopped_and_the_next_is_tried():
    with SubprocessRenderer(seconds=1) as apart:
        with pytest.raises(TemplateFailed) as caught:
            apart.proof(content(SLOW))
        problems = apart.check_template("weekly", with_subject(SLOW), **WHAT)

    with SubprocessRenderer() as patient:
        patient.proof(content())
    assert str(caught.value) == "templates/weekly: takes more than 1 seconds - let it do less"
    assert problems == [str(caught.value)]


@pytest.mark.skipif(sys.platform != "linux", reason="this system does not limit memory")
def test_what_takes_too_much_memory_is_stopped_and_the_next_is_tried(apart):
    with pytest.raises(TemplateFailed, match="takes too much memory, or is nested too deeply"):
        apart.proof(content(HUGE))

    apart.proof(content())


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        (signal.SIGSEGV, "takes more than 300 MB, or is nested too deeply - split it into parts"),
        (signal.SIGABRT, "takes more than 300 MB, or is nested too deeply - split it into parts"),
        (signal.SIGKILL, "ends the process that renders it - make it simpler"),
    ],
)
def test_what_ends_the_process_ends_nothing_else(how, sentence):
    with ThreadPoolExecutor(1) as pool, SubprocessRenderer(seconds=FOR_EVER) as apart:
        apart.proof(content())
        trial = pool.submit(apart.proof, content(SLOW))
        first = at_work(apart)
        os.kill(first, how)
        if how != signal.SIGKILL:  # it may have been full of what others left
            os.kill(at_work(apart, after=first), how)
        refusal = trial.exception(timeout=PATIENCE)
        apart.proof(content())

    assert isinstance(refusal, TemplateFailed)
    assert sentence in str(refusal)


def test_what_went_over_a_limit_is_not_tried_again_for_some_minutes_at_whichever_moment():
    now = 0.0
    with SubprocessRenderer(seconds=0.5, timer=lambda: now) as apart:
        for later in (0, 60, 240):
            now = later
            edition = content(SLOW)
            with pytest.raises(TemplateFailed, match="takes more than"):
                apart.proof(replace(edition, slot=edition.slot + timedelta(seconds=later)))
            if later:
                assert apart._process is None  # it was not even started
        now = 301.0
        began = time.monotonic()
        with pytest.raises(TemplateFailed):
            apart.proof(content(SLOW))

    assert time.monotonic() - began >= 0.5


def test_the_process_is_kept_for_the_next_trial_and_not_for_ever():
    now = 0.0
    with SubprocessRenderer(timer=lambda: now) as apart:
        pids = []
        for later in (0, KEPT - 1, 3 * KEPT):
            now = later
            apart.proof(content())
            pids.append(apart._process._process.pid)

    assert pids[0] == pids[1] != pids[2]
    assert not any(map(is_alive, pids))


def test_closing_ends_a_trial_and_refuses_the_next():
    apart = SubprocessRenderer(seconds=FOR_EVER)
    apart.proof(content())
    with ThreadPoolExecutor(1) as pool:
        trial = pool.submit(apart.proof, content(SLOW))
        pid = at_work(apart)
        apart.close()
        refusal = trial.exception(timeout=PATIENCE)

    assert "dispatch stops" in str(refusal)
    assert not is_alive(pid)
    with pytest.raises(TemplateFailed, match="not rendered, dispatch stops - try again later"):
        apart.proof(content())


def test_without_a_process_nothing_is_said_of_the_template():
    with (
        SubprocessRenderer(program="dispatch.no_such_program") as apart,
        pytest.raises(TemplateFailed, match="not rendered, no process starts - try again later"),
    ):
        apart.proof(content())


@pytest.mark.skipif(sys.platform != "linux", reason="this system does not show environments")
def test_secrets_of_the_environment_do_not_go_along(monkeypatch):
    monkeypatch.setenv("SMTP_PASSWORD", "s3cret")
    with SubprocessRenderer() as apart:
        apart.proof(content())
        environ = Path(f"/proc/{apart._process._process.pid}/environ").read_bytes()

    assert b"SMTP_PASSWORD" not in environ


def test_a_bug_is_told_with_its_traceback():
    def stumble():
        raise ZeroDivisionError("no")

    child = Child()
    child._others = {"stumble": stumble}
    result, bug = child.do(Request("stumble", 1, 0, None, (), {}))

    assert result is None
    assert str(bug) == "ZeroDivisionError: no"
    assert "in stumble" in bug.__notes__[0]


def test_the_process_loads_no_database_and_no_network():
    look = (
        "import sys, dispatch.render.subprocesses.child; "
        "sys.exit(bool({'sqlalchemy', 'httpx', 'feedparser'} & {*sys.modules}))"
    )

    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


def test_a_trial_can_be_cut_off_by_whoever_may_not_wait():
    with ThreadPoolExecutor(1) as pool, SubprocessRenderer(seconds=FOR_EVER) as apart:
        apart.proof(content())
        trial = pool.submit(apart.proof, content(SLOW))
        at_work(apart)
        apart.cut_off()
        refusal = trial.exception(timeout=PATIENCE)

    assert "not rendered, dispatch stops - try again later" in str(refusal)


def test_all_of_it_gives_the_same_as_here(apart):
    here, edition = LocalRenderer(), content()
    links, bases = LinksView("https://n.example/leave/1"), LinksView("https://n.example/leave/")
    plan = SocialPlan("account", "weekly", Each.POST)

    for reader in trial_readers("en"):
        assert apart.digest(edition, reader, links) == here.digest(edition, reader, links)
        asked = edition, reader, Reading(), bases
        assert apart.variant(*asked) == here.variant(*asked)
    short = TextLimits(300, threads=True)
    assert apart.snippets(edition, plan, limits=short) == here.snippets(edition, plan, limits=short)
    readers = trial_readers("en")
    assert apart.pick("name", readers, seconds=9) == here.pick("name", readers, seconds=9)


def test_an_edition_is_sent_there_once_and_again_once_others_have_taken_its_place(apart):
    editions = [content(f"{number} ") for number in range(CONTENTS + 1)]
    reader, links = trial_readers("en")[0], LinksView("https://n.example/leave/1")

    for edition in (*editions, *editions):
        for _ in range(2):
            subject = apart.digest(edition, reader, links).subject
            assert subject.startswith(f"{editions.index(edition)} ")


COSTLY_ONLY_FOR_SOME = [
    "[[[1]*100000]*100000]*100000 == [[[1]*100000]*100000]*100000",
    "([[1]*100000]*100000)|sum(start=[]) == 1",
    "([('x'*1999999)~'a',('x'*1999999)~'b']*50000)|sort(case_sensitive=true)|length > 0",
    "('x'*1999999)~'a' in [('x'*1999999)~'b']*100000",
    "(range(9999)|map('string')|map('replace','','y'*300000)|list|length) > 0",
    "(['x'*1999999]*100000)|map('upper')|list|length > 0",
    "'\\\\'" + "|tojson" * 40 + "|length > 3",
    "'\\\\'" + "|pprint" * 40 + "|length > 3",
]


@pytest.mark.parametrize("costly", COSTLY_ONLY_FOR_SOME)
def test_a_segment_that_is_costly_for_some_reader_is_given_up(costly):
    segment = f"email != 'ada@example.org' and {costly}"
    ada, bob = Subscriber(1, "ada@example.org"), Subscriber(2, "bob@example.org")
    with SubprocessRenderer() as apart:
        assert apart.pick(segment, [ada], seconds=9) == [False]
        began = time.monotonic()
        with pytest.raises(TemplateFailed, match=r"^segment '.*: .* - "):
            apart.pick(segment, [ada, bob], seconds=1)
        took = time.monotonic() - began

        assert apart.pick("locale == ''", [ada, bob], seconds=9) == [True, True]
    assert took < PATIENCE


@pytest.mark.parametrize("costly", COSTLY_ONLY_FOR_SOME)
def test_a_digest_that_is_costly_for_some_reader_is_given_up_and_others_get_theirs(costly):
    bomb = "{% if subscriber.email != 'ada@example.org' %}{{ " + costly + " }}{% endif %}"
    links = LinksView("https://n.example/leave/1")
    ada, bob = Subscriber(1, "ada@example.org"), Subscriber(2, "bob@example.org")
    with SubprocessRenderer(seconds=2) as apart:
        assert apart.digest(content(bomb), ada, links).subject
        with pytest.raises(TemplateFailed, match=r"^templates/weekly.*: .* - "):
            apart.digest(content(bomb), bob, links)

        assert apart.digest(content(), bob, links).subject


def test_a_digest_that_is_costly_for_several_readers_is_given_up_for_all():
    bomb = "{% if subscriber.name != 'Ada' %}{{ " + COSTLY_ONLY_FOR_SOME[0] + " }}{% endif %}"
    edition, links = content(bomb), LinksView("https://n.example/leave/1")
    ada, bob = Subscriber(1, "ada@example.org", "Ada"), Subscriber(2, "bob@example.org")
    with SubprocessRenderer(seconds=1.5) as apart:
        for _ in range(2):
            with pytest.raises(TemplateFailed):
                apart.digest(edition, bob, links)
            assert apart.digest(edition, ada, links).subject
        with pytest.raises(TemplateFailed):
            apart.digest(edition, bob, links)

        with pytest.raises(TemplateFailed, match="takes more than"):
            apart.digest(edition, ada, links)
        assert apart.digest(content(), bob, links).subject


@pytest.mark.skipif(sys.platform != "linux", reason="this system does not limit memory")
def test_a_process_that_is_full_of_what_others_left_is_replaced_before_anybody_is_blamed(apart):
    apart.proof(content())
    apart._asked, before = 7, apart._process
    os.kill(before._process.pid, signal.SIGABRT)
    before._process.wait()
    apart._used = time.monotonic()

    apart.proof(content())

    assert apart._process is not before
