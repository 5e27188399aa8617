"""Whoever another product does not mail is not mailed by us, whatever its file looks like."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dispatch.config.files.problems import Severity
from dispatch.config.people.standing import Kind, standing_of
from dispatch.config.people.subscribers import SubscriberFile, read_subscribers
from dispatch.config.values.columns import Rules

GIVEN = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "field"
given = pytest.mark.skipif(
    not GIVEN.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)
Read = Callable[..., SubscriberFile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    path = tmp_path / "subscribers" / "readers.csv"
    path.parent.mkdir()

    def read(content: str, rules: Rules | None = None) -> SubscriberFile:
        path.write_text(content, encoding="utf-8")
        return read_subscribers(path, rules={"readers": rules or {}})

    return read


def emails(file: SubscriberFile) -> list[str]:
    return [row.email[0] for row in file.rows]


def said(file: SubscriberFile) -> str:
    return "\n".join(str(problem) for problem in file.problems)


@given
def test_the_file_that_was_reported_brings_in_the_one_who_may_be_mailed(read):
    file = read((GIVEN / "status-column-ignored.csv").read_text())

    assert [row.email for row in file.rows] == ["a@mail.example"]
    assert file.rows[0].fields == {}
    assert said(file) == (
        "subscribers/readers.csv: status: 3 rows are marked pending, ended or suppressed and were"
        " left out: line 3 ('blocklisted'), line 4 ('unsubscribed'), line 5 ('bounced')"
    )


EXPORTS = {
    "mailchimp": (
        "Email Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,UNSUB_TIME,UNSUB_REASON,ID\n"
        "a@x.example,2,2018-02-12 17:59:31,,2018-02-12 17:59:31,,,1\n"
        "b@x.example,2,2018-02-12 17:59:31,,,2019-01-01 10:00:00,NORMAL,2\n"
    ),
    "mailchimp, cleaned": (
        "Email Address,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE\nb@x.example,2019-01-01 10:00:00,May\n"
        "a@x.example,,\n"
    ),
    "mailchimp, by words": (
        "Email,Email Marketing Status\na@x.example,Subscribed\nb@x.example,Unsubscribed\n"
        "b@x.example,Cleaned\nb@x.example,Non-Subscribed\nb@x.example,Archived\n"
    ),
    "brevo": (
        "CONTACT ID,EMAIL,EMAIL_BLACKLISTED,SMS_BLACKLISTED\n1,a@x.example,No,Yes\n"
        "2,b@x.example,Yes,No\n"
    ),
    "mailjet": (
        "email,isExcludedFromCampaigns,IsOptInPending,IsUnsubscribed\na@x.example,false,false,false\n"
        "b@x.example,true,false,false\nb@x.example,false,true,false\nb@x.example,false,false,true\n"
    ),
    "listmonk": (
        "uuid,email,name,attributes,status,created_at\n1,a@x.example,A,{},enabled,2020-01-01\n"
        "2,b@x.example,B,{},disabled,2020-01-01\n3,b@x.example,B,{},blocklisted,2020-01-01\n"
    ),
    "keila": (
        "Email,First name,Last name,Data,External ID,Status\na@x.example,A,,{},,active\n"
        "b@x.example,B,,{},,unsubscribed\nb@x.example,B,,{},,unreachable\n"
    ),
    "ghost": (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,deleted_at,labels\n"
        "1,a@x.example,A,,true,,2020-01-01,,\n2,b@x.example,B,,false,,2020-01-01,,\n"
        "3,b@x.example,B,,true,,2020-01-01,2021-01-01,\n4,b@x.example,B,,,,2020-01-01,,\n"
    ),
    "mautic": (
        "email,points,doNotContact\na@x.example,5,\nb@x.example,5,1\nb@x.example,7,yes\n"
    ),
    "sendy": (
        "Name,Email,Status\nA,a@x.example,Active\nB,b@x.example,Unsubscribed\n"
        "B,b@x.example,Marked as spam\nB,b@x.example,Bounced\nB,b@x.example,Soft bounced\n"
        "B,b@x.example,Unconfirmed\n"
    ),
    "hubspot": (
        "Record ID,Email,Unsubscribed from all email,Email hard bounce reason,Lead Status\n"
        "1,a@x.example,,,NEW\n2,b@x.example,true,,NEW\n3,b@x.example,,OTHER,OPEN\n"
    ),
    "activecampaign": (
        "Email,Status,IP\na@x.example,Active,1.2.3.4\nb@x.example,Unsubscribed,\n"
        "b@x.example,Bounced,\n"
    ),
    "substack": (
        "email,active_subscription,expiry,email_disabled,digest_enabled,created_at\n"
        "a@x.example,false,,false,false,2020-01-01\nb@x.example,true,,true,true,2020-01-01\n"
    ),
    "a shop": (
        "Email,Accepts Email Marketing,Accepts SMS Marketing\na@x.example,yes,no\n"
        "b@x.example,no,yes\n"
    ),
    "by dates": (
        "email,subscribed_at,unsubscribed_at,bounced_at\na@x.example,2020-01-01,,\n"
        "b@x.example,2020-01-01,2021-01-01,\nb@x.example,2020-01-01,,01.02.2021\n"
    ),
    "a null date": (
        "email,unsubscribed_at\na@x.example,0000-00-00 00:00:00\nb@x.example,2020-01-01\n"
    ),
    "french": (
        "Courriel;Nom;Statut\na@x.example;A;Abonné\nb@x.example;B;Désabonnée\nb@x.example;B;Bloqué\n"
        "b@x.example;B;En attente\n"
    ),
    "french, by yes and no": (
        "Adresse e-mail;Désinscrit;Ne pas contacter\na@x.example;non;non\nb@x.example;oui;non\n"
        "b@x.example;non;oui\n"
    ),
    "german": (
        "E-Mail-Adresse;Zustand\na@x.example;aktiv\nb@x.example;abgemeldet\nb@x.example;gesperrt\n"
        "b@x.example;unzustellbar\nb@x.example;unbestätigt\n"
    ),
    "german, by yes and no": (
        "E-Mail;Gekündigt;Werbesperre\na@x.example;nein;nein\nb@x.example;ja;nein\n"
        "b@x.example;nein;ja\n"
    ),
    "spanish": (
        "Correo electrónico;Estado\na@x.example;Suscrito\nb@x.example;Dado de baja\n"
        "b@x.example;Rebotado\nb@x.example;Cancelado\nb@x.example;Pendiente\n"
    ),
    "spanish, by yes and no": (
        "Correo;Dado de baja\na@x.example;no\nb@x.example;sí\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("product", EXPORTS)
def test_of_an_export_those_come_in_who_may_be_mailed(read, product):
    file = read(EXPORTS[product])

    assert emails(file) == ["a"]
    assert file.faulty == 0
    assert "were left out: line " in said(file)


@pytest.mark.parametrize(
    ("heading", "out", "fine"),
    [
        ("dnc", "1", "0"),
        ("DO_NOT_CONTACT", "TRUE", "FALSE"),
        ("do_not_mail", "x", ""),
        ("No mail", "yes", "no"),
        ("blocklisted", "true", "false"),
        ("blacklisted", "Y", "N"),
        ("is_blacklisted", "1", "0"),
        ("emailBlacklisted", "true", "false"),
        ("cleaned", "yes", "no"),
        ("bounced", "hard", ""),
        ("bounces", "3", "0"),
        ("hard_bounce", "t", "f"),
        ("unsubscribed", "unsubscribed", ""),
        ("unsubscribed_at", "2020-05-05T10:00:00Z", ""),
        ("Unsubscribe date", "May 5", "null"),
        ("opt_out", "yes", "no"),
        ("opted_out", "1", "0"),
        ("Opt-Out Date", "05/05/2020", ""),
        ("OptOut", "oui", "non"),
        ("suppressed", "true", "false"),
        ("Complained", "yes", "no"),
        ("marked as spam", "yes", "no"),
        ("Invalid email address", "true", ""),
        ("deleted_at", "2020-01-01", ""),
        ("archived", "1", "0"),
        ("email_disabled", "true", "false"),
        ("subscribed", "no", "yes"),
        ("subscribed", "false", "true"),
        ("opt_in", "0", "1"),
        ("Opted in", "No", "Yes"),
        ("Marketing consent", "no", "yes"),
        ("Mailing OK?", "no", "yes"),
        ("Newsletter", "no", "yes"),
        ("confirmed", "false", "true"),
        ("Send newsletter", "never", "yes"),
        ("Subscription status", "unsubscribed", "confirmed"),
        ("subscriber_status", "Opted-Out", "Opted-In"),
        ("state", "bounced", "active"),
        ("member status", "UNSUBSCRIBED", "SUBSCRIBED"),
        ("Email Marketing Consent", "NEVER_SUBSCRIBED", "SUBSCRIBED"),
        ("Abonné", "non", "oui"),
        ("Angemeldet", "nein", "ja"),
        ("Keine Werbung", "ja", "nein"),
        ("Widerruf am", "01.02.2024", ""),
        ("Suscrito", "no", "sí"),
        ("Lista negra", "sí", "no"),
        ("STOP", "STOP", ""),
        ("newsletter", "❌", "✅"),
        ("Subscribed", "✗", "✔\ufe0f"),
        ("Unsubscribed", "✗", ""),
        ("Subscribed", "☐", "☑"),
        ("Status", "(Unsubscribed)", "Active."),
        ("Unsubscribed at", "01/02/2020", "00/00/0000"),
        ("stop", "x", ""),
        ("Stop time", "2021-01-01 10:00:00", ""),
        ("Ne plus envoyer", "X", ""),
        ("nomail", "on", "off"),
        ("suspend", "1", "0"),
        ("Is this user confirmed", "0", "1"),
        ("unsubscribed_at", "2021-01-01", "\\N"),
        ("Stato", "Disiscritto", "Attivo"),
        ("Uitgeschreven op", "2020-01-01", ""),
        ("Descadastrado", "Sim", "Não"),
    ],
)
def test_a_column_is_understood_in_the_words_of_other_products(read, heading, out, fine):
    file = read(f'email,"{heading}",city\na@x.example,{fine},Lyon\nb@x.example,{out},Lyon\n')

    assert emails(file) == ["a"]
    assert file.rows[0].fields == {"city": "Lyon"}
    assert "line 3" in said(file)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Opt status", ("Y", "N")),
        ("opt", ("yes", "no")),
        ("Status", ("1", "2")),
        ("State", ("CA", "NY")),
        ("Subscribed", ("alpha", "beta")),
        ("bounced", ("green", "red")),
        ("DNC", ("maybe", "later")),
        ("newsletter", ("yes", "weekly")),
        ("Statut", ("A", "B")),
        ("Estado", ("Jalisco", "Puebla")),
        ("notes", ("met in May", "unsubscribed")),
        ("Category", ("friend", "Hard-Bounced")),
        ("Liste", ("amis", "désabonné")),
        ("List", ("amis", "Désabonnés")),
        ("tags", ("vip", '"vip, unsubscribed"')),
        ("TAGS", ("vip", '"""vip"",""Bounced"""')),
        ("notes", ("", "unsubscribed 2021-03-01")),
        ("notes", ("", "please do not email him")),
        ("notes", ("", "unsubscribed by phone")),
        ("Bemerkung", ("", "will keine Mails mehr")),
        ("Remarque", ("", "ne veut plus recevoir la lettre")),
        ("attributes", ("{}", '"{""newsletter"": ""unsubscribed""}"')),
        ("type", ("free", "unactivated")),
        ("reception", ("mail", "nomail")),
        ("delivery_status", ("enabled", "by_bounces")),
        ("статус", ("активен", "отписан")),
    ],
)
def test_where_it_is_unclear_nobody_comes_in_before_somebody_says_what_it_is(read, heading, cells):
    content = f"email,{heading}\na@x.example,{cells[0]}\nb@x.example,{cells[1]}\n"

    file, told = read(content), read(content, {heading: "ignore"})

    [problem] = file.problems
    assert (file.rows, file.readable, problem.severity) == ((), False, Severity.ERROR)
    assert problem.line in {2, 3}
    assert f"subscribers: {{readers: {{columns: {{{heading}: " in problem.advice
    assert emails(told) == ["a", "b"]
    assert list(told.rows[0].fields.values()) == [cells[0]] if cells[0] else [{}]
    assert told.problems == ()


def test_a_remark_is_not_to_be_read_as_a_state(read):
    file = read("email,notes\na@x.example,likes tea\nb@x.example,unsubscribed in May\n")

    assert "mark them in a column 'unsubscribed', or remove their rows" in said(file)


def test_a_word_in_any_column_says_nothing_new_of_who_is_out_anyway(read):
    file = read("email,type,status\na@x.example,regular,active\nb@x.example,removed,bounced\n")
    why = read("email,why,status\na@x.example,,active\nb@x.example,spam complaint,bounced\n")

    assert (emails(file), emails(why)) == (["a"], ["a"])


@pytest.mark.parametrize("heading", ["cadence", "frequency", "Häufigkeit"])
@pytest.mark.parametrize("word", ["never", "None", "No emails", "jamais", "nie", "nunca", "off"])
def test_who_never_wants_mail_gets_none(read, heading, word):
    file = read(f"email,{heading}\na@x.example,weekly\nb@x.example,{word}\n")

    assert emails(file) == ["a"]
    assert "line 3" in said(file)


@pytest.mark.parametrize(
    "rule",
    [
        "subscribed",
        {"Y": "active", "N": "ended"},
        {"y": "active", "n": "pending"},
    ],
)
def test_a_rule_says_what_a_column_means(read, rule):
    file = read("email,Opt status\na@x.example,Y\nb@x.example,N\n", {"opt_status": rule})

    assert emails(file) == ["a"]
    assert file.rows[0].fields == {}


def test_a_word_that_a_rule_does_not_know_costs_its_row(read):
    rules = {"Opt status": {"Y": "active"}}

    file = read("email,Opt status\na@x.example,Y\nb@x.example,Q\n", rules)

    assert emails(file) == ["a"]
    assert file.faulty == 1
    assert file.problems[0].line == 3


def test_a_rule_can_name_the_column_of_ours(read):
    file = read(
        "Kontakt,Wohnort,Sprechweise\na@x.example,Bern,de\n",
        {"Kontakt": "email", "Sprechweise": "locale"},
    )

    assert (emails(file), file.rows[0].locale) == (["a"], "de")
    assert file.rows[0].fields == {"wohnort": "Bern"}


def test_a_rule_about_a_column_that_is_not_there_is_told(read):
    file = read("email,city\na@x.example,Lyon\n", {"citty": "ignore"})

    assert said(file) == (
        "subscribers/readers.csv:1: schedules.yaml says what the column 'citty' is, and there is"
        " none - did you mean 'city'?"
    )


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Order status", ("shipped", "open")),
        ("Marital status", ("single", "")),
        ("membership_status", ("gold", "silver")),
        ("Familienstand", ("ledig", "")),
        ("Newsletter", ("Weekly", "Daily")),
        ("Subscription plan", ("no", "gold")),
        ("member_rating", ("1", "0")),
        ("unsubscribe_url", ("https://x.example/u/1", "https://x.example/u/2")),
        ("optin_ip", ("1.2.3.4", "")),
        ("Accepts SMS marketing", ("no", "yes")),
        ("bounce_rate", ("0.1", "0.5")),
        ("city", ("Black Lake", "Clean Town")),
        ("gift", ("yes", "no")),
        ("stateroom", ("12", "14")),
        ("Attendee status", ("Attending", "Gone")),
        ("Consent to track", ("Yes", "Unchanged")),
        ("link", ("https://x.example/unsubscribe/1", "https://x.example/unsubscribe/2")),
        ("notes", ("not unsubscribed", "resubscribed: came back")),
        ("notes", ("please do not contact by phone", "no more questions")),
        ("street", ("Bouncer Street 5", "Stop Lane")),
    ],
)
def test_what_is_about_something_else_stays_a_field(read, heading, cells):
    file = read(f"email,{heading}\na@x.example,{cells[0]}\nb@x.example,{cells[1]}\n")

    assert emails(file) == ["a", "b"]
    assert list(file.rows[0].fields.values()) == [cells[0]]
    assert file.problems == ()


def test_a_row_that_says_no_beats_one_that_says_yes(read):
    file = read("email,status\na@x.example,active\nA@x.example,unsubscribed\n")

    assert file.rows == ()
    assert "line 2 (as line 3 says), line 3 ('unsubscribed')" in said(file)


def test_of_several_columns_the_strictest_counts(read):
    file = read(
        "email,subscribed,bounced_at\na@x.example,yes,\nb@x.example,yes,2020-01-01\n"
        "c@x.example,no,\n"
    )

    assert emails(file) == ["a"]


def test_many_who_stay_out_are_told_by_number(read):
    rows = "".join(f"r{number}@x.example,unsubscribed\n" for number in range(500))

    file = read(f"email,status\na@x.example,active\n{rows}")

    assert file.inactive == 500
    assert "500 rows are marked" in said(file)
    assert said(file).endswith("line 22 ('unsubscribed') and 480 more")


def test_a_heading_says_which_way_round_its_words_are():
    assert standing_of("unsubscribed", "unsubscribed").kind is Kind.OUT
    assert standing_of("subscribed", "subscribed").kind is Kind.IN
    assert standing_of("city", "city") is None
