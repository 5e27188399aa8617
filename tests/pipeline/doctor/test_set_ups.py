"""Set-ups right and wrong, looked up at a name server, each with the sentence that helps."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch.channels.dns.lookups import DnsLookups
from dispatch.channels.provider import Account, Quota
from dispatch.model.campaigns.pace import Pace
from dispatch.model.editions.finding import Kind
from dispatch.pipeline.delivery.check_channel import Tried
from dispatch.pipeline.doctor.examine import examine
from dispatch.store.delivery.channels import Stop
from dispatch.store.events.hooks import HookCounts
from dispatch.store.events.later import Reputation
from dispatch.web.team.checks import doctors_sentences
from dispatch.web.team.times import Times
from dispatch.words.catalogues import team_words_in
from doctor_stage import ADDRESS, DKIM, DOMAIN, KEY, NOW, OTHER, SELECTOR, SERVER, WEAK, WELL, case
from little_dns import FAILS, SILENT, LittleDns

GONE = "there is no such name"
DMARC = f"_dmarc.{DOMAIN}"
SUB = f"news.{DOMAIN}"


@pytest.fixture(scope="module")
def server():
    with LittleDns(WELL).running() as server:
        yield server


def found(server, zone, **others):
    """Name to finding, and name to its sentences."""
    server.zone = {name: one for name, one in {**WELL, **zone}.items() if one != GONE}
    lookups = DnsLookups(server.address, seconds=others.pop("seconds", 20))
    findings = list(examine(case(lookups, **others)))
    words = team_words_in()
    said = doctors_sentences(findings, words, Times(words, ZoneInfo("UTC"), NOW))
    return {one.name: one for one in findings}, {one.name: f"{one.text} - {one.do}" for one in said}


def txt(*records):
    return {"TXT": list(records)}


def own(*records, **others):
    said = txt(*records) if records else {}
    return {DOMAIN: {**said, "MX": [f"10 {SERVER}."], "A": [ADDRESS], **others}}


MAIL = f"v=spf1 ip4:{ADDRESS} ~all"
BOTH = {"A": [ADDRESS], "AAAA": ["2606:2800:220:1::1"]}
TWICE = f"_dmarc.{DOMAIN}.{DOMAIN}"
ED = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

STOP, LOOK, FINE = Kind.STOP, Kind.LOOK, Kind.FINE
MANY = " ".join(f"include:i{at}.fr" for at in range(11))
INCLUDED = {f"i{at}.fr": txt("v=spf1 -all") for at in range(11)}

DNS: list[tuple[dict[str, Any], Kind, str, str]] = [
    # SPF
    ({}, FINE, "spf_server_fine", "lets mail.atelier.fr send (0 of 10 lookups)"),
    (own(), STOP, "spf_missing", f"such as v=spf1 ip4:{ADDRESS} ~all"),
    (own("v=spf1 a -all", "v=spf1 mx -all"), STOP, "spf_several", "into one record"),
    (own("v=spf1 ip4:1.2.3 -all"), STOP, "spf_broken", "'ip4:1.2.3' is no IPv4"),
    (own(f"v=spf1 {'x' * 5000} -all"), STOP, "spf_broken", "…"),
    (own("v=spf1 include:nowhere.fr -all"), STOP, "spf_broken", "without an SPF record"),
    (own('"v=spf1 a -all"'), STOP, "spf_odd", "without quotes inside"),
    ({**own(f"v=spf1 {MANY} -all"), **INCLUDED}, STOP, "spf_lookups", "11 times; 10 are allowed"),
    (own("v=spf1 a:x.fr a:y.fr a:z.fr -all"), STOP, "spf_voids", "x.fr, y.fr, z.fr"),
    (own("v=spf1 -all"), STOP, "spf_nobody", "Put the server of this channel"),
    (own("v=spf1 +all"), LOOK, "spf_anybody", "end it with ~all"),
    (own("v=spf1 mx ?all"), LOOK, "spf_open", "End it with ~all"),
    (own("v=spf1 ip4:1.2.3.4 -all"), LOOK, "spf_elsewhere", f"mail.atelier.fr ({ADDRESS})"),
    ({**own("v=spf1 redirect=i0.fr"), "i0.fr": txt("v=spf1 a:mail.atelier.fr -all")}, FINE,
     "spf_server_fine", "(2 of 10 lookups)"),
    ({SERVER: {"A": ["10.0.0.1"]}}, LOOK, "spf_unknown", "spf=pass"),
    (own("v=spf1 ptr -all"), LOOK, "spf_depends", "the record has ptr, exists or a macro"),
    (own("v=spf1 exists:%{i}.x.%{d} -all"), LOOK, "spf_depends", "spf=pass"),
    ({**own("v=spf1 include:l.fr -all"), "l.fr": txt(f"v=spf1 redirect={DOMAIN}")}, STOP,
     "spf_broken", "leads back to itself"),
    (own(f"v=spf1 ip4:{ADDRESS}\u00a0-all"), STOP, "spf_broken", "beyond ASCII: type it anew"),
    (own("v=spf1 mx –all"), STOP, "spf_broken", "beyond ASCII"),
    (own("v=spf1 ip4:93.184.216.0/255.255.255.0 -all"), STOP, "spf_broken", "no IPv4 address or"),
    (own(f"v=spf1 a:{ADDRESS} -all"), STOP, "spf_broken", f"is written ip4:{ADDRESS}"),
    (own("v=spf1; mx -all"), STOP, "spf_odd", "v=spf1 and a space"),
    (own("v=spf1 -all mx"), STOP, "spf_nobody", "v=spf1 -all mx"),
    (own("v=spf1 ip4:0.0.0.0/0 -all"), LOOK, "spf_anybody", "0.0.0.0/0"),
    ({**own("v=spf1 include:i0.fr -all"), "i0.fr": txt("v=spf1 +all")}, LOOK, "spf_anybody", ""),
    ({SERVER: BOTH}, LOOK, "spf_elsewhere", "name mail.atelier.fr (2606:2800:220:1::1) "),
    # DKIM
    ({}, FINE, "dkim_fine", SELECTOR),
    ({SELECTOR: GONE}, STOP, "dkim_missing", f"v=DKIM1; k=rsa; p={KEY}"),
    ({SELECTOR: txt("v=spf1 -all exp=why.fr")}, STOP, "dkim_missing", "TXT record"),  # a wildcard
    ({SELECTOR: txt(f"v=DKIM1; p={OTHER}")}, STOP, "dkim_other", f"p={KEY}"),
    ({SELECTOR: txt("v=DKIM1; p=")}, STOP, "dkim_revoked", "new selector"),
    ({SELECTOR: txt(DKIM, f"v=DKIM1; p={OTHER}")}, STOP, "dkim_several", "has 2 keys"),
    ({SELECTOR: txt(f"v=DKIM1; p={KEY[:-7]}")}, STOP, "dkim_broken", "cut off"),
    ({SELECTOR: txt(DKIM + "; t=y")}, LOOK, "dkim_test", "t=y"),
    ({SELECTOR: {"CNAME": ["news.keys.fr"]}, "news.keys.fr": txt(DKIM)}, FINE, "dkim_fine", ""),
    ({SELECTOR: {"CNAME": ["news.keys.fr"]}, "news.keys.fr": {"A": ["9.9.9.9"]}}, STOP,
     "dkim_alias", "leads to news.keys.fr"),
    ({SELECTOR: {"CNAME": ["no.keys.fr"]}}, STOP, "dkim_alias", "leads to no.keys.fr"),
    ({SELECTOR: GONE, f"{SELECTOR}.{DOMAIN}": txt(DKIM)}, STOP, "dkim_doubled",
     "Write news._domainkey as the name"),
    ({SELECTOR: txt(f"v=dkim1; p={KEY}")}, STOP, "dkim_broken", "v=dkim1 is not v=DKIM1"),
    ({SELECTOR: txt(f"v=DKIM1 k=rsa p={KEY}")}, STOP, "dkim_broken", "v=DKIM1 k=rsa is not"),
    # DMARC
    ({}, FINE, "dmarc_fine", "asks for reject"),
    ({DMARC: GONE}, STOP, "dmarc_missing", "_dmarc.atelier.fr that says: v=DMARC1; p=none"),
    ({DMARC: txt("v=DMARC1; p=none")}, LOOK, "dmarc_open", "set p=quarantine"),
    ({DMARC: txt("v=DMARC1; p=none", "v=DMARC1; p=reject")}, STOP, "dmarc_several", "has 2"),
    ({DMARC: txt("v=DMARC1; p=nothing")}, STOP, "dmarc_broken", "p=nothing"),
    ({DMARC: GONE, **own("v=spf1 mx ~all", "v=DMARC1; p=none")}, STOP, "dmarc_misplaced",
     "Move it to _dmarc.atelier.fr"),
    ({DMARC: txt("v=DMARC1;\u00a0p=none")}, STOP, "dmarc_broken", "no name of a tag"),
    ({DMARC: GONE, TWICE: txt("v=DMARC1; p=none")}, STOP, "dmarc_doubled", "Write _dmarc as"),
    ({}, FINE, "aligned", "agrees with the sender atelier.fr"),
    # the domain, the server, the links
    ({}, FINE, "mail_fine", "takes answers"),
    ({DOMAIN: {"TXT": ["v=spf1 ~all"], "MX": ["0 ."]}}, STOP, "mail_refused", "null MX"),
    ({DOMAIN: {"TXT": ["v=spf1 ~all"]}}, STOP, "mail_none", "neither MX nor address"),
    ({DOMAIN: {"TXT": ["v=spf1 ~all"], "A": [ADDRESS]}}, LOOK, "mail_implied", "has no MX"),
    (own("v=spf1 a ~all", MX=["10 nowhere.fr."]), LOOK, "mail_odd", "names nowhere.fr"),
    (own(MAIL, MX=[f"10 {ADDRESS}."]), LOOK, "mail_number", "where a name has to stand"),
    ({**own(MAIL, MX=["10 m.fr."]), "m.fr": {"A": ["10.0.0.1"]}}, LOOK, "mail_odd", "names m.fr"),
    ({}, FINE, "reverse_fine", "leads back to it: mail.atelier.fr"),
    ({"34.216.184.93.in-addr.arpa": GONE}, LOOK, "reverse", "PTR"),
    ({"34.216.184.93.in-addr.arpa": {"PTR": ["other.fr."]}}, LOOK, "reverse", "PTR"),
    ({}, FINE, "one_click_fine", "by https at letter.atelier.fr"),
    ({"letter.atelier.fr": GONE}, STOP, "address_gone", "A or AAAA record"),
    ({"letter.atelier.fr": {"A": ["192.168.1.4"]}}, STOP, "address_private", "own network"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "kind", "name", "says"), DNS)
def test_what_the_dns_says_is_found_with_what_to_do(server, zone, kind, name, says):
    findings, said = found(server, zone)

    assert findings[name].kind is kind, said
    assert says in said[name]
    assert "unanswered" not in findings


def test_where_all_is_well_nothing_is_to_be_done_but_to_hear_of_bounces(server):
    findings, _ = found(server, {})

    assert {name for name, one in findings.items() if one.kind is not FINE} == {"mailbox_missing"}


def test_a_domain_that_is_not_there_is_asked_nothing_more(server):
    findings, said = found(server, {}, sender="letter@nowhere.fr", signed="")

    assert findings["domain_gone"].kind is STOP
    assert "knows no domain nowhere.fr" in said["domain_gone"]
    assert not [name for name in findings if name.startswith(("spf", "dkim", "dmarc"))]


@pytest.mark.parametrize("said_of_all", [GONE, {"A": ["10.0.0.1"]}])
def test_a_name_server_that_knows_no_internet_is_not_believed(server, said_of_all):
    zone = dict.fromkeys((*WELL, "."), said_of_all)

    findings, said = found(server, zone)

    assert "DISPATCH_DNS_SERVER" in said["no_internet"]
    assert not [name for name, one in findings.items() if one.kind is STOP]


def test_what_is_included_and_does_not_answer_is_named(server):
    zone = {**own("v=spf1 include:ill.fr -all"), "ill.fr": FAILS}

    findings, said = found(server, zone)

    assert "ill.fr could not be looked up: its servers answer with an error" in said["unanswered"]
    assert not [name for name in findings if name.startswith("spf")]


@pytest.mark.parametrize("trouble", [SILENT, FAILS])
def test_what_does_not_answer_is_to_be_looked_at_and_never_fine(server, trouble):
    zone = dict.fromkeys((DOMAIN, DMARC, SELECTOR, SERVER, f"letter.{DOMAIN}"), trouble)

    findings, said = found(server, zone, seconds=1.0)

    assert findings["unanswered"].kind is LOOK
    assert "could not be looked up" in said["unanswered"]
    assert not [name for name, one in findings.items() if one.kind is STOP]
    fine = {name for name, one in findings.items() if one.kind is FINE}
    assert fine <= {"account_fine", "tracking_fine"}


BELOW = {SUB: {"TXT": ["v=spf1 ip4:93.184.216.34 ~all"], "MX": ["10 mail.atelier.fr."]}}
INTERNATIONAL = {
    "xn--bcher-kva.fr": {"TXT": ["v=spf1 ip4:93.184.216.34 ~all"], "MX": ["10 mail.atelier.fr."]},
    "_dmarc.xn--bcher-kva.fr": txt("v=DMARC1; p=none"),
    "news._domainkey.xn--bcher-kva.fr": txt(DKIM),
}
OTHERS = {"news._domainkey.other.fr": txt(DKIM), "_dmarc.other.fr": txt("v=DMARC1; p=none")}

SENDERS: list[tuple[dict[str, Any], dict[str, Any], Kind, str, str]] = [
    (BELOW, {"sender": f"a@{SUB}"}, FINE, "aligned", "for atelier.fr agrees with the sender news."),
    (BELOW, {"sender": f"a@{SUB}"}, FINE, "dmarc_fine", "DMARC of atelier.fr asks for reject"),
    ({**BELOW, DMARC: txt("v=DMARC1; p=reject; adkim=s; aspf=s"), SUB: {"A": [ADDRESS]}},
     {"sender": f"a@{SUB}"}, STOP, "aligned_strict", "adkim=s"),
    ({**BELOW, DMARC: GONE, f"_dmarc.{SUB}": txt("v=DMARC1; p=reject"), SUB: {"A": [ADDRESS]}},
     {"sender": f"a@{SUB}"}, LOOK, "aligned_between", "above both"),
    ({**OTHERS, **own()}, {"signed": "other.fr"}, STOP, "aligned_no", "Set dkim.domain"),
    (OTHERS, {"signed": "other.fr"}, LOOK, "aligned_not_signed", "only SPF does"),
    (INTERNATIONAL, {"sender": "a@bücher.fr", "signed": "Bücher.fr"}, FINE, "dkim_fine",
     "news._domainkey.xn--bcher-kva.fr"),
    (INTERNATIONAL, {"sender": "a@bücher.fr", "signed": "Bücher.fr"}, FINE, "aligned", "xn--"),
    ({"b.fr": {"TXT": ["v=spf1 mx -all"], "MX": ["10 mail.atelier.fr."]}},
     {"mailbox": "b@b.fr"}, FINE, "spf_server_fine", "SPF of b.fr lets mail.atelier.fr"),
    ({}, {"mailbox": "b@b.fr"}, STOP, "domain_gone", "no domain b.fr"),
    ({"b.fr": {"TXT": ["v=spf1 mx -all"], "MX": ["10 mail.atelier.fr."]}},
     {"mailbox": "b@b.fr", "signed": ""}, LOOK, "aligned_unknown", "dmarc=pass"),
    ({"b.atelier.fr": {"TXT": ["v=spf1 mx -all"], "MX": ["10 mail.atelier.fr."]}},
     {"mailbox": "b@b.atelier.fr", "signed": ""}, FINE, "aligned_spf", "SPF of b.atelier.fr"),
    ({}, {"signed": ""}, LOOK, "dkim_server", "dkim=pass for atelier.fr"),
    ({}, {"signed": ""}, FINE, "aligned_spf", "SPF of atelier.fr agrees"),
    ({}, {"sender": "atelier@gmail.com"}, STOP, "sender_free", "a domain of your own"),
    ({}, {"sender": "a@yahoo.com.ar"}, STOP, "sender_free", "anybody can use"),
    ({}, {"sender": "a@hotmail.nl"}, STOP, "sender_free", "anybody can use"),
    ({SELECTOR: txt(f"v=DKIM1; k=ed25519; p={ED}")}, {"public": ED}, LOOK, "dkim_ed25519",
     "an RSA key"),
    ({}, {"sender": "a@gmail.com", "options": {"host": "smtp.gmail.com"}}, LOOK, "sender_free", ""),
    ({}, {"sender": "a@atelier.example"}, STOP, "sender_example", "belongs to nobody"),
    ({}, {"public_url": "http://news.example.org"}, STOP, "address_example", "the https address"),
    ({}, {"sender": ""}, STOP, "sender_none", "schedules.yaml"),
    ({}, {"options": {"host": SERVER, "security": "none"}}, LOOK, "clear", "starttls"),
    ({}, {"public_url": f"http://letter.{DOMAIN}"}, STOP, "one_click_clear", "with https"),
    ({}, {"public_url": "http://127.0.0.1:8025"}, STOP, "address_private", "this machine"),
    ({}, {"public_url": "https://localhost"}, STOP, "address_private", "this machine"),
    ({}, {"public_url": "http://l.fr"}, STOP, "address_gone", "has no address for l.fr"),
    ({}, {"public_url": "http://l.fr"}, STOP, "one_click_clear", "with https"),
    ({}, {"public_url": ""}, STOP, "address_none", "public_url"),
]  # fmt: skip


@pytest.mark.parametrize("given", SENDERS, ids=lambda one: one[3])
def test_senders_keys_and_addresses_agree_or_it_is_said(server, given):
    zone, others, kind, name, says = given
    findings, said = found(server, zone, **others)

    assert name in findings, said
    assert findings[name].kind is kind
    assert says in said[name]


SERVICES: list[tuple[str, dict[str, Any], dict[str, Any], Kind, str, str]] = [
    ("ses", {}, {}, LOOK, "spf_service", "custom MAIL FROM"),
    ("smtp", own(), {"host": "email-smtp.eu-west-3.amazonaws.com"}, LOOK, "spf_service",
     "at email-smtp.eu-west-3.amazonaws.com; SPF is"),
    ("smtp", {}, {"host": "smtp-relay.brevo.com"}, LOOK, "hook_none", "smtp-relay.brevo.com does"),
    ("smtp", {"smtp.sendgrid.net": {"A": ["167.89.123.82"]}}, {"host": "SMTP.sendgrid.net"}, FINE,
     "aligned", "signature for atelier.fr"),
    ("ses", {}, {}, LOOK, "dkim_service", "verified with DKIM"),
    ("ses", {}, {}, LOOK, "aligned_service", "dmarc=pass"),
    ("mailgun", {"mg.atelier.fr": txt("v=spf1 include:mailgun.org ~all"),
                 "mailgun.org": txt("v=spf1 ip4:1.2.3.4 -all")},
     {"domain": "mg.atelier.fr"}, FINE, "aligned_spf", "SPF of mg.atelier.fr"),
    ("mailgun", {}, {"domain": "mg.atelier.fr"}, LOOK, "spf_service_place", "mg.atelier.fr"),
    ("resend", {"send.atelier.fr": txt("v=spf1 a:mail.atelier.fr ~all")}, {}, FINE, "spf_fine",
     "send.atelier.fr"),
    ("resend", {"resend._domainkey.atelier.fr": txt(f"p={KEY}")}, {}, FINE, "dkim_service_fine",
     "2,048 bits"),
    ("brevo", {"brevo2._domainkey.atelier.fr": {"CNAME": ["b2.brevo.net"]},
               "b2.brevo.net": txt(f"k=rsa;p={WEAK}")}, {}, LOOK, "dkim_weak", "2,048"),
    ("sendgrid", {}, {}, LOOK, "dkim_service_none", "s1._domainkey.atelier.fr, s2."),
    ("sendgrid", {"s1._domainkey.atelier.fr": txt("p=")}, {}, LOOK, "dkim_service_wrong",
     "revoked"),
    ("mailjet", {}, {}, LOOK, "spf_include", "include spf.mailjet.com, which Mailjet asks for"),
    ("scaleway", {**own("v=spf1 include:_spf.tem.scaleway.com -all"),
                  "_spf.tem.scaleway.com": txt("v=spf1 ip4:1.2.3.4 -all")}, {}, FINE,
     "spf_include_fine", "includes _spf.tem"),
    ("scaleway", own("v=spf1 a", "v=spf1 mx"), {}, STOP, "spf_several", "one record"),
]  # fmt: skip


@pytest.mark.parametrize("given", SERVICES, ids=lambda one: f"{one[0]} {one[4]}")
def test_of_a_service_is_said_what_is_known_and_where_to_look(server, given):
    provider, zone, options, kind, name, says = given
    findings, said = found(server, zone, provider=provider, options=options)

    assert name in findings, said
    assert findings[name].kind is kind
    assert says in said[name]


def account(*args, **others):
    return {"tried": Tried(Account("we", Quota(*args), **others))}


HOURS_AGO = NOW - timedelta(hours=3)
HOOK = {"provider": "postmark", "options": {"webhook_secret": "env:HOOK"}}

KNOWN: list[tuple[dict[str, Any], Kind, str, str]] = [
    ({"tried": Tried(problem="535 wrong password - correct it")}, STOP, "account", "535 wrong"),
    (account(50_000, 50_000, "24 hours"), FINE, "quota_fine", "50,000 left"),
    (account(100, 50_000, "24 hours"), LOOK, "quota_now", "for 12,000 readers"),
    (account(None, 200, "24 hours"), STOP, "quota", "at most 200 per 24 hours"),
    (account(300), STOP, "quota", "larger plan"),
    (account(50_000, notes=("is in the sandbox",)), LOOK, "note", "is in the sandbox"),
    ({"stop": Stop("mail", None, "535 wrong password", 1)}, STOP, "stopped", "let it go on"),
    ({"stop": Stop("mail", NOW, "slow down", 1)}, LOOK, "stopped", "slow down"),
    ({"pace": Pace(per_day=500)}, LOOK, "pace", "500 mails go in a day, for 12,000"),
    ({"budget": 500, "posts": 20}, FINE, "budget_fine", "480 are left"),
    ({"budget": 500, "posts": 500}, LOOK, "budget", "used up: 500 posts"),
    ({}, LOOK, "mailbox_missing", "bounces: into schedules.yaml"),
    ({"mailbox": f"b@{DOMAIN}", "mailbox_problem": "no such folder"}, LOOK,
     "mailbox_closed", "no such"),
    ({"mailbox": f"b@{DOMAIN}"}, LOOK, "mailbox_unread", "dispatch up"),
    ({"mailbox": f"b@{DOMAIN}", "mailbox_read": HOURS_AGO}, FINE, "mailbox_fine", "04:00"),
    ({"provider": "postmark"}, LOOK, "hook_missing", "https://letter.atelier.fr/hooks/mail"),
    ({"provider": "postmark", "hook": None}, LOOK, "hook_none", "suppress"),
    (HOOK, LOOK, "hook_silent", "ever come to https://letter.atelier.fr/hooks/mail"),
    (HOOK | {"heard": HookCounts("mail", HOURS_AGO, 5)}, FINE, "hook_fine", "04:00"),
    (HOOK | {"heard": HookCounts("mail", None, 0, 0, 3, HOURS_AGO, "wrong signature")}, LOOK,
     "hook_turned_away", "(3): wrong signature"),
    ({"provider": "ses", "facts": {"tracking": "account"}}, LOOK, "tracking", "tracking domain"),
    ({"reputation": Reputation(20_000, 61, 10, True)}, STOP, "complaints_never", "0.3 %"),
    ({"reputation": Reputation(20_000, 30, 10, True)}, LOOK, "complaints", "30 of 20,000"),
    ({"reputation": Reputation(20_000, 4, 10, True)}, FINE, "complaints_fine", "0.02 %"),
    ({"reputation": Reputation(20_000, 4, 1_100, True)}, LOOK, "bounced", "5.5 %"),
    ({"channel": None, "tried": Tried(problem="no key")}, LOOK, "dkim_unread", "Mend what keeps"),
    ({"provider": "ses", "sender": "a@letter.atelier.fr"}, LOOK, "mail_implied", "no MX"),
    ({"provider": "ses", "sender": f"a@{SELECTOR}"}, LOOK, "mail_none", "neither MX"),
    ({"provider": "mastodon"}, FINE, "account_fine", "lets us in"),
    ({"provider": "outbox"}, FINE, "stays_here", "nothing leaves"),
]  # fmt: skip


@pytest.mark.parametrize(("others", "kind", "name", "says"), KNOWN)
def test_what_is_known_here_counts_too(server, others, kind, name, says):
    findings, said = found(server, {}, **others)

    assert name in findings, said
    assert findings[name].kind is kind
    assert says in said[name]


def test_a_few_complaints_among_few_mails_say_nothing(server):
    findings, _ = found(server, {}, reputation=Reputation(300, 2, 1, True))

    assert not [name for name in findings if name.startswith("complaints")]
