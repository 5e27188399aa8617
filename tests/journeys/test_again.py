"""A piece is written once, and comes again in each edition until its last day: in a browser."""

import socket
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import sync_playwright
from structlog.testing import capture_logs

from app_stage import change, opened, workspace_in
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN
from pages_stage import CHROMIUM, SOON
from team_house import publish
from team_stage import TOKEN, join
from web_stage import serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

WEEK = timedelta(days=7)
CHAIRS = "**Twenty-two chairs** are left."


class Stage:
    """A workspace that is served, and a browser in which somebody has signed in."""

    def __init__(self, app, clock, browser, url: str) -> None:
        self.app, self.clock, self.browser, self.url = app, clock, browser, url

    @contextmanager
    def window(self, *, script: bool):
        context = self.browser.new_context(java_script_enabled=script)
        context.set_default_timeout(SOON)
        context.add_cookies([{"name": PLAIN, "value": f"{TOKEN}ada", "url": f"{self.url}/team"}])
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        try:
            yield page
        finally:
            context.close()

    def run(self, name: str):
        """The edition of the next week, in which there is a new post."""
        publish(self.app.folder, name, f"A text called {name}", f"Words about {name}. " * 9)
        list(self.app.intake.poll(list(self.app.workspace.feeds)))
        weekly = self.app.campaign("weekly")
        return self.app.editions.compose(weekly, self.app.editions.this_slot(weekly)).edition


@pytest.fixture
def stage(tmp_path, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    change(folder, 'at: "09:00"}', 'at: "09:00"}\n    approval: {needed: true}')
    clock = FakeClock()
    with socket.create_server(("127.0.0.1", 0)) as listener, capture_logs():
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", url)
        with opened(folder, clock) as app:
            join(app, "ada", Role.EDITOR, name="Ada Lindqvist")
            list(app.people.import_files())
            with serving(new_web(app), listener=listener), sync_playwright() as player:
                browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                try:
                    yield Stage(app, clock, browser, url)
                finally:
                    browser.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_two_later_runs_have_it_and_the_one_after_its_day_has_not(stage, script):
    first = stage.run("monday")
    last = (first.content.slot + 2 * WEEK).date()
    place = f"{stage.url}/team/editions/{first.id}"

    with stage.window(script=script) as ada:
        ada.goto(f"{place}?new=text&below={first.content.posts[0].id}")
        ada.fill("#piece-text", CHAIRS)
        ada.check("[name=again]")
        ada.fill("#piece-until", last.isoformat())
        ada.click("form.write button:not([type=button])")
        ada.wait_for_url(lambda url: "said=edition_saved" in url)
        slot = (first.content.slot + WEEK).strftime("%Y-%m-%dT%H:%M")
        ada.goto(f"{stage.url}/team/campaigns/weekly/slots/{slot}")
        ahead = ada.inner_text("[aria-labelledby=again]")

    later = []
    for name in ("paper", "ink", "thread"):
        stage.clock.advance(WEEK)
        later.append(stage.run(name))

    assert "Twenty-two chairs are left." in ahead
    assert "after the first post" in ahead
    second, third, after = ([one.text for one in made.content.pieces] for made in later)
    assert second == third == [CHAIRS]
    assert after == []
    digest = stage.app.editions.digest(later[0].content)
    assert "<strong" in digest.html.partition("Twenty-two chairs")[0][-200:]
    assert "Twenty-two chairs" in digest.text
