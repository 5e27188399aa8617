"""Where services call us back, whoever calls and whatever they say."""

import gzip
import zlib
from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app_stage import change, opened
from dispatch.errors import StoreUnavailable
from dispatch.pipeline.events.record import record_events
from dispatch.web.limits import HOOK_BYTES
from dispatch.web.routes import new_web
from door_bell import SECRET, signed, told

ONE = {"id": "1", "kind": "bounced", "to": "ada@example.org", "reason": "550 no such user"}
TWO = {"id": "2", "kind": "delivered", "to": "ben@example.org"}


def test_what_a_service_tells_is_kept_when_it_is_answered(service):
    answer = service.call(ONE, TWO)

    assert (answer.status_code, answer.content) == (202, b"")
    assert service.ids == ["1", "2"]
    assert (service.counts().events, service.counts().strangers) == (2, 2)


def test_what_is_told_again_is_taken_and_counted_once(service):
    answers = [service.call(ONE), service.call(ONE, TWO, TWO), service.call(TWO)]

    assert [one.status_code for one in answers] == [202] * 3
    assert service.ids == ["1", "2"]
    assert service.counts().events == 2


def test_a_service_is_answered_as_it_wants_to_be(service, app, monkeypatch):
    taken = service.call(ONE, channel="latin")
    monkeypatch.setattr(app.hooks, "record", _away)
    web = TestClient(new_web(app))
    body = told(TWO)
    again = web.post("/hooks/latin", content=body, headers=signed(body, app.clock))

    assert (taken.status_code, again.status_code) == (200, 429)


def test_a_bug_of_ours_is_no_500_either_and_costs_no_other_event(service, monkeypatch):
    def one_is_bad(events, **tools):
        if any(one.id == "3" for one in events):
            raise ValueError("ada@example.org")
        return record_events(events, **tools)

    monkeypatch.setattr("dispatch.app.hooks.record_events", one_is_bad)
    with capture_logs() as said:
        answer = service.call(*({"id": str(one), "kind": "opened"} for one in range(1, 8)))

    assert answer.status_code == 503
    assert service.ids == ["1", "2", "4", "5", "6", "7"]
    assert "ValueError (" in said[0]["problem"]
    assert "ada@example.org" not in str(said)


def test_an_unknown_kind_is_kept_and_an_odd_event_costs_no_other(service):
    answer = service.call({"id": "7", "kind": "levitated"}, "a word", None, 7, TWO)

    assert answer.status_code == 202
    assert len(service.ids) == 5


def test_a_call_that_tells_nothing_is_taken(service):
    assert service.call().status_code == 202
    assert service.counts() is None


@pytest.mark.parametrize(
    ("headers", "status", "says"),
    [
        ({"X-Bell-Signature": ""}, 401, "is not signed"),
        ({"X-Bell-Signature": "0" * 64}, 403, "another key"),
        ({"X-Bell-Signature": "é"}, 403, "another key"),
        ({"X-Bell-Time": "1"}, 403, "another key"),
        ({"X-Bell-Time": ""}, 403, "another key"),
    ],
)
def test_who_is_not_the_service_is_turned_away_and_told_why(service, headers, status, says):
    answer = service.call(ONE, headers={k: v.encode() for k, v in headers.items()})

    assert answer.status_code == status
    assert says in answer.text
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert service.ids == []
    assert service.counts().turned_away == 1
    assert says in service.counts().turned_away_for


def test_a_call_that_somebody_has_kept_is_turned_away(service, clock):
    body = told(ONE)
    headers = signed(body, clock)
    clock.advance(timedelta(minutes=6))

    answer = service.send(body, headers=headers)

    assert answer.status_code == 403
    assert "too long ago" in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"null\x00",
        b"\xef\xbb\xbf[",
        b"email=a%40b",
        b"null",
        b"7",
    ],
)
def test_a_signed_body_that_nobody_can_read_is_answered_by_400(service, body):
    answer = service.send(body)

    assert answer.status_code == 400
    assert answer.text.startswith("the body is ")
    assert service.counts().turned_away_for in answer.text


def test_a_provider_with_a_bug_is_no_500_and_nobody_is_named_in_the_log(service):
    with capture_logs() as said:
        answer = service.call(ONE, channel="cracked")

    assert (answer.status_code, service.ids) == (503, [])
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError inside the provider" in service.counts("cracked").turned_away_for
    assert [one["event"] for one in said] == ["hook.not_taken"]
    assert "door_bell.py:" in said[0]["problem"]
    assert "ada@example.org" not in str(said)


def test_a_service_whose_provider_is_not_there_is_to_come_again(service):
    answer = service.call(ONE, channel="missing")

    assert (answer.status_code, service.ids) == (503, [])
    assert "provider 'missing': unknown" in service.counts("missing").turned_away_for


@pytest.mark.parametrize(
    "path", ["outbox", "nobody", "b%65l", "%00", "%FF%FE", "bell%2F..", "x" * 3000, "ДВЕРЬ"]
)
def test_a_channel_that_nobody_calls_back_is_not_found(service, path):
    answer = service.call(ONE, channel=path)

    assert answer.status_code == 404
    assert service.ids == []


@pytest.mark.parametrize("path", ["bell/", "%62ell", "bell?x=1&x=2&y"])
def test_an_address_may_be_written_in_other_ways(service, path):
    assert service.call(ONE, channel=path).status_code == 202


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "DISPATCH"])
def test_whoever_looks_is_told_by_what_it_is_called(browser, method):
    answer = browser.request(method, "/hooks/bell")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    if method != "HEAD":
        assert "by POST" in answer.text


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("identity", bytes),
    ],
)
def test_a_body_may_come_packed_and_is_signed_as_it_was_before(service, clock, encoding, pack):
    body = told(ONE)
    headers = signed(body, clock) | {"Content-Encoding": encoding}

    answer = service.browser.post("/hooks/bell", content=pack(body), headers=headers)

    assert (answer.status_code, service.ids) == (202, ["1"])


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("br", b"x", 415),
        ("gzip, gzip", b"x", 415),
        ("gzip", b"[]", 400),
        ("gzip", gzip.compress(told(ONE), mtime=0)[:-9], 400),
        ("gzip", gzip.compress(b" " * (HOOK_BYTES + 1), mtime=0), 413),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_turned_away(service, encoding, body, status):
    answer = service.send(body, headers={"Content-Encoding": encoding})

    assert answer.status_code == status


def test_a_body_may_be_large_and_not_larger(service):
    large = told(ONE) + b" " * (HOOK_BYTES - len(told(ONE)))

    taken, refused = service.send(large), service.send(large + b" ")
    in_pieces = service.browser.post("/hooks/bell", content=iter([large, b" "]))

    assert [one.status_code for one in (taken, refused, in_pieces)] == [202, 413, 413]
    assert service.counts().turned_away == 2


def test_many_events_in_one_call_are_all_kept(service):
    events = [{"id": str(number), "kind": "delivered"} for number in range(1_201)]

    assert service.call(*events).status_code == 202
    assert service.ids == [one["id"] for one in events]


def test_a_secret_that_is_missing_is_no_reason_to_lose_anything(folder, clock):
    with opened(folder, clock) as app, TestClient(new_web(app)) as browser:
        body = told(ONE)
        answer = browser.post("/hooks/bell", content=body, headers=signed(body, clock))

    with opened(folder, clock) as app, app.store.read() as tx:
        counts = tx.hooks.all()["bell"]
    assert answer.status_code == 503
    assert (counts.turned_away, "BELL_SECRET" in counts.turned_away_for) == (1, True)
    assert "BELL_SECRET" not in answer.text


def test_a_channel_without_a_secret_believes_nobody(folder, clock):
    change(
        folder, "{provider: bell, options: {webhook_secret: env:BELL_SECRET}}", "{provider: bell}"
    )
    with opened(folder, clock) as app, TestClient(new_web(app)) as browser:
        answer = browser.post("/hooks/bell", content=told(ONE), headers=signed(told(ONE), clock))

    assert answer.status_code == 403
    assert "'webhook_secret'" in answer.text


def test_a_database_that_is_away_has_it_told_again_and_nothing_is_lost(service, app):
    database = app.folder / "dispatch.db"
    app.store.close()
    kept = database.read_bytes()
    database.write_bytes(b"damaged" * 1000)

    away = service.call(ONE)
    app.store.close()
    database.write_bytes(kept)
    back = service.call(ONE)

    assert (away.status_code, back.status_code) == (503, 202)
    assert service.ids == ["1"]


def test_what_fails_in_the_middle_of_a_call_is_kept_once_when_it_is_told_again(
    service, app, monkeypatch
):
    events = [{"id": str(number), "kind": "delivered"} for number in range(700)]
    taken, keep = [], app.store.begin

    def second_fails():
        taken.append(1)
        if len(taken) == 2:
            raise StoreUnavailable("database: gone - come back")
        return keep()

    monkeypatch.setattr(app.store, "begin", second_fails)
    half, whole = service.call(*events), service.call(*events)

    assert (half.status_code, whole.status_code) == (503, 202)
    assert len(service.ids) == service.counts().events == 700


def test_a_channel_is_opened_once_and_anew_when_the_file_has_changed(service, app, folder):
    service.call(ONE)
    first = app.hooks._channel("bell")
    assert app.hooks._channel("bell") is first
    change(folder, "at_most: 12", "at_most: 13")
    app.reload_if_changed()

    assert app.hooks._channel("bell") is not first
    assert service.call(TWO).status_code == 202


def test_hooks_are_below_the_path_of_the_public_address(folder, clock):
    change(folder, "https://letter.atelier.example", "https://atelier.example/letters/")
    with opened(folder, clock, environ={"BELL_SECRET": SECRET}) as app:
        address = app.channels.hook_address("bell")
        with TestClient(new_web(app), base_url="https://atelier.example") as browser:
            body = told(ONE)
            answer = browser.post(address, content=body, headers=signed(body, clock))
            astray = browser.post("/hooks/bell", content=body, headers=signed(body, clock))

    assert address == "https://atelier.example/letters/hooks/bell"
    assert (answer.status_code, astray.status_code) == (202, 404)


def test_only_a_channel_whose_service_calls_back_has_an_address(app):
    assert app.channels.hook_address("outbox") == ""
    assert app.channels.hook_address("bell") == "https://letter.atelier.example/hooks/bell"


def _away(*_):
    raise StoreUnavailable("database: away - come back")
