"""The team at work in real browsers: each in a language, in a window, with scripts or without."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, sync_playwright
from structlog.testing import capture_logs

from app_stage import change, opened
from browsing import answer_to, go_to
from dispatch.app import App
from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN
from dispatch.words.catalogues import Words, team_words_in
from pages_stage import CHROMIUM, DESK, HEIGHT, PHONE, SOON, a_picture
from team_stage import TOKEN, join
from web_stage import serving


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody works: the language of their account, and their browser."""

    language: str
    width: int
    script: bool

    def __str__(self) -> str:
        return f"{self.language}-{self.width}{'' if self.script else '-without-scripts'}"


AT_A_DESK = Way("en", DESK, script=True)
ON_A_PHONE = Way("fr", PHONE, script=False)

both_ways = pytest.mark.parametrize("way", [AT_A_DESK, ON_A_PHONE], ids=str)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team at a browser. Sentences are named as in the catalogues."""

    page: Page
    url: str
    words: Words
    handle: str

    def goes(self, path: str) -> Response:
        return go_to(self.page, f"{self.url}/team{path}")

    def button(self, name: str, *, within: str = "main", **values: Any) -> Locator:
        """What can be pressed just now and is called so."""
        label = self.words(name, **values)
        buttons = self.page.locator(within).get_by_role("button", name=label, exact=True)
        return buttons.filter(visible=True).first

    def opens(self, sheet: str) -> None:
        self.page.locator(f"[popovertarget={sheet}]").filter(visible=True).first.click()
        self.page.locator(f"#{sheet}").wait_for()

    def presses(self, name: str, *, within: str = "main", **values: Any) -> Response:
        button = self.button(name, within=within, **values)
        return answer_to(self.page, button.click)

    def sees(self, name: str, **values: Any) -> None:
        self.reads(self.words(name, **values))

    def reads(self, text: str) -> None:
        """Waits for it: what the page says at last."""
        self.page.locator("main").get_by_text(text).filter(visible=True).first.wait_for()

    def state(self) -> str:
        """What the badge beside the title says."""
        return self.page.inner_text(".titleline .badge").strip()


@dataclass(frozen=True, slots=True)
class TeamAtWork:
    """A workspace whose pages are served for real, and one of each role in each language."""

    app: App
    browser: Browser
    url: str

    def comes(self, role: Role, way: Way, *, token: str = "") -> Colleague:
        """Somebody who has signed in; `token` is that of another session than their usual one."""
        handle = f"{role}-{way.language}"
        context = self.browser.new_context(
            java_script_enabled=way.script,
            viewport={"width": way.width, "height": HEIGHT},
            accept_downloads=True,
        )
        context.set_default_timeout(SOON)
        context.route(lambda address: not address.startswith(self.url), a_picture)
        cookie = {"name": PLAIN, "value": token or TOKEN + handle, "url": self.url}
        context.add_cookies([cookie])
        return Colleague(context.new_page(), self.url, team_words_in(way.language), handle)

    def sends_what_is_approved(self) -> None:
        """What the service does every few seconds."""
        for edition in self.app.editions.unfinished():
            if edition.state is not EditionState.PAUSED:
                self.app.campaigns.send(edition)


@contextmanager
def team_at_work(
    folder: Path, furnish: Callable[[App, FakeClock], object] | None = None, **others: Any
) -> Iterator[TeamAtWork]:
    """`furnish` is what has happened before; `others` is for `app_stage.opened`."""
    clock = FakeClock()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", url)
        with capture_logs(), opened(folder, clock, **others) as app:
            if furnish:
                furnish(app, clock)
            for role in Role:
                for language in ("en", "fr"):
                    join(app, f"{role}-{language}", role, locale=language)
            with serving(new_web(app), listener=listener), sync_playwright() as player:
                browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                try:
                    yield TeamAtWork(app, browser, url)
                finally:
                    browser.close()
