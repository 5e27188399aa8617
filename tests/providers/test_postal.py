"""Mails go out through a Postal server, whose refusals come with the status 200."""

import json

import httpx
import pytest
from pydantic import SecretStr

from dispatch.errors import CredentialsRefused, OutcomeUnknown, ProviderUnavailable
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.testing.contract import SECRET, ProviderContract
from dispatch.testing.samples import a_mail, an_email
from vendors.postal import VENDOR, says


class TestPostal(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def test_hands_over_the_mail_as_it_is(self):
        requests = []

        def service(request):
            requests.append(request)
            return VENDOR.answer(request)

        http = new_client(transport=httpx.MockTransport(service))
        provider = VENDOR.provider(http, SecretStr(SECRET), extra={"tag": "x", "bounce": True})
        mail = a_mail(to=Address("o'neil+news@example.org", 'Sean "Shay", Jr.'), subject="山の便り")
        outcomes = provider.send([mail])

        [request] = requests
        call = json.loads(request.content)
        [seen] = VENDOR.mails(request)
        assert request.url == "https://postal.example.org/api/v1/send/raw"
        assert request.headers["x-server-api-key"] == SECRET
        assert (call["mail_from"], call["tag"], call["bounce"]) == (
            "lettre@example.org",
            "x",
            False,
        )
        assert (seen.to, seen.name) == ("o'neil+news@example.org", 'Sean "Shay", Jr.')
        assert (seen.subject, seen.html.strip(), seen.id) == (
            "山の便り", an_email().html, "delivery-1"
        )  # fmt: skip
        assert outcomes == [Accepted("400")]

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (says("error", code="AccessDenied", message="Must be authenticated"), "proxy"),
            (says("error", code="InvalidServerAPIKey", token=SECRET), "key is not known"),
            (says("error", code="ServerSuspended"), "suspended"),
            (says("error", code="UnauthenticatedFromAddress"), "sender's domain is none"),
        ],
    )
    def test_tells_what_is_wrong_with_the_account(self, answer, words):
        provider = self.answering(lambda _: answer)

        for asked in (lambda: provider.send([a_mail()]), provider.check):
            with pytest.raises(CredentialsRefused, match=words) as raised:
                asked()
            assert SECRET not in str(raised.value)

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (says("error", code="NoContent", message="There is no content"), "There is no content"),
            (says("error", code="NewInPostal4"), "NewInPostal4"),
            (says("error"), "error"),
            (says("parameter-error", message="`data` is missing"), "`data` is missing"),
            (httpx.Response(413, text="<h1>nginx</h1>"), "HTTP 413 Content Too Large"),
        ],
    )
    def test_refuses_what_the_server_did_not_take(self, answer, reason):
        [outcome] = self.answering(lambda _: answer).send([a_mail()])

        assert outcome == Refused(reason)
        assert not outcome.sure  # it may be the account's as well

    @pytest.mark.parametrize(
        "messages",
        [None, {}, [], {"else@example.org": {"id": 1}}, {"reader1@example.org": {"token": "x"}}],
    )
    def test_claims_nothing_without_an_id_for_the_recipient(self, messages):
        provider = self.answering(lambda _: says("success", messages=messages))

        with pytest.raises(OutcomeUnknown, match="without an id"):
            provider.send([a_mail()])

    def test_names_the_installation(self):
        account = str(self.answering(VENDOR.answer).check())

        assert account == (
            "a mail server of postal.example.org;"
            " the first mail shows whether the sender's domain is verified"
        )

    @pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(200, text="<h1>")])
    def test_says_that_somebody_else_answers(self, answer):
        with pytest.raises(ProviderUnavailable, match="not like one of Postal"):
            self.answering(lambda _: answer).check()
