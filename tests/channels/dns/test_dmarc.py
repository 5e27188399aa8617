"""A DMARC record is found where receivers find it, by the walk of RFC 9989."""

import pytest

from dispatch.channels.dns.dmarc import DmarcTrouble, organisation_of, read_dmarc
from told_dns import ToldDns

OPEN, SHUT = "v=DMARC1; p=none", "v=DMARC1; p=reject"


def dns(records):
    return ToldDns(
        {
            name: {"TXT": one if isinstance(one, tuple) else (one,)}
            if one != "?"
            else "no answer in time"
            for name, one in records.items()
        }
    )


FOUND = [
    ("atelier.fr", {"_dmarc.atelier.fr": SHUT}, "atelier.fr", "reject", "atelier.fr"),
    ("news.atelier.fr", {"_dmarc.atelier.fr": SHUT}, "atelier.fr", "reject", "atelier.fr"),
    ("news.atelier.fr", {"_dmarc.atelier.fr": f"{SHUT}; sp=none"}, "atelier.fr", "none",
     "atelier.fr"),
    ("news.atelier.fr", {"_dmarc.news.atelier.fr": OPEN, "_dmarc.atelier.fr": SHUT},
     "news.atelier.fr", "none", "atelier.fr"),
    ("news.atelier.fr", {"_dmarc.news.atelier.fr": f"{OPEN}; psd=n", "_dmarc.atelier.fr": SHUT},
     "news.atelier.fr", "none", "news.atelier.fr"),
    ("a.b.co.uk", {"_dmarc.b.co.uk": SHUT, "_dmarc.co.uk": "v=DMARC1; p=reject; psd=y"},
     "b.co.uk", "reject", "b.co.uk"),
    ("mairie.gov", {"_dmarc.mairie.gov": OPEN, "_dmarc.gov": "v=DMARC1; p=reject; psd=y"},
     "mairie.gov", "none", "mairie.gov"),
    ("a.b.c.d.e.f.g.h.i.fr", {"_dmarc.d.e.f.g.h.i.fr": SHUT}, "d.e.f.g.h.i.fr", "reject",
     "d.e.f.g.h.i.fr"),
    ("atelier.fr", {"_dmarc.atelier.fr": "v = DMARC1 ;p=Quarantine ; pct=20"}, "atelier.fr",
     "quarantine", "atelier.fr"),
    ("atelier.fr", {"_dmarc.atelier.fr": "v=DMARC1; p=quarantine; t=y"}, "atelier.fr", "none",
     "atelier.fr"),
    ("atelier.fr", {"_dmarc.atelier.fr": ("other=1", SHUT)}, "atelier.fr", "reject", "atelier.fr"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "records", "place", "policy", "organisation"), FOUND)
def test_it_is_found_at_the_domain_or_above(domain, records, place, policy, organisation):
    found = read_dmarc(domain, dns(records))

    assert found.trouble is None, found.detail
    assert (found.place, found.policy, found.organisation) == (place, policy, organisation)


TROUBLES = [
    ({}, DmarcTrouble.MISSING, ""),
    ({"atelier.fr": SHUT}, DmarcTrouble.MISPLACED, ""),
    ({"_dmarc.atelier.fr": (OPEN, SHUT)}, DmarcTrouble.SEVERAL, "2"),
    ({"_dmarc.atelier.fr": "?"}, DmarcTrouble.UNANSWERED, "no answer in time"),
    ({"_dmarc.atelier.fr": "v=DMARC1"}, DmarcTrouble.BROKEN, "p= is missing"),
    ({"_dmarc.atelier.fr": "v=DMARC1; rua=mailto:a@atelier.fr"}, DmarcTrouble.BROKEN, "p="),
    ({"_dmarc.atelier.fr": "v=DMARC1; p=nothing"}, DmarcTrouble.BROKEN, "p=nothing"),
    ({"_dmarc.atelier.fr": "v=DMARC1; p=none; sp=refuse"}, DmarcTrouble.BROKEN, "sp=refuse"),
    ({"_dmarc.atelier.fr": "v=DMARC1; p none"}, DmarcTrouble.BROKEN, "p none"),
    ({"_dmarc.atelier.fr": "v=DMARC1 p=none"}, DmarcTrouble.BROKEN, "v=DMARC1;"),
    ({"_dmarc.atelier.fr": "v=dmarc1; p=none"}, DmarcTrouble.BROKEN, "v=DMARC1;"),
    ({"_dmarc.atelier.fr": "p=none; v=DMARC1"}, DmarcTrouble.BROKEN, "v=DMARC1;"),
    ({"_dmarc.atelier.fr": "v=DMARC1; p=none; p=reject"}, DmarcTrouble.BROKEN, "twice"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "trouble", "detail"), TROUBLES)
@pytest.mark.parametrize("domain", ["atelier.fr", "news.atelier.fr"])
def test_what_is_wrong_with_it_is_told(domain, records, trouble, detail):
    if trouble is DmarcTrouble.MISPLACED and domain != "atelier.fr":
        records = {domain: SHUT}

    found = read_dmarc(domain, dns(records))

    assert found.trouble is trouble
    assert detail in found.detail


def test_above_all_that_has_a_record_there_is_no_organisation():
    assert organisation_of("news.atelier.fr", dns({})) == "news.atelier.fr"
    assert organisation_of("fr", dns({"_dmarc.fr": f"{SHUT}; psd=y"})) == "fr"
