"""Brevo gets one mail a call, whose lost answer may be asked for again."""

import json
from dataclasses import replace

import httpx
import pytest

from dispatch.channels.provider import Account, Quota
from dispatch.errors import CredentialsRefused, OutcomeUnknown, ProviderUnavailable, RateLimited
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.model.editions.picture import read_picture
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import a_png, an_email
from vendors.brevo import VENDOR

TWICE = httpx.Response(
    400, json={"code": "duplicate_parameter", "message": "idempotencyKey is already in use"}
)


class TestBrevo(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def key(self, request):
        return json.loads(request.content or b"{}").get("headers", {}).get("idempotencyKey", "")

    def sent(self, message):
        requests = []
        provider = self.answering(
            lambda request: requests.append(request) or self.accepted(request)
        )
        outcomes = provider.send([message])
        return requests[0], outcomes

    def answered(self, *answers):
        left = list(answers)

        def service(request):
            answer = left.pop(0)
            if answer is None:
                raise httpx.ReadTimeout("simulated", request=request)
            return answer

        return self.answering(service).send([an_email()])

    def test_sends_the_mail_with_its_headers(self):
        message = an_email()

        request, outcomes = self.sent(message)

        [mail] = VENDOR.mails(request)
        assert (mail.to, mail.name, mail.sender) == (
            "reader1@example.org", "Reader 1", "lettre@example.org",
        )  # fmt: skip
        assert (mail.subject, mail.text, mail.html) == (message.subject, message.text, message.html)
        assert mail.headers == {name.lower(): value for name, value in message.headers}
        assert mail.id == message.id
        assert outcomes == [Accepted("<2026.1@relay.example>")]

    @pytest.mark.parametrize(
        "text",
        ["{{ contact.EMAIL }}", "{{{ x }}}", "{% if x %}{# y #}", "{", "{{", "a } }} %} b", "{ {{"],
    )
    def test_reads_nothing_in_our_text(self, text):
        message = an_email(subject=text, text=text, html=f"<p>{text}</p>")

        request, _ = self.sent(message)

        [mail] = VENDOR.mails(request)
        assert (mail.subject, mail.text, mail.html) == (text, text, f"<p>{text}</p>")

    def test_sends_no_params_where_there_are_no_braces(self):
        request, _ = self.sent(an_email())

        assert "params" not in json.loads(request.content)

    def test_writes_only_headers_that_it_does_not_spoil(self):
        headers = (("List-Id", "Créer {{ x }} <weekly.example.org>"), ("X-A", "b"))

        request, _ = self.sent(an_email(headers=headers))

        assert VENDOR.mails(request)[0].headers == {"list-id": "<weekly.example.org>", "x-a": "b"}

    def test_shortens_names_and_makes_html_of_plain_text(self):
        message = an_email(html="", text="1 < 2", to=Address("a@example.org", "x" * 99))

        request, _ = self.sent(message)

        [mail] = VENDOR.mails(request)
        assert (mail.name, mail.html) == ("x" * 70, "<pre>1 &lt; 2</pre>")

    def test_attaches_pictures(self):
        picture = read_picture("logo.png", a_png())

        request, _ = self.sent(an_email(pictures=(picture,)))

        [attached] = json.loads(request.content)["attachment"]
        assert attached["name"].endswith(".png")
        assert attached["content"] == picture.data

    def test_knows_by_a_repeat_that_a_mail_whose_answer_was_lost_was_taken(self):
        assert self.answered(None, TWICE) == [Accepted("")]
        assert self.answered(None, VENDOR.answer(httpx.Request("POST", "/"))) == [
            Accepted("<2026.1@relay.example>")
        ]

    def test_does_not_claim_to_know_what_became_of_an_earlier_call(self):
        with pytest.raises(OutcomeUnknown, match="has had this mail before"):
            self.answered(TWICE)

    @pytest.mark.parametrize(
        ("status", "code", "said", "advice"),
        [
            (401, "unauthorized", "You are using an unrecognised IP address 192.0.2.1",
             "Authorized IPs"),
            (401, "unauthorized", "Key not found", "check its token"),
            (402, "not_enough_credits", "You do not have enough credits", "buy some"),
            (400, "not_enough_credits", "You do not have enough credits", "buy some"),
            (400, "invalid_parameter", "the sender you used a@example.org is not valid",
             "verify the sender"),
            (400, "invalid_parameter", "email is not valid in sender", "verify the sender"),
            (403, "account_under_validation", "Account is under validation", "wait for Brevo"),
            (403, "permission_denied", "Your SMTP account is not yet activated", "check"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_with_the_account(self, status, code, said, advice):
        with pytest.raises(CredentialsRefused, match=advice) as raised:
            self.answered(httpx.Response(status, json={"code": code, "message": said}))

        assert said in str(raised.value)

    @pytest.mark.parametrize(
        ("said", "sure"), [("email is not valid in to", True), ("subject is missing", False)]
    )
    def test_tells_a_bad_address_from_what_may_be_the_accounts(self, said, sure):
        answer = httpx.Response(400, json={"code": "invalid_parameter", "message": said})

        [refused] = self.answered(answer)

        assert refused == Refused(said)
        assert refused.sure == sure

    def test_waits_until_its_own_header_says(self):
        with pytest.raises(RateLimited) as raised:
            self.answered(httpx.Response(429, headers={"x-sib-ratelimit-reset": "30"}))

        assert raised.value.retry_after.seconds == 30

    def test_tells_what_is_left_of_the_plans_for_mail(self):
        plans = [
            {"type": "payAsYouGo", "credits": 5000},
            {"type": "subscription", "credits": 39983},
            {"type": "sms", "credits": 999.5},
        ]
        said = {
            "email": "ada@example.org", "plan": plans,
            "senders": [{"email": "b@example.org", "active": False}],
        }  # fmt: skip

        account = self.answering(lambda _: httpx.Response(200, json=said)).check()

        note = "senders that are not active: b@example.org"
        assert account == Account("ada@example.org", Quota(44983), (note,))
        assert self.answering(self.accepted).check().quota == Quota(300, period="day")

    def test_finds_an_account_that_may_not_send(self):
        said = {"email": "ada@example.org", "relay": {"enabled": False}}

        with pytest.raises(CredentialsRefused, match="is not activated"):
            self.answering(lambda _: httpx.Response(200, json=said)).check()

    def test_does_not_believe_a_service_that_is_none(self):
        with pytest.raises(ProviderUnavailable, match="option 'url'"):
            self.answering(lambda _: httpx.Response(404)).check()


def test_gives_each_mail_a_key_that_is_a_uuid():
    keys = set()

    def service(request):
        keys.add(json.loads(request.content)["headers"]["idempotencyKey"])
        return VENDOR.answer(request)

    provider = VENDOR.provider(httpx.Client(transport=httpx.MockTransport(service)), "key")
    for one in (an_email(1), replace(an_email(1), subject="Again"), an_email(2)):
        provider.send([one])

    assert len(keys) == 2
    assert all(len(key) == 36 for key in keys)
