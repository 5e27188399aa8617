"""SendGrid: one call for many readers, and what its refusals mean."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from dispatch.channels.provider import Account, Quota
from dispatch.errors import (
    BatchRefused,
    CredentialsRefused,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Address
from dispatch.model.editions.picture import Picture
from dispatch.model.text.placeholders import Place, Placeholder
from dispatch.testing.contract import SECRET, ProviderContract, sample_messages
from dispatch.testing.samples import A_FORM, SUBSCRIBERS, a_filled
from vendors.sendgrid import LOOKS, VENDOR

NOT_VERIFIED = "The from address does not match a verified Sender Identity. Mail cannot be sent"
PICTURE = Picture("pictures/logo.png", "image/png", "iVBORw0KGgo=", "abc@dispatch", 1, 1)


def refusal(*errors):
    return {"errors": [{"field": field, "message": text, "help": None} for field, text in errors]}


class TestSendgrid(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def refused_one(self, request, email, reason):
        people = [one["to"][0]["email"] for one in json.loads(request.content)["personalizations"]]
        field = f"personalizations.{people.index(email)}.to.0.email"
        return httpx.Response(400, json=refusal((field, reason)))

    def sent(self, batch, **options):
        """The call for these mails."""
        requests = []

        def service(request):
            requests.append(request)
            return self.accepted(request)

        http = new_client(transport=httpx.MockTransport(service))
        VENDOR.provider(http, SecretStr(SECRET), **options).send(batch)
        [request] = requests
        return request

    def test_readers_get_what_was_written_for_each(self):
        tags = "<%asm_preferences_raw_url%> -f0- {{ name }} %recipient.name%"
        form = replace(
            A_FORM,
            subject=("Tags: ", Placeholder("name", Place.PLAIN), f" {tags}"),
            text=(*A_FORM.text, tags),
            html=(*A_FORM.html, tags),
            pictures=(PICTURE,),
        )
        batch = [
            a_filled(n, form=form, values=(reader.name or tags, f"token{n}"))
            for n, reader in enumerate(SUBSCRIBERS, 1)
        ]

        mails = VENDOR.mails(self.sent(batch))

        for mail, filled in zip(mails, batch, strict=True):
            email = filled.email
            assert (mail.to, mail.id) == (email.to.email, email.id)
            assert (mail.subject, mail.text, mail.html) == (email.subject, email.text, email.html)
            headers = {name.lower(): value for name, value in email.headers}
            assert mail.headers == {**headers, "message-id": email.message_id}
            assert mail.pictures == ("abc@dispatch",)

    @pytest.mark.parametrize(
        "name", ["Ada", "", "O'Neil, Jr.", 'Sean "Shay" (home); <x@y.z>', "山田 雪", "A\\B: C"]
    )
    def test_keeps_the_name_whatever_is_in_it(self, name):
        [mail] = VENDOR.mails(self.sent([a_filled(to=Address("ada@example.org", name))]))

        assert (mail.to, mail.name) == ("ada@example.org", name)

    def test_a_tag_cannot_be_foreseen(self):
        call = json.loads(self.sent([a_filled()]).content)
        other = json.loads(self.sent([a_filled(form=replace(A_FORM, text=("Else",)))]).content)

        tags = call["personalizations"][0]["substitutions"].keys()
        assert all(len(tag) > 18 for tag in tags)
        assert not tags & other["personalizations"][0]["substitutions"].keys()

    def test_passes_on_what_it_does_not_know_and_keeps_its_own(self):
        extra = {
            "ip_pool_name": "news",
            "personalizations": [],
            "tracking_settings": {"open_tracking": {"enable": True}},
            "mail_settings": {"bypass_list_management": {"enable": True}},
        }

        call = json.loads(self.sent([a_filled()], extra=extra).content)

        assert call["ip_pool_name"] == "news"
        assert len(call["personalizations"]) == 1
        assert not any(one["enable"] for one in call["tracking_settings"].values())
        assert call["mail_settings"]["bypass_list_management"] == {"enable": True}
        assert call["mail_settings"]["sandbox_mode"] == {"enable": False}

    def test_a_text_that_is_empty_is_left_out(self):
        call = json.loads(self.sent([a_filled(form=replace(A_FORM, text=("",)))]).content)

        assert [one["type"] for one in call["content"]] == ["text/html"]

    def test_gives_the_name_of_the_call_to_each(self):
        provider = self.answering(self.accepted)

        outcomes = provider.send(sample_messages(provider, 2))

        assert outcomes == [Accepted("14c5d75ce93.dfd.64b469")] * 2

    def test_claims_nothing_when_half_of_the_answer_is_missing(self):
        """The answer is a header; it has no body."""
        provider = self.answering(lambda _: httpx.Response(202))

        with pytest.raises(OutcomeUnknown, match="without X-Message-Id"):
            provider.send([a_filled()])

    def test_tells_whom_a_refusal_is_about(self):
        said = refusal(
            ("personalizations.3.to.0.email", "Does not contain a valid address."),
            ("personalizations.7.substitutions", "Too large."),
            ("personalizations.8.headers", "Header can't be one of the reserved keys."),
            ("from.email", "Required."),
            (None, "Bad Request"),
        )
        provider = self.answering(lambda _: httpx.Response(400, json=said))

        with pytest.raises(BatchRefused) as raised:
            provider.send(sample_messages(provider, 9))

        assert raised.value.named == {3: "Does not contain a valid address.", 7: "Too large."}

    @pytest.mark.parametrize(
        ("status", "words", "error", "said"),
        [
            (401, "Maximum credits exceeded", RateLimited, "credits are used up"),
            (403, NOT_VERIFIED, CredentialsRefused, "sender is not verified"),
            (401, "The provided authorization grant is invalid", CredentialsRefused, "token"),
            (403, "access forbidden", CredentialsRefused, "permission Mail Send"),
            (401, "Authenticated user is not authorized to send mail", CredentialsRefused, "may"),
            (403, "You are not authorized to send from that email", CredentialsRefused, "verified"),
        ],
    )
    def test_names_what_is_wrong_with_the_account(self, status, words, error, said):
        answer = httpx.Response(status, json=refusal((None, words)))
        provider = self.answering(lambda _: answer)

        with pytest.raises(error, match=said) as raised:
            provider.send([a_filled()])

        assert words in str(raised.value)
        if error is RateLimited:
            assert raised.value.retry_after == timedelta(hours=1)

    def test_checks_the_account_without_sending(self):
        methods = []

        def service(request):
            methods.append(request.method)
            return self.accepted(request)

        account = self.answering(service).check()

        assert {*methods} == {"GET"}
        assert account == Account(
            "acme at api.sendgrid.com",
            Quota(98_000, 100_000, "month"),
            ("mails may be from example.org, ada@example.net",),
        )

    @pytest.mark.parametrize("body", [b"<html>", b"{}", b"[]"])
    def test_says_that_it_is_another_service(self, body):
        provider = self.answering(lambda _: httpx.Response(200, content=body))

        with pytest.raises(ProviderUnavailable, match="another service answers there"):
            provider.check()

    def test_checks_a_key_that_may_only_send(self):
        def service(request):
            if request.url.path == "/v3/scopes":
                return httpx.Response(200, json={"scopes": ["mail.send"]})
            return httpx.Response(403, json=refusal((None, "access forbidden")))

        account = self.answering(service).check()

        assert str(account) == (
            "an account at api.sendgrid.com; this key may not read which senders are verified"
        )

    def test_checks_whether_the_key_may_send_and_anybody_may_be_the_sender(self):
        looks = {
            **LOOKS,
            "/v3/whitelabel/domains": [{"domain": "example.org", "valid": False}],
            "/v3/verified_senders": {"results": []},
        }
        no_sender = self.answering(lambda it: httpx.Response(200, json=looks[it.url.path]))
        no_right = self.answering(lambda _: httpx.Response(200, json={"scopes": ["user.email"]}))

        assert "no sender is verified there" in str(no_sender.check())
        with pytest.raises(CredentialsRefused, match="may not send"):
            no_right.check()
