"""MailerSend gets one mail a call, as only then its answer tells what became of it."""

import json
from datetime import timedelta

import httpx
import pytest

from dispatch.channels.provider import Account, Quota
from dispatch.errors import CredentialsRefused, ProviderUnavailable, RateLimited
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.model.editions.picture import read_picture
from dispatch.testing.contract import ProviderContract
from dispatch.testing.samples import a_png, an_email
from vendors.mailersend import VENDOR


def invalid(**errors):
    errors = {name.replace("__", "."): [said] for name, said in errors.items()}
    return httpx.Response(422, json={"message": "The given data was invalid.", "errors": errors})


class TestMailerSend(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def sent(self, message):
        requests = []
        provider = self.answering(
            lambda request: requests.append(request) or self.accepted(request)
        )
        outcomes = provider.send([message])
        return requests[0], outcomes

    def answered(self, answer):
        return self.answering(lambda _: answer).send([an_email()])

    def test_claims_nothing_when_half_of_the_answer_is_missing(self):
        """Its answer to a mail is a header; there is no body to lose."""

    def test_sends_the_mail_with_its_headers(self):
        message = an_email()

        request, outcomes = self.sent(message)

        [mail] = VENDOR.mails(request)
        assert (mail.to, mail.name, mail.sender) == (
            "reader1@example.org", "Reader 1", "lettre@example.org",
        )  # fmt: skip
        assert (mail.subject, mail.text, mail.html) == (message.subject, message.text, message.html)
        assert mail.headers["list-unsubscribe"].startswith("<https://news.example.org/leave/ttt")
        assert mail.headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert mail.headers["list-id"] == "La Lettre <weekly.news.example.org>"
        assert mail.id == message.id
        assert outcomes == [Accepted("5e42957d51f1d94a1070a733")]
        body = json.loads(request.content)
        assert set(body["settings"].values()) == {False}
        assert "personalization" not in body  # nothing is compiled without

    @pytest.mark.parametrize(
        "text", ["{{unsubscribe}}", "{{ x }}{% if y %}{# z #}", "{{{", "{$name}", "{", "a }} %} b"]
    )
    def test_reads_nothing_in_our_text(self, text):
        message = an_email(subject=text, text=text, html=f"<p>{text}</p>")

        request, _ = self.sent(message)

        [mail] = VENDOR.mails(request)
        assert (mail.subject, mail.text, mail.html) == (text, text, f"<p>{text}</p>")

    def test_names_recipients_without_what_it_does_not_allow(self):
        request, _ = self.sent(an_email(to=Address("o@example.org", 'Sean "Shay" O\'Neil, Jr.; x')))

        assert VENDOR.mails(request)[0].name == 'Sean "Shay" O\'Neil Jr. x'

    def test_keeps_a_way_out_that_is_no_web_address(self):
        headers = (("List-Unsubscribe", "<mailto:leave@example.org>"),)

        request, _ = self.sent(an_email(headers=headers))

        assert VENDOR.mails(request)[0].headers == {"list-unsubscribe": headers[0][1]}

    def test_needs_no_plan_with_headers_for_a_mail_that_has_none(self):
        request, _ = self.sent(an_email(headers=()))

        assert not {"headers", "list_unsubscribe"} & json.loads(request.content).keys()

    def test_shows_pictures_by_their_content_id(self):
        picture = read_picture("logo", a_png())

        request, _ = self.sent(an_email(pictures=(picture,)))

        [attached] = json.loads(request.content)["attachments"]
        assert attached["filename"].endswith(".png")
        assert (attached["id"], attached["disposition"]) == (picture.content_id, "inline")

    def test_knows_a_recipient_who_is_suppressed(self):
        people = [{"email": "Reader1@example.org", "name": "", "reasons": ["hard_bounced"]}]
        warnings = [{"type": "ALL_SUPPRESSED", "warning": "All.", "recipients": people}]

        outcomes = self.answered(httpx.Response(202, json={"warnings": warnings}))

        assert outcomes == [
            Refused("is on MailerSend's list of suppressions (hard_bounced)", sure=True)
        ]

    @pytest.mark.parametrize(
        ("said", "advice"),
        [
            ("The from.email domain must be verified in your account to send emails. #MS42207",
             "verify the sender's domain"),
            ("You have reached the trial domain unique recipients limit. #MS42225", "for trials"),
            ("This feature requires a Professional plan or higher. #MS42216", "take a plan"),
            ("Your account reached its email quota limit. #MS42204", "larger quota"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_with_the_account(self, said, advice):
        with pytest.raises(CredentialsRefused, match=advice) as raised:
            self.answered(invalid(from__email=said))

        assert said in str(raised.value)

    def test_says_that_the_account_is_suspended(self):
        said = "Your account is suspended, you can't do any more requests. #MS40304"

        with pytest.raises(CredentialsRefused, match="why it suspended"):
            self.answered(httpx.Response(403, json={"message": said}))

    @pytest.mark.parametrize(
        ("errors", "sure"),
        [({"to__0__email": "no valid address"}, True), ({"subject": "is too long"}, False)],
    )
    def test_tells_a_bad_address_from_what_may_be_the_accounts(self, errors, sure):
        [refused] = self.answered(invalid(**errors))

        assert refused == Refused(*errors.values())
        assert refused.sure == sure

    def test_waits_for_the_next_day_when_its_calls_are_used_up(self):
        said = {"message": "Your account reached its API daily quota limit. #MS42901"}
        headers = {"x-apiquota-reset": "2026-11-25T00:00:00Z"}

        with pytest.raises(RateLimited, match="used up") as raised:
            self.answered(httpx.Response(429, json=said, headers=headers))

        assert raised.value.retry_after > timedelta(hours=1)

    def test_waits_out_maintenance(self):
        with pytest.raises(ProviderUnavailable, match="maintained"):
            self.answered(httpx.Response(421))

    def test_tells_domains_and_calls_that_are_left(self):
        domains = [
            {"name": "example.org", "is_verified": True, "domain_settings": {"send_paused": True}},
            {"name": "example.net", "is_verified": False},
        ]
        said = {"quota": 1000, "remaining": 752, "data": domains}

        account = self.answering(lambda _: httpx.Response(200, json=said)).check()

        assert account == Account(
            "example.org at MailerSend",
            Quota(752, 1000, "day"),
            (
                "not verified: example.net",
                "paused there, where mails are kept and not sent: example.org",
            ),
        )

    def test_needs_a_domain_that_is_verified(self):
        said = {"quota": 1000, "remaining": 752, "data": []}

        with pytest.raises(CredentialsRefused, match="no domain of this account"):
            self.answering(lambda _: httpx.Response(200, json=said)).check()

    def test_checks_a_token_that_may_not_read_domains(self):
        def service(request):
            if request.url.path.endswith("/domains"):
                return httpx.Response(403, json={"message": "no permissions. #MS40301"})
            return self.accepted(request)

        assert "may not read domains" in str(self.answering(service).check())

    def test_does_not_believe_a_service_that_is_none(self):
        with pytest.raises(ProviderUnavailable, match="option 'url'"):
            self.answering(lambda _: httpx.Response(404)).check()
