"""The client repeats what is safe to repeat, waits where it is asked to, and keeps its token."""

import json
import logging

import httpx
import pytest

from dispatch.client import Client, Problem, Unreachable
from dispatch.client.calls import TRIES

TOKEN = "dsp_verysecret"


class Played:
    """A server that gives these answers one after the other, and the client that asks it.

    An answer may be an error, which is raised instead.
    """

    def __init__(self, *answers, **tools):
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.waited: list[float] = []
        keys = iter(f"key-{number}" for number in range(100))
        self.client = Client(
            "https://news.example.org/",
            TOKEN,
            transport=httpx.MockTransport(self._answer),
            wait=self.waited.append,
            timer=lambda: sum(self.waited),
            new_key=lambda: next(keys),
            **tools,
        )

    def _answer(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sent(self, header):
        return [request.headers.get(header) for request in self.asked]


def said(value=None, status=200, **headers):
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return httpx.Response(status, json=value if value is not None else {}, headers=named)


def problem(status, **headers):
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    body = {"type": "about:blank", "title": "No", "status": status, "detail": "not so - do it so"}
    return httpx.Response(
        status, json=body | {"errors": [{"field": "a", "detail": "b"}]}, headers=named
    )


def test_a_call_goes_below_the_address_with_token_and_name():
    played = Played(said({"handle": "ada"}))

    me = played.client.me.show()

    [request] = played.asked
    assert me["handle"] == "ada"
    assert str(request.url) == "https://news.example.org/api/v1/me"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["user-agent"].startswith("dispatch-client/")


def test_all_pages_of_a_list_come_one_after_the_other_as_they_are_wanted():
    played = Played(
        said({"items": [{"id": "1"}, {"id": "2"}], "next": "c"}), said({"items": [], "next": "d"})
    )
    played.answers.append(said({"items": [{"id": "3"}], "next": None}))

    found = played.client.subscribers.list(audience="readers", state="active")

    assert next(found)["id"] == "1"
    assert len(played.asked) == 1
    assert [one["id"] for one in found] == ["2", "3"]
    assert [str(one.url.query, "ascii") for one in played.asked] == [
        "audience=readers&state=active",
        "audience=readers&state=active&cursor=c",
        "audience=readers&state=active&cursor=d",
    ]


def test_a_name_is_one_part_of_an_address_whatever_is_in_it():
    played = Played(said())

    played.client.subscribers.show("../a?b/ü")

    assert played.asked[0].url.raw_path == b"/api/v1/subscribers/..%2Fa%3Fb%2F%C3%BC"


def test_a_lost_answer_is_asked_for_again_with_the_same_key():
    played = Played(httpx.ReadError("cut"), httpx.ConnectError("down"), said({"id": "1"}, 201))

    played.client.suppressions.add({"target": "a@x.example", "reason": "asked"})

    assert played.sent("idempotency-key") == ["key-0"] * 3
    assert [json.loads(one.content) for one in played.asked] == [
        {"target": "a@x.example", "reason": "asked"}
    ] * 3
    assert played.waited == [0.5, 2.0]


def test_each_call_has_a_key_of_its_own_and_one_may_be_given():
    played = Played(said(), said(), said())
    body = {"target": "a@x.example", "reason": "asked"}

    played.client.suppressions.add(body)
    played.client.suppressions.add(body)
    played.client.suppressions.add(body, key="mine")

    assert played.sent("idempotency-key") == ["key-0", "key-1", "mine"]


def test_what_never_answers_is_told_with_the_key_to_go_on_with():
    played = Played(*[httpx.ReadTimeout("slow")] * TRIES)

    with pytest.raises(Unreachable, match=r"https://news\.example\.org: no answer") as caught:
        played.client.suppressions.add({"target": "a@x.example", "reason": "asked"})

    assert caught.value.key == "key-0"
    assert len(played.asked) == TRIES


@pytest.mark.parametrize(("error", "times"), [(httpx.ReadError, 1), (httpx.ConnectError, TRIES)])
def test_a_change_without_a_key_is_repeated_only_where_it_cannot_have_arrived(error, times):
    played = Played(*[error("cut")] * TRIES)

    with pytest.raises(Unreachable):
        played.client.subscribers.edit_profile("1", {"source": "by phone", "name": "Ada"})

    assert len(played.asked) == times


@pytest.mark.parametrize("status", [429, 503, 409])
def test_who_is_asked_to_wait_waits_so_long_and_asks_again(status):
    played = Played(problem(status, retry_after="7"), problem(status, retry_after="0"), said())

    played.client.suppressions.add({"target": "a@x.example", "reason": "asked"})

    assert played.waited == [7.0, 0.1]
    assert played.sent("idempotency-key") == ["key-0"] * 3


@pytest.mark.parametrize("wait", ["31", "99999", "Wed, 21 Oct 2026 07:28:00 GMT", ""])
def test_nobody_waits_longer_than_their_patience(wait):
    played = Played(problem(429, retry_after=wait), patience=30)

    with pytest.raises(Problem) as caught:
        played.client.me.show()

    assert caught.value.status == 429
    assert played.waited == []


def test_a_problem_says_what_its_document_says():
    played = Played(problem(422))

    with pytest.raises(Problem, match=r"422 No: not so - do it so \(a: b\)") as caught:
        played.client.me.show()

    assert caught.value.errors == ({"field": "a", "detail": "b"},)
    assert caught.value.kind == "about:blank"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(502, text="<html>bad gateway"),
        httpx.Response(502, json=["odd"]),
        httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
    ],
)
def test_what_is_no_problem_document_is_a_problem_all_the_same(answer):
    played = Played(answer)

    with pytest.raises(Problem) as caught:
        played.client.me.show()

    assert caught.value.status == answer.status_code
    assert len(played.asked) == 1


def test_what_was_seen_is_named_by_who_changes_it():
    played = Played(said({}, etag='"one"'), said({}, etag='"two"'), said({}), said({}))
    subscribers = played.client.subscribers

    subscribers.show_profile("1")
    subscribers.edit_profile("1", {"source": "x"})
    subscribers.edit_profile("1", {"source": "x"})
    subscribers.edit_profile("2", {"source": "x"})

    assert played.sent("if-match") == [None, '"one"', '"two"', None]


def test_what_was_made_is_named_by_who_changes_it():
    there = {"location": "/letter/api/v1/editions/1/pieces/p7", "etag": '"one"'}
    played = Played(said({}, 201, **there), said({}))

    played.client.editions.add_piece("1", {"kind": "heading", "text": "a"})
    played.client.editions.edit_piece("1", "p7", {"text": "b"})

    assert played.sent("if-match") == [None, '"one"']


def test_what_a_call_changes_beside_is_seen_anew_if_it_had_been_seen():
    made = said({}, 201, changed_etag='"one";now="two", "x";now="y"')
    played = Played(said({}, etag='"one"'), said({}, etag='"other"'), made, said({}), said({}))
    editions = played.client.editions

    editions.show("1")
    editions.show("2")
    editions.add_piece("1", {"kind": "heading", "text": "a"})
    editions.edit("1", {"subject": "x"})
    editions.edit("2", {"subject": "x"})

    assert played.sent("if-match") == [None, None, None, '"two"', '"other"']


def test_files_go_out_and_come_in_as_they_are():
    played = Played(said({"id": "1"}, 201), httpx.Response(200, content=b"a\nb\n"), problem(404))

    played.client.imports.take(iter([b"email\n", b"a@x.example\n"]), audience="readers")
    with played.client.exports.export_subscribers({"audience": "readers"}) as file:
        content = b"".join(file)
    with pytest.raises(Problem), played.client.exports.export_suppressions() as file:
        pass

    assert played.asked[0].content == b"email\na@x.example\n"
    assert played.asked[0].headers["content-type"] == "text/csv"
    assert played.asked[0].url.params["audience"] == "readers"
    assert content == b"a\nb\n"


def test_the_token_is_in_no_repr_error_or_log(caplog):
    caplog.set_level(logging.DEBUG)
    played = Played(problem(401), httpx.ConnectError("down"), *[httpx.ConnectError("down")] * 9)
    texts = [repr(played.client), repr(played.client._calls), repr(played.client._calls._http)]

    for _ in range(2):
        with pytest.raises((Problem, Unreachable)) as caught:
            played.client.me.show()
        texts += [str(caught.value), repr(caught.value), repr(caught.value.__cause__)]

    assert TOKEN not in "".join(texts) + caplog.text
    assert "news.example.org" in texts[0]


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("news.example.org", TOKEN),
        ("ftp://news.example.org", TOKEN),
        ("https://ada:pass@news.example.org", TOKEN),
        ("https://news.example.org", ""),
        ("https://news.example.org", "dsp_a\r\nX: y"),
        ("https://news.example.org", "dsp_ü"),
    ],
)
def test_an_address_or_token_that_is_none_is_refused_and_not_repeated(address, token):
    with pytest.raises(ValueError, match=r"address|token") as caught:
        Client(address, token)

    assert not token or token not in str(caught.value)


def test_a_client_is_closed_at_its_end():
    with Played(said()).client as client:
        client.me.show()

    with pytest.raises(RuntimeError, match="closed"):
        client.me.show()
