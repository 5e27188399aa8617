"""One reader's whole way, in a real browser: joining, choosing, leaving, coming back, erased."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dispatch.store.transactions import Store
from journey_stage import Blog, Mailbox, Stage
from loopback import free_port, until_listening
from pages_stage import CHROMIUM, DESK, HEIGHT, PHONE
from patience import PATIENCE

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

ADA, BYRON = "ada@readers.test", "ada.byron@readers.test"
MORE = """\
    archive: public
audiences:
  readers: {title: The Letter, about: What is new.}
  events: {title: Events}
forms:
  newsletter:
    audiences: [readers]
    via: mail
    fields: [name, {topics: {choices: [Drawing, Music]}}]
    consent: I would like The Letter by mail, and can leave at any time (29 November 2026).
"""
LINK = re.compile(r"http://127\.0\.0\.1:\d+/[^\s\"<>]+")


class Site(Stage):
    """The workspace of a team, whose service runs; `page` is a reader's browser."""

    def __init__(self, *arguments, web: int, **options) -> None:
        self.url = f"http://127.0.0.1:{web}"
        super().__init__(*arguments, **options)
        self.serve = ("up", "--port", str(web))

    def move_to(self, port: int, **changes: object) -> None:
        super().move_to(port, **changes)
        file = self.folder / "schedules.yaml"
        file.write_text(file.read_text().replace("https://news.example", self.url) + MORE)
        digest = self.folder / "templates" / "plain" / "digest.txt"
        digest.write_text(f"{digest.read_text()}{{{{ links.preferences }}}}\n")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with a browser and a mailbox."""

    site: Site
    mailbox: Mailbox
    page: Page
    confirms_itself: bool = True

    def reads(self, address: str, subject: str, *, after: int = 0) -> EmailMessage:
        """The mail to an address with this in its subject; those before `after` are older."""
        seen = after
        while True:
            self.mailbox.reached(seen + 1)
            seen = len(self.mailbox.mails)
            for (to, _), mail in list(zip(self.mailbox.mails, self.mailbox.messages, strict=True))[
                after:
            ]:
                if to == address and subject in mail["Subject"]:
                    return mail

    def follows(self, mail: EmailMessage, path: str) -> None:
        self.page.goto(link_in(mail, path))

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button).click()

    def joins(self, email: str) -> None:
        self.page.goto(f"{self.site.url}/subscribe/newsletter")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Name").fill("Ada")
        self.page.get_by_label("Music").check()
        self.page.get_by_label("I would like The Letter").check()
        self.presses("Subscribe")
        if self.page.get_by_text("That was very quick").is_visible():
            until(self.once_more)
        self.sees("look in your mailbox")

    def confirms(self, asked: EmailMessage) -> None:
        """The browser that has filled in the form presses the button by itself."""
        self.follows(asked, "confirm")
        if not self.confirms_itself:
            self.presses("Yes, subscribe me")
        self.sees("You are subscribed.")

    def leaves(self, digest: EmailMessage) -> None:
        self.follows(digest, "unsubscribe")
        self.presses("Unsubscribe")
        self.sees("You are unsubscribed.")
        assert self.standing == {"readers": "ended"}

    def once_more(self) -> bool:
        self.presses("Subscribe")
        self.page.wait_for_load_state()
        return not self.page.get_by_text("That was very quick").is_visible()

    @property
    def standing(self) -> dict[str, str]:
        return standing(self.site, ADA) or standing(self.site, BYRON)


def until(reached: Callable[[], bool]) -> None:
    for _ in range(200):
        if reached():
            return
    raise AssertionError("it never came")


def link_in(mail: EmailMessage, path: str) -> str:
    text = mail.get_body(("plain",)).get_content()
    [link] = {one for one in LINK.findall(text) if f"/{path}/" in one}
    return link


def standing(site: Site, email: str) -> dict[str, str]:
    store = Store(site.database_url)
    try:
        with store.read() as tx:
            person = tx.subscribers.find(email)
            return tx.subscribers.standing(person.id) if person else {}
    finally:
        store.close()


def scan(mail: EmailMessage) -> None:
    """Do what a scanner of mails does: ask for all that is linked, without any script."""
    text = "".join(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for address in set(LINK.findall(text)):
        for method in ("HEAD", "GET"):
            request = urllib.request.Request(address, method=method)
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                assert answer.status == 200


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def site(tmp_path, blog, mailbox) -> Iterator[Site]:
    folder = tmp_path / "workspace"
    port = free_port()
    site = Site(
        folder,
        feed=blog.address,
        port=mailbox.port,
        database_url=f"sqlite:///{folder / 'dispatch.db'}",
        web=port,
    )
    with site.running(*site.serve) as service:
        until_listening(service, port)
        yield site


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        found = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield found
        finally:
            found.close()


def window(of: Browser, *, script: bool = True, width: int = DESK) -> Page:
    context = of.new_context(
        java_script_enabled=script, viewport={"width": width, "height": HEIGHT}, locale="en"
    )
    context.set_default_timeout(PATIENCE * 1000)
    return context.new_page()


@pytest.mark.parametrize(
    ("script", "width"), [(True, DESK), (False, PHONE)], ids=["desk", "phone without scripts"]
)
def test_a_reader_does_all_that_concerns_them_by_themselves(site, blog, mailbox, script, width):
    with browser() as chromium:
        page = window(chromium, script=script, width=width)
        reader = Reader(site, mailbox, page, confirms_itself=script)

        joins_and_confirms(reader)
        digest = gets(reader, blog, "First light", ADA)
        chooses(reader, digest)
        pauses(reader, blog)
        moves(reader)
        digest = gets(reader, blog, "Second sight", BYRON)
        leaves_and_undoes_it(reader, digest)
        leaves_and_says_why(reader, digest)
        comes_back(reader)
        takes_what_is_kept(reader)
        is_erased_for_good(reader, blog)


def joins_and_confirms(reader: Reader) -> None:
    reader.joins(ADA)
    asked = reader.reads(ADA, "onfirm")
    scan(asked)
    assert reader.standing == {}, "looking at a link confirms nothing"
    reader.confirms(asked)
    assert reader.standing == {"readers": "active"}


def gets(reader: Reader, blog: Blog, title: str, address: str) -> EmailMessage:
    before = len(reader.mailbox.mails)
    blog.publish(title)
    reader.site.run("run", "weekly")
    digest = reader.reads(address, title, after=before)
    scan(digest)
    assert reader.standing == {"readers": "active"}, "looking at a link ends nothing"
    return digest


def chooses(reader: Reader, digest: EmailMessage) -> None:
    reader.follows(digest, "preferences")
    reader.page.get_by_label("Drawing").check()
    reader.page.get_by_label("Your name").fill("Ada Lovelace")
    reader.presses("Save")
    reader.sees("Your choices are saved.")


def pauses(reader: Reader, blog: Blog) -> None:
    reader.page.get_by_text("Take a pause").first.click()
    reader.presses("Pause")
    reader.sees("Paused until")
    assert reader.standing == {"readers": "paused"}
    before = len(reader.mailbox.mails)
    blog.publish("While away")
    reader.site.run("run", "weekly")
    assert len(reader.mailbox.mails) == before
    reader.presses("End the pause now")
    reader.sees("letters come again")


def moves(reader: Reader) -> None:
    reader.page.get_by_text("Change your address").first.click()
    reader.page.get_by_label("New address").fill(BYRON)
    reader.presses("Write to the new address")
    reader.sees("We have written to your new address")
    before = len(reader.mailbox.mails)
    reader.follows(reader.reads(BYRON, ""), "address")
    reader.presses("Yes, send them here")
    reader.sees(f"They go to {BYRON}")
    assert standing(reader.site, BYRON) == {"readers": "active"}
    assert standing(reader.site, ADA) == {}
    reader.reads(ADA, "", after=before)


def leaves_and_undoes_it(reader: Reader, digest: EmailMessage) -> None:
    reader.leaves(digest)
    reader.presses("A slip? Stay subscribed")
    reader.sees("You are back.")
    assert reader.standing == {"readers": "active"}


def leaves_and_says_why(reader: Reader, digest: EmailMessage) -> None:
    reader.leaves(digest)
    reader.page.get_by_label("Too often").check()
    reader.presses("Send")
    reader.sees("Thank you")
    assert reader.standing == {"readers": "ended"}


def comes_back(reader: Reader) -> None:
    before = len(reader.mailbox.mails)
    reader.joins(BYRON)
    reader.confirms(reader.reads(BYRON, "onfirm", after=before))
    assert reader.standing == {"readers": "active"}


def takes_what_is_kept(reader: Reader) -> None:
    reader.page.get_by_role("link", name="Choose what you get").click()
    data = reader.page.get_by_role("link", name="Everything we keep about you")
    with urllib.request.urlopen(data.evaluate("(one) => one.href"), timeout=PATIENCE) as answer:
        kept = json.load(answer)
    assert kept == json.loads(reader.site.run("subscribers", "export", BYRON).stdout)
    assert BYRON in json.dumps(kept)


def is_erased_for_good(reader: Reader, blog: Blog) -> None:
    reader.page.get_by_role("link", name="Erase everything").click()
    reader.page.get_by_label("Your address").fill(BYRON)
    reader.presses("Erase me")
    reader.sees("Everything is erased")
    assert standing(reader.site, BYRON) == {}
    reader.site.subscribe(ADA, BYRON, "bob@readers.test")
    before = len(reader.mailbox.mails)
    blog.publish("Third time")
    reader.site.run("run", "weekly")
    reader.reads("bob@readers.test", "Third time", after=before)
    assert [to for to, _ in reader.mailbox.mails[before:]] == ["bob@readers.test"]


def test_who_looks_in_another_browser_presses_one_button(site, mailbox):
    with browser() as chromium:
        there = Reader(site, mailbox, window(chromium))
        there.joins(ADA)
        elsewhere = Reader(site, mailbox, window(chromium, width=PHONE))

        elsewhere.follows(elsewhere.reads(ADA, "onfirm"), "confirm")

        elsewhere.page.get_by_role("button", name="Yes, subscribe me").wait_for()
        assert there.standing == {}
        elsewhere.presses("Yes, subscribe me")
        elsewhere.sees("You are subscribed.")
        assert there.standing == {"readers": "active"}
