"""Mailgun fills in one text for up to 1,000 readers, and takes all of a call or none of it."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from pydantic import ValidationError

from dispatch.errors import BatchRefused, CredentialsRefused, ProviderUnavailable, RateLimited
from dispatch.model.delivery.message import Accepted, Address, EmailForm, FilledEmail
from dispatch.model.editions.picture import read_picture
from dispatch.model.text.placeholders import Place, Placeholder
from dispatch.providers.mailgun import READS, MailgunOptions
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import LETTER, a_png
from vendors._headers import decoded
from vendors.mailgun import VENDOR, parse_mailbox, read_form

NAME, TOKEN = Placeholder("name", Place.PLAIN), Placeholder("token", Place.PLAIN)
FORM = EmailForm(
    LETTER,
    subject=("Nouvelles pour ", NAME),
    text=("Bonjour ", NAME, "!"),
    html=("<p>Bonjour ", Placeholder("name", Place.HTML), "!</p>"),
    headers=(
        ("List-Unsubscribe", ("<https://news.example.org/leave/", TOKEN, ">")),
        ("List-Unsubscribe-Post", ("List-Unsubscribe=One-Click",)),
    ),
    names=("name", "token"),
)
FULL = (
    "Domain mg.example.org is not allowed to send: recipient limit exceeded,"
    " try again after Tue, 24 Nov 2026 09:00:00 UTC"
)


def a_filled(number=1, *, form=FORM, **changes):
    to = Address(f"reader{number}@example.org", f"Reader {number}")
    values = (to.name, f"t{number}")[: len(form.names)]
    return FilledEmail(f"e.{number}", f"<e.{number}@m>", to, form, values)._replace(**changes)


def saying(text):
    return replace(FORM, subject=(text,), text=(text,), html=(text,), names=(), headers=())


class TestMailgun(ProviderContract):
    def provider(self, http, secret, **options):
        return VENDOR.provider(http, secret, **options)

    def accepted(self, request):
        return VENDOR.answer(request)

    def refused_one(self, request, email, reason):
        said = f"to parameter is not a valid address: {email} ({reason})"
        return httpx.Response(400, json={"message": said})

    def sent(self, *batch):
        requests = []
        provider = self.answering(
            lambda request: requests.append(request) or self.accepted(request)
        )
        outcomes = provider.send(batch)
        return requests[0], outcomes

    def answered(self, status, said, *batch, **headers):
        answer = httpx.Response(status, json={"message": said}, headers=headers)
        return self.answering(lambda _: answer).send(batch or [a_filled()])

    def test_sends_one_text_with_the_values_of_each_reader(self):
        request, outcomes = self.sent(a_filled(1), a_filled(2))

        one, two = VENDOR.mails(request)
        assert one.subject == "Nouvelles pour Reader 1"
        assert two.html == "<p>Bonjour Reader 2!</p>"
        assert two.headers["list-unsubscribe"] == "<https://news.example.org/leave/t2>"
        assert two.headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert (one.id, two.id, two.name) == ("e.1", "e.2", "Reader 2")
        assert outcomes == [Accepted("<20261129.1@mg.example.org>")] * 2
        assert request.url == "https://api.mailgun.net/v3/mg.example.org/messages"
        assert request.content.count(b"Bonjour") == 2

    def test_switches_its_own_tracking_off_and_passes_on_what_it_does_not_know(self):
        extra = {"o:tag": ["news", "weekly"], "o:dkim": "yes", "o:tracking": "yes"}
        requests = []

        def service(request):
            requests.append(request)
            return self.accepted(request)

        http = httpx.Client(transport=httpx.MockTransport(service))

        VENDOR.provider(http, "key", extra=extra).send([a_filled()])

        fields, _ = read_form(requests[0])
        tracking = ("o:tracking", "o:tracking-clicks", "o:tracking-opens")
        assert [fields[one] for one in tracking] == [["no"]] * 3
        assert (fields["o:tag"], fields["o:dkim"]) == (["news", "weekly"], ["yes"])

    @pytest.mark.parametrize(
        "text",
        [
            "%recipient.f0%", "%recipient%", "%Recipient_Email%", "%unsubscribe_url%",
            "%tag_unsubscribe_url% and %mailing_list_unsubscribe_url%", "%recipient%recipient%",
            "50% off, 100%", "https://example.org/%E3%81%82_a%20b%C3%A9", "%%recipient.f0%%",
            "%recipient.delivery%", "{{ name }} %recipient.c0%",
        ],
    )  # fmt: skip
    def test_reads_nothing_in_our_own_text(self, text):
        pieces = (NAME, text, NAME, "unsubscribe_url%", NAME, "%recipient", NAME, "%")
        form = replace(FORM, text=pieces, subject=(text,))
        message = a_filled(form=form)

        request, _ = self.sent(message)

        [mail] = VENDOR.mails(request)
        assert mail.text.replace("\u2060", "") == message.email.text
        assert mail.subject.replace("\u2060", "") == text
        fields, _ = read_form(request)
        assert "unsubscribe_url%" not in fields["text"][0]

    def test_reads_no_variable_of_a_reader_however_often_it_fills_in(self):
        fields, _ = read_form(self.sent(a_filled())[0])
        key = max(json.loads(fields["recipient-variables"][0])["reader1@example.org"])
        evil = "%recipient.f0% %recipient.s%"

        request, _ = self.sent(a_filled(form=replace(FORM, text=(f"%recipient.{key}% {evil}",))))

        fields, _ = read_form(request)
        [own] = json.loads(fields["recipient-variables"][0]).values()
        assert not {"f0", "s", key} & own.keys()

    def test_reads_nothing_in_values_and_names(self):
        evil = "%recipient.token% %unsubscribe_url%"
        message = a_filled(to=Address("eve@example.org", evil), values=(evil, "t1"))

        request, _ = self.sent(message)

        [mail] = VENDOR.mails(request)
        assert mail.text.replace("\u2060", "") == f"Bonjour {evil}!"
        assert mail.name == evil

    @pytest.mark.parametrize("name", ["Équipe %recipient.name%", 'A, "%recipient.f0%"', "100%"])
    def test_reads_nothing_in_the_names_of_sender_and_list(self, name):
        sender = Address("news@example.org", name)
        form = replace(FORM, sender=sender, headers=(("List-Id", (f"{name} <a.example.org>",)),))

        fields, _ = read_form(self.sent(a_filled(form=form))[0])

        [sender], [list_id] = fields["from"], fields["h:List-Id"]
        assert parse_mailbox(sender) == (name, "news@example.org")
        assert decoded(list_id) == f"{name} <a.example.org>"
        assert "%recipient" not in sender + list_id

    @pytest.mark.parametrize(
        "text",
        [
            "recipient", "list_name", "unsubscribe%20", "50%off", "a%b%", "%now%é",
            "https://example.org/%D0%B0_%D0%B8?",
            "<p>%recipient.a b%", "%recipient.prénom%", "%recipient.<%", f"%{'recipient.' * 20}%",
        ],
    )  # fmt: skip
    def test_makes_no_pair_of_our_percent_signs_and_those_of_a_field(self, text):
        form = replace(FORM, text=(text, NAME, text, NAME, f"{text} {text}"))
        message = a_filled(form=form, values=("x%", "t1"))

        [mail] = VENDOR.mails(self.sent(message)[0])

        assert mail.text == message.email.text

    def test_finds_what_is_read_in_one_pass(self):
        for piece in ("%", "a%", "%a_", "%recipient", "%D0_", "_%", "x"):
            list(READS.finditer(piece * 100_000))  # it would take minutes, were it more than one

    @pytest.mark.parametrize(
        "name", ['Sean "Shay" O\'Neil, Jr.', "山田 雪", "Bücher <GmbH>, Söhne", ""]
    )
    def test_writes_to_people_whatever_they_are_called(self, name):
        request, _ = self.sent(a_filled(to=Address("reader@example.org", name)))

        [mail] = VENDOR.mails(request)
        assert (mail.to, mail.name) == ("reader@example.org", name)

    def test_shows_pictures_by_their_content_id(self):
        picture = read_picture("logo.png", a_png())
        form = replace(FORM, pictures=(picture,), html=(f'<img src="{picture.address}">',))

        request, _ = self.sent(a_filled(form=form))

        assert VENDOR.mails(request)[0].pictures == (picture.content_id,)
        assert read_form(request)[1][picture.content_id] == a_png()

    def test_leaves_out_a_part_that_a_mail_does_not_have(self):
        request, _ = self.sent(a_filled(form=replace(FORM, html=())))

        assert "html" not in read_form(request)[0]

    def test_takes_one_mail_a_call_for_an_address(self):
        twice = [a_filled(1), a_filled(2, to=Address("READER1@example.org"))]

        with pytest.raises(BatchRefused, match="for each address"):
            self.sent(*twice)

    def test_names_whom_a_refusal_is_about(self):
        readers = [a_filled(1), a_filled(11, to=Address("1@example.org")), a_filled(3)]

        with pytest.raises(BatchRefused) as raised:
            self.answered(400, "'reader1@example.org' is not a valid address.", *readers)

        assert list(raised.value.named) == [0]

    @pytest.mark.parametrize(
        ("said", "wait"),
        [
            (FULL, timedelta(hours=1)),
            ("account-requests-per-sec limit exceeded, try again after 120 seconds",
             timedelta(seconds=120)),
            ("hourly limit exceeded", None),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("status", [420, 429, 403])
    def test_waits_until_the_limit_that_it_names_is_over(self, said, wait, status):
        with pytest.raises(RateLimited, match="limit exceeded") as raised:
            self.answered(status, said)

        assert raised.value.retry_after == wait

    def test_sends_to_as_many_as_an_account_on_probation_may(self):
        with pytest.raises(BatchRefused, match="recipient limit"):
            self.answered(420, FULL, a_filled(1), a_filled(2))

    @pytest.mark.parametrize(
        ("status", "said", "advice"),
        [
            (401, "Forbidden", "'region' is us"),
            (404, "Domain not found: mg.example.org", "'region' is us"),
            (400, "Sandbox subdomains are for test purposes only. Please add your own domain",
             "a domain of your own"),
            (403, "sandbox1 is not allowed to send: Free accounts are for test purposes only.",
             "authorize the recipients"),
            (403, "Domain mg.example.org is not allowed to send: Please activate your account.",
             "see the state of the account"),
            (402, "Payment required", "paid for"),
            (400, "from parameter is not a valid address", "correct the sender"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_with_the_account(self, status, said, advice):
        with pytest.raises(CredentialsRefused, match=advice) as raised:
            self.answered(status, said)

        assert said.rstrip(".") in str(raised.value)

    def test_knows_an_address_where_no_mailgun_is(self):
        provider = self.answering(lambda _: httpx.Response(200, text="Mailgun Magnificent API"))

        with pytest.raises(CredentialsRefused, match="'domain' and 'url'"):
            provider.send([a_filled()])

    @pytest.mark.parametrize(
        ("region", "url", "host"),
        [("eu", None, "api.eu.mailgun.net"), ("us", "http://127.0.0.1:9", "127.0.0.1")],
    )
    def test_calls_the_region_of_the_domain(self, region, url, host):
        def service(request):
            hosts.append(request.url.host)
            return self.accepted(request)

        hosts = []
        http = httpx.Client(transport=httpx.MockTransport(service))

        VENDOR.provider(http, "key", region=region, url=url).check()

        assert {*hosts} == {host}

    @pytest.mark.parametrize(
        ("domain", "advice"),
        [
            ({"state": "unverified"}, "set its DNS records"),
            ({"state": "disabled"}, "ask Mailgun"),
            ({"state": "active", "is_disabled": True, "disabled": {"reason": "spam"}}, "spam"),
        ],
    )
    def test_finds_a_domain_that_may_not_send(self, domain, advice):
        answer = httpx.Response(200, json={"domain": domain})

        with pytest.raises(CredentialsRefused, match=advice):
            self.answering(lambda _: answer).check()

    def test_notes_a_sandbox_and_links_of_its_own(self):
        said = {
            "domain": {"state": "active", "type": "sandbox"},
            "tracking": {"unsubscribe": {"active": True}},
        }

        account = self.answering(lambda _: httpx.Response(200, json=said)).check()

        assert account.name == "mg.example.org at Mailgun"
        assert ["sandbox" in note for note in account.notes] == [True, False]
        assert "switch off Unsubscribes" in account.notes[1]

    def test_checks_a_key_that_may_only_send_without_sending(self):
        bodies = []

        def service(request):
            if request.method == "GET":
                return httpx.Response(401, text="Forbidden")
            bodies.append(read_form(request)[0])
            return httpx.Response(400, json={"message": "from parameter is missing"})

        account = self.answering(service).check()

        assert "the key may only send" in str(account)
        assert bodies == [{"to": [""]}]

    @pytest.mark.parametrize("status", [200, 404, 500])
    def test_does_not_believe_a_service_that_is_none(self, status):
        with pytest.raises((ProviderUnavailable, CredentialsRefused)):
            self.answering(lambda _: httpx.Response(status, text="<h1>Hello</h1>")).check()


@pytest.mark.parametrize(
    "domain", ["", "mg", "https://mg.example.org", "mg.example.org/v3", "a b.c"]
)
def test_needs_a_domain(domain):
    with pytest.raises(ValidationError, match="is no domain"):
        MailgunOptions(domain=domain, api_key="key")
