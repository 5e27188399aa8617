"""`dispatch channels connect`: from the terminal to a network and back."""

import re
import socket
import threading
from urllib.parse import urlencode

import httpx
import pytest

from access_stage import furnished
from dispatch.app import open_app
from dispatch.cli.delivery import coming_back
from dispatch.cli.delivery.coming_back import Listener
from dispatch.errors import BadInput
from dispatch.pipeline.access.consent import ConsentFailed, Way
from dispatch.pipeline.delivery.pause_channel import pause_channel
from dispatch.sealing import read_key
from little_network import KEY, SECRET, LittleNetwork, on_loopback

WAY = Way("plaza", "http://127.0.0.1/", state="the state", verifier="v" * 43)


@pytest.fixture(scope="module")
def served():
    network = LittleNetwork()
    with on_loopback(network):
        yield network


@pytest.fixture
def network(served):
    served.__init__(url=served.url)
    return served


@pytest.fixture
def plaza(dispatch, tmp_path, monkeypatch, network):
    furnished(dispatch.folder, tmp_path, monkeypatch, url=network.url)
    monkeypatch.setenv("DISPATCH_TOKEN_KEY", KEY)
    monkeypatch.setenv("PLAZA_SECRET", SECRET)
    return dispatch


@pytest.fixture
def pasting(monkeypatch, network):
    """Has somebody agree at the address that is printed, and paste where their browser ends."""
    printed = []

    def pasting(error="", **changes):
        def paste(*_, **__):
            came = network.authorize(printed[-1], error=error) | changes
            return f"http://127.0.0.1:8026/?{urlencode(came)}"

        monkeypatch.setattr("typer.prompt", paste)

    from dispatch.cli.delivery import connect

    say = connect.say

    def saying(text, **others):
        if "/authorize?" in text:
            printed.append(text)
        say(text, **others)

    monkeypatch.setattr(connect, "say", saying)
    return pasting


def test_it_is_let_in_by_pasting_and_says_who_we_are(plaza, pasting, network):
    pasting()
    connected = plaza("channels", "connect", "plaza", "--paste", "--by", "jean")
    checked = plaza("channels", "check", "plaza", "--json")
    listed = plaza("channels", "list", "--json")

    assert connected.code == 0
    assert "channel plaza is @atelier, may read, write, until 20" in connected.out
    assert network.redirects == {"http://127.0.0.1:8026/"}
    [row] = checked.json
    assert (row["says"], row["can"], row["max_text"]) == ("@atelier", ["read", "write"], 900)
    told = {one["channel"]: (one["access"], one["access_ends"]) for one in listed.json}
    assert told == {"outbox": (None, None), "plaza": ("fine", row["ends"])}
    for said in (connected, checked, listed):
        assert "-token-" not in said.out + said.err


def test_a_channel_that_waits_for_somebody_is_told_to_be_let_go_on(plaza, pasting):
    with open_app(plaza.folder) as app:
        pause_channel("plaza", reason="shut out", by="jean", store=app.store, clock=app.clock)
    pasting()
    connected = plaza("channels", "connect", "plaza", "--paste")

    assert connected.code == 0
    assert "shut out - dispatch channels resume plaza" in connected.out


def test_another_redirect_can_be_said_where_a_network_wants_https(plaza, pasting, network):
    pasting()
    redirect = "https://letter.atelier.example/team/channels/plaza/connected"
    assert plaza("channels", "connect", "plaza", "--paste", "--redirect", redirect).code == 0
    assert network.redirects == {redirect}

    alone = plaza("channels", "connect", "plaza", "--redirect", redirect)
    assert (alone.code, "use --paste with it" in alone.err) == (2, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"error": "access_denied"}, "you said no there"),
        ({"state": "another"}, "not the way that was begun"),
        ({"code": "another"}, "*** is not yours"),
    ],
)
def test_what_went_wrong_is_a_sentence(plaza, pasting, changes, words):
    pasting(**changes)
    found = plaza("channels", "connect", "plaza", "--paste")

    assert found.code != 0
    assert words in found.err


def test_an_address_without_an_answer_is_asked_for_as_a_whole(plaza, monkeypatch):
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "https://plaza.example/")

    found = plaza("channels", "connect", "plaza", "--paste")

    assert "paste all of it, as the browser shows it at the end" in found.err


def test_disconnecting_forgets_it_and_the_list_says_what_to_do(plaza, pasting):
    pasting()
    plaza("channels", "connect", "plaza", "--paste")
    ended, again = (plaza("channels", "disconnect", "plaza") for _ in range(2))
    checked, listed = plaza("channels", "check", "plaza"), plaza("channels", "list")

    assert "its access is forgotten here - end it at the network, too" in ended.out
    assert "nobody had let it in" in again.out
    assert checked.code == 1
    assert "nobody has let us in yet" in checked.out
    assert "dispatch channels connect plaza" in listed.out + listed.err


def test_a_key_is_printed_that_can_be_used(dispatch):
    first, second = (dispatch("channels", "token-key").out.strip() for _ in range(2))

    assert len(read_key(first)) == 32
    assert first != second


def test_the_browser_comes_back_by_itself(plaza, monkeypatch, network):
    answers = []

    def open_browser(address):
        def agree():
            came = network.authorize(address)
            [redirect] = network.redirects
            answers.append(httpx.get(redirect, params=came))

        threading.Thread(target=agree).start()

    monkeypatch.setattr("webbrowser.open", open_browser)
    found = plaza("channels", "connect", "plaza", "--open", "--port", "0")

    assert found.code == 0
    assert re.search(r"channel plaza is @atelier", found.out)
    assert "You are back" in answers[0].text


def waiting(listener, seconds=30.0):
    """What comes back, and the errors of who waits; ends with the thread."""
    found = []

    def wait():
        try:
            found.append(listener.wait(WAY, seconds=seconds))
        except ConsentFailed as error:
            found.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    return found, thread


def test_strangers_are_told_that_they_are_wrong_and_the_wait_goes_on():
    with Listener(0) as listener:
        found, thread = waiting(listener)
        with httpx.Client(base_url=listener.address) as browser:
            others = [
                browser.get(path).status_code
                for path in (
                    "/favicon.ico",
                    "/",
                    "/?state=another&code=x",
                    "/other?state=the+state",
                )
            ]
            right = browser.get("/", params={"state": "the state", "code": "c"})
        thread.join()

    assert others == [404, 404, 400, 404]
    assert right.status_code == 200
    assert right.headers["referrer-policy"] == "no-referrer"
    assert found == [{"state": "the state", "code": "c"}]


def test_who_says_no_is_told_so():
    with Listener(0) as listener:
        found, thread = waiting(listener)
        came = {"state": "the state", "error": "access_denied"}
        assert "You said no" in httpx.get(listener.address, params=came).text
        thread.join()

    assert found == [came]


def test_the_wait_ends_and_so_does_a_connection_that_is_silent(monkeypatch):
    ticks = iter([0.0, 1.0, 601.0])
    monkeypatch.setattr(coming_back, "system_timer", lambda: next(ticks))
    monkeypatch.setattr(coming_back._Handler, "timeout", 0.01)
    with Listener(0) as listener:
        port = int(listener.address.rsplit(":", 1)[1].strip("/"))
        late = pytest.raises(ConsentFailed, match="nobody came back in time")
        with socket.create_connection(("127.0.0.1", port)), late:
            listener.wait(WAY, seconds=600)


def test_a_port_that_is_taken_is_said_to_be():
    with Listener(0) as listener:
        port = int(listener.address.rsplit(":", 1)[1].strip("/"))
        with pytest.raises(BadInput, match=f"127.0.0.1:{port}: cannot listen there"):
            Listener(port)


def test_a_check_says_what_we_may_do_and_until_when(plaza, pasting):
    pasting()
    plaza("channels", "connect", "plaza", "--paste")
    said = plaza("channels", "check", "plaza").out

    assert "channel plaza may: read, write" in said
    assert re.search(r"channel plaza is let in until 20\d\d-\d\d-\d\d", said)
