"""Mails go out through Scaleway, and its refusals are told apart."""

import json
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from dispatch.errors import CredentialsRefused, ProviderUnavailable, RateLimited
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.model.editions.picture import read_picture
from dispatch.providers.scaleway import ScalewayOptions
from dispatch.testing.contract import SECRET, ProviderContract
from dispatch.testing.samples import a_png, an_email
from vendors.scaleway import PROJECT, VENDOR

QUOTA = {"resource": "tem_emails", "quota": 10000, "current": 10000}


def refuses(kind, *details, status=400, message=""):
    """How Scaleway says no."""
    body = {"type": kind, "message": message, "details": details}
    return httpx.Response(status, json=body)


def invalid(argument, words="is not right"):
    about = {"argument_name": argument, "reason": "constraint", "help_message": words}
    return refuses("invalid_arguments", about, message="invalid argument(s)")


class TestScaleway(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def test_sends_texts_names_and_headers(self):
        requests = []

        def service(request):
            requests.append(request)
            return VENDOR.answer(request)

        http = new_client(transport=httpx.MockTransport(service))
        theirs = {"key": "X-Team", "value": "press"}
        extra = {"additional_headers": [theirs], "send_before": "2026-12-01T00:00:00Z", "to": []}
        provider = VENDOR.provider(http, SecretStr(SECRET), extra=extra)
        message = an_email(to=Address("ada@example.org", 'Ada "Countess", 山田'), subject="山")
        outcomes = provider.send([message])

        [request] = requests
        call = json.loads(request.content)
        [seen] = VENDOR.mails(request)
        assert request.url == (
            "https://api.scaleway.com/transactional-email/v1alpha1/regions/fr-par/emails"
        )
        assert request.headers["x-auth-token"] == SECRET
        assert call["from"] == {"email": "lettre@example.org", "name": "La Lettre"}
        assert call["to"] == [{"email": "ada@example.org", "name": 'Ada "Countess", 山田'}]
        assert (call["project_id"], call["send_before"]) == (PROJECT, "2026-12-01T00:00:00Z")
        assert seen.headers == {"x-team": "press"} | {
            name.lower(): value for name, value in message.headers
        }
        assert (seen.subject, seen.text, seen.html) == ("山", message.text, message.html)
        assert seen.id == "delivery-1"
        assert outcomes == [Accepted("655c27f2-b2a3")]

    @pytest.mark.parametrize(
        ("title", "written"),
        [
            ("Un bel été", "=?utf-8?q?Un_bel_=C3=A9t=C3=A9?="),
            ("a\r\nBcc: x\x00", "a Bcc: x"),
            ("a\ud800", "a?"),
        ],
    )
    def test_writes_headers_in_ascii_as_mails_have_them(self, title, written):
        requests = []

        def service(request):
            requests.append(request)
            return VENDOR.answer(request)

        headers = (("List-Id", f"{title} <weekly.example.org>"),)
        self.answering(service).send([an_email(headers=headers)])

        [seen] = VENDOR.mails(requests[0])
        assert seen.headers["list-id"].split() == [*written.split(), "<weekly.example.org>"]

    def test_hands_over_no_mail_whose_pictures_nobody_would_see(self):
        picture = read_picture("logo.png", a_png())
        message = an_email(html=f'<img src="{picture.address}">', pictures=(picture,))

        with pytest.raises(CredentialsRefused, match="no place for pictures"):
            self.answering(lambda _: pytest.fail("called")).send([message])

    def test_hands_over_no_mail_that_would_get_lost(self):
        message = an_email(to=Address("bücher@xn--bcher-kva.example"))

        [outcome] = self.answering(lambda _: pytest.fail("called")).send([message])

        assert outcome == Refused(
            "Scaleway loses mails to addresses with such letters before the @"
        )
        assert outcome.sure

    @pytest.mark.parametrize(
        ("answer", "reason", "sure"),
        [
            (invalid("to.0.email"), "to.0.email constraint is not right", True),
            (invalid("to.0.email", "no such domain"), "to.0.email constraint no such domain", True),
            (invalid("subject"), "subject constraint is not right", False),
            (httpx.Response(413), "HTTP 413 Content Too Large", False),
            (
                httpx.Response(
                    200,
                    json={"emails": [{"id": 1, "status": "failed", "status_details": "blocked"}]},
                ),
                "blocked",
                False,
            ),
        ],
    )
    def test_tells_a_bad_address_from_a_bad_mail(self, answer, reason, sure):
        [outcome] = self.answering(lambda _: answer).send([an_email()])

        assert (outcome, outcome.sure) == (Refused(reason), sure)

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (invalid("from.email"), "sender's domain"),
            (invalid("project_id", "must be a UUID"), "project_id constraint must be a UUID"),
            (refuses("precondition_failed", status=412, message="not a checked domain"), "checked"),
            (
                refuses("permissions_denied", {"action": "write", "resource": "tem"}, status=403),
                r"may not do this \(write tem\)",
            ),
            (refuses("denied_authentication", status=401, message="bad key"), "bad key"),
        ],
    )
    def test_tells_what_is_wrong_with_the_account(self, answer, words):
        provider = self.answering(lambda _: answer)

        with pytest.raises(CredentialsRefused, match=words):
            provider.send([an_email()])

    @pytest.mark.parametrize("argument", ["to.0.email", "from.email", "subject"])
    def test_keeps_the_secret_where_its_details_repeat_it(self, argument):
        provider = self.answering(lambda _: invalid(argument, f"no {SECRET}"))

        try:
            shown = str(provider.send([an_email()]))
        except CredentialsRefused as error:
            shown = str(error)

        assert SECRET not in shown
        assert "no ***" in shown

    def test_waits_where_the_quota_is_used_up(self):
        provider = self.answering(lambda _: refuses("quotas_exceeded", QUOTA, status=403))

        with pytest.raises(RateLimited, match="tem_emails 10000 10000") as raised:
            provider.send([an_email()])

        assert raised.value.retry_after == timedelta(hours=1)

    def checked(self, *domains):
        def service(request):
            if request.url.path.endswith("/domains"):
                return httpx.Response(200, json={"domains": domains})
            return VENDOR.answer(request)

        return str(self.answering(service).check())

    def test_names_the_domains_and_what_was_sent(self):
        account = self.checked(
            {"name": "example.org", "status": "checked"},
            {"name": "new.example", "status": "pending"},
            {"name": "old.example", "status": "revoked"},
        )

        assert account == (
            "example.org; 1,234 mails this month; new.example is pending;"
            " its terms allow transactional mails only, and no newsletters"
        )

    @pytest.mark.parametrize(
        ("domains", "words"),
        [([], "it has none"), ([{"name": "a.example", "status": "invalid"}], "a.example is inv")],
    )
    def test_fails_a_check_where_nothing_could_be_sent(self, domains, words):
        with pytest.raises(CredentialsRefused, match=words):
            self.checked(*domains)

    def test_is_content_with_a_key_that_may_only_send(self):
        denied = refuses("permissions_denied", {"action": "read", "resource": "tem"}, status=403)

        account = self.answering(lambda _: denied).check()

        assert str(account).startswith(f"project {PROJECT}; the key may not do this (read tem)")

    @pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(200, text="<h1>")])
    def test_says_that_somebody_else_answers(self, answer):
        with pytest.raises(ProviderUnavailable, match="another service answers there"):
            self.answering(lambda _: answer).check()


@pytest.mark.parametrize("region", ["", "Paris", "fr-par-1", "nl-ams"])
def test_wants_the_region_that_has_the_service(region):
    with pytest.raises(ValidationError, match="fr-par"):
        ScalewayOptions(region=region, secret_key=SecretStr("a"), project_id="b")
