"""Trials in a process of their own: the same answers, and no template that stalls the service."""

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
from dispatch.render.trials.check import check_template
from dispatch.render.trials.proofreader import _do
from dispatch.render.trials.samples import trial_content
from dispatch.render.trials.subprocess_renderer import KEPT, RenderApart
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
WHAT = {"needs_email": True, "needs_social": True, "each": (), "may_be_empty": False}
FOR_EVER = 3_600.0


def with_subject(text: str) -> dict[str, str]:
    return GOOD | {"subject.txt": text + GOOD["subject.txt"]}


def content(text: str = ""):
    return trial_content("weekly", with_subject(text), locale="en")


@pytest.fixture(scope="module")
def apart():
    with RenderApart() as opened:
        yield opened


def at_work(apart):
    """Its process, which was ready before, once it has something to do."""
    pause, give_up = threading.Event(), time.monotonic() + PATIENCE
    while not apart._lock.locked():
        assert time.monotonic() < give_up
        pause.wait(0.01)
    pause.wait(0.3)  # for the request to arrive
    return apart._process._process.pid


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
    with RenderApart(seconds=1) as apart:
        with pytest.raises(TemplateFailed) as caught:
            apart.proof(content(SLOW))
        problems = apart.check_template("weekly", with_subject(SLOW), **WHAT)

    with RenderApart() as patient:
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
    with ThreadPoolExecutor(1) as pool, RenderApart(seconds=FOR_EVER) as apart:
        apart.proof(content())
        trial = pool.submit(apart.proof, content(SLOW))
        os.kill(at_work(apart), how)
        refusal = trial.exception(timeout=PATIENCE)
        apart.proof(content())

    assert isinstance(refusal, TemplateFailed)
    assert sentence in str(refusal)


def test_what_went_over_a_limit_is_not_tried_again_for_some_minutes_at_whichever_moment():
    now = 0.0
    with RenderApart(seconds=0.5, timer=lambda: now) as apart:
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
    with RenderApart(timer=lambda: now) as apart:
        pids = []
        for later in (0, KEPT - 1, 3 * KEPT):
            now = later
            apart.proof(content())
            pids.append(apart._process._process.pid)

    assert pids[0] == pids[1] != pids[2]
    assert not any(map(is_alive, pids))


def test_closing_ends_a_trial_and_refuses_the_next():
    apart = RenderApart(seconds=FOR_EVER)
    apart.proof(content())
    with ThreadPoolExecutor(1) as pool:
        trial = pool.submit(apart.proof, content(SLOW))
        pid = at_work(apart)
        apart.close()
        refusal = trial.exception(timeout=PATIENCE)

    assert "dispatch stops" in str(refusal)
    assert not is_alive(pid)
    with pytest.raises(TemplateFailed, match="not tried, dispatch stops - try again later"):
        apart.proof(content())


def test_without_a_process_nothing_is_said_of_the_template():
    with (
        RenderApart(program="dispatch.no_such_program") as apart,
        pytest.raises(TemplateFailed, match="not tried, no process starts - try again later"),
    ):
        apart.proof(content())


@pytest.mark.skipif(sys.platform != "linux", reason="this system does not show environments")
def test_secrets_of_the_environment_do_not_go_along(monkeypatch):
    monkeypatch.setenv("SMTP_PASSWORD", "s3cret")
    with RenderApart() as apart:
        apart.proof(content())
        environ = Path(f"/proc/{apart._process._process.pid}/environ").read_bytes()

    assert b"SMTP_PASSWORD" not in environ


def test_a_bug_is_told_with_its_traceback():
    def stumble():
        raise ZeroDivisionError("no")

    result, bug = _do(stumble, (), {})

    assert result is None
    assert str(bug) == "ZeroDivisionError: no"
    assert "in stumble" in bug.__notes__[0]


def test_the_process_loads_no_database_and_no_network():
    look = (
        "import sys, dispatch.render.trials.proofreader; "
        "sys.exit(bool({'sqlalchemy', 'httpx', 'feedparser'} & {*sys.modules}))"
    )

    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


def test_a_trial_can_be_cut_off_by_whoever_may_not_wait():
    with ThreadPoolExecutor(1) as pool, RenderApart(seconds=FOR_EVER) as apart:
        apart.proof(content())
        trial = pool.submit(apart.proof, content(SLOW))
        at_work(apart)
        apart.cut_off()
        refusal = trial.exception(timeout=PATIENCE)

    assert "not tried, dispatch stops - try again later" in str(refusal)
