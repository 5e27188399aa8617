"""A letter with a picture, to some of the readers: one writes it, another lets it go."""

import os
import re
import socket
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from structlog.testing import capture_logs

from app_stage import change, opened, workspace_in
from dispatch.errors import Conflict
from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Role
from dispatch.scheduling.editions import address
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_png
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN
from journey_stage import Mailbox
from pages_stage import CHROMIUM, SOON
from team_stage import TOKEN, join
from web_stage import serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

PICTURES = os.environ.get("DISPATCH_TEST_PICTURES")
"""The folder of README's pictures, where one of a letter is to be taken anew."""

TEXT = """Dear friends,

on **Thursday 10 December** eight voices read what they wrote this year.

- 19:00 doors
- 19:30 the eight voices

[The whole programme](https://atelier.example/soiree) is online."""

CHANNELS = """channels:
  mail: {{provider: smtp, options: {{host: 127.0.0.1, port: {port}, security: none}}}}

letters: {{via: mail}}

campaigns:
"""
FRENCH = "locale == 'fr'"
READERS = """email,name,locale,consented_at,consent_source
camille@readers.test,Camille,fr,2026-09-03,form
amina@readers.test,Amina,fr,2026-09-03,form
jonas@readers.test,Jonas,en,2026-09-03,form
"""


class Stage:
    """A workspace that is served, its mail server, and a browser."""

    def __init__(self, app, browser, url: str, mailbox: Mailbox) -> None:
        self.app, self.browser, self.url, self.mailbox = app, browser, url, mailbox

    @contextmanager
    def window(self, handle: str, path: str, *, script: bool):
        context = self.browser.new_context(java_script_enabled=script)
        context.set_default_timeout(SOON)
        context.add_cookies([{"name": PLAIN, "value": TOKEN + handle, "url": f"{self.url}/team"}])
        page = context.new_page()
        page.route(lambda url: not url.startswith(self.url), lambda route: route.abort())
        page.on("dialog", lambda dialog: dialog.accept())
        try:
            page.goto(f"{self.url}/team{path}")
            yield page
        finally:
            context.close()

    def letter(self, path: str):
        with self.app.store.read() as tx:
            return tx.editions.get(path.rpartition("/")[2])


@pytest.fixture
def stage(tmp_path, migrated_sqlite):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    with Mailbox() as mailbox, socket.create_server(("127.0.0.1", 0)) as listener, capture_logs():
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", url)
        change(folder, "\ncampaigns:\n", "\n" + CHANNELS.format(port=mailbox.port))
        (folder / "subscribers/readers.csv").write_text(READERS, encoding="utf-8")
        with opened(folder, FakeClock()) as app:
            join(app, "ada", Role.EDITOR, name="Ada Lindqvist")
            join(app, "marie", Role.APPROVER, name="Marie Aubert")
            list(app.people.import_files())
            list(app.intake.poll(list(app.workspace.feeds)))
            with serving(new_web(app), listener=listener), sync_playwright() as player:
                browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                try:
                    yield Stage(app, browser, url, mailbox)
                finally:
                    browser.close()


def take_picture(page) -> None:
    """A new text of a letter, open for writing."""
    page.set_viewport_size({"width": 1280, "height": 960})
    page.click(".addrow a[href*='new=text']")
    page.wait_for_selector("[data-tools]:not([hidden])")
    page.fill("#piece-text", TEXT)
    page.wait_for_selector("[data-shown]:has-text('Thursday')")
    page.locator("#posts").evaluate("(one) => one.scrollIntoView()")
    page.screenshot(path=Path(PICTURES) / "letter.png")
    page.click("form.write a.button.bare")


def saved(page, name: str = "edition_saved") -> None:
    page.wait_for_url(lambda url: f"said={name}" in url)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_letter_with_a_picture_goes_to_its_segment_and_to_an_account(stage, script):
    with stage.window("ada", "/editions", script=script) as ada:
        ada.click("text=Write a letter")
        saved(ada, "letter_begun")
        path = ada.url.partition("?")[0].removeprefix(f"{stage.url}/team")
        ada.fill("#subject", "Come and read with us")
        ada.click("text=Save words")
        saved(ada)
        ada.click(".addrow a[href*='new=picture']")
        ada.set_input_files(
            "#piece-picture", {"name": "a.png", "mimeType": "image/png", "buffer": a_png(400, 300)}
        )
        ada.fill("#piece-alt", "A long table under a lamp")
        ada.click("form.write button:has-text('Save')")
        ada.wait_for_url(lambda url: "said=" in url)
        if PICTURES and script:
            take_picture(ada)
        ada.click("#main details.more summary:has-text('Template')")
        ada.check("[name=social][value=outbox]")
        ada.fill("#segment", FRENCH)
        ada.click("#whom-save")
        saved(ada)
        ada.click("text=Ask Marie Aubert to approve")
        ada.fill("#ask-note", "Places close on Monday.")
        ada.click("#ask .main")
        saved(ada, "edition_asked")
    address(stage.app)
    before = len(stage.mailbox.mails)
    with stage.window("marie", path, script=script) as marie:
        told = marie.inner_text("#history")
        marie.click("[popovertarget=approve]")
        marie.click("#approve .main")
        saved(marie, "edition_approved")
    report = stage.app.campaigns.send(stage.letter(path))

    assert not report.has_failed, report
    readers = {"camille@readers.test", "amina@readers.test"}
    assert before == 0
    assert "Places close on Monday." in told
    assert dict(stage.mailbox.copies) == dict.fromkeys(readers, 1)
    mail = stage.mailbox.messages[0]
    html = mail.get_body(("html",)).get_content()
    assert mail["Subject"] == "Come and read with us"
    assert "readers." in mail["List-Id"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.search(r'<img[^>]+alt="A long table under a lamp"', html)
    assert stage.letter(path).state is EditionState.FINISHED
    snippets = [one for one in (stage.app.folder / "outbox").rglob("*") if one.is_file()]
    assert len(snippets) == 1


def test_what_was_edited_after_its_approval_does_not_leave(stage):
    letter = stage.app.letters.begin(by="ada")
    with stage.window("ada", f"/editions/{letter.id}", script=False) as ada:
        ada.click("details.more summary:has-text('Pick a post')")
        ada.click("[name=add] >> nth=0")
        ada.wait_for_selector("[name=drop]")
        stage.app.letters.ask(letter.id, by="ada")
        stage.app.editions.approve(letter.id, by="marie")
        ada.reload()
        ada.fill("#subject", "Something else")
        ada.click("text=Save words")
        saved(ada, "edition_saved_voided")

    stage.app.clock.advance(timedelta(hours=1))
    address(stage.app)
    with pytest.raises(Conflict, match="waits for approval"):
        stage.app.campaigns.send(stage.letter(letter.id))

    assert stage.mailbox.mails == []
