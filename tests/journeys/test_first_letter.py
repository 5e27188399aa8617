"""From the code that `dispatch up` prints to a letter in a mailbox, and no terminal after that.

`make pictures` has this take the pictures of the tutorial that tells the same way.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from app_stage import change, workspace_in
from browsing import answer_to, go_to
from journey_stage import Blog, Mailbox
from loopback import free_port
from pages_stage import CHROMIUM, DESK, HEIGHT, PHONE
from patience import PATIENCE

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

PICTURES = os.environ.get("DISPATCH_TEST_PICTURES")
"""The folder of the tutorial's pictures, where they are to be taken anew."""

READER = "reader@readers.test"
PASSWORD = "a long and easy sentence"
CODE = re.compile(r"with the code (\S+)")


@dataclass(frozen=True, slots=True)
class Team:
    """Somebody at a browser; `url` is where the service is."""

    page: Page
    url: str

    def goes(self, path: str) -> None:
        go_to(self.page, f"{self.url}/team{path}")

    def fills(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.fill(f"[name={name}]", text)

    def presses(self, button: str) -> None:
        answer_to(self.page, self.page.get_by_role("button", name=button, exact=True).last.click)

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def picture(self, name: str) -> None:
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png")


@contextmanager
def service(folder: Path, port: int) -> Iterator[str]:
    """`dispatch up`, and the code that it prints for the first owner."""
    environ = os.environ | {"DISPATCH_PRIVATE_NETWORKS": "127.0.0.1"}
    command = [sys.executable, "-m", "dispatch", "up", "--port", str(port)]
    with (
        (folder / "up.log").open("w+") as said,
        subprocess.Popen(command, cwd=folder, env=environ, stderr=said) as process,
    ):
        try:
            yield _code_of(process, folder / "up.log")
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _code_of(process: subprocess.Popen[str], said: Path) -> str:
    while not (found := CODE.search(said.read_text())):
        assert process.poll() is None, said.read_text()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    return found[1]


@contextmanager
def somebody(url: str, *, script: bool, width: int) -> Iterator[Team]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": HEIGHT}, locale="en"
        )
        context.set_default_timeout(PATIENCE * 1000)
        try:
            yield Team(context.new_page(), url)
        finally:
            browser.close()


@pytest.mark.parametrize(
    ("script", "width"), [(True, DESK), (False, PHONE)], ids=["desk", "phone without scripts"]
)
def test_the_first_owner_sends_the_first_letter(tmp_path, migrated_sqlite, script, width):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    change(folder, "https://letter.atelier.example", url)
    with (
        Blog() as blog,
        Mailbox() as mailbox,
        service(folder, port) as code,
        somebody(url, script=script, width=width) as ada,
    ):
        blog.publish("First light")
        becomes_the_owner(ada, code)
        connects_the_mail_server(ada, mailbox)
        adds_the_blog(ada, blog)
        adds_a_reader(ada)
        plans_a_campaign(ada)
        makes_the_edition(ada)
        approves_it(ada)
        mailbox.reached(1)

        [(to, _)], [mail] = mailbox.mails, mailbox.messages
        assert to == READER
        assert "First light" in mail["Subject"]
        sees_where_it_stands(ada)


def becomes_the_owner(ada: Team, code: str) -> None:
    ada.goes("")
    ada.fills(code=code, name="Ada Lindqvist", email="ada@atelier.test", handle="ada")
    ada.fills(password=PASSWORD)
    ada.picture("first-owner")
    ada.presses("Begin")
    ada.sees("The workspace is yours.")
    ada.picture("home-first")


def connects_the_mail_server(ada: Team, mailbox: Mailbox) -> None:
    ada.goes("/channels/new?provider=smtp")
    ada.fills(name="mail", **{"option-host": "127.0.0.1", "option-port": str(mailbox.port)})
    ada.page.select_option("[name=option-security]", "none")
    ada.presses("Check")
    ada.sees("It lets us in")
    ada.picture("channel")
    ada.presses("Save")
    ada.sees("The channel is saved.")


def adds_the_blog(ada: Team, blog: Blog) -> None:
    ada.goes("/feeds")
    ada.fills(url=blog.address)
    ada.presses("Find")
    ada.fills(name="blog")
    ada.page.select_option("[name=backfill]", "all")
    ada.picture("feed")
    ada.presses("Add feed")
    ada.sees("The feed is added.")


def adds_a_reader(ada: Team) -> None:
    ada.goes("/subscribers/new")
    ada.fills(email=READER, name="A reader", source="asked for it at the fair")
    ada.presses("Add a person")
    ada.sees("They are in")


def plans_a_campaign(ada: Team) -> None:
    ada.goes("/campaigns/new")
    ada.fills(name="news", title="The News", via="mail", audience="readers")
    for feed in ("atelier", "notebook"):
        ada.page.uncheck(f"[name=feeds][value={feed}]")
    for one in ("[name=feeds][value=blog]", "[name=needed]", "[name=has_email]"):
        ada.page.check(one)
    ada.page.select_option("[name=template]", "weekly")
    ada.presses("Look at the change")
    ada.picture("campaign")
    ada.presses("Save")
    ada.sees("Saved. It counts from the next run on.")


def makes_the_edition(ada: Team) -> None:
    ada.goes("/campaigns/news/run")
    if ada.page.evaluate("() => HTMLElement.prototype.hasOwnProperty('popover')"):
        ada.page.get_by_role("button", name="Make the edition").first.click()
    ada.presses("Make the edition")
    ada.sees("In review")
    ada.picture("review")


def approves_it(ada: Team) -> None:
    ada.page.get_by_role("button", name="Approve").first.click()
    ada.picture("approve")
    ada.presses("Approve")


def sees_where_it_stands(ada: Team) -> None:
    for _ in range(50):
        go_to(ada.page, ada.page.url)
        if ada.page.get_by_text("Where each of the").first.is_visible():
            break
    ada.sees("Where each of the")
    ada.picture("report")
