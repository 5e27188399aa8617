"""Our pages in a real browser: what everybody can use and read, in each window, theme, language."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from playwright.sync_api import Route as PictureRoute
from starlette.routing import Route

from browsing import answer_to, go_to
from dispatch.app import App
from dispatch.testing.samples import a_png
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN
from team_stage import TOKEN
from web_stage import serving

CHROMIUM = shutil.which("chromium")
SHOTS = os.environ.get("DISPATCH_TEST_SHOTS")
"""A folder for pictures of all that is visited, for people to look at."""

NARROWEST, PHONE, DESK = 320, 390, 1280
HEIGHT = 844
THEMES = ("light", "dark")
LOOKS = {"en": ((PHONE, "light"), (DESK, "dark")), "fr": ((PHONE, "dark"),)}
"""What axe looks at, which takes its time. With SHOTS, pictures are taken of all four."""

IN_FRENCH = {"jean": "josette"}
"""Who of the team reads French, and may do what somebody else may."""

MOST_PARTS = 40
"""Stops of Tab in a page that are no controls of their own, such as those of a preview."""

SOON = 20_000
"""Milliseconds for anything that the browser waits for, on a machine that has much to do."""

MARKS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# No preloading: it would add styles to the page, which our policy forbids.
_AXE = """async (marks) => (await axe.run(document,
  {runOnly: marks, resultTypes: ["violations"], preload: false}))
  .violations.flatMap(({id, nodes}) => nodes.map(({html, any}) =>
    id + ": " + html.slice(0, 200) + " " + any.map(({message}) => message).join("; ")))"""

# https://www.w3.org/WAI/WCAG22/Understanding/text-spacing.html
# What sticks out of the window then; the innermost says most.
_TOO_WIDE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
  const {scrollWidth, clientWidth} = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const out = (one) => one.getBoundingClientRect().left + one.scrollWidth > clientWidth + 1
    || one.getBoundingClientRect().right > clientWidth + 1;
  return [[...document.body.querySelectorAll("*")].filter(out).pop()?.outerHTML.slice(0, 120)
    ?? "the page"];
}"""

# What Tab should come to: each control once, of radio buttons of one name one.
_STOPS = """() => {
  const names = new Set();
  const all = "a[href], button:enabled, input:enabled:not([type=hidden]), "
    + "select, textarea, summary";
  window.stops = [...document.querySelectorAll(all)].filter((one) => {
    if (!one.checkVisibility() || one.closest("[popover]:not(:popover-open)")) return false;
    if (one.tabIndex < 0) return false;
    if (one.type !== "radio") return true;
    const first = !names.has(one.name);
    names.add(one.name);
    return first;
  });
  return window.stops.length;
}"""
_STOPPED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const at = window.stops.findIndex((stop) =>
    stop === one || (one.type === "radio" && stop.type === "radio" && stop.name === one.name));
  const {outlineStyle, outlineWidth} = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const seen = (outlineStyle === "auto" || outlineStyle !== "none" && parseFloat(outlineWidth) >= 2)
    && box.bottom > 0 && box.top < innerHeight;
  return at < 0 ? null : [at, seen, one.outerHTML.slice(0, 120)];
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A page to look at, by its path, or by who makes one: it is asked for anew for each look.

    What is in `fill` is typed, and what is in `press` is pressed, one after the other, all by
    their selectors (`input` is checked, `summary` and a sheet opened); then it is the page after
    that which is looked at. The browser is kept from judging what was typed. `status` is what is
    answered at last. `pictures` may come from elsewhere. What is in one language for everybody
    names it. Of a page of the team, `team` is the handle of who has signed in.
    """

    name: str
    path: str | Callable[[App], str]
    press: Sequence[str] = ()
    fill: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    pictures: bool = False
    language: str = ""
    team: str = ""

    def __str__(self) -> str:
        return self.name


class Window:
    """A window of the browser that stays open from page to page, with or without scripts."""

    def __init__(self, browser: Browser, url: str, *, script: bool) -> None:
        self._url = url
        self._context = browser.new_context(java_script_enabled=script)
        self._context.set_default_timeout(SOON)
        self.page = self._context.new_page()
        self.faults: list[str] = []
        self._pictures = False
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    @contextmanager
    def open(self, path: str, visit: Visit) -> Iterator[int]:
        """Go to the page, and press what is to be pressed; gives the status of its answer."""
        page, self.faults, self._pictures = self.page, [], visit.pictures
        self._context.clear_cookies()
        if visit.team:
            handle = IN_FRENCH.get(visit.team, visit.team) if "lang=fr" in path else visit.team
            self._context.add_cookies([{"name": PLAIN, "value": TOKEN + handle, "url": self._url}])
        page.set_viewport_size({"width": PHONE, "height": HEIGHT})
        if visit.pictures:
            page.route(lambda url: not url.startswith(self._url), a_picture)
        try:
            answer = go_to(page, f"{self._url}{path}")
            for selector, text in visit.fill.items():
                page.fill(selector, text)
            for selector in visit.press:
                if selector.startswith(("input", "summary", "[popovertarget")):
                    page.click(selector)
                    continue
                page.evaluate("for (const form of document.forms) form.noValidate = true")
                answer = answer_to(page, partial(page.click, selector))
            yield answer.status
        finally:
            page.evaluate("localStorage.clear()")
            page.unroute_all()

    def _asked(self, request: Request) -> None:
        ours = request.url.startswith((self._url, "data:"))
        if not ours and not (self._pictures and request.resource_type == "image"):
            self.faults.append(f"asks elsewhere: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        page_itself = message.location["url"].partition("?")[0] == self.page.url.partition("?")[0]
        if not (message.text.startswith("Failed to load resource") and page_itself):
            self.faults.append(f"console: {message.text}")


@dataclass(frozen=True, slots=True)
class PagesStage:
    """One browser, and our pages served for real."""

    app: App
    scripted: Window
    unscripted: Window
    axe: str

    def faults(self, visit: Visit) -> list[str]:
        """All that somebody could not see, read, reach or do there; nothing is best."""
        return [
            f"{visit.name} ({language}{'' if window is self.scripted else ', no script'}): {fault}"
            for language, window in (
                ("en", self.scripted), ("fr", self.scripted), ("en", self.unscripted)
            )
            for fault in self._look(visit, language, window)
        ]  # fmt: skip

    def _look(self, visit: Visit, language: str, window: Window) -> list[str]:
        path = visit.path if isinstance(visit.path, str) else visit.path(self.app)
        sign = "&" if "?" in path else "?"
        with window.open(f"{path}{sign}lang={language}", visit) as status:
            page, faults = window.page, window.faults
            if status != visit.status:
                faults.append(f"answers {status}, not {visit.status}")
            if page.get_attribute("html", "lang") != (visit.language or language):
                faults.append("is in another language")
            if window is self.scripted:
                page.evaluate(self.axe)
                for width, theme in product((PHONE, DESK), THEMES) if SHOTS else LOOKS[language]:
                    page.set_viewport_size({"width": width, "height": HEIGHT})
                    page.emulate_media(color_scheme=theme)
                    found = page.evaluate(_AXE, MARKS)
                    faults.extend(f"{theme}, {width} px: {one}" for one in found)
                    _shoot(page, f"{visit.name}-{language}-{theme}-{width}")
                faults.extend(_widths(page))
            if language == "en":
                faults.extend(_keyboard(page))
        return faults


@contextmanager
def pages_stage(
    app: App, listener: socket.socket, routes: list[Route] | None = None
) -> Iterator[PagesStage]:
    """The pages of a workspace whose public address is that of `listener`, and `routes` besides."""
    web = new_web(app)
    web.router.routes.extend(routes or [])
    with serving(web, listener=listener), sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        url = app.workspace.publisher.public_url
        try:
            scripted, unscripted = (Window(browser, url, script=script) for script in (True, False))
            yield PagesStage(app, scripted, unscripted, f"{AXE_SCRIPT};0")
        finally:
            browser.close()


def a_picture(route: PictureRoute) -> None:
    """What an address elsewhere answers: nothing is asked of the network."""
    route.fulfill(body=a_png(600, 400), content_type="image/png")


def _widths(page: Page) -> Iterator[str]:
    """With wide spaces, as what fits like that fits without."""
    for width in (DESK, NARROWEST):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        yield from (f"{width} px: too wide: {one}" for one in page.evaluate(_TOO_WIDE))


def _keyboard(page: Page) -> Iterator[str]:
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    stops, reached, unseen = page.evaluate(_STOPS), set(), set()
    for _ in range(2 * stops + MOST_PARTS):  # a date has parts; focus may begin in the middle
        if len(reached) == stops:
            break
        page.keyboard.press("Tab")
        stopped = page.evaluate(_STOPPED)
        if stopped:
            at, seen, html = stopped
            reached.add(at)
            unseen |= set() if seen else {html}
    yield from (f"focus cannot be seen: {html}" for html in sorted(unseen))
    for missing in sorted(set(range(stops)) - reached):
        yield f"Tab never comes to: {page.evaluate('(at) => stops[at].outerHTML', missing)}"


def _shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
