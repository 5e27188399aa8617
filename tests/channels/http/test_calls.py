"""Every failure of a call is sorted by one question: may it have been sent?"""

import gzip
import re
import socket
import threading
from datetime import UTC, datetime, timedelta
from itertools import count, repeat
from urllib.parse import unquote

import httpx
import pytest
from pydantic import SecretStr

from dispatch.channels.http.calls import MOST_BYTES, Api, preparing
from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.http import new_client
from dispatch.retry_after import LONGEST, retry_after
from dispatch.testing.clock import FakeClock

TOKEN = "tok-4711"


def api(answer, **more):
    def handler(request):
        if isinstance(answer, type):
            raise answer("simulated", request=request)
        return answer

    http = new_client(transport=httpx.MockTransport(handler))
    more.setdefault("secrets", (SecretStr(TOKEN),))
    return Api(name="acme", url="https://api.example/v1", http=http, clock=FakeClock(), **more)


def sort(answer, method="POST", **more):
    return api(answer, **more).call(method, "/send", json={"a": 1})


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.ConnectError, ProviderUnavailable),
        (httpx.ConnectTimeout, ProviderUnavailable),
        (httpx.PoolTimeout, ProviderUnavailable),
        (httpx.ProxyError, ProviderUnavailable),
        (httpx.ReadTimeout, OutcomeUnknown),
        (httpx.ReadError, OutcomeUnknown),
        (httpx.WriteError, OutcomeUnknown),
        (httpx.WriteTimeout, OutcomeUnknown),
        (httpx.RemoteProtocolError, OutcomeUnknown),
        (httpx.Response(301, headers={"Location": "https://other.example"}), CredentialsRefused),
        (httpx.Response(401), CredentialsRefused),
        (httpx.Response(403), CredentialsRefused),
        (httpx.Response(408), ProviderUnavailable),
        (httpx.Response(429), RateLimited),
        (httpx.Response(500), OutcomeUnknown),
        (httpx.Response(404, html="<h1>Shop</h1>"), CredentialsRefused),
        (httpx.Response(405), CredentialsRefused),
        (httpx.Response(502), OutcomeUnknown),
        (httpx.Response(503), ProviderUnavailable),
        (httpx.Response(503, headers={"Retry-After": "9"}), RateLimited),
        (httpx.Response(504), OutcomeUnknown),
        (httpx.Response(599), OutcomeUnknown),
    ],
)
def test_sorts_a_failed_call(answer, error):
    with pytest.raises(error, match=r"^acme: .+ - .+"):
        sort(answer)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="\n<html>Back soon</html>"),
        httpx.Response(200, content=b" " * (MOST_BYTES + 1)),
    ],
)
def test_what_is_not_the_services_own_answer_does_not_say_that_it_is_done(answer):
    with pytest.raises(OutcomeUnknown, match="not its own - look there"):
        sort(answer, "DELETE").check_done()


@pytest.mark.parametrize("answer", [httpx.Response(204), httpx.Response(200, json={"id": 7})])
def test_a_status_alone_says_that_it_is_done(answer):
    sort(answer, "DELETE").check_done()


@pytest.mark.parametrize("answer", [httpx.ReadTimeout, httpx.ReadError, httpx.Response(502)])
def test_is_never_in_doubt_about_a_call_that_changes_nothing(answer):
    with pytest.raises(ProviderUnavailable):
        sort(answer, "GET")


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (
            httpx.Response(200, text="<html>"),
            ProviderUnavailable,
            "'id' is not there, or cannot be",
        ),
        (httpx.Response(200, json={"id": None}), ProviderUnavailable, "- check its address"),
        (httpx.Response(429), RateLimited, "- try again later"),
        (httpx.Response(503), ProviderUnavailable, "- try again later"),
    ],
)
def test_speaks_of_no_message_where_none_was_sent(answer, error, said):
    with pytest.raises(error, match=said) as raised:
        sort(answer, "GET").text("id")

    assert not re.search(r"message|sending", str(raised.value))


def test_waits_for_less_where_nothing_is_sent():
    waits = []

    def service(request):
        waits.append(request.extensions["timeout"]["read"])
        return httpx.Response(200)

    http = httpx.Client(transport=httpx.MockTransport(service), timeout=30)
    api = Api("acme", "https://acme.example", http, FakeClock())
    for method in ("GET", "POST"):
        api.call(method)

    assert waits == [10, 30]


@pytest.mark.parametrize("status", [400, 404, 409, 413, 422, 501])
def test_takes_other_refusals_as_the_answer_to_this_message(status):
    reply = sort(httpx.Response(status, json={"error": {"message": "No such list"}}))

    assert reply.refused
    assert reply.text("error.message") == "No such list"


@pytest.mark.parametrize("body", [b"", b"<h1>no</h1>", b'{"other": 1}', b'{"error": null}'])
def test_has_words_for_a_refusal_without_a_reason(body):
    reply = sort(httpx.Response(409, content=body))

    assert reply.text("error") == "HTTP 409 Conflict"


@pytest.mark.parametrize("status", [404, 405])
@pytest.mark.parametrize("body", [b"", b"<h1>Not Found</h1>", b'{"other": 1}'])
def test_blames_the_address_where_nothing_takes_messages(status, body):
    with pytest.raises(CredentialsRefused, match="nothing takes messages there - correct"):
        sort(httpx.Response(status, content=body))

    assert sort(httpx.Response(status, content=body), "GET").refused


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"id": null}', b"[]", b"\xff", b'{"id": true}'])
def test_does_not_know_what_an_unreadable_yes_means(body):
    reply = sort(httpx.Response(200, content=body))

    assert not reply.refused
    with pytest.raises(OutcomeUnknown, match="without a readable 'id'"):
        reply.text("id")


def test_reads_a_value_inside_lists_and_objects():
    reply = sort(httpx.Response(200, json={"sent": [{"id": 7}]}))

    assert reply.text("sent.0.id") == "7"


def test_does_not_read_answers_without_end():
    huge = httpx.Response(200, content=b"{" + b" " * MOST_BYTES + b"}")

    reply = sort(huge)

    assert reply.body is None
    with pytest.raises(OutcomeUnknown):
        reply.text("id")


def test_does_not_know_what_a_yes_means_that_cannot_be_unpacked():
    broken = httpx.Response(
        200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"not gzip")
    )

    reply = sort(broken)

    with pytest.raises(OutcomeUnknown):
        reply.text("id")


def test_does_not_unpack_more_than_it_reads():
    bomb = gzip.compress(b'{"id": "' + b"0" * 50 * MOST_BYTES + b'"}')
    headers = {"Content-Encoding": "gzip"}

    reply = sort(httpx.Response(200, headers=headers, stream=httpx.ByteStream(bomb)))

    assert reply.body is None


def test_does_not_wait_for_an_answer_that_comes_drop_by_drop():
    def drops():
        yield from repeat(b" ")

    reply = sort(httpx.Response(409, content=drops()), ticks=count(0, 10).__next__)

    assert reply.body is None
    assert reply.text("error") == "HTTP 409 Conflict"


@pytest.mark.parametrize("status", [200, 401, 422, 429, 500, 503])
def test_keeps_the_secret_that_the_service_repeats(status):
    said = {"id": TOKEN, "error": f"unknown token {TOKEN}"}
    shown = repr(api(None))

    try:
        reply = sort(httpx.Response(status, json=said))
        shown += reply.text("id" if status == 200 else "error")
    except (CredentialsRefused, RateLimited, OutcomeUnknown, ProviderUnavailable) as error:
        shown += f"{error!r} {error.__cause__!r}"

    assert TOKEN not in shown


@pytest.mark.parametrize("token", ["tok-4711\r\nX: y", "tok-4711é"])
def test_keeps_a_token_that_cannot_be_sent(token):
    headers = {"Authorization": f"Bearer {token}"}
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with new_client() as http:
            service = Api(name="acme", url=url, http=http, clock=FakeClock(), headers=headers)

            with pytest.raises(CredentialsRefused) as raised:
                service.call("POST")

    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    assert "tok-4711" not in str(raised.value)


def test_shortens_long_reasons():
    reply = sort(httpx.Response(422, json={"error": "no " * 500}))

    assert len(reply.text("error")) == 300


class TestOverARealLine:
    """The same question, asked of real sockets."""

    def call(self, handle):
        with socket.create_server(("127.0.0.1", 0)) as server, new_client() as http:

            def serve():
                line, _ = server.accept()
                with line:
                    handle(line)

            thread = threading.Thread(target=serve)
            thread.start()
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
            try:
                return Api(name="acme", url=url, http=http, clock=FakeClock()).call(
                    "POST", json={"a": 1}
                )
            finally:
                thread.join()

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}"

        with new_client() as http, pytest.raises(ProviderUnavailable):
            Api(name="acme", url=url, http=http, clock=FakeClock()).call("POST")

    def test_the_line_breaks_before_the_answer(self):
        with pytest.raises(OutcomeUnknown):
            self.call(lambda line: line.recv(9999))

    def test_the_line_breaks_inside_the_answer(self):
        def handle(line):
            line.recv(9999)
            line.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id": ')

        reply = self.call(handle)

        with pytest.raises(OutcomeUnknown):
            reply.text("id")

    def test_it_is_no_http(self):
        def handle(line):
            line.recv(9999)
            line.sendall(b"220 mail.example.org ESMTP\r\n")

        with pytest.raises(OutcomeUnknown):
            self.call(handle)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "Tue, 24 Nov 2026 08:02:00 GMT"}, 120),
        ({"Retry-After": "Tue, 24 Nov 2026 07:00:00 GMT"}, 0),
        ({"X-Reset": "2026-11-24T08:05:00.000000Z"}, 300),
        ({"X-Reset": str(int(datetime(2026, 11, 24, 8, 1, tzinfo=UTC).timestamp()))}, 60),
        ({"X-Reset": "30"}, 30),
        ({"Retry-After": "soon", "X-Reset": "30"}, 30),
    ],
)
def test_understands_how_long_to_wait(headers, seconds):
    wait = retry_after(httpx.Headers(headers), now=FakeClock()(), reset_header="x-reset")

    assert wait == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "soon", "-5", "nan", "inf", "1e99", "2026-13-45", "é"])
def test_does_not_guess_how_long_to_wait(text):
    assert retry_after({"Retry-After": text}, now=FakeClock()()) is None


def test_does_not_wait_for_years():
    assert retry_after({"Retry-After": "999999999"}, now=FakeClock()()) == LONGEST


def test_a_bill_that_is_not_paid_is_for_a_person_to_settle():
    with pytest.raises(CredentialsRefused, match="has to be paid for \\(no credits\\)"):
        sort(httpx.Response(402, json={"message": "no credits"}))


def test_an_adapter_judges_what_is_no_yes_before_it_is_sorted():
    def judge(reply):
        if reply.read("code") == 7:
            raise RateLimited(f"acme: the day is over ({reply.words})", retry_after=None)

    with pytest.raises(RateLimited, match="the day is over \\(quota\\)"):
        sort(httpx.Response(403, json={"code": 7, "message": "quota"}), judge=judge)
    with pytest.raises(CredentialsRefused):
        sort(httpx.Response(403, json={"code": 8}), judge=judge)
    assert sort(httpx.Response(200, json={"code": 7}), judge=judge).read("code") == 7


def test_an_adapter_takes_a_reply_as_it_is_whatever_its_status():
    answer = httpx.Response(403, json={"Messages": [{"Status": "success"}]})

    reply = sort(answer, judge=lambda reply: isinstance(reply.read("Messages"), list))

    assert reply.read("Messages.0.Status") == "success"


class TestCallsThatMayBeRepeated:
    def test_are_made_once_more_where_the_answer_was_lost(self):
        answers = iter([httpx.ReadTimeout("lost"), httpx.Response(200, json={"id": "1"})])
        bodies = []

        def service(request):
            bodies.append(request.read())
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

        http = new_client(transport=httpx.MockTransport(service))
        acme = Api(name="acme", url="https://api.example", http=http, clock=FakeClock())

        reply = acme.call("POST", "/send", json={"a": 1}, repeats=1)

        assert reply.text("id") == "1"
        assert bodies == [b'{"a":1}'] * 2

    @pytest.mark.parametrize("answer", [httpx.ReadTimeout, httpx.Response(500)])
    def test_stay_in_doubt_where_it_is_lost_each_time(self, answer):
        with pytest.raises(OutcomeUnknown):
            api(answer).call("POST", "/send", repeats=2)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": "no"}, "no"),
        ({"message": " too\nlong "}, "too long"),
        ({"errors": [{"message": "first"}, {"message": "second"}]}, "first"),
        ({"error": {"message": "deep"}}, "deep"),
        ({"message": 7}, "HTTP 422 Unprocessable Content"),
        ([], "HTTP 422 Unprocessable Content"),
    ],
)
def test_a_refusal_speaks_in_the_words_of_the_service(body, words):
    assert sort(httpx.Response(422, json=body)).words == words


@pytest.mark.parametrize("how", ["json", "form", "files"])
def test_writes_a_question_mark_for_half_a_character(how):
    """As finished mails have it."""
    text = "a\ud800b"
    said = [("text", (None, text))] if how == "files" else {"text": text}
    bodies = []

    def service(request):
        bodies.append(unquote(request.read().decode()))
        return httpx.Response(200, json={})

    http = httpx.Client(transport=httpx.MockTransport(service))
    Api(name="acme", url="https://api.example", http=http, clock=FakeClock()).call(
        "POST", "/send", **{how: said}
    )

    assert "a?b" in bodies[0]


@pytest.mark.parametrize(
    ("said", "word"), [("x", "x"), (7, "7"), (None, ""), (True, ""), (["x"], ""), ({"x": 1}, "")]
)
def test_a_code_is_a_word_or_none(said, word):
    assert sort(httpx.Response(400, json={"code": said})).word("code") == word


def test_a_refusal_in_words_about_the_account_is_the_accounts():
    with pytest.raises(CredentialsRefused, match="acme: the account may not send"):
        sort(httpx.Response(422, json={"message": "Your account is suspended"}))


def test_reads_no_secret_that_an_answer_repeats():
    secrets = (SecretStr("tok-4711-0815"), SecretStr("id"))
    answer = httpx.Response(200, json={"id": "7", "domains": [{"name": "tok-4711-0815.example"}]})

    reply = sort(answer, secrets=secrets)

    assert reply.read("domains.0.name") == "***.example"
    assert reply.text("id") == "7"


def test_what_is_lost_of_a_preparation_leaves_nothing_in_doubt():
    with pytest.raises(ProviderUnavailable, match="nothing was posted"), preparing():
        api(httpx.Response(500)).call("POST", "/media")
    with pytest.raises(ProviderUnavailable, match="nothing was posted"), preparing():
        api(httpx.Response(200, text="<html>")).call("POST", "/media").text("id")
