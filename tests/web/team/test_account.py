"""One's own account: look, password, sessions, second factor, and links by mail."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pyotp
import pytest
from starlette.testclient import TestClient

from app_stage import change
from dispatch.model.team.role import Role
from dispatch.pipeline.team.passwords import Passwords
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN
from team_stage import SAME, join

HERE = "http://127.0.0.1:8025"
PASSWORD, OTHER = "a boat of blue paper", "a kite of red paper"
EMAIL = "ada@atelier.example"


@pytest.fixture
def open_browser(app):
    """Makes browsers, each with its own cookies, as if on machines of their own."""
    web, opened = new_web(app), []

    def new() -> TestClient:
        client = ("198.51.100.7", 5)
        browser = TestClient(
            web, headers=SAME, follow_redirects=False, base_url=HERE, client=client
        )
        opened.append(browser)
        return browser

    return new


@pytest.fixture
def ada(app, open_browser):
    """Her browser, in which she has signed in."""
    join(app, "ada", Role.OWNER, name="Ada Lindqvist")
    join(app, "jean", Role.EDITOR, name="Jean Kervella")
    with app.store.begin() as tx:
        for handle in ("ada", "jean"):
            hashed = app.tools.passwords.hash(PASSWORD)
            tx.persons.change(tx.persons.get(handle), password=hashed)
    browser = open_browser()
    assert sign_in(browser).status_code == 303
    return browser


def sign_in(browser, password=PASSWORD, email=EMAIL):
    return browser.post("/team/sign-in", data={"email": email, "password": password})


def is_in(browser):
    return browser.get("/team/account").status_code == 200


def mails(app):
    """The texts of what has gone out, in order, once all that waits has gone."""
    for came in app.signing_in.send_mails():
        assert came.problem == ""
    files = sorted((app.folder / "outbox").rglob("*.eml"), key=lambda one: one.stat().st_mtime_ns)
    read = (message_from_bytes(one.read_bytes(), policy=default) for one in files)
    return [one.get_body(("plain",)).get_content() for one in read]


def acts(app):
    with app.store.read() as tx:
        return [done.act for done in tx.audit.all()]


def test_language_and_look_are_kept(app, ada):
    said = {"name": "Ada L.", "locale": "fr", "theme": "dark"}

    saved = ada.post("/team/account", data=said)
    page = ada.get(saved.headers["location"]).text

    assert 'lang="fr" data-theme="dark" data-keys="off"' in page
    assert "Enregistré." in page
    assert "person.rename" in acts(app)
    wrong = ada.post("/team/account", data=said | {"name": "", "locale": "xx", "theme": "pink"})
    assert wrong.status_code == 422


def test_a_new_password_ends_all_other_sessions_and_their_tokens(app, ada, open_browser):
    stolen, other = open_browser(), open_browser()
    stolen.cookies.set(PLAIN, ada.cookies.get(PLAIN), path="/team")
    sign_in(other)
    assert is_in(stolen)
    assert is_in(other)

    wrong = ada.post("/team/account/password", data={"old": "not it at all", "new": OTHER})
    weak = ada.post("/team/account/password", data={"old": PASSWORD, "new": "short"})
    done = ada.post("/team/account/password", data={"old": PASSWORD, "new": OTHER})

    assert "4 tries are left" in wrong.text
    assert "Too short" in weak.text
    assert done.headers["location"] == "/team/account?said=password_changed"
    assert is_in(ada)
    assert not is_in(stolen)
    assert not is_in(other)
    assert sign_in(other).status_code == 422
    assert sign_in(other, OTHER).status_code == 303
    assert "person.password" in acts(app)


def test_sessions_are_listed_and_ended(app, ada, open_browser):
    phone, desk = open_browser(), open_browser()
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1"
    phone.headers["user-agent"] = agent
    for browser in (phone, desk):
        sign_in(browser)

    page = ada.get("/team/account").text
    assert "Safari on iPhone" in page
    assert "198.51.100.7" in page
    with app.store.read() as tx:
        open_ = tx.sessions.of(tx.persons.get("ada"), now=app.clock())
        [of_jean] = tx.sessions.of(tx.persons.get("jean"), now=app.clock())
    [number] = [one.id for one in open_ if one.device == "Safari on iPhone"]

    assert ada.post("/team/account/sessions", data={"end": of_jean.id}).status_code == 404
    assert ada.post("/team/account/sessions", data={"end": "x"}).status_code == 404
    ada.post("/team/account/sessions", data={"end": number})
    assert not is_in(phone)
    assert is_in(desk)
    ended = ada.post("/team/account/sessions", data={"others": ""})
    assert ended.headers["location"] == "/team/account?said=sessions_ended&n=2"
    assert not is_in(desk)
    assert is_in(ada)


def test_a_session_ends_when_it_is_idle_and_after_a_month(app, clock, ada):
    for _ in range(4):
        clock.advance(timedelta(hours=11))
        assert is_in(ada)
    clock.advance(timedelta(hours=12))
    assert not is_in(ada)


def test_a_forgotten_password_is_chosen_anew_by_a_link(app, clock, ada, open_browser):
    somewhere = open_browser()

    known = somewhere.post("/team/reset", data={"email": "ADA@atelier.example"})
    unknown = somewhere.post("/team/reset", data={"email": "nobody@atelier.example"})

    assert known.headers["location"] == unknown.headers["location"]
    [mail] = mails(app)
    assert "a new password" in mail
    [link] = re.findall(r"https://letter.atelier.example(/team/reset/\S+)", mail)
    assert somewhere.get(link).status_code == 200
    assert somewhere.get(f"{link}x").status_code == 410
    assert "Too short" in somewhere.post(link, data={"password": "short"}).text
    done = somewhere.post(link, data={"password": OTHER})
    assert done.headers["location"] == "/team?said=password_changed"
    assert is_in(somewhere)
    assert not is_in(ada)
    assert somewhere.post(link, data={"password": OTHER}).status_code == 410
    assert "is a new one" in mails(app)[-1] or "was changed just now" in mails(app)[-1]
    for _ in range(9):  # no means to fill a mailbox
        somewhere.post("/team/reset", data={"email": EMAIL})
    with app.store.read() as tx:
        written = tx._connection.exec_driver_sql("SELECT about FROM team_mails").scalars().all()
    assert sorted(written) == ["changed", "reset", "reset", "reset"]
    clock.advance(timedelta(hours=2))
    list(app.signing_in.send_mails())
    assert len(mails(app)) == 2  # their hour is over


def test_who_is_invited_joins_by_the_link(app, ada, open_browser):
    app.team.invite(
        "marie@atelier.example", roles=[Role.APPROVER], by="ada", name="Marie", locale="fr"
    )
    [mail] = mails(app)
    assert "Ada Lindqvist vous invite" in mail
    [link] = re.findall(r"https://letter.atelier.example(/team/invitations/\S+)", mail)
    marie = open_browser()

    shown = marie.get(link)
    taken = marie.post(link, data={"name": "Marie", "handle": "jean", "password": OTHER})
    joined = marie.post(link, data={"name": "Marie", "handle": "marie", "password": OTHER})

    assert 'value="marie"' in shown.text
    assert "Somebody has this handle already" in taken.text
    assert joined.headers["location"] == "/team?said=joined"
    assert is_in(marie)
    with app.store.read() as tx:
        assert tx.persons.get("marie").roles == (Role.APPROVER,)
    again = marie.post(link, data={"name": "Eve", "handle": "eve", "password": OTHER})
    assert again.status_code == 410
    assert "has joined" not in again.text


def begin_factor(browser):
    """Set up an app: it, and the spare codes."""
    browser.post("/team/account/factor", data={"begin": ""})
    page = browser.get("/team/account/factor").text
    assert "<svg" in page
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    return pyotp.TOTP(secret)


def confirm(browser, clock, totp):
    page = browser.post("/team/account/factor", data={"code": totp.at(clock())})
    return re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", page.text)


def test_an_app_is_asked_for_its_code_which_counts_once(app, clock, ada, open_browser):
    totp = begin_factor(ada)
    wrong = ada.post("/team/account/factor", data={"code": "000000"})
    codes = confirm(ada, clock, totp)
    other = open_browser()

    assert wrong.status_code == 422
    assert len(codes) == 10
    went = sign_in(other)
    assert went.headers["location"] == "/team/sign-in/code"
    assert not is_in(other)
    used = other.post("/team/sign-in/code", data={"code": totp.at(clock())})
    assert used.status_code == 422  # it was used to set the app up
    clock.advance(timedelta(seconds=30))
    entered = other.post("/team/sign-in/code", data={"code": totp.at(clock())})
    assert entered.headers["location"] == "/team"
    assert is_in(other)
    third = open_browser()
    sign_in(third)
    assert third.post("/team/sign-in/code", data={"code": totp.at(clock())}).status_code == 422
    assert third.post("/team/sign-in/code", data={"code": codes[3].upper()}).status_code == 303
    fourth = open_browser()
    sign_in(fourth)
    assert fourth.post("/team/sign-in/code", data={"code": codes[3]}).status_code == 422
    assert "9 spare codes are left" in ada.get("/team/account").text
    assert "person.factor" in acts(app)


def test_no_other_app_takes_the_place_of_one_without_a_password(app, clock, ada, open_browser):
    totp = begin_factor(ada)
    confirm(ada, clock, totp)
    with app.store.read() as tx:
        kept = tx.persons.credentials(tx.persons.get("ada")).factor

    answers = [
        ada.post("/team/account/factor", data={name: "000000"}) for name in ("begin", "code")
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    with app.store.read() as tx:
        assert tx.persons.credentials(tx.persons.get("ada")).factor == kept


def test_codes_are_not_to_be_guessed(clock, ada, open_browser):
    confirm(ada, clock, begin_factor(ada))
    other = open_browser()
    sign_in(other)

    tries = [other.post("/team/sign-in/code", data={"code": f"00000{n}"}) for n in range(6)]

    assert [one.status_code for one in tries] == [422] * 4 + [429] * 2
    clock.advance(timedelta(minutes=15))
    late = other.post("/team/sign-in/code", data={"code": "123456"})
    assert late.headers["location"] == "/team/sign-in?said=code_over"


def test_a_reset_does_not_go_round_the_app(app, clock, ada, open_browser):
    confirm(ada, clock, begin_factor(ada))
    other = open_browser()
    other.post("/team/reset", data={"email": EMAIL})
    [link] = re.findall(r"https://letter.atelier.example(/team/reset/\S+)", mails(app)[-1])

    went = other.post(link, data={"password": OTHER})

    assert went.headers["location"] == "/team/sign-in/code"
    assert not is_in(other)


def test_the_app_is_removed_by_who_says_the_password(app, clock, ada, open_browser):
    confirm(ada, clock, begin_factor(ada))

    wrong = ada.post(
        "/team/account/factor", data={"remove": "", "factor_password": "not it at all"}
    )
    renewed = ada.post("/team/account/factor", data={"spare": "", "factor_password": PASSWORD})
    done = ada.post("/team/account/factor", data={"remove": "", "factor_password": PASSWORD})

    assert wrong.status_code == 422
    assert "Spare codes" in renewed.text
    assert done.headers["location"] == "/team/account?said=factor_removed"
    assert sign_in(open_browser()).headers["location"] == "/team"
    with app.store.read() as tx:
        assert tx.spare_codes.left(tx.persons.get("ada")) == 0


def test_the_database_holds_no_token_secret_or_password(app, clock, ada):
    totp = begin_factor(ada)
    codes = confirm(ada, clock, totp)
    ada.post("/team/reset", data={"email": EMAIL})
    list(app.signing_in.send_mails())
    [link] = re.findall(r"/team/reset/(\S+)", mails(app)[-1])
    app.store.wipe()

    kept = (app.folder / "dispatch.db").read_bytes()

    for secret in (PASSWORD, totp.secret, ada.cookies.get(PLAIN), link, codes[0]):
        assert secret.encode() not in kept


class Counting(Passwords):
    """Counts what is reckoned."""

    checked = 0

    def is_right(self, password, kept):
        self.checked += 1
        return super().is_right(password, kept)


def test_an_address_that_nobody_has_costs_a_hash_too(app, ada, open_browser, monkeypatch):
    counting = Counting(app.tools.passwords._hasher)
    object.__setattr__(app.tools, "passwords", counting)
    other = open_browser()

    answers = [sign_in(other, "wrong password", email) for email in (EMAIL, "no@body.example")]

    assert counting.checked == 2
    said = {re.sub(r'value="[^"]*"', "", one.text) for one in answers}
    assert len(said) == 1  # nothing tells them apart


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"{HERE}.evil.example"},
        {"Origin": f"{HERE}@evil.example"},
        {"Sec-Fetch-Site": "", "Origin": HERE},
        {"Origin": "http://127.0.0.1"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_of_another_site_changes_nothing(app, ada, headers):
    ada.headers.pop("Sec-Fetch-Site")
    before, eve = acts(app), {"name": "Eve", "locale": "fr", "theme": ""}

    for path in ("/team/account", "/team/sign-in", "/team/sign-out"):
        assert ada.post(path, data=eve, headers=headers).status_code == 403

    assert acts(app) == before
    with app.store.read() as tx:
        assert tx.persons.get("ada").name == "Ada Lindqvist"
    ada.headers["Sec-Fetch-Site"] = "same-origin"
    assert is_in(ada)


def test_a_browser_that_says_no_site_is_believed_by_its_origin(ada):
    ada.headers.pop("Sec-Fetch-Site")

    answer = ada.post("/team/account/sessions", data={"others": ""}, headers={"Origin": HERE})

    assert answer.status_code == 303


def test_who_has_lost_app_and_codes_is_helped_by_somebody_who_may(app, clock, ada, open_browser):
    jean = open_browser()
    sign_in(jean, email="jean@atelier.example")
    confirm(jean, clock, begin_factor(jean))
    confirm(ada, clock, begin_factor(ada))
    with app.store.begin() as tx:
        tx.persons.change(tx.persons.get("jean"), roles=[Role.ADMIN])

    assert jean.post("/team/people/ada/no-factor").status_code == 403  # she owns it
    done = ada.post("/team/people/jean/no-factor")

    assert done.headers["location"] == "/team/people/jean?said=factor_removed_of"
    answer = sign_in(open_browser(), email="jean@atelier.example")
    assert answer.headers["location"] == "/team"
    assert ada.post("/team/people/jean/no-factor").status_code == 409


def test_where_a_second_factor_is_asked_for_nothing_else_is_open_before(folder, app, clock, ada):
    change(folder, "\ncampaigns:\n", "\nteam: {sign_in: {second_factor: required}}\ncampaigns:\n")
    app.reload_if_changed()

    kept_out = ada.get("/team/people")
    confirm(ada, clock, begin_factor(ada))
    let_in = ada.get("/team/people")
    kept = ada.post("/team/account/factor", data={"remove": "", "factor_password": PASSWORD})

    assert kept_out.headers["location"] == "/team/account/factor"
    assert let_in.status_code == 200
    assert kept.status_code == 409
    assert "Remove the second factor" not in ada.get("/team/account").text
