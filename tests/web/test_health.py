"""/health and /health/ready, for whoever watches the service."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta

import pytest

from app_stage import change
from dispatch.model.editions.edition import EditionState
from dispatch.model.workspace.database_identity import Identity
from dispatch.pipeline.workspace import readiness
from dispatch.scheduling.tick import tick
from dispatch.store.delivery.channels import Stop
from dispatch.web.public import health as pages
from pipeline_samples import approved_edition, subscribe

MOVED = "database: was moved or deleted while it was in use - put it back, and restart"


class TestLiveness:
    def test_a_service_that_can_ask_its_database_is_well(self, browser):
        answer = browser.get("/health")

        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer.headers["cache-control"] == "no-store"
        assert browser.head("/health").status_code == 200
        assert browser.post("/health").status_code == 405

    def test_a_service_without_its_database_is_not(self, browser, app):
        app.store.close()
        (app.folder / "dispatch.db").write_bytes(b"damaged" * 1000)

        answer = browser.get("/health")

        assert (answer.status_code, answer.json()) == (503, {"status": "database unavailable"})

    def test_a_database_that_does_not_answer_is_not_waited_for(self, browser, app, monkeypatch):
        monkeypatch.setattr(pages, "HEALTH_SECONDS", 0.1)
        let_go = threading.Event()
        monkeypatch.setattr(type(app.store), "answers", lambda _: let_go.wait(30))

        answers = [browser.get("/health").status_code for _ in range(8)]
        let_go.set()

        assert set(answers) == {503}

    def test_what_stands_in_the_work_is_no_reason_to_start_anew(self, browser, app):
        app.tools.guard._known.adopt(Identity("another", 7))

        assert browser.get("/health").status_code == 200

    def test_it_asks_one_thing_of_the_database_however_many_people_there_are(
        self, browser, app, monkeypatch
    ):
        asked = []
        monkeypatch.setattr(type(app.store), "read", lambda self: asked.append("read"))

        browser.get("/health")

        assert asked == []


@pytest.fixture
def ready(browser):
    def ready() -> tuple[int, list[str]]:
        answer = browser.get("/health/ready")
        said = answer.json()
        assert (said["status"] == "ready") == (answer.status_code == 200)
        assert str(said).count("/tmp") == 0, "a path of the machine"
        return answer.status_code, said["problems"]

    return ready


class TestReadiness:
    def test_a_service_whose_work_goes_on_is_ready(self, ready, browser):
        assert ready() == (200, [])
        assert browser.get("/health/ready").json()["seconds_since_tick"] is None

    def test_it_says_how_long_ago_the_last_tick_was(self, browser, app):
        app.pulse.begin()
        tick(app)

        said = browser.get("/health/ready").json()

        assert 0 <= said["seconds_since_tick"] < 60

    def test_no_tick_for_long_is_a_problem(self, ready, app, monkeypatch):
        app.pulse.begin()
        monkeypatch.setattr(readiness, "LATE_SECONDS", -1.0)

        status, problems = ready()

        assert status == 503
        [problem] = problems
        assert problem.startswith("ticks: none for ")

    def test_a_database_that_was_lost_is_a_problem(self, ready, app):
        app.tools.guard._known.adopt(Identity("another", 7))

        status, problems = ready()

        assert status == 503
        assert "is a new one, and this workspace has sent from another" in problems[0]
        assert problems[0].endswith("nothing is sent, see 'dispatch db check'")

    def test_an_older_copy_is_a_problem(self, ready, app):
        with app.store.read() as tx:
            here = tx.identity.get()
        app.tools.guard._known.adopt(Identity(here.id, here.age + 1))

        status, problems = ready()

        assert status == 503
        assert "is an older copy of the one" in problems[0]

    def test_a_file_of_endings_that_is_another_one_is_a_problem(self, ready, app):
        with app.store.read() as tx:
            app.tools.endings.left("ada@example.org", "readers", tx=tx)
        file = app.tools.endings.file.path
        file.write_bytes(b"junk\n" + file.read_bytes())

        with app.store.read() as tx:
            app.tools.endings.left("bob@example.org", "readers", tx=tx)

        assert file.read_bytes().count(b"\n") == 3
        assert ready() == (
            503, ["endings: the file is not one of endings, so that who leaves is not noted there"]
        )  # fmt: skip

    def test_a_file_that_was_moved_away_is_a_problem(self, ready, app):
        (app.folder / "dispatch.db").rename(app.folder / "moved.db")

        assert ready() == (503, [MOVED])

    def test_a_file_that_was_replaced_is_a_problem(self, ready, app):
        shutil.copy(app.folder / "dispatch.db", app.folder / "copy.db")
        (app.folder / "copy.db").rename(app.folder / "dispatch.db")

        assert ready() == (503, [MOVED])

    def test_a_newer_program_that_has_upgraded_it_is_a_problem(self, ready, app):
        with closing(sqlite3.connect(app.folder / "dispatch.db")) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()

        status, problems = ready()

        assert status == 503
        assert "was brought up to date by a newer dispatch - restart" in problems[0]

    def test_a_memory_that_cannot_be_read_is_a_problem(self, ready, app):
        (app.folder / ".dispatch-database").write_text("nonsense")

        assert ready() == (
            503, ["database: which one this workspace sends from cannot be read"],
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("hours", "down", "problems"),
        [
            (None, True, ["channel mail: stopped until a person acts"]),
            (1, True, ["channel mail: down"]),
            (1, False, []),
            (-1, True, []),
        ],
    )
    def test_a_channel_that_stands_is_a_problem_and_one_that_rests_is_none(
        self, app, hours, down, problems
    ):
        until = app.clock() + timedelta(hours=hours) if hours else None
        with app.store.begin() as tx:
            tx.channels.put_stop(Stop("mail", until, "535 bad password hunter22", 1, down=down))

        assert list(app.check_readiness().problems) == problems

    def test_a_file_that_cannot_be_used_is_a_problem_until_it_is_mended(self, ready, app):
        change(app.folder, "campaigns:", "campaings:")
        tick(app)
        tick(app)
        broken = ready()
        change(app.folder, "campaings:", "campaigns:")
        tick(app)

        assert broken == (503, ["schedules.yaml: failed when it was last tried - see the log"])
        assert ready() == (200, [])

    def test_a_disk_that_is_nearly_full_is_a_problem(self, ready, monkeypatch):
        monkeypatch.setattr(readiness, "SCARCE_BYTES", 10**18)

        status, problems = ready()

        assert status == 503
        assert problems[0].startswith("workspace: ")
        assert problems[0].endswith(" MB left on its disk")

    def test_an_edition_that_is_paused_waits_and_is_no_problem(self, browser, app, clock):
        subscribe(app.store, clock, "ada@example.org")
        edition = approved_edition(app.store, clock)
        app.delivery.address(edition.id)
        with app.store.begin() as tx:
            here = tx.editions.get(edition.id)
            if here.state is EditionState.SENDING:
                tx.editions.move(here, EditionState.PAUSED, reason="the first link is dead")

        said = browser.get("/health/ready").json()

        assert said["status"] == "ready"
        assert said["waits"] == [f"campaign weekly: edition {edition.id[:8]} is paused"]
