"""A newsletter through Mailjet: 50 messages in a call, each with a status of its own."""

import base64
import json

import httpx
import pytest
from pydantic import SecretStr

from dispatch.errors import BatchRefused, CredentialsRefused, OutcomeUnknown, ProviderUnavailable
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.model.editions.picture import read_picture
from dispatch.testing.contract import SECRET, ProviderContract
from dispatch.testing.samples import a_png, an_email
from vendors.mailjet import VENDOR, refused, taken

TAKEN = taken(0, {"To": [{"Email": "reader1@example.org"}], "CustomID": "delivery-1"})
WRONG = refused("mj-0013", '"ada@" is an invalid email address.', "To[0].Email")


class TestMailjet(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def refused_one(self, request, email, reason):
        answers = VENDOR.answer(request).json()["Messages"]
        [place] = [at for at, one in enumerate(answers) if one["To"][0]["Email"] == email]
        answers[place] = refused("mj-0013", reason, "To[0].Email")
        return httpx.Response(200, json={"Messages": answers})

    def answers(self, *answers, status=200):
        provider = self.answering(
            lambda _: httpx.Response(status, json={"Messages": list(answers)})
        )
        return provider.send([an_email(number) for number, _ in enumerate(answers, 1)])

    def test_takes_no_answer_for_another_readers(self):
        with pytest.raises(OutcomeUnknown, match="in another order"):
            self.answers(WRONG, TAKEN)

    def sent(self, email, **options):
        requests = []

        def service(request):
            requests.append(request)
            return VENDOR.answer(request)

        http = httpx.Client(transport=httpx.MockTransport(service))
        provider = VENDOR.provider(http, SecretStr(SECRET), api_key="key", **options)
        assert isinstance(provider.send([email])[0], Accepted)
        return requests[0]

    def test_hands_over_a_letter_with_all_that_is_its_own(self):
        picture = read_picture("logo.png", a_png())
        email = an_email(
            to=Address("o'neil@example.org", 'Sean "Shay", Jr. Œ'), pictures=(picture,)
        )

        request = self.sent(email, extra={"CustomCampaign": "weekly", "TrackOpens": "enabled"})

        [message] = json.loads(request.content)["Messages"]
        [received] = VENDOR.mails(request)
        login = base64.b64encode(f"key:{SECRET}".encode()).decode()
        assert str(request.url) == "https://api.mailjet.com/v3.1/send"
        assert request.headers["authorization"] == f"Basic {login}"
        assert (received.to, received.name) == (email.to.email, email.to.name)
        assert (received.text, received.html, received.id) == (email.text, email.html, email.id)
        assert received.headers == {  # a List-Id is refused there
            name.lower(): value for name, value in email.headers if name != "List-Id"
        }
        assert (message["TrackOpens"], message["TrackClicks"]) == ("disabled", "disabled")
        assert message["CustomCampaign"] == "weekly"
        assert message["InlinedAttachments"] == [
            {
                "ContentType": "image/png",
                "Filename": "logo.png",
                "ContentID": picture.content_id,
                "Base64Content": picture.data,
            }
        ]

    def test_gives_no_empty_name(self):
        request = self.sent(an_email(to=Address("ada@example.org")))

        [message] = json.loads(request.content)["Messages"]
        assert message["To"] == [{"Email": "ada@example.org"}]

    @pytest.mark.parametrize("status", [200, 400, 401, 403])
    def test_tells_apart_what_became_of_each_whatever_the_status_of_the_call(self, status):
        big = refused("mj-0006", "Subject is too long.", "Subject")

        first, second, third = self.answers(TAKEN, WRONG, big, status=status)

        assert first == Accepted(str(TAKEN["To"][0]["MessageID"]))
        assert (second, second.sure) == (Refused('"ada@" is an invalid email address.'), True)
        assert (third, third.sure) == (Refused("Subject is too long."), False)

    @pytest.mark.parametrize(
        "answer",
        [
            None,
            {},
            {"Status": "queued"},
            {"Status": "error"},
            {"Status": "error", "Errors": []},
            {"Status": "error", "Errors": ["?"]},
            refused("mj-9999", "It broke down.", status=500),
        ],
    )
    @pytest.mark.parametrize("status", [200, 400])
    def test_is_in_doubt_about_what_it_does_not_tell(self, answer, status):
        first, second = self.answers(TAKEN, answer, status=status)

        assert isinstance(first, Accepted)
        assert isinstance(second, OutcomeUnknown)

    @pytest.mark.parametrize("status", [200, 400])
    @pytest.mark.parametrize("answers", [[], [TAKEN]])
    def test_claims_nothing_without_an_answer_for_each(self, answers, status):
        provider = self.answering(lambda _: httpx.Response(status, json={"Messages": answers}))

        with pytest.raises(OutcomeUnknown):
            provider.send([an_email(1), an_email(2)])

    @pytest.mark.parametrize(
        ("code", "status", "words"),
        [
            ("mj-0001", 401, "account is suspended"),
            ("mj-0015", 401, "keys are not accepted"),
            ("send-0006", 403, "may not use this sender"),
            ("send-0007", 403, "sender is not confirmed"),
            ("send-0008", 403, "sender is not confirmed"),
        ],
    )
    def test_names_what_is_wrong_with_the_account(self, code, status, words):
        each = refused(code, "As it says.", "From", status=status)
        whole = {"ErrorCode": code, "ErrorMessage": "As it says.", "StatusCode": status}
        provider = self.answering(lambda _: httpx.Response(status, json=whole))

        with pytest.raises(CredentialsRefused, match=words):
            self.answers(each, each, status=status)
        with pytest.raises(CredentialsRefused, match=words):
            provider.send([an_email()])

    @pytest.mark.parametrize("status", [400, 413])
    def test_tells_a_call_that_is_turned_down_as_a_whole(self, status):
        problem = {"ErrorCode": "mj-0011", "ErrorMessage": "Too big.", "StatusCode": 400}
        provider = self.answering(lambda _: httpx.Response(status, json=problem))

        with pytest.raises(BatchRefused, match="Too big"):
            provider.send([an_email(1), an_email(2)])

    def test_keeps_its_keys_to_itself(self):
        said = {"ErrorMessage": f"no such keys: 0a1b2c3d4e5f60718293a4b5c6d7e8f9:{SECRET}"}
        provider = self.answering(lambda _: httpx.Response(401, json=said))

        with pytest.raises(CredentialsRefused) as raised:
            provider.check()

        assert "0a1b2c3d" not in str(raised.value)

    def checked(self, *senders):
        provider = self.answering(lambda _: httpx.Response(200, json={"Data": list(senders)}))
        return str(provider.check())

    def test_names_its_senders(self):
        many = [{"Email": f"{one}@example.org", "Status": "Active"} for one in "abcde"]

        assert str(self.answering(VENDOR.answer).check()) == "sends as lettre@example.org"
        assert self.checked(*many).endswith("c@example.org and 2 more")
        assert "no sender is confirmed" in self.checked({"Email": "a@b.org", "Status": "Inactive"})

    def test_says_that_another_service_answers(self):
        with pytest.raises(ProviderUnavailable, match="check the option 'url'"):
            self.answering(lambda _: httpx.Response(404)).check()
