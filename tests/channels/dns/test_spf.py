"""SPF is read as receivers read it: what is included, what is too much, what is an error."""

import pytest

from dispatch.channels.dns.spf import Trouble, read_spf
from told_dns import ToldDns

OURS = "93.184.216.34"


def spf(record, zone=None, *more):
    own = {"TXT": (record, *more), "A": (OURS,), "MX": ("mx.atelier.fr",)}
    zone = {"atelier.fr": own, "mx.atelier.fr": {"A": (OURS,)}, **(zone or {})}
    return read_spf("atelier.fr", ToldDns(zone))


def includes(number, record="v=spf1 -all"):
    return {f"i{at}.net": {"TXT": (record,)} for at in range(number)}


def terms(number):
    return " ".join(f"include:i{at}.net" for at in range(number))


CHAIN = {f"c{at}.net": {"TXT": (f"v=spf1 include:c{at + 1}.net ~all",)} for at in range(30)}

LETS = [
    ("v=spf1 ip4:93.184.216.0/24 -all", {}, True),
    ("V=SPF1 IP4:93.184.216.34 -ALL", {}, True),
    ("v=spf1 a -all", {}, True),
    ("v=spf1 a/24 -all", {}, True),
    ("v=spf1 mx ~all", {}, True),
    ("v=spf1 a:mail.net/24//64 -all", {"mail.net": {"A": ("93.184.216.1",)}}, True),
    ("v=spf1 ip6:2606:2800::/32 -all", {}, False),
    ("v=spf1 include:i0.net -all", includes(1, f"v=spf1 ip4:{OURS} ~all"), True),
    ("v=spf1 include:i0.net -all", includes(1, "v=spf1 +all"), True),
    ("v=spf1 include:i0.net -all", includes(1, f"v=spf1 -ip4:{OURS} +all"), False),
    (f"v=spf1 -ip4:{OURS} a -all", {}, False),
    ("v=spf1 redirect=i0.net", includes(1, f"v=spf1 ip4:{OURS} -all"), True),
    ("v=spf1 -all redirect=nowhere.net", {}, False),  # beside all it says nothing
    ("v=spf1 exists:%{i}._spf.net -all", {}, None),
    ("v=spf1 ptr -all", {}, None),
    ("v=spf1 include:%{d}._spf.net -all", {}, None),
    ("v=spf1 exp=why.net note=ours a -all", {}, True),
    ("v=spf1", {}, False),
]


@pytest.mark.parametrize(("record", "zone", "lets"), LETS)
def test_a_server_passes_where_a_term_lets_it(record, zone, lets):
    found = spf(record, zone)

    assert found.trouble is None, found.detail
    assert found.lets(OURS) is lets


TROUBLES = [
    ("v=spf1 ip4:1.2.3.4/33 -all", {}, Trouble.BROKEN, "no IPv4 address"),
    ("v=spf1 ip4:2606::1 -all", {}, Trouble.BROKEN, "no IPv4 address"),
    ("v=spf1 ip6:1.2.3.4 -all", {}, Trouble.BROKEN, "no IPv6 address"),
    ("v=spf1 ip4 -all", {}, Trouble.BROKEN, "no IPv4 address"),
    ("v=spf1 ipv4:1.2.3.4 -all", {}, Trouble.BROKEN, "'ipv4:1.2.3.4' is nothing that SPF knows"),
    ("v=spf1 mail.atelier.fr -all", {}, Trouble.BROKEN, "is nothing that SPF knows"),
    ("v=spf1 include=i0.net -all", {}, Trouble.BROKEN, "include:i0.net"),
    ("v=spf1 include -all", {}, Trouble.BROKEN, "names no domain"),
    ("v=spf1 include: i0.net -all", {}, Trouble.BROKEN, "names no domain"),
    ("v=spf1 include:i0..net -all", {}, Trouble.BROKEN, "names no domain"),
    ("v=spf1 redirect:i0.net", {}, Trouble.BROKEN, "is nothing that SPF knows"),
    ("v=spf1 redirect=i0.net redirect=i1.net", includes(2), Trouble.BROKEN, "twice"),
    ("v=spf1 all:here", {}, Trouble.BROKEN, "all stands alone"),
    ("v=spf1 a/40 -all", {}, Trouble.BROKEN, "length"),
    ("v=spf1 exists:%{x}.net -all", {}, Trouble.BROKEN, "%"),
    ("v=spf1 a; -all", {}, Trouble.BROKEN, "a;"),
    ("v=spf1 include:nowhere.net -all", {}, Trouble.BROKEN, "without an SPF record"),
    ("v=spf1 redirect=nowhere.net", {}, Trouble.BROKEN, "without an SPF record"),
    (
        "v=spf1 include:two.net -all",
        {"two.net": {"TXT": ("v=spf1 a", "v=spf1 mx")}},
        Trouble.BROKEN,
        "several",
    ),
    ("v=spf1 mx -all", {"atelier.fr": {"TXT": ("v=spf1 mx -all",), "MX": ["m.fr"] * 11}},
     Trouble.BROKEN, "11 names"),
    ("v=spf1 include:quiet.net -all", {"quiet.net": "no answer in time"}, Trouble.UNANSWERED,
     "quiet.net: no answer in time"),
    (f"v=spf1 {terms(11)} -all", includes(11), Trouble.LOOKUPS, ""),
    ("v=spf1 include:c0.net -all", CHAIN, Trouble.LOOKUPS, ""),
    ("v=spf1 include:atelier.fr -all", {}, Trouble.BROKEN, "back to itself"),  # it includes itself
    ("v=spf1 a:x.net a:y.net a:z.net -all", {}, Trouble.VOIDS, "x.net, y.net, z.net"),
    ("v=spf10 a -all", {}, Trouble.ODD, "v=spf10"),
    ("google-site-verification=1", {}, Trouble.NONE, ""),
    ('"v=spf1 a -all"', {}, Trouble.ODD, "v=spf1"),
    (" v=spf1 a -all", {}, Trouble.ODD, "v=spf1"),
    ("v=spf1,a,-all", {}, Trouble.ODD, "v=spf1"),
    ("SPF v=spf1 a -all", {}, Trouble.ODD, "v=spf1"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "zone", "trouble", "detail"), TROUBLES)
def test_what_receivers_take_for_an_error_is_one(record, zone, trouble, detail):
    found = spf(record, zone)

    assert found.trouble is trouble
    assert detail in found.detail


def test_of_several_records_none_counts():
    assert spf("v=spf1 a -all", None, "v=spf1 mx -all").trouble is Trouble.SEVERAL


def test_ten_lookups_are_allowed_and_networks_cost_none():
    found = spf(f"v=spf1 ip4:1.2.3.4 {terms(8)} a mx ~all", includes(8))

    assert (found.trouble, found.lookups) == (None, 10)


def test_two_names_that_lead_nowhere_are_allowed():
    assert spf("v=spf1 a:x.net a:y.net a -all").trouble is None


@pytest.mark.parametrize(
    ("record", "sign", "somebody"),
    [
        ("v=spf1 -all", "-", False),
        ("v=spf1 ~all", "~", False),
        ("v=spf1", "", False),
        ("v=spf1 -a -mx -all", "-", False),
        ("v=spf1 +all", "+", True),
        ("v=spf1 all", "+", True),
        ("v=spf1 a ?all", "?", True),
        ("v=spf1 a", "", True),
        ("v=spf1 redirect=i0.net", "-", False),
        ("v=spf1 include:i0.net ~all", "~", False),
    ],
)
def test_what_it_says_of_everybody_else(record, sign, somebody):
    rules = spf(record, includes(1)).rules

    assert (rules.sign_of_all, rules.lets_somebody) == (sign, somebody)
