"""Somebody of the team leaves out a letter that is to come, in a real browser."""

import socket

import pytest
from playwright.sync_api import sync_playwright
from structlog.testing import capture_logs

from app_stage import change, opened, workspace_in
from browsing import answer_to, go_to
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN
from pages_stage import CHROMIUM, PHONE, SOON
from team_stage import TOKEN, join
from web_stage import serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")


@pytest.fixture
def stage(tmp_path, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", url)
        with capture_logs(), opened(folder, FakeClock()) as app:
            join(app, "ada", Role.EDITOR, name="Ada Lindqvist")
            join(app, "josette", Role.EDITOR, name="Josette Aubert", locale="fr")
            with serving(new_web(app), listener=listener), sync_playwright() as player:
                browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                yield folder, url, browser
                browser.close()


def test_a_letter_to_come_is_left_out_and_taken_in_again(stage):
    folder, url, browser = stage
    before = (folder / "schedules.yaml").read_bytes()

    for handle, script, width, words in (
        ("ada", True, 1280, ("Skip this one", "Skip Tue 1 Dec", "stock-taking", "Take that back")),
        ("josette", False, PHONE, ("Passer celle-ci", "Passer le", "inventaire", "Annuler cela")),
    ):
        context = browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": 844}
        )
        context.set_default_timeout(SOON)
        context.add_cookies([{"name": PLAIN, "value": TOKEN + handle, "url": url}])
        page = context.new_page()
        opens, does, why, back = words

        go_to(page, f"{url}/team/calendar?month=2026-12")
        page.click("td:has(.day:text-is('1')) .ev.plan >> nth=0")
        page.click(f"button:has-text('{opens}')")
        page.fill("#reason", why)
        answer_to(page, page.locator(f"#skip button:has-text('{does}')").click)

        assert "except: [2026-12-01]" in (folder / "schedules.yaml").read_text(encoding="utf-8")
        assert why in page.inner_text("main")
        go_to(page, f"{url}/team/calendar?month=2026-12")
        assert page.locator(".ev.still").count() == 1
        page.click(".ev.still")
        answer_to(page, page.locator(f"button:has-text('{back}')").click)

        assert (folder / "schedules.yaml").read_bytes() == before
        context.close()
