"""A channel is let into its account from its page: there and back, once, by who set out."""

import html
import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from access_stage import connect, furnished, opened_with
from app_stage import change
from dispatch.model.team.role import Role
from dispatch.web.routes import new_web
from little_network import CLIENT, LittleNetwork
from team_stage import SAME, TOKEN, join

HERE = "http://127.0.0.1:8025"
PAGE = "/team/channels/plaza"
MONTHS = 60 * 24 * 3600


@pytest.fixture
def network():
    return LittleNetwork()


@pytest.fixture
def folder(folder, tmp_path, monkeypatch):
    return furnished(folder, tmp_path, monkeypatch)


@pytest.fixture
def app(folder, clock, network):
    with opened_with(folder, clock, network) as app:
        join(app, "jean", Role.OWNER, name="Jean Kervella")
        join(app, "eddy", Role.EDITOR)
        yield app


@pytest.fixture
def browser_of(app):
    """The browser of somebody who has signed in, and keeps what it is given."""
    web = new_web(app)

    def browser_of(handle):
        browser = TestClient(web, headers=SAME, follow_redirects=False, base_url=HERE)
        browser.cookies.set("dispatch", TOKEN + handle, domain="127.0.0.1", path="/team")
        return browser

    return browser_of


@pytest.fixture
def jean(browser_of):
    return browser_of("jean")


def set_out(browser, page=PAGE):
    """The address of the network to which the page sends on."""
    answer = browser.post(f"{page}/connect")
    assert answer.status_code == 200, answer.text
    return html.unescape(re.search(r'content="0; url=([^"]+)"', answer.text)[1])


def back(browser, came, page=PAGE):
    return browser.get(f"{page}/connected", params=came)


def said(answer):
    return answer.status_code, answer.headers.get("location", "").partition("said=")[2]


def kept(app):
    with app.store.read() as tx:
        return tx.tokens.get("plaza")


def test_the_page_says_what_to_do_and_where_to_come_back_to(app, jean):
    page = jean.get(PAGE).text
    listed = jean.get("/team/channels").text

    assert "Nobody has let us in yet." in page
    assert f"{app.workspace.publisher.public_url}{PAGE}/connected" in page
    assert "No access" in page
    assert "No access" in listed
    assert f'action="{PAGE}/connect"' in listed


def test_a_channel_without_access_is_counted_beside_channels(jean):
    page = jean.get("/team/editions").text
    rail = re.search(r'<a [^>]*href="/team/channels".*?</a>', page, re.DOTALL)

    assert re.search(r'class="count"[^>]*>1<', rail[0]), rail[0]


def test_there_and_back_it_is_kept_and_checked_and_the_page_says_who_let_us_in(app, network, jean):
    answer = back(jean, network.authorize(set_out(jean)))
    page = jean.get(PAGE).text

    assert said(answer) == (303, "channel_let_in")
    assert network.redirects == {f"{app.workspace.publisher.public_url}{PAGE}/connected"}
    for words in ("Jean Kervella", "@atelier", "read, write", "Access ends on", "Connect again"):
        assert words in page
    assert "900 characters at most" in page
    assert "token-" not in page
    with app.store.read() as tx:
        acts = [one.act for one in tx.audit.page()]
    assert acts == ["channel.check", "channel.give_access"]


def test_who_comes_back_twice_changes_nothing(app, network, jean):
    came = network.authorize(set_out(jean))
    back(jean, came)
    before = kept(app)

    assert said(back(jean, came)) == (303, "channel_begin_anew")
    assert kept(app) == before


def test_another_browser_and_another_person_bring_nothing(app, network, jean, browser_of):
    join(app, "ada", Role.ADMIN)
    came = network.authorize(set_out(jean))
    stranger, ada = browser_of("jean"), browser_of("ada")
    ada.cookies.set("dispatch-connect", jean.cookies["dispatch-connect"], domain="127.0.0.1")

    for browser in (stranger, ada):
        assert said(back(browser, came)) == (303, "channel_begin_anew")
    assert "/token" not in network.asked
    assert said(back(jean, came)) == (303, "channel_let_in")  # their own way still stands


@pytest.mark.parametrize(
    "wrong", [{"state": "another"}, {"state": ""}, {"code": "x", "state": "\0"}]
)
def test_what_does_not_fit_brings_nothing(app, network, jean, wrong):
    came = network.authorize(set_out(jean)) | wrong

    assert said(back(jean, came)) == (303, "channel_begin_anew")
    assert kept(app) is None


def test_who_is_away_for_too_long_begins_anew(app, network, jean, clock):
    came = network.authorize(set_out(jean))
    clock.advance(timedelta(minutes=31))

    assert said(back(jean, came)) == (303, "channel_begin_anew")


def test_the_way_of_one_channel_leads_to_no_other(folder, app, network, jean):
    change(folder, "  plaza: {", "  forum: {provider: outbox}\n  plaza: {")
    app.reload_if_changed()
    came = network.authorize(set_out(jean))

    assert said(back(jean, came, "/team/channels/forum")) == (303, "channel_begin_anew")
    assert jean.post("/team/channels/forum/connect").status_code == 409
    assert jean.post("/team/channels/nowhere/connect").status_code == 404
    assert jean.get("/team/channels/nowhere/connected").status_code == 404


def test_no_is_a_sentence_and_leaves_what_there_was(app, network, jean):
    connect(app, network)
    before = kept(app)
    denied = back(jean, network.authorize(set_out(jean), error="access_denied"))
    wrong = back(jean, network.authorize(set_out(jean), error="<b>invalid_scope"))

    assert said(denied) == (303, "channel_denied")
    assert wrong.status_code == 422
    assert "the network said: &lt;b&gt;invalid_scope - see whether" in wrong.text
    assert kept(app) == before


def test_a_network_that_does_not_take_the_code_is_told_without_it(app, network, jean):
    came = network.authorize(set_out(jean))
    network.codes.clear()
    with capture_logs() as logs:
        wrong = back(jean, came)

    assert wrong.status_code == 422
    assert "*** is not yours" in wrong.text
    assert came["code"] not in repr(logs)
    assert [one["event"] for one in logs if "access" in one["event"]] == ["access.not_given"]


def test_without_a_key_nobody_is_sent_there(folder, clock, network):
    with opened_with(folder, clock, network, key="") as app:
        join(app, "jean", Role.OWNER)
        with TestClient(new_web(app), headers=SAME, follow_redirects=False) as browser:
            browser.cookies.set("dispatch", TOKEN + "jean")
            browser.cookies.set("__Secure-dispatch", TOKEN + "jean")
            answer = browser.post(f"{PAGE}/connect")
            page = browser.get(PAGE).text

    assert answer.status_code == 422
    assert "DISPATCH_TOKEN_KEY is not set" in answer.text
    assert "there is no key for that - set DISPATCH_TOKEN_KEY" in page


def test_who_may_not_change_channels_sees_until_when_and_no_button(app, network, browser_of):
    connect(app, network)
    eddy = browser_of("eddy")

    assert "Access ends on" in eddy.get(PAGE).text
    assert f"{PAGE}/connect" not in eddy.get(PAGE).text.replace(f"{PAGE}/connected", "")
    for path in ("connect", "disconnect"):
        assert eddy.post(f"{PAGE}/{path}").status_code == 403
    assert back(eddy, {"state": "x"}).status_code == 403


def test_it_is_forgotten_when_somebody_says_so(app, network, jean):
    connect(app, network)
    answer = jean.post(f"{PAGE}/disconnect")

    assert said(answer) == (303, "channel_access_ended")
    assert kept(app) is None
    assert "let us in yet" in jean.get(PAGE).text
    assert jean.post(f"{PAGE}/disconnect").headers["location"] == PAGE


def test_home_and_channels_tell_of_what_ends_soon_with_the_way_to_mend_it(
    app, network, jean, clock
):
    network.refresh_lasts = MONTHS
    connect(app, network)
    list(app.intake.poll(list(app.workspace.feeds)))
    app.campaigns.run(app.campaign("squares"))
    assert "ends in" not in jean.get("/team").text
    clock.advance(timedelta(days=51))
    with app.store.begin() as tx:
        for handle in ("jean", "eddy"):
            tx.sessions.begin(
                _mark(handle), tx.persons.get(handle), device="", network="", now=app.clock()
            )
    jean.cookies.set("dispatch", "later-jean", domain="127.0.0.1", path="/team")
    home, page, listed = (jean.get(path).text for path in ("/team", PAGE, "/team/channels"))

    assert "The access of plaza ends in 9 days" in home
    assert f'href="{PAGE}#access"' in home
    assert "Access ends soon" in page
    assert "Access ends soon" in listed
    assert f'action="{PAGE}/connect"' in listed


def _mark(handle):
    from dispatch.signing import mark_of

    return mark_of(f"later-{handle}")


def test_a_new_channel_is_saved_first_and_connected_then(app, network, jean):
    form = {
        "provider": "plaza",
        "name": "forum",
        "option-client_id": CLIENT,
        "option-client_secret": "PLAZA_SECRET",
        "seen": app.texts.plan.fingerprint,
    }
    looked = jean.post("/team/channels/new", data=form | {"check": "yes"})
    saved = jean.post("/team/channels/new", data=form | {"save": "yes"})

    assert looked.status_code == 200
    assert "Save it, and then connect it" in looked.text
    assert saved.headers["location"] == "/team/channels/forum?said=channel_to_connect#access"
    assert network.asked == {}
