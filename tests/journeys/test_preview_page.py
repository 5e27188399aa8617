"""The page that `dispatch preview` writes, in a real browser: read by all, and asking for nothing.

`make pictures` has this take the picture of README.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import sync_playwright

from app_stage import change, opened, workspace_in
from cli.dispatch_command import DispatchCommand
from dispatch.store.delivery.channel_checks import ChannelCheck
from dispatch.testing.clock import FakeClock
from pages_stage import CHROMIUM, DESK, MARKS, PHONE, THEMES
from published_stage import TOOTS

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

PICTURES = os.environ.get("DISPATCH_TEST_PICTURES")
SHOTS = os.environ.get("DISPATCH_TEST_SHOTS")
SAMPLES = Path(__file__).parents[2] / "samples" / "images"
LONG = "Un encrage raté, un vendredi 13, et la meilleure affiche de l'automne. " * 8

_AXE = """async (marks) => (await axe.run(document,
  {runOnly: marks, resultTypes: ["violations"], preload: false, iframes: false}))
  .violations.flatMap(({id, nodes}) => nodes.map(({html}) => id + ": " + html.slice(0, 200)))"""


@pytest.fixture(params=["en", "fr"])
def page_file(request, tmp_path, migrated_sqlite, capsys, monkeypatch):
    """The page of a workspace of this language, with a network; in French all that may be wrong."""
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    change(folder, "locale: en", f"locale: {request.param}")
    change(folder, "each: post}", "each: post, via: toots}")
    change(folder, "\ncampaigns:\n", f"\n{TOOTS}")
    if request.param == "fr":
        change(folder, "via: toots}", "via: toots, warning: a mouse}")
        template = folder / "templates" / "weekly" / "snippet.txt"
        third = "{% if 'hasard' in post.title %}" + LONG + "{{ post.link }}{% else %}"
        template.write_text(third + template.read_text(encoding="utf-8") + "{% endif %}", "utf-8")
    with opened(folder, FakeClock()) as app, app.store.begin() as tx:
        tx.channel_checks.keep(
            ChannelCheck("toots", "@atelier on https://social.example", "", app.clock(), "jean")
        )
    ended = DispatchCommand(folder, capsys, monkeypatch)("preview", "weekly")
    assert "index.html" in ended.out
    return request.param, folder / "preview" / "weekly" / "index.html"


def sample(route, request) -> None:
    """The pictures of the sample posts, which stand nowhere."""
    name = request.url.rpartition("/")[2]
    file = next(SAMPLES.rglob(name), None)
    if file is None:
        route.abort()
    else:
        route.fulfill(path=file)


def test_the_page_of_a_preview_is_read_by_all_and_asks_for_pictures_alone(page_file):
    language, file = page_file
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page(viewport={"width": DESK, "height": 900})
        page.route(lambda url: url.startswith("https://"), sample)
        page.on("request", lambda request: asked.append(f"{request.resource_type} {request.url}"))
        page.goto(file.as_uri())
        faults: list[str] = []
        for width, theme in ((PHONE, THEMES[0]), (PHONE, THEMES[1]), (DESK, THEMES[0])):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            page.evaluate(AXE_SCRIPT if isinstance(AXE_SCRIPT, str) else AXE_SCRIPT.read_text())
            faults += [f"{width} {theme}: {one}" for one in page.evaluate(_AXE, MARKS)]
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{width}: {wide} px wide"] if wide > width else []
            if SHOTS:
                for image in page.locator(".net img").all():
                    image.scroll_into_view_if_needed()
                page.screenshot(
                    path=Path(SHOTS) / f"preview-{language}-{theme}-{width}.png", full_page=True
                )
        if PICTURES and language == "en":
            take_picture(page)
        html = page.get_attribute("html", "lang")
        browser.close()

    assert faults == []
    assert html == language
    assert [one for one in asked if one.split()[0] != "image" and "file://" not in one] == []


def take_picture(page) -> None:
    """Cards of a network, as README shows them."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1240, "height": 900})
    for image in page.locator(".net img").all():
        image.scroll_into_view_if_needed()
        page.wait_for_function("(one) => one.complete", arg=image.element_handle())
    boxes = [page.locator(".cards > .field").nth(at).bounding_box() for at in range(3)]
    clip = {
        "x": boxes[0]["x"] - 16,
        "y": boxes[0]["y"] + page.evaluate("scrollY") - 16,
        "width": boxes[2]["x"] + boxes[2]["width"] - boxes[0]["x"] + 32,
        "height": max(box["height"] for box in boxes) + 32,
    }
    page.screenshot(path=Path(PICTURES) / "snippets.png", clip=clip, full_page=True)
