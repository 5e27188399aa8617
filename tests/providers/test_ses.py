"""Mails go out through Amazon SES, and its refusals are told apart."""

import json
from datetime import timedelta

import httpx
import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr, ValidationError

from dispatch.errors import CredentialsRefused, ProviderUnavailable, RateLimited
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.providers.ses import SesOptions
from dispatch.testing.contract import SECRET, ProviderContract
from dispatch.testing.samples import a_mail, an_email
from vendors.ses import ACCOUNT, VENDOR

NOT_VERIFIED = (
    "Email address is not verified. The following identities failed the check in region EU-WEST-1: "
)


def refuses(kind, words, status=400):
    """How SES says no; its words are in `message`, and the kind is in a header."""
    headers = {"x-amzn-ErrorType": f"{kind}:http://internal.amazon.com/coral/{kind}/"}
    return httpx.Response(status, headers=headers, json={"message": words})


class TestSes(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def sent(self, mail, **options):
        requests = []

        def service(request):
            requests.append(request)
            return VENDOR.answer(request)

        http = new_client(transport=httpx.MockTransport(service))
        outcomes = VENDOR.provider(http, SecretStr(SECRET), **options).send([mail])
        return requests[0], outcomes[0]

    def checked(self, account=(), identity=None, **options):
        def service(request):
            if identity is not None and "/identities/" in request.url.path:
                return identity
            if request.url.path == "/v2/email/account":
                return httpx.Response(200, content=json.dumps({**ACCOUNT, **dict(account)}))
            return VENDOR.answer(request)

        http = new_client(transport=httpx.MockTransport(service))
        return VENDOR.provider(http, SecretStr(SECRET), **options).check()

    def test_hands_over_the_mail_as_it_is(self):
        mail = a_mail(
            id="42ab.7", to=Address("ada@example.org", 'Ada "Countess", 山田'), subject="山の便り"
        )

        request, outcome = self.sent(mail)

        [seen] = VENDOR.mails(request)
        assert (seen.to, seen.name, seen.subject) == (
            "ada@example.org", 'Ada "Countess", 山田', "山の便り"
        )  # fmt: skip
        assert seen.html.strip() == an_email().html
        assert seen.headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert seen.id == "42ab_7"  # tags have no full stop
        assert outcome == Accepted("0102018-af5c-000000")
        assert request.url == "https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails"

    def test_passes_on_the_configuration_set_and_what_it_does_not_know(self):
        theirs = {"Name": "campaign", "Value": "weekly"}
        taken = {"Name": "delivery", "Value": "theirs"}  # SES refuses a name that comes twice
        extra = {"EmailTags": [theirs, taken], "TenantName": "acme", "Content": "no"}

        request, _ = self.sent(a_mail(), configuration_set="news", extra=extra)

        call = json.loads(request.content)
        assert call["ConfigurationSetName"] == "news"
        assert call["TenantName"] == "acme"
        assert call["EmailTags"] == [theirs, {"Name": "delivery", "Value": "delivery-1"}]
        assert set(call["Content"]) == {"Raw"}

    def test_signs_with_the_token_of_keys_that_expire(self):
        request, _ = self.sent(a_mail(), session_token=SecretStr("token-of-a-session"))

        assert request.headers["x-amz-security-token"] == "token-of-a-session"
        assert "x-amz-security-token" in request.headers["authorization"]
        assert "/eu-west-1/ses/aws4_request" in request.headers["authorization"]

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (refuses("AccountSuspendedException", "No more."), "account is suspended"),
            (refuses("SendingPausedException", "Paused."), "sending is paused"),
            (refuses("MailFromDomainNotVerifiedException", "no MX"), "domain is not verified"),
            (
                refuses("MessageRejected", NOT_VERIFIED + "lettre@example.org"),
                "lettre@example.org is not verified",
            ),
            (refuses("MessageRejected", NOT_VERIFIED + "a@b.example, example.org"), "lettre@"),
            (refuses("MessageRejected", NOT_VERIFIED + "reader1@example.org"), "in the sandbox"),
            (refuses("MessageRejected", "Sending suspended for this account."), "suspended"),
            (refuses("NotFoundException", "Configuration set <x> does not exist.", 404), "_set"),
            (refuses("BadRequestException", "Configuration set <x> does not exist."), "_set"),
            (refuses("AccessDeniedException", "no ses:SendRawEmail", 403), "policy"),
            (refuses("ExpiredTokenException", "The token is expired", 403), "keys have expired"),
            (refuses("UnrecognizedClientException", "token is invalid", 403), "access_key_id"),
            (refuses("SignatureDoesNotMatch", "It does not match", 403), "secret_access_key"),
            (refuses("InvalidSignatureException", "Signature expired: 2026 is earlier"), "clock"),
        ],
    )
    def test_tells_what_is_wrong_with_the_account(self, answer, words):
        provider = self.answering(lambda _: answer)

        with pytest.raises(CredentialsRefused, match=words):
            provider.send([a_mail()])

    @pytest.mark.parametrize(
        ("answer", "wait", "words"),
        [
            (refuses("TooManyRequestsException", "Maximum sending rate exceeded.", 429), 1, "pace"),
            (refuses("ThrottlingException", "Maximum sending rate exceeded."), 1, "pace"),
            (refuses("TooManyRequestsException", "Daily message quota exceeded.", 429), 3600, "24"),
            (refuses("ThrottlingException", "Daily message quota exceeded."), 3600, "24 hours"),
            (refuses("LimitExceededException", "Quota"), 3600, "24 hours"),
            (httpx.Response(400, json={"__type": "a.b#Throttling", "Message": "x"}), 1, "pace"),
        ],
    )
    def test_waits_for_the_rate_and_for_the_daily_quota(self, answer, wait, words):
        provider = self.answering(lambda _: answer)

        with pytest.raises(RateLimited, match=words) as raised:
            provider.send([a_mail()])

        assert raised.value.retry_after == timedelta(seconds=wait)

    @pytest.mark.parametrize(
        ("words", "sure"),
        [
            ("Local address contains control or whitespace", True),
            ("Domain contains illegal character", True),
            ("Missing final '@domain'", True),
            ("Address blacklisted.", True),
            ("Message length is more than 41943040 bytes long: '48000000'.", False),
            ("Transaction failed: Expected MIME type", False),
        ],
    )
    def test_tells_a_bad_address_from_a_bad_mail(self, words, sure):
        provider = self.answering(lambda _: refuses("BadRequestException", words))

        [outcome] = provider.send([a_mail()])

        assert (outcome.reason, outcome.sure) == (words, sure)

    def test_names_the_key_the_quota_and_the_rate(self):
        assert str(self.checked()) == (
            "key AKIAIOSFODNN7EXAMPLE in eu-west-1, 48,766 left of 50,000 per 24 hours;"
            " at most 14 a second; example.org is verified"
        )

    @pytest.mark.parametrize(
        ("account", "words"),
        [
            ({"ProductionAccessEnabled": False}, "in the sandbox"),
            ({"EnforcementStatus": "PROBATION"}, "AWS reviews"),
            ({"SendQuota": {"Max24HourSend": -1, "SentLast24Hours": 3}}, "eu-west-1; example"),
            ({"SendQuota": {"Max24HourSend": 200, "SentLast24Hours": 201}}, ", 0 left of 200"),
            ({"SendQuota": {"Max24HourSend": 1e999, "SentLast24Hours": 1}}, "eu-west-1; example"),
            ({"SendQuota": None}, "eu-west-1; example.org is verified"),
        ],
    )
    def test_notes_what_to_know_of_the_account(self, account, words):
        assert words in str(self.checked(account))

    @pytest.mark.parametrize(
        ("account", "identity", "words"),
        [
            ({"SendingEnabled": False}, None, "switched off"),
            ({"EnforcementStatus": "SHUTDOWN"}, None, "suspended"),
            ({}, refuses("NotFoundException", "Not found", 404), r"in eu-west-1 \(not known\)"),
            (
                {},
                httpx.Response(
                    200, json={"VerifiedForSendingStatus": False, "VerificationStatus": "PENDING"}
                ),
                r"not verified in eu-west-1 \(PENDING\)",
            ),
        ],
    )
    def test_fails_a_check_where_nothing_could_be_sent(self, account, identity, words):
        with pytest.raises(CredentialsRefused, match=words):
            self.checked(account, identity)

    def test_tells_how_to_have_the_sender_looked_at(self):
        http = new_client(transport=httpx.MockTransport(VENDOR.answer))

        account = VENDOR.provider(http, SecretStr(SECRET), identity="").check()

        assert (
            "name the sender's domain as the option 'identity', and it is looked at, too"
            in account.notes
        )

    def test_keeps_the_quota_where_it_may_not_ask_for_the_identity(self):
        denied = refuses("AccessDeniedException", "no ses:GetEmailIdentity", 403)

        account = self.checked(identity=denied)

        assert account.quota.left == 48766
        assert "no ses:GetEmailIdentity" in account.notes[-1]

    def test_is_content_with_a_key_that_may_only_send(self):
        denied = refuses("AccessDeniedException", "not authorized to perform: ses:GetAccount", 403)

        account = self.answering(lambda _: denied).check()

        assert "may not do this (not authorized to perform: ses:GetAccount)" in str(account)

    @pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(200, text="<h1>")])
    def test_says_that_somebody_else_answers(self, answer):
        with pytest.raises(ProviderUnavailable, match="another service answers there"):
            self.answering(lambda _: answer).check()

    def test_asks_for_an_identity_by_its_address(self):
        paths = []

        def service(request):
            paths.append(request.url.raw_path)
            return VENDOR.answer(request)

        http = new_client(transport=httpx.MockTransport(service))
        VENDOR.provider(http, SecretStr(SECRET), identity="a/b@example.org").check()

        assert paths[-1] == b"/v2/email/identities/a%2Fb%40example.org"


@pytest.mark.parametrize("region", ["", "Ireland", "eu-west", "eu-west-1/", "eu-west-1.evil"])
def test_wants_a_region_as_aws_writes_it(region):
    with pytest.raises(ValidationError, match="is no AWS region"):
        SesOptions(region=region, access_key_id="a", secret_access_key=SecretStr("b"))


@pytest.fixture(scope="module")
def moto():
    """Somebody else's idea of Amazon, on a port of its own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


def test_sends_through_somebody_elses_server(moto):
    with new_client() as http:
        provider = VENDOR.provider(http, SecretStr(SECRET), url=moto)

        [refused] = provider.send([a_mail()])  # nothing is verified yet
        provider._api.call("POST", "/identities", b'{"EmailIdentity": "example.org"}')
        [outcome] = provider.send([a_mail()])

        [seen] = http.get(f"{moto}/moto-api/data.json").json()["ses"]["RawMessage"]
    assert refused == Refused("Did not have authority to send from email lettre@example.org")
    assert outcome == Accepted(seen["id"])
    assert seen["destinations"][0] == "reader1@example.org"
    assert seen["raw_data"].encode() == a_mail().data
