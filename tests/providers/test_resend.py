"""A newsletter through Resend: 100 emails in a call, and a key for the call as a whole."""

import json
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from dispatch.channels.calling import Calling
from dispatch.errors import (
    BatchRefused,
    CredentialsRefused,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.model.editions.picture import read_picture
from dispatch.testing.contract import SECRET, ProviderContract
from dispatch.testing.samples import a_png, an_email
from patience import PATIENCE
from vendors.resend import VENDOR, taken

PICTURE = read_picture("logo.png", a_png())


def refusal(status, name, message, **headers):
    body = {"statusCode": status, "name": name, "message": message}
    return httpx.Response(status, json=body, headers=headers)


class TestResend(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def refused_one(self, request, email, reason):
        emails, answers = json.loads(request.content), VENDOR.answer(request).json()["data"]
        [place] = [at for at, one in enumerate(emails) if email in str(one["to"])]
        errors = [{"index": place, "message": reason}]
        return httpx.Response(200, json={"data": answers[:-1], "errors": errors})

    def recorded(self, answer=VENDOR.answer, **options):
        requests = []

        def service(request):
            requests.append(request)
            return answer(request)

        http = httpx.Client(transport=httpx.MockTransport(service))
        return VENDOR.provider(http, SecretStr(SECRET), **options), requests

    def test_hands_over_a_letter_with_all_that_is_its_own(self):
        email = an_email(id="12.345", to=Address("o'neil@example.org", 'Sean "Shay", Jr. Œ'))
        provider, requests = self.recorded(extra={"topic_id": "t1", "subject": "not ours"})

        provider.send([email])

        [request] = requests
        [body], [received] = json.loads(request.content), VENDOR.mails(request)
        assert str(request.url) == "https://api.resend.com/emails/batch"
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        assert request.headers["x-batch-validation"] == "permissive"
        assert (received.to, received.name) == (email.to.email, email.to.name)
        assert received.headers == {name.lower(): value for name, value in email.headers}
        assert (received.text, received.html) == (email.text, email.html)
        assert (received.subject, received.id) == (email.subject, email.id)
        assert body["tags"] == [{"name": "delivery", "value": "12_345"}]
        assert body["topic_id"] == "t1"

    def test_writes_headers_in_ascii_as_mails_have_them(self):
        email = an_email(headers=(("List-Id", "Lettre d’été <weekly.example.org>"),))

        provider, requests = self.recorded()
        provider.send([email])

        headers = json.loads(requests[0].content)[0]["headers"]
        assert headers["List-Id"].isascii()
        assert headers["List-Id"].endswith(" <weekly.example.org>")
        [received] = VENDOR.mails(requests[0])
        assert received.headers["list-id"] == "Lettre d’été <weekly.example.org>"

    def test_tells_apart_what_became_of_each(self):
        answer = {
            "data": [taken(0), taken(1)],
            "errors": [
                {"index": 1, "message": "Invalid `to` field."},
                {"index": 3, "message": "The `html` field is too long."},
            ],
        }
        provider = self.answering(lambda _: httpx.Response(200, json=answer))

        outcomes = provider.send([an_email(number) for number in range(4)])

        assert outcomes[::2] == [Accepted(taken(0)["id"]), Accepted(taken(1)["id"])]
        assert outcomes[1::2] == [
            Refused("Invalid `to` field."),
            Refused("The `html` field is too long."),
        ]
        assert [one.sure for one in outcomes[1::2]] == [True, False]

    @pytest.mark.parametrize(
        "answer",
        [
            {"data": [taken(0)]},
            {"data": [taken(0)] * 4},
            {"data": [taken(0), taken(1)], "errors": [{"index": 3, "message": "?"}]},
            {"data": [taken(0), taken(1)], "errors": [{"index": -1, "message": "?"}]},
            {"data": [taken(0), taken(1)], "errors": [{"index": True, "message": "?"}]},
            {"data": [taken(0)], "errors": [{"index": 1, "message": "?"}] * 2},
            {"data": [taken(0), taken(1)], "errors": [{"index": 1}]},
            {"data": [taken(0), taken(1)], "errors": ["?"]},
            {"data": [taken(0), taken(1)], "errors": {"1": "?"}},
        ],
    )
    def test_claims_nothing_where_its_answer_does_not_add_up(self, answer):
        provider = self.answering(lambda _: httpx.Response(200, json=answer))

        with pytest.raises(OutcomeUnknown):
            provider.send([an_email(number) for number in range(3)])

    def test_is_in_doubt_about_the_one_without_a_name(self):
        answer = {"data": [taken(0), {}]}
        provider = self.answering(lambda _: httpx.Response(200, json=answer))

        first, second = provider.send([an_email(1), an_email(2)])

        assert isinstance(first, Accepted)
        assert isinstance(second, OutcomeUnknown)

    def test_repeats_a_call_whose_answer_was_lost_with_its_key(self):
        lost = [True]

        def answer(request):
            if lost and lost.pop():
                raise httpx.ReadTimeout("simulated")
            return VENDOR.answer(request)

        provider, requests = self.recorded(answer)

        provider.send([an_email(1), an_email(2)])
        provider.send([an_email(2), an_email(1)])

        keys = [request.headers["idempotency-key"] for request in requests]
        assert keys[0] == keys[1] != keys[2]
        assert max(map(len, keys)) <= 256
        assert requests[0].content == requests[1].content

    @pytest.mark.parametrize(
        "name", ["concurrent_idempotent_requests", "invalid_idempotent_request"]
    )
    def test_is_in_doubt_where_its_key_was_there_before(self, name):
        provider = self.answering(lambda _: refusal(409, name, "Same idempotency key."))

        with pytest.raises(OutcomeUnknown):
            provider.send([an_email()])

    def test_sends_pictures_one_by_one_as_a_batch_takes_none(self):
        emails = [an_email(number, pictures=(PICTURE,)) for number in range(3)]
        provider, requests = self.recorded()
        wire = Calling(provider, provider.capabilities, name="mails")

        wire.offer(emails)

        for _ in emails:
            wire.hand_over([one for one, _ in wire.poll(0)])
            [(_, what)] = wire.poll(PATIENCE)
            assert isinstance(what, Accepted)
        assert [request.url.path for request in requests] == ["/emails"] * 3
        assert [VENDOR.mails(one)[0].pictures for one in requests] == [(PICTURE.content_id,)] * 3
        with pytest.raises(BatchRefused, match="takes no pictures"):
            provider.send(emails)

    def test_is_sure_that_an_address_is_wrong_with_pictures_too(self):
        wrong = refusal(422, "validation_error", "Invalid `to` field.")
        provider = self.answering(lambda _: wrong)

        [outcome] = provider.send([an_email(pictures=(PICTURE,))])

        assert outcome == Refused("Invalid `to` field.")
        assert outcome.sure

    @pytest.mark.parametrize(
        ("status", "name", "message", "words"),
        [
            (401, "validation_error", "API key is invalid", "key is not accepted"),
            (403, "invalid_api_key", "API key is invalid", "key is not accepted"),
            (
                403,
                "validation_error",
                "You can only send testing emails to your own email address (a@example.org).",
                "verify a domain",
            ),
            (
                403,
                "validation_error",
                "The example.org domain is not verified. Please, add and verify your domain.",
                "domain is not verified",
            ),
        ],
    )
    def test_names_what_is_wrong_with_the_account(self, status, name, message, words):
        provider = self.answering(lambda _: refusal(status, name, message))
        each = {"data": [], "errors": [{"index": 0, "message": message}]}
        in_words = self.answering(lambda _: httpx.Response(200, json=each))

        with pytest.raises(CredentialsRefused, match=words):
            provider.send([an_email()])
        with pytest.raises(CredentialsRefused, match=words):
            in_words.send([an_email()])

    @pytest.mark.parametrize(
        ("name", "pause"),
        [
            ("daily_quota_exceeded", timedelta(hours=1)),
            ("monthly_quota_exceeded", timedelta(hours=6)),
            ("rate_limit_exceeded", timedelta(seconds=1)),
        ],
    )
    def test_waits_as_long_as_a_limit_lasts(self, name, pause):
        busy = refusal(429, name, "You have reached it.", **{"retry-after": "1"})

        with pytest.raises(RateLimited) as raised:
            self.answering(lambda _: busy).send([an_email()])

        assert raised.value.retry_after == pause

    @pytest.mark.parametrize("status", [413, 422])
    def test_tells_a_call_that_is_turned_down_as_a_whole(self, status):
        provider = self.answering(
            lambda _: refusal(status, "validation_error", "More than 100 emails.")
        )

        with pytest.raises(BatchRefused, match="More than 100"):
            provider.send([an_email(1), an_email(2)])

    def checked(self, *domains):
        provider = self.answering(lambda _: httpx.Response(200, json={"data": list(domains)}))
        return str(provider.check())

    def test_names_its_domains_and_what_is_to_be_done_there(self):
        account = str(self.answering(VENDOR.answer).check())
        tracked = self.checked({"name": "a.org", "status": "verified", "click_tracking": True})
        pending = self.checked({"name": "b.org", "status": "pending"})

        assert account == "sends from example.org; 1,200 mails sent in this month"
        assert tracked == "sends from a.org; a.org tracks opens or clicks: switch it off there"
        assert pending.startswith("an account without a domain; b.org is not verified; no domain")

    def test_is_content_with_a_key_that_may_only_send(self):
        provider = self.answering(
            lambda _: refusal(401, "restricted_api_key", "This API key may only send emails.")
        )

        assert "the key may only send" in str(provider.check())

    def test_does_not_take_a_wrong_key_for_a_wrong_address(self):
        wrong = refusal(400, "validation_error", "API key is invalid")

        with pytest.raises(CredentialsRefused, match="key is not accepted"):
            self.answering(lambda _: wrong).check()
        with pytest.raises(ProviderUnavailable, match="check the option 'url'"):
            self.answering(lambda _: httpx.Response(404)).check()
