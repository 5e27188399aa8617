"""A newsletter through Postmark: 500 messages in a call, with an answer for each."""

import json

import httpx
import pytest
from pydantic import SecretStr

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
from vendors.postmark import VENDOR, taken

INACTIVE = {"ErrorCode": 406, "Message": "You tried to send to an inactive recipient."}
NO_SENDER = {"ErrorCode": 400, "Message": "The 'From' address is not a Sender Signature."}


class TestPostmark(ProviderContract):
    def provider(self, http, secret):
        return VENDOR.provider(http, secret)

    def accepted(self, request):
        return VENDOR.answer(request)

    def refused_one(self, request, email, reason):
        mails, answers = json.loads(request.content), VENDOR.answer(request).json()
        [place] = [at for at, one in enumerate(mails) if email in one["To"]]
        answers[place] = {"ErrorCode": 406, "Message": reason}
        return httpx.Response(200, json=answers)

    def answers(self, *answers, emails=None):
        provider = self.answering(lambda _: httpx.Response(200, json=list(answers)))
        return provider.send(emails or [an_email(number) for number, _ in enumerate(answers)])

    def test_takes_no_answer_for_another_readers(self):
        with pytest.raises(OutcomeUnknown, match="in another order"):
            self.answers(INACTIVE, {**taken(0), "To": "reader0@example.org"})

    def sent(self, *emails, **options):
        requests = []

        def service(request):
            requests.append(request)
            return VENDOR.answer(request)

        http = httpx.Client(transport=httpx.MockTransport(service))
        VENDOR.provider(http, SecretStr(SECRET), **options).send(emails)
        return requests[0]

    def test_hands_over_a_letter_with_all_that_is_its_own(self):
        picture = read_picture("logo.png", a_png())
        email = an_email(
            to=Address("o'neil@example.org", 'Sean "Shay", Jr. Œ'), pictures=(picture,)
        )

        request = self.sent(email)

        [mail] = json.loads(request.content)
        [received] = VENDOR.mails(request)
        assert str(request.url) == "https://api.postmarkapp.com/email/batch"
        assert request.headers["x-postmark-server-token"] == SECRET
        assert (received.to, received.name) == (email.to.email, email.to.name)
        assert received.headers == {
            "message-id": email.message_id,
            **{name.lower(): value for name, value in email.headers},
        }
        assert (received.text, received.html, received.id) == (email.text, email.html, email.id)
        assert mail["MessageStream"] == "broadcast"
        assert (mail["TrackOpens"], mail["TrackLinks"]) == (False, "None")
        assert mail["Attachments"] == [
            {
                "Name": "logo.png",
                "Content": picture.data,
                "ContentType": "image/png",
                "ContentID": f"cid:{picture.content_id}",
            }
        ]

    def test_passes_on_what_it_does_not_know_and_keeps_its_own(self):
        request = self.sent(
            an_email(), message_stream="news", extra={"Tag": "weekly", "TrackOpens": True}
        )

        [mail] = json.loads(request.content)
        assert (mail["MessageStream"], mail["Tag"]) == ("news", "weekly")
        assert mail["TrackOpens"] is False

    @pytest.mark.parametrize(
        "field",
        [
            "{{{ pm:unsubscribe }}}",
            "{{{pm:unsubscribe}}}",
            "{{{{ PM:unsubscribe_url }}}",
            "{{pm:x}}",
        ],
    )
    def test_lets_no_field_of_its_language_take_effect(self, field):
        email = an_email(
            subject=f"Write {field}", text=f"Write {field}", html=f"<p>Write {field} there</p>"
        )

        [received] = VENDOR.mails(self.sent(email))

        assert received.subject.replace("\u2060", "") == email.subject
        assert received.text.replace("\u2060", "") == email.text
        assert received.html.replace("&#123;", "{") == email.html

    def test_writes_headers_in_ascii_as_mails_have_them(self):
        email = an_email(headers=(("List-Id", "Lettre d’été <weekly.example.org>"),))

        request = self.sent(email)

        headers = {one["Name"]: one["Value"] for one in json.loads(request.content)[0]["Headers"]}
        assert headers["List-Id"].isascii()
        assert headers["List-Id"].endswith(" <weekly.example.org>")
        [received] = VENDOR.mails(request)
        assert received.headers["list-id"] == "Lettre d’été <weekly.example.org>"

    def test_tells_apart_what_became_of_each(self):
        wrong = {"ErrorCode": 300, "Message": "Invalid 'To' address: 'ada@'."}
        big = {"ErrorCode": 300, "Message": "TextBody is too long."}

        outcomes = self.answers(taken(0), INACTIVE, wrong, big, {"Message": "?"}, taken(5))

        assert outcomes[0] == Accepted(taken(0)["MessageID"])
        assert [one.sure for one in outcomes[1:4]] == [True, True, False]
        assert outcomes[1] == Refused(INACTIVE["Message"])
        assert isinstance(outcomes[4], OutcomeUnknown)
        assert outcomes[5] == Accepted(taken(5)["MessageID"])

    def test_keeps_what_was_taken_before_the_account_ran_out(self):
        spent = {"ErrorCode": 405, "Message": "You ran out of credits."}

        taken_one, refused_one = self.answers(taken(0), spent)

        assert isinstance(taken_one, Accepted)
        assert isinstance(refused_one, CredentialsRefused)

    @pytest.mark.parametrize("answer", [[], [taken(0)], {"ErrorCode": 0}, [None, None, None]])
    def test_claims_nothing_without_an_answer_for_each(self, answer):
        provider = self.answering(lambda _: httpx.Response(200, json=answer))

        with pytest.raises(OutcomeUnknown):
            provider.send([an_email(number) for number in range(3)])

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            (10, "token is not accepted"),
            (400, "does not know the sender"),
            (401, "sender is not confirmed"),
            (405, "may not send"),
            (412, "waits for approval"),
            (413, "kept from sending"),
            (1235, "correct the option 'message_stream'"),
            (1236, "correct the option 'message_stream'"),
        ],
    )
    def test_names_what_is_wrong_with_the_account(self, code, words):
        problem = {"ErrorCode": code, "Message": "As it says."}
        whole = self.answering(lambda _: httpx.Response(422, json=problem))

        with pytest.raises(CredentialsRefused, match=words):
            self.answers(problem, problem)
        with pytest.raises(CredentialsRefused, match=words):
            whole.send([an_email()])

    def test_tells_a_wall_in_front_of_it_from_a_wrong_token(self):
        provider = self.answering(lambda _: httpx.Response(403, text="<h1>403 Forbidden</h1>"))

        with pytest.raises(CredentialsRefused, match="in front of it"):
            provider.send([an_email()])

    @pytest.mark.parametrize(("code", "error"), [(429, RateLimited), (100, ProviderUnavailable)])
    def test_waits_where_it_is_asked_to(self, code, error):
        with pytest.raises(error):
            self.answers({"ErrorCode": code, "Message": "Later."})

    @pytest.mark.parametrize("status", [413, 422])
    def test_tells_a_call_that_is_turned_down_as_a_whole(self, status):
        problem = {"ErrorCode": 410, "Message": "Too many batch messages."}
        provider = self.answering(lambda _: httpx.Response(status, json=problem))

        with pytest.raises(BatchRefused, match="Too many"):
            provider.send([an_email(1), an_email(2)])

    def checked(self, server=None, stream=None):
        def service(request):
            answer = VENDOR.answer(request).json()
            answer.update((server if request.url.path == "/server" else stream) or {})
            return httpx.Response(200, json=answer)

        return self.answering(service).check()

    def test_names_its_server_and_stream(self):
        assert str(self.checked()) == "Newsletter, stream broadcast (Broadcasts)"

    @pytest.mark.parametrize(
        ("server", "stream", "note"),
        [
            ({"DeliveryType": "Sandbox"}, {}, "it delivers nothing"),
            ({}, {"ArchivedAt": "2026-07-01T00:00:00"}, "is archived"),
            ({}, {"MessageStreamType": "Transactional"}, "through a broadcast stream"),
            (
                {},
                {"SubscriptionManagementConfiguration": {"UnsubscribeHandlingType": "Postmark"}},
                "its own unsubscribe link",
            ),
        ],
    )
    def test_notes_what_readers_would_notice(self, server, stream, note):
        assert note in str(self.checked(server, stream))

    def test_names_a_stream_that_is_not_there(self):
        missing = {"ErrorCode": 1226, "Message": "The message stream was not found."}

        def service(request):
            if request.url.path == "/server":
                return VENDOR.answer(request)
            return httpx.Response(404, json=missing)

        with pytest.raises(CredentialsRefused, match="correct the option 'message_stream'"):
            self.answering(service).check()

    def test_says_that_another_service_answers(self):
        with pytest.raises(ProviderUnavailable, match="check the option 'url'"):
            self.answering(lambda _: httpx.Response(404)).check()
