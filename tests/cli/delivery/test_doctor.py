"""What `dispatch doctor` says, and how it ends."""

import pytest

from doctor_stage import WELL
from little_dns import LittleDns

MAIL = """
channels:
  mail: {provider: smtp, options: {host: mail.atelier.fr, security: none, port: 9, timeout: 1}}
"""


@pytest.fixture
def server():
    with LittleDns(WELL).running() as server:
        yield server


@pytest.fixture
def asked(dispatch, server, monkeypatch):
    monkeypatch.setenv("DISPATCH_DNS_SERVER", server.address)
    text = (dispatch.folder / "schedules.yaml").read_text("utf-8")
    dispatch.write(text.replace("atelier.example", "atelier.fr"))
    return server


def test_an_outbox_is_well(dispatch):
    ended = dispatch("doctor", "outbox")

    assert ended.code == 0
    assert "Fine: It writes files: nothing leaves" in ended.out
    assert "channel outbox: 0 would keep mails back, 0 to look at, 2 fine" in ended.out
    assert "Gmail" not in ended.out


def test_what_would_stop_mails_is_told_and_the_code_is_1(dispatch, asked):
    dispatch.write(
        (dispatch.folder / "schedules.yaml").read_text("utf-8")
        + MAIL.replace("mail.atelier.fr, security", "127.0.0.1, security")
    )

    people = dispatch("doctor", "mail")
    programs = dispatch("doctor", "mail", "--json")

    assert (people.code, programs.code) == (1, 1)
    assert "Keeps mails back: The channel cannot be used: smtp: 127.0.0.1:9" in people.out
    assert "Fine: DMARC of atelier.fr asks for reject" in people.out
    assert "Fine: The sender’s domain has a DMARC record" in people.out
    [told] = programs.json
    assert (told["channel"], told["fine"]) == ("mail", False)
    assert told["findings"][0]["name"] == "account"
    assert {one["name"]: one["kind"] for one in told["rules"]}["dmarc"] == "fine"


def test_one_that_is_not_there_is_not_examined(dispatch):
    ended = dispatch("doctor", "outbox", "mial")

    assert (ended.code, ended.out) == (2, "")
    assert "channel mial: not in schedules.yaml" in ended.err


def test_a_name_server_is_named_by_its_address(dispatch, monkeypatch):
    monkeypatch.setenv("DISPATCH_DNS_SERVER", "dns.example")

    ended = dispatch("doctor", "outbox")

    assert ended.code == 2
    assert "is not the address of a name server - write its IP: 9.9.9.9" in ended.err
