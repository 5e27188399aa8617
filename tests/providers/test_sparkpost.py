"""SparkPost: one call for many readers, and answers that only count."""

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
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.model.editions.picture import Picture
from dispatch.model.text.placeholders import Place, Placeholder
from dispatch.testing.contract import SECRET, ProviderContract, sample_messages
from dispatch.testing.samples import A_FORM, SUBSCRIBERS, a_filled
from vendors.sparkpost import LOOKS, VENDOR, taken

PICTURE = Picture("pictures/logo.png", "image/png", "iVBORw0KGgo=", "abc@dispatch", 1, 1)
YES = Accepted("11668787484950529")


def refusal(code, message, description=""):
    error = {"code": code, "message": message}
    return {"errors": [{**error, "description": description} if description else error]}


def invalid(email):
    return {
        "code": "1300",
        "message": "invalid data format/type",
        "description": f"invalid recipient address.email: {email}",
    }


class TestSparkpost(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def refused_one(self, request, email, reason):
        people = len(json.loads(request.content)["recipients"])
        if people == 1:
            said = refusal("5002", "At least one valid recipient is required", reason)
            return httpx.Response(400, json=said)
        error = {"code": "1300", "message": "invalid", "description": f"{reason}: <{email}>"}
        return taken(people - 1, 1, rcpt_to_errors=[error])

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
        tags = "{{ name }} {{{ f0 }}} }} { {{if}}{{ end }} [[data-msys-clicktrack=0]]"
        form = replace(
            A_FORM,
            sender=Address("news@example.org", "{{ News }}"),
            subject=("{{ f1 }} {", Placeholder("name", Place.PLAIN), "} {{{c0}}}"),
            text=(*A_FORM.text, tags, Placeholder("name", Place.PLAIN)),
            html=("<style>@media print{a{b:c}}</style>{", *A_FORM.html, tags),
            headers=(*A_FORM.headers[1:], ("List-Id", ("Créé {{ x }} <weekly.example.org>",))),
            pictures=(PICTURE,),
        )
        batch = [
            a_filled(n, form=form, values=(reader.name or tags, f"token{n}"))
            for n, reader in enumerate(SUBSCRIBERS, 1)
        ]

        request = self.sent(batch)

        for mail, filled in zip(VENDOR.mails(request), batch, strict=True):
            email = filled.email
            assert (mail.to, mail.id) == (email.to.email, email.id)
            assert (mail.subject, mail.text, mail.html) == (email.subject, email.text, email.html)
            assert mail.headers == {name.lower(): value for name, value in email.headers}
            assert mail.pictures == ("abc@dispatch",)

    @pytest.mark.parametrize("name", ["Ada", "", "O'Neil, Jr.", 'Sean "Shay"; <x@y.z>', "山田 雪"])
    def test_keeps_the_name_whatever_is_in_it(self, name):
        [mail] = VENDOR.mails(self.sent([a_filled(to=Address("ada@example.org", name))]))

        assert (mail.to, mail.name) == ("ada@example.org", name)

    def test_passes_on_what_it_does_not_know_and_keeps_its_own(self):
        extra = {"campaign_id": "weekly", "options": {"ip_pool": "news", "open_tracking": True}}

        call = json.loads(self.sent([a_filled()], extra=extra).content)

        assert call["campaign_id"] == "weekly"
        assert call["options"] == {
            "ip_pool": "news",
            "open_tracking": False,
            "click_tracking": False,
            "transactional": True,
        }

    @pytest.mark.parametrize(
        ("counts", "errors", "expected"),
        [
            ((3, 0), [], [YES, YES, YES]),
            ((2, 1), [invalid("reader2@example.org")], [YES, Refused("told"), YES]),
            ((2, 1), [invalid("<reader2@example.org>,")], [YES, Refused("told"), YES]),
            ((0, 3), [invalid("somebody")], [Refused("told")] * 3),
            ((2, 1), [], None),
            ((2, 1), [{"code": "1400", "message": "address.email is required"}], None),
            ((2, 1), [invalid("areader2@example.org")], None),
            ((1, 2), [invalid("reader2@example.org")], None),
            ((3, 1), [], None),
            ((1, 0), [], None),
            ((3, None), [], None),
        ],
    )
    def test_tells_who_was_rejected_only_where_nothing_is_left_open(self, counts, errors, expected):
        provider = self.answering(lambda _: taken(*counts, rcpt_to_errors=errors))
        batch = sample_messages(provider, 3)

        if expected is None:
            with pytest.raises(OutcomeUnknown):
                provider.send(batch)
            return

        outcomes = provider.send(batch)

        assert [type(one) for one in outcomes] == [type(one) for one in expected]
        reasons = [one.reason for one in outcomes if isinstance(one, Refused)]
        assert all("invalid recipient" in reason for reason in reasons)

    def test_one_address_on_its_suppression_list_is_refused_for_certain(self):
        reason = "recipient address suppressed due to customer policy"
        said = refusal("1902", "Message generation rejected", reason)
        provider = self.answering(lambda _: httpx.Response(400, json=said))

        assert provider.send([a_filled()]) == [Refused(reason)]
        with pytest.raises(BatchRefused):
            provider.send(sample_messages(provider, 2))

    @pytest.mark.parametrize(
        ("status", "answer", "error", "said"),
        [
            (420, refusal("2101", "Exceed Sending Limit (hourly)"), RateLimited, "limit"),
            (420, refusal("2102", "Exceed Sending Limit (daily)"), RateLimited, "daily"),
            (420, refusal("2103", "Exceed Sending Limit (sandbox)"), CredentialsRefused, "sandbox"),
            (
                400,
                refusal("7001", "Invalid domain", "Unconfigured Sending Domain <example.org>"),
                CredentialsRefused,
                "Unconfigured Sending Domain",
            ),
            (401, {"errors": [{"message": "Unauthorized."}]}, CredentialsRefused, "token"),
            (403, {"errors": [{"message": "Forbidden."}]}, CredentialsRefused, "suspended"),
            (400, refusal("1502", "Server resources unavailable"), ProviderUnavailable, "busy"),
        ],
    )
    def test_names_what_is_wrong_with_the_account(self, status, answer, error, said):
        provider = self.answering(lambda _: httpx.Response(status, json=answer))

        with pytest.raises(error, match=said) as raised:
            provider.send(sample_messages(provider, 2))

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
            "Acme at api.sparkpost.com",
            Quota(48_000, 50_000, "day"),
            ("mails may be from example.org",),
        )

    def test_says_that_the_account_has_a_way_out_of_its_own(self):
        account = {**LOOKS["/api/v1/account"], "options": {"transactional_unsub": True}}
        looks = {**LOOKS, "/api/v1/account": account}
        provider = self.answering(
            lambda it: httpx.Response(200, json={"results": looks[it.url.path]})
        )

        assert "switch transactional_unsub off" in str(provider.check())

    def test_checks_a_key_that_may_only_send(self):
        forbidden = httpx.Response(403, json={"errors": [{"message": "Forbidden."}]})

        account = self.answering(lambda _: forbidden).check()

        assert "this key may not read it" in str(account)

    @pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"results": [1]}'])
    def test_says_that_it_is_another_service(self, body):
        provider = self.answering(lambda _: httpx.Response(200, content=body))

        with pytest.raises(ProviderUnavailable, match="another service answers there"):
            provider.check()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"status": "suspended", "status_reason_category": "NONPAYMENT"}, "NONPAYMENT"),
            ({"status": "terminated"}, "no reason given"),
        ],
    )
    def test_names_an_account_that_is_not_active(self, changes, said):
        looks = {**LOOKS, "/api/v1/account": {**LOOKS["/api/v1/account"], **changes}}
        provider = self.answering(
            lambda it: httpx.Response(200, json={"results": looks[it.url.path]})
        )

        with pytest.raises(CredentialsRefused, match=said):
            provider.check()
