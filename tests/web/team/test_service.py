"""Signing in by a service: who gets in, as what, and what proves nothing."""

import html
import re

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app_stage import change, opened
from dispatch.app.http_clients import HttpClient
from dispatch.http import new_client
from dispatch.model.team.role import Role
from dispatch.web.routes import new_web
from little_service import SECRET, back, little_service
from team_stage import SAME, join

HERE = "http://127.0.0.1:8025"
ADA = {"sub": "248289", "email": "Ada@atelier.example", "email_verified": True, "name": "Ada L."}
PLAN = """team:
  sign_in:
    service:
      name: Atelier accounts
      issuer: {issuer}
      client_id: dispatch
      client_secret: env:SIGN_IN_SECRET
      domains: [atelier.example]
      roles_from: groups
      roles: {{letters: editor, heads: approver}}
campaigns:
"""


@pytest.fixture(scope="module")
def _service():
    with little_service() as service:
        yield service


@pytest.fixture
def service(_service, clock):
    _service.claims, _service.lies, _service.info = dict(ADA), {}, {}
    _service.now, _service.exchanges = int(clock().timestamp()), 0
    return _service


@pytest.fixture
def app(folder, clock, service):
    change(folder, "\ncampaigns:\n", "\n" + PLAN.format(issuer=service.issuer))
    http = HttpClient(lambda contact: new_client(contact=contact))
    with opened(folder, clock, http=http, environ={"SIGN_IN_SECRET": SECRET}) as app:
        join(app, "jean", Role.OWNER)
        yield app


@pytest.fixture
def browser(app):
    with TestClient(new_web(app), headers=SAME, follow_redirects=False, base_url=HERE) as browser:
        yield browser


def set_out(browser, query=""):
    """The address of the service to which the page sends on."""
    page = browser.post(f"/team/sign-in/oidc{query}")
    assert page.status_code == 200
    return html.unescape(re.search(r'content="0; url=([^"]+)"', page.text)[1])


def sign_in(browser, service, query=""):
    """There and back: where it leads."""
    answer = browser.get(back(service.authorize(set_out(browser, query))))
    assert answer.status_code == 303
    return answer.headers["location"]


def team(app):
    with app.store.read() as tx:
        return {one.handle: one for one in tx.persons.all()}


def test_the_page_names_the_service(browser):
    assert "Sign in with Atelier accounts" in browser.get("/team/sign-in").text


def test_who_has_an_address_of_the_domain_joins_and_is_known_by_the_service_from_then_on(
    app, browser, service
):
    first = sign_in(browser, service, "?next=/team/account")
    service.claims |= {"email": "another@elsewhere.example"}
    browser.cookies.clear()
    again = sign_in(browser, service)

    assert first == "/team/account"
    assert again == "/team"
    ada = team(app)["ada"]
    assert (ada.name, ada.email, ada.roles) == ("Ada L.", "Ada@atelier.example", (Role.VIEWER,))
    assert not ada.has_password
    assert "without a password" in browser.get("/team/account").text
    with app.store.read() as tx:
        assert [done.detail.get("how") for done in tx.audit.page(act="session.")] == ["service"] * 2


def test_who_is_known_here_is_linked_by_their_verified_address_once(app, browser, service):
    service.claims |= {"email": "jean@atelier.example", "sub": "1"}

    assert sign_in(browser, service) == "/team"
    browser.cookies.clear()
    service.claims |= {"sub": "2"}  # the address is somebody else's by now
    assert sign_in(browser, service) == "/team/sign-in?said=no_account"
    assert set(team(app)) == {"jean"}


def test_who_is_invited_joins_with_the_roles_of_the_invitation(app, browser, service):
    service.claims |= {"email": "marie@elsewhere.example"}
    app.team.invite("marie@elsewhere.example", roles=[Role.AUTHOR], by="jean")

    assert sign_in(browser, service) == "/team"
    assert team(app)["marie"].roles == (Role.AUTHOR,)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "eve@elsewhere.example"},
        {"email_verified": False},
        {"email_verified": None},
        {"email": None, "email_verified": None},
        {"email": "eve@atelier.example.evil.example"},
    ],
)
def test_nobody_gets_an_account_by_being_known_to_the_service_alone(app, browser, service, claims):
    service.claims |= claims

    assert sign_in(browser, service) == "/team/sign-in?said=no_account"
    assert set(team(app)) == {"jean"}
    assert browser.get("/team").status_code == 303


def test_roles_come_from_the_claim_where_it_says_any(app, browser, service):
    service.claims |= {"groups": ["letters", "staff", "heads"]}
    sign_in(browser, service)
    assert team(app)["ada"].roles == (Role.APPROVER, Role.EDITOR)
    service.claims |= {"groups": "staff"}
    sign_in(browser, service)
    assert team(app)["ada"].roles == (Role.APPROVER, Role.EDITOR)
    service.claims |= {"groups": ["letters"]}
    sign_in(browser, service)
    assert team(app)["ada"].roles == (Role.EDITOR,)


def test_the_last_owner_stays_one_whatever_the_claim_says(app, browser, service):
    service.claims |= {"email": "jean@atelier.example", "groups": ["letters"]}

    assert sign_in(browser, service) == "/team"
    assert team(app)["jean"].roles == (Role.OWNER,)


def test_an_address_may_come_from_what_the_service_tells_of_its_user(app, browser, service):
    service.claims |= {"email": None, "email_verified": None}
    service.info = dict(ADA)

    assert sign_in(browser, service) == "/team"
    service.info["sub"] = "somebody else"
    service.claims |= {"sub": "3"}
    assert sign_in(browser, service) == "/team/sign-in?said=no_account"


@pytest.mark.parametrize(
    "lies",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": ["dispatch", "another"]}},
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"exp": 1}},
        {"claims": {"exp": None}},
        {"claims": {"sub": None}},
        {"claims": {"iat": 99_999_999_999}},
        {"key": True},
        {"unsigned": True},
    ],
    ids=str,
)
def test_what_proves_nothing_lets_nobody_in_and_says_why_in_the_log(app, browser, service, lies):
    service.lies = lies

    with capture_logs() as logs:
        went = sign_in(browser, service)

    assert went == "/team/sign-in?said=service_failed"
    assert "could not say who you are" in browser.get(went).text
    assert [one["event"] for one in logs] == ["sign_in.service_failed"]
    assert set(team(app)) == {"jean"}


def test_a_service_that_calls_itself_otherwise_is_not_asked(browser, service):
    service.lies = {"issuer": "https://evil.example"}

    answer = browser.post("/team/sign-in/oidc")

    assert answer.headers["location"] == "/team/sign-in?said=service_failed"


def test_the_way_back_is_for_the_browser_that_set_out_and_once(app, browser, service):
    answer = service.authorize(set_out(browser))
    with TestClient(new_web(app), follow_redirects=False, base_url=HERE) as stranger:
        assert stranger.get(back(answer)).headers["location"] == "/team/sign-in"
        stranger.cookies.set("dispatch-service", "guessed", path="/team")
        assert "code_over" in stranger.get(back(answer)).headers["location"]
    assert "code_over" in browser.get(back(answer | {"state": "another"})).headers["location"]
    assert service.exchanges == 0
    fresh = service.authorize(set_out(browser))
    cookies = dict(browser.cookies)
    assert browser.get(back(fresh)).headers["location"] == "/team"
    browser.cookies.update(cookies)
    assert "code_over" in browser.get(back(fresh)).headers["location"]


def test_who_says_no_there_is_told_so(browser):
    set_out(browser)

    answer = browser.get("/team/sign-in/oidc/back?error=access_denied&state=x")

    assert answer.headers["location"] == "/team/sign-in?said=code_over"
