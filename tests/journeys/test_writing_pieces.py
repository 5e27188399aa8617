"""Somebody writes among the posts of an edition in a real browser, with and without its script."""

import socket
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright
from structlog.testing import capture_logs

from app_stage import change, opened, workspace_in
from dispatch.model.editions.piece import key_of
from dispatch.model.team.role import Role
from dispatch.testing.clock import FakeClock
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN
from pages_stage import CHROMIUM, SOON
from team_stage import TOKEN, join
from web_stage import serving

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

TEXT = "#piece-text"


class Stage:
    """A workspace that is served, an edition in it that waits, and a browser."""

    def __init__(self, app, browser, url: str, edition: str) -> None:
        self.app, self.browser, self.url, self.edition = app, browser, url, edition
        self.path = f"{url}/team/editions/{edition}"

    @contextmanager
    def window(self, handle: str, *, script: bool = True, width: int = 1280):
        context = self.browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": 844}
        )
        context.set_default_timeout(SOON)
        context.add_cookies([{"name": PLAIN, "value": TOKEN + handle, "url": f"{self.url}/team"}])
        page = context.new_page()
        page.faults = []
        page.route(lambda url: not url.startswith(self.url), lambda route: route.abort())
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        try:
            page.goto(self.path)
            yield page
            assert page.faults == []
        finally:
            context.close()

    def parts(self):
        with self.app.store.read() as tx:
            return tx.editions.get(self.edition).content.parts


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("writing") / "letters", migrated_sqlite)
    change(folder, 'at: "09:00"}', 'at: "09:00"}\n    approval: {needed: true}')
    with socket.create_server(("127.0.0.1", 0)) as listener, capture_logs():
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", url)
        with opened(folder, FakeClock()) as app:
            join(app, "ada", Role.EDITOR, name="Ada Lindqvist")
            join(app, "marie", Role.EDITOR, name="Marie Aubert", locale="fr")
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


@pytest.fixture
def stage(house):
    """Without the pieces of the test before."""
    from dispatch.pipeline.editions.edit import Changes

    ids = tuple(key_of(part) for part in house.parts() if not key_of(part).isdecimal())
    if ids:
        house.app.editions.edit(house.edition, Changes(take_out=ids), by="ada")
    return house


def saved(page) -> None:
    page.wait_for_url(lambda url: "said=edition_saved" in url)


def add_text(page) -> None:
    page.click(".addrow a:has-text('Text')")
    page.wait_for_url("**new=text**")


@pytest.mark.parametrize("script", [True, False], ids=["with its script", "without"])
def test_a_text_is_written_between_two_posts_and_stands_there_in_the_mail(stage, script):
    first, second, *_ = (key_of(part) for part in stage.parts())

    with stage.window("ada", script=script, width=1280 if script else 390) as ada:
        add_text(ada)
        ada.fill(TEXT, "A seat at the **large table**, for {{ subscriber.name or 'you' }}.")
        ada.click("text=Save this piece")
        saved(ada)
        key = key_of(stage.parts()[-1])
        for _ in range(len(stage.parts()) - 2):
            with ada.expect_navigation():
                ada.click(f"[name=up][value={key}]")
        frame = ada.frame_locator("#preview iframe")
        shown = frame.locator("body").inner_text()

    assert [key_of(part) for part in stage.parts()[:3]] == [first, key, second]
    before, _, after = shown.partition("A seat at the large table, for you.")
    assert stage.parts()[0].title in before
    assert stage.parts()[2].title in after


def test_the_signs_write_markdown_by_keyboard_alone_and_can_be_undone(stage):
    with stage.window("ada") as ada:
        add_text(ada)
        ada.wait_for_selector(f"{TEXT}:focus")
        keys = ada.keyboard
        keys.type("huit voix")
        keys.press("Shift+Home")
        keys.press("Control+b")
        bold = ada.input_value(TEXT)
        keys.press("Control+b")
        plain = ada.input_value(TEXT)
        keys.press("Control+z")
        undone = ada.input_value(TEXT)
        keys.press("Shift+Tab")
        keys.press("ArrowRight")
        label = ada.evaluate("document.activeElement.ariaLabel")
        for _ in range(3):
            keys.press("ArrowRight")
        keys.press("Enter")
        heading = ada.input_value(TEXT)
        back = ada.evaluate("document.activeElement.id")
        keys.press("End")
        keys.press("Control+k")
        keys.type("seats")
        link = ada.input_value(TEXT)

    assert (bold, plain, undone) == ("**huit voix**", "huit voix", "**huit voix**")
    assert label == "Italic"
    assert heading == "### **huit voix**"
    assert back == "piece-text"
    assert link == "### **huit voix**[seats](https://)"


@pytest.mark.parametrize(
    ("sign", "typed", "expected"),
    [
        ("bold", "a bc ", "**a bc** "),
        ("italic", "**a**", "***a***"),
        ("list", "one\ntwo", "- one\n- two"),
        ("quotation", "one\n\ntwo", "> one\n> \n> two"),
        ("link", "https://a.example", "[](https://a.example)"),
        ("link", "seats", "[seats](https://)"),
        ("name", "", '{{ subscriber.name or "friend" }}'),
    ],
)
def test_a_sign_goes_around_what_is_chosen(stage, sign, typed, expected):
    with stage.window("ada") as ada:
        ada.goto(f"{stage.path}?new=text")
        ada.fill(TEXT, typed)
        ada.locator(TEXT).select_text()
        ada.click(f"[data-put={sign}]")
        found = ada.input_value(TEXT)

    assert found == expected


def test_what_one_writes_is_shown_beside_it_and_runs_nothing(stage):
    with stage.window("ada") as ada:
        add_text(ada)
        ada.fill(TEXT, "- **one**\n- <img src=x onerror=alert(1)>\n- [x](javascript:alert(1))")
        ada.wait_for_selector("[data-shown] li strong")
        shown = ada.inner_text("[data-shown]")
        inside = ada.evaluate(
            "document.querySelectorAll('[data-shown] :is(img, a, script)').length"
        )
        told = ada.inner_text("[data-shown] [role=status]")

    assert "<img src=x onerror=alert(1)>" in shown
    assert inside == 0
    assert told.endswith("words.")


def test_two_write_in_one_piece_and_join_their_words(stage):
    with stage.window("ada") as ada, stage.window("marie") as marie:
        add_text(ada)
        ada.fill(TEXT, "Doors open at seven.")
        ada.click("text=Save this piece")
        saved(ada)
        marie.goto(ada.url.split("&said")[0].split("#")[0])
        marie.fill(TEXT, "Doors open at eight.")
        marie.click("form.write button:not([type])")
        saved(marie)
        ada.fill(TEXT, "Doors open at seven. Come!")
        ada.click("text=Save this piece")
        ada.wait_for_selector("mark")
        marked = ada.locator("mark").all_inner_texts()
        ada.fill("#text", "Doors open at eight. Come!")
        ada.click("[value=both]")
        saved(ada)
        left = ada.evaluate("Object.keys(localStorage).length")

    assert {"seven", "eight"} <= {word.strip() for word in marked}
    assert stage.parts()[-1].text == "Doors open at eight. Come!"
    assert left == 0


def test_words_that_were_not_saved_are_offered_again_and_a_saved_piece_is_not(stage):
    with stage.window("ada") as ada:
        add_text(ada)
        ada.fill(TEXT, "Half a thought")
        ada.goto(stage.path)
        add_text(ada)
        ada.click(".write [data-offer] [value=yes]")
        offered = ada.input_value(TEXT)
        ada.click("text=Save this piece")
        saved(ada)
        add_text(ada)
        again = ada.is_visible(".write [data-offer]")

    assert offered == "Half a thought"
    assert not again
    assert [part.text for part in stage.parts() if not key_of(part).isdecimal()] == [offered]


def test_parts_are_dragged_while_a_piece_is_open(stage):
    was = [key_of(part) for part in stage.parts()]
    with stage.window("ada") as ada:
        add_text(ada)
        ada.fill(TEXT, "Doors open at seven.")
        ada.click("text=Save this piece")
        saved(ada)
        with ada.expect_response(lambda answer: "/posts" in answer.url):
            ada.drag_and_drop(".pick > li:nth-child(4)", ".pick > li:nth-child(2)")
        ada.wait_for_url("**#posts")

    now = [key_of(part) for part in stage.parts()]
    assert now[:-1] == [was[0], was[3], was[1], was[2], *was[4:]]
