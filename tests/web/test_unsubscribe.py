"""Leaving by link: looking changes nothing, one click is enough, twice is fine."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from html import unescape

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app_stage import opened
from dispatch.model.campaigns.brand import Brand
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.people.subscriber import NOBODY, Consent, SubscriberRow
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.people.take_in_endings import take_in_endings
from dispatch.store.database.schema import consents, reasons
from dispatch.testing.samples import a_png
from dispatch.web.routes import new_web
from pipeline_samples import bring_in

ENGLISH, FRENCH = "reader@readers.example", "camille.moreau@readers.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link(app):
    """The path of somebody's link."""

    def make(email: str = ENGLISH, audience: str = "readers") -> str:
        with app.store.read() as tx:
            person = tx.subscribers.find(email)
        return f"/unsubscribe/{app.tools.links.unsubscribe_token(person.public_id, audience)}"

    return make


@pytest.fixture
def state(app):
    """How somebody's subscription stands, and on whose word."""

    def ask(email: str = ENGLISH) -> tuple[str, str]:
        with app.store.read() as tx:
            person = tx.subscribers.find(email)
            [stands] = [
                one.state.value
                for _, one in tx.roster.listed(audience="readers")
                if one.subscriber == person
            ]
        words = sa.select(consents.c.state, consents.c.source).order_by(consents.c.id)
        with app.store._engine.connect() as connection:
            *_, last = connection.execute(words.where(consents.c.subscriber_id == person.id))
        assert last.state == stands
        return stands, last.source

    return ask


def text(answer) -> str:
    return unescape(answer.text)


def test_looking_shows_a_button_and_changes_nothing(browser, link, state):
    for method in ("GET", "HEAD", "GET"):
        answer = browser.request(method, link())
        assert answer.status_code == 200

    assert '<button class="button main">Unsubscribe</button>' in answer.text
    assert "Do you want to stop receiving The Atelier Letter, Le Bulletin?" in text(answer)
    assert ENGLISH in answer.text
    assert state() == ("active", "newsletter form")


def test_the_button_ends_the_subscription(browser, link, state):
    answer = browser.post(link())

    assert answer.status_code == 200
    assert "You are unsubscribed." in answer.text
    assert state() == ("ended", "unsubscribe link")
    assert state(FRENCH)[0] == "active"


def test_the_one_click_of_mail_programs_is_enough(browser, link, state):
    answer = browser.post(link(), data=ONE_CLICK)

    assert answer.status_code == 200
    assert state()[0] == "ended"


def test_a_second_click_is_fine_and_recorded_once(browser, link, state, app):
    answers = [browser.post(link(), data=ONE_CLICK) for _ in range(3)]
    browser.get(link())

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert state() == ("ended", "unsubscribe link")


def test_the_link_in_a_mail_is_the_page(browser, app, state, clock):
    list(app.intake.poll(app.workspace.feeds))
    made = app.editions.compose(app.campaign("weekly"), slot_at(clock(), "UTC"))
    app.delivery.send(made.edition.id)
    [path] = (app.folder / "outbox/mail/new").glob(f"{ENGLISH.partition('@')[0]}@*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    address = mail["List-Unsubscribe"].partition("atelier.example")[2].partition(">")[0]

    answer = browser.post(address, data=ONE_CLICK)

    assert answer.status_code == 200
    assert state()[0] == "ended"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path[:-3],
        lambda path: path + "x",
        lambda path: path.replace("unsubscribe/", "unsubscribe/x"),
        lambda path: "/unsubscribe/WzEsInJlYWRlcnMiXQ.AAAAAAAAAAAAAAAAAAAAAAAAAAA",
        lambda path: "/unsubscribe/%00",
        lambda path: "/unsubscribe/",
        lambda path: "/unsubscribe",
        lambda path: "/x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_forged_or_cut_says_what_to_do(browser, link, state, spoil, method):
    answer = browser.request(method, spoil(link()), headers={"accept-language": "fr-CA,fr"})

    assert answer.status_code == 404
    assert "Ce lien ne fonctionne pas." in answer.text
    assert "Utilisez le lien entier du message" in text(answer)
    assert state()[0] == "active"


def test_a_link_signed_with_another_key_is_forged(browser, state):
    token = SignedLinks(
        "https://letter.atelier.example", ["another key of sixteen"]
    ).unsubscribe_token(NOBODY, "readers")

    assert browser.post(f"/unsubscribe/{token}").status_code == 404
    assert state()[0] == "active"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_is_taken(browser, link, state, method):
    assert browser.request(method, link()).status_code == 405
    assert state()[0] == "active"


@pytest.mark.parametrize("path", ["/unsubscribe/forged", None])
def test_no_page_is_stored_framed_searched_or_told_to_others(browser, link, path):
    headers = browser.get(path or link()).headers

    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-robots-tag"] == "noindex"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]


def test_a_french_reader_gets_a_french_page_whatever_the_browser_speaks(browser, link):
    asked = browser.get(link(FRENCH), headers={"accept-language": "en"})
    done = browser.post(link(FRENCH))

    assert '<html lang="fr">' in asked.text
    assert "Voulez-vous ne plus recevoir The Atelier Letter, Le Bulletin\u202f?" in text(asked)
    assert "Votre désabonnement est enregistré." in done.text


def test_nothing_that_people_wrote_is_taken_for_html(browser, app, link):
    email = "o'neil&co@example.org"
    row = SubscriberRow(2, email, Consent(None, "form"), name="<script>alert(1)</script>")
    bring_in("readers", [row], store=app.store, clock=app.clock)
    campaign = replace(app.campaign("weekly"), title="<b>Bold</b>")
    app.tools.files.workspace = replace(app.workspace, campaigns={"weekly": campaign})

    answer = browser.get(link(email))

    assert "o&#39;neil&amp;co@example.org" in answer.text
    assert "&lt;b&gt;Bold" in answer.text
    assert "<b>" not in answer.text
    assert answer.text.count("<script") == 1  # ours


def test_the_link_of_a_test_mail_is_nobodys_and_does_not_fail(browser, app):
    path = f"/unsubscribe/{app.tools.links.unsubscribe_token(NOBODY, 'readers')}"

    asked, done = browser.get(path), browser.post(path)

    assert (asked.status_code, done.status_code) == (200, 200)
    assert "You are unsubscribed." in done.text


def test_an_audience_that_no_campaign_writes_to_any_more_keeps_its_name(browser, link):
    assert "friends is not sent to you any more." in text(browser.get(link(audience="friends")))


def test_a_public_address_with_a_path_has_its_pages_there(app, link, state):
    publisher = replace(app.workspace.publisher, public_url="https://example.org/news")
    app.tools.files.workspace = replace(app.workspace, publisher=publisher)
    url = app.tools.links.unsubscribe_url(link().rpartition("/")[2])

    with TestClient(new_web(app)) as browser:
        answer = browser.post(url.removeprefix("https://example.org"))
        outside = browser.get(link())

    assert (answer.status_code, outside.status_code) == (200, 404)
    assert state()[0] == "ended"


def test_a_database_that_is_away_is_said_to_the_reader(app, link, browser):
    path = link()
    (app.folder / "dispatch.db").write_bytes(b"damaged" * 1000)
    app.store.close()

    answer = browser.post(path, data=ONE_CLICK)

    assert answer.status_code == 503
    assert "Please open the link again in a few minutes." in answer.text


@pytest.mark.parametrize("tail", [".", ")", ">", "%3E", "%3e.", "%22", "&gt;", "۔"])
def test_a_sign_behind_the_link_does_no_harm(browser, link, state, tail):
    assert browser.get(link() + tail).status_code == 200
    assert browser.post(link() + tail).status_code == 200

    assert state()[0] == "ended"


def test_the_page_has_the_publishers_brand(folder, clock, link):
    (folder / "logo.png").write_bytes(a_png())
    said = 'brand: {logo: logo.png, accent: "#ffe600", address: "12 rue <des> Martyrs\\nParis"}\n'
    file = folder / "schedules.yaml"
    file.write_text(said + file.read_text())
    path = link()

    with opened(folder, clock) as anew, TestClient(new_web(anew)) as browser:
        answer = browser.get(path)
        [sheet] = re.findall(r'href="(/static/\w+/brand.css)"', answer.text)
        style = browser.get(sheet)

    brand = Brand(accent="#ffe600")
    assert f"light-dark({brand.accent_on_light}, {brand.accent_on_dark})" in style.text
    assert "immutable" in style.headers["Cache-Control"]
    assert '<img src="data:image/png;base64,' in answer.text
    assert 'width="120" height="40"' in answer.text
    assert "12 rue &lt;des&gt; Martyrs<br>Paris" in answer.text
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]


class TestAfterwards:
    """What the page after leaving offers, and what comes of it."""

    @pytest.fixture
    def two(self, app):
        """The reader is in a second audience."""
        with app.store.begin() as tx:
            reader = tx.subscribers.find(ENGLISH)
            tx.consents.give(reader.id, "friends", Consent(app.clock(), "x"), now=app.clock())
        return reader

    @pytest.fixture
    def states(self, app):
        def states():
            with app.store.read() as tx:
                standing = tx.consents.standing(tx.subscribers.find(ENGLISH).id)
                return {one.audience: one.state.value for one in standing.values()}

        return states

    def forms(self, answer):
        return dict(
            re.findall(r'action="[^"]*/(undo|why)"[^>]*>\s*<input[^>]*value="(\w+)"', answer.text)
        )

    def test_one_or_all_is_chosen_where_there_is_more_than_one(self, browser, link, two, states):
        page = text(browser.get(link()))
        assert 'name="what" value="all"' in page

        browser.post(link(), data={"what": "this"})
        assert states() == {"readers": "ended", "friends": "active"}
        left = browser.post(link(), data={"what": "all"})

        assert states() == {"readers": "ended", "friends": "ended"}
        assert "friends" in left.text

    def test_undo_restores_exactly_what_was_ended_and_only_once(
        self, browser, link, two, states, clock
    ):
        first = self.forms(browser.post(link(), data={"what": "all"}))
        again = self.forms(browser.post(link()))  # pressed twice: it can still be taken back
        assert first.keys() == again.keys() == {"undo", "why"}

        back = browser.post(f"{link()}/undo", data={"undo": first["undo"]})
        assert "You are back." in back.text
        assert states() == {"readers": "active", "friends": "active"}
        clock.advance(timedelta(minutes=1))
        browser.post(link())
        stale = browser.post(f"{link()}/undo", data={"undo": first["undo"]})

        assert "There is nothing to take back." in stale.text
        assert states() == {"readers": "ended", "friends": "active"}

    def test_undo_promises_no_letters_where_mail_came_back(self, app, browser, link, clock):
        undo = self.forms(browser.post(link()))["undo"]
        with app.store.begin() as tx:
            tx.suppressions.add(ENGLISH, reason="mailbox unknown", now=clock())

        back = browser.post(f"{link()}/undo", data={"undo": undo})

        assert "You are back." in back.text
        assert f"But mail to {ENGLISH} was returned to us" in back.text
        assert "again, as before" not in back.text

    def test_undo_holds_for_an_hour_and_for_nobody_else(self, browser, link, states, clock):
        undo = self.forms(browser.post(link()))["undo"]

        for token, status in ((undo[:-1], 404), (undo + "a", 404), ("", 404)):
            answer = browser.post(f"{link()}/undo", data={"undo": token})
            assert answer.status_code == status
        clock.advance(timedelta(hours=1, seconds=1))
        assert browser.post(f"{link()}/undo", data={"undo": undo}).status_code == 410
        assert states() == {"readers": "ended"}

    def test_undo_brings_nobody_back_by_a_database_that_was_lost(self, app, browser, link, clock):
        browser.post(f"{link()}/undo", data={"undo": self.forms(browser.post(link()))["undo"]})

        taken = take_in_endings(
            app.tools.endings.file, store=app.store, markers=app.tools.markers, clock=clock,
            anew=True,
        )  # fmt: skip

        assert taken.subscriptions == 0

    def test_a_reason_is_counted_once_for_the_last_edition_and_without_the_person(
        self, browser, link, app, clock
    ):
        list(app.intake.poll(app.workspace.feeds))
        made = app.editions.compose(app.campaign("weekly"), slot_at(clock(), "UTC"))
        app.delivery.send(made.edition.id)
        token = self.forms(browser.post(link()))["why"]

        for why, remark in (("", ""), ("nonsense", ""), ("other", "  no\ntime "), ("often", "")):
            form = {"undo": token, "why": why, "remark": remark}
            answer = browser.post(f"{link()}/why", data=form)
            assert ("Thank you" in answer.text) is (why in {"other", "often"})

        with app.store.read() as tx:
            assert tx.reasons.count(made.edition.id) == {"something else": 1}
            assert tx.reasons.remarks(made.edition.id) == ["no time"]
        with app.store._engine.connect() as connection:
            [row] = connection.execute(sa.select(reasons))
        assert (row.at.hour, row.at.minute) == (0, 0)
        assert ENGLISH not in str(row)

    def test_before_leaving_nothing_is_asked(self, browser, link):
        assert "tell us why" not in browser.get(link()).text

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
            (
                '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n',  # noqa: E501
                "multipart/form-data; boundary=b",
            ),
        ],
    )
    def test_the_one_click_is_answered_in_a_few_bytes(self, browser, link, states, body, kind):
        answer = browser.post(
            link(), content=body, headers={"Content-Type": kind}, follow_redirects=False
        )

        assert answer.status_code == 200
        assert len(answer.content) < 50
        assert "Set-Cookie" not in answer.headers
        assert states() == {"readers": "ended"}

    @pytest.mark.parametrize("body", [b"", b"\xff\x00", b"x" * 100_000, b"what=%FF&what"])
    def test_whatever_is_posted_with_the_click_it_counts(self, browser, link, states, body):
        assert browser.post(link(), content=body).status_code == 200
        assert states() == {"readers": "ended"}

    @pytest.mark.parametrize(
        "said", ["", "nonsense", "5", "[1]", '["x", []]', "[1, [[2]]]", f"[1{'0' * 40}, []]"]
    )
    def test_what_no_page_of_ours_has_written_takes_nothing_back(
        self, app, browser, link, states, said
    ):
        browser.post(link())
        with app.store.read() as tx:
            reader = tx.subscribers.find(ENGLISH)
        token = app.tools.links.undo_token(reader.public_id, said)

        for what in ("undo", "why"):
            answer = browser.post(f"{link()}/{what}", data={"undo": token, "why": "often"})
            assert answer.status_code == 404
        assert states() == {"readers": "ended"}
