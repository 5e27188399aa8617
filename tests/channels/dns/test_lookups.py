"""The DNS is asked in bounds, and what does not answer is told as such."""

import pytest

from dispatch.channels.dns.lookups import Answer, DnsLookups
from dispatch.channels.dns.names import ascii_name
from dispatch.model.delivery.name_server import split_server
from little_dns import FAILS, SILENT, LittleDns

LONG = "v=DKIM1; p=" + "A" * 900
ZONE = {
    "atelier.fr": {"TXT": ["v=spf1 -all", "other"], "MX": ["10 MX.atelier.fr."], "A": ["9.9.9.9"]},
    "key.atelier.fr": {"TXT": [LONG]},
    "alias.atelier.fr": {"CNAME": ["key.atelier.fr"]},
    "lost.atelier.fr": {"CNAME": ["nowhere.atelier.fr"]},
    "odd.atelier.fr": {"TXT": ["v=spf1\x1b[2J -all"]},
    "null.atelier.fr": {"MX": ["0 ."]},
    "9.9.9.9.in-addr.arpa": {"PTR": ["mail.atelier.fr."]},
    "quiet.fr": SILENT,
    "ill.fr": FAILS,
}


@pytest.fixture(scope="module")
def server():
    with LittleDns(ZONE).running() as server:
        yield server


@pytest.fixture
def lookups(server):
    return DnsLookups(server.address)


def test_what_there_is_comes_as_text(lookups):
    assert lookups.ask("Atelier.fr", "TXT") == Answer(("other", "v=spf1 -all"))
    assert lookups.ask("atelier.fr.", "MX").records == ("mx.atelier.fr",)
    assert lookups.ask("odd.atelier.fr", "TXT").records == ("v=spf1[2J -all",)
    assert lookups.ask("null.atelier.fr", "MX").records == ("",)
    assert lookups.addresses("atelier.fr").records == ("9.9.9.9",)
    assert lookups.hosts("9.9.9.9").records == ("mail.atelier.fr",)


def test_long_records_come_in_pieces_by_tcp_and_by_another_name(lookups):
    assert lookups.ask("key.atelier.fr", "TXT").records == (LONG,)
    assert lookups.ask("alias.atelier.fr", "TXT") == Answer((LONG,), alias="key.atelier.fr")


def test_what_there_is_not_is_told_from_what_is_not_known(lookups):
    assert lookups.ask("nowhere.fr", "TXT") == Answer(exists=False)
    assert lookups.ask("key.atelier.fr", "MX") == Answer()
    assert lookups.ask("lost.atelier.fr", "TXT").records == ()
    assert lookups.ask("ill.fr", "TXT").problem == "its servers answer with an error"
    assert lookups.ask("a..fr", "TXT").problem
    assert lookups.ask("a" * 64 + ".fr", "TXT").problem


def test_nothing_is_asked_twice_and_nothing_when_the_time_is_over(server):
    moments = iter([5.0, 5.1, 60.0, 60.3])  # what passes between two questions is no waiting
    lookups = DnsLookups(server.address, seconds=0.3, timer=lambda: next(moments))
    before = len(server.asked)

    answers = [lookups.ask("quiet.fr", "TXT"), lookups.ask("quiet.fr", "TXT")]
    known = lookups.ask("key.atelier.fr", "MX")
    late = lookups.ask("atelier.fr", "TXT")

    assert known == Answer()
    assert answers == [Answer(problem="no answer in time")] * 2
    assert late.problem == "there was no time left to ask"
    assert set(server.asked[before:]) == {"quiet.fr TXT", "key.atelier.fr MX"}


@pytest.mark.parametrize("wrong", ["dns.fr", "9.9.9.9:many", "9.9.9.9:0", "9.9.9.9:70000", "::1:x"])
def test_a_server_is_named_by_its_address(wrong):
    with pytest.raises(ValueError, match=r"no port|IPv4"):
        split_server(wrong)


@pytest.mark.parametrize("wrong", ["", "a..fr", "-a.fr", "a b.fr", "a" * 64, "\u2024.fr"])
def test_what_is_no_domain_is_not_asked_for(wrong):
    with pytest.raises(ValueError, match="is no domain"):
        ascii_name(wrong)
