"""Two people bring an edition out in a real browser: one mends it, the other approves it."""

import socket
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright
from structlog.testing import capture_logs

from app_stage import change, opened, workspace_in
from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN
from pages_stage import CHROMIUM, SOON
from team_stage import TOKEN, join
from web_stage import serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

RULE = "approval: {needed: true, by: [marie], other_than_author: true}"


class Stage:
    """A workspace that is served, an edition in it that waits, and a browser."""

    def __init__(self, app, browser, url: str, edition: str) -> None:
        self.app, self.browser, self.edition = app, browser, edition
        self.url = url
        self.path = f"{url}/team/editions/{edition}"

    @contextmanager
    def window(self, handle: str, *, script: bool = True, width: int = 1280):
        context = self.browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": 844}
        )
        context.set_default_timeout(SOON)
        context.add_cookies([{"name": PLAIN, "value": TOKEN + handle, "url": f"{self.url}/team"}])
        page = context.new_page()
        page.route(lambda url: not url.startswith(self.url), lambda route: route.abort())
        page.on("dialog", lambda dialog: dialog.accept())
        try:
            page.goto(self.path)
            yield page
        finally:
            context.close()

    def now(self):
        with self.app.store.read() as tx:
            return tx.editions.get(self.edition)

    def saved(self, page, name: str) -> None:
        page.wait_for_url(lambda url: f"said={name}" in url)


@pytest.fixture
def stage(tmp_path, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    change(folder, 'at: "09:00"}', f'at: "09:00"}}\n    {RULE}')
    with socket.create_server(("127.0.0.1", 0)) as listener, capture_logs():
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", url)
        with opened(folder, FakeClock()) as app:
            join(app, "ada", Role.EDITOR, name="Ada Lindqvist")
            join(app, "marie", Role.APPROVER, name="Marie Aubert", locale="fr")
            list(app.people.import_files())
            list(app.intake.poll(list(app.workspace.feeds)))
            weekly = app.campaign("weekly")
            made = app.editions.compose(weekly, app.editions.this_slot(weekly))
            with serving(new_web(app), listener=listener), sync_playwright() as player:
                browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                try:
                    yield Stage(app, browser, url, made.edition.id)
                finally:
                    browser.close()


def test_one_mends_it_without_a_script_and_another_approves_it_without_a_mouse(stage):
    first, second = (post.id for post in stage.now().content.posts[:2])

    with stage.window("ada", script=False, width=390) as ada:
        ada.fill("#subject", "Un printemps de brouillons")
        ada.click("text=Save words")
        stage.saved(ada, "edition_saved")
        ada.click(f"[name=down][value='{first}']")
        ada.click("[popovertarget=ask]")
        ada.fill("#ask-note", "The subject is new.")
        ada.click("#ask .main")
        stage.saved(ada, "edition_asked")
    with stage.window("marie") as marie:
        reach(marie, "[popovertarget=approve]")
        marie.keyboard.press("Enter")
        marie.wait_for_function("document.activeElement.closest('#approve')")
        reach(marie, "#approve .main")
        marie.keyboard.press("Enter")
        stage.saved(marie, "edition_approved")
        assert "Approuvée par Marie Aubert" in marie.inner_text(".decide")

    now = stage.now()
    assert (now.state, now.approved_by) == (EditionState.APPROVED, "marie")
    assert now.content.subject == "Un printemps de brouillons"
    assert [post.id for post in now.content.posts[:2]] == [second, first]


def test_words_that_were_not_saved_are_offered_again(stage):
    with stage.window("ada") as ada:
        ada.fill("#intro", "Half a thought,\nand its end")
        ada.goto(f"{stage.url}/team/editions")
        ada.goto(stage.path)
        offered = ada.is_visible("#work [data-offer]")
        ada.click("[data-offer] [value=yes]")
        ada.click("text=Save words")
        stage.saved(ada, "edition_saved")
        left = ada.evaluate("localStorage.length")

    assert offered
    assert left == 0
    assert stage.now().content.intro == "Half a thought,\nand its end"


def test_a_post_is_dragged_to_another_place(stage):
    ids = [post.id for post in stage.now().content.posts]

    with stage.window("ada") as ada:
        with ada.expect_response(lambda answer: answer.url.endswith("/posts")):
            ada.drag_and_drop(".pick > li:nth-child(4)", ".pick > li:nth-child(2)")
        ada.wait_for_url("**#posts")

    now = [post.id for post in stage.now().content.posts]
    assert now == [ids[0], ids[3], ids[1], ids[2], *ids[4:]]


def reach(page, selector: str, *, most: int = 120) -> None:
    """Press Tab until it has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(one) => document.activeElement?.matches(one) ?? false", selector):
            return
    pytest.fail(f"Tab never comes to {selector}")
