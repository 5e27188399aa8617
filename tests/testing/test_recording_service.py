"""The service that only remembers: it does what it is told, and knows who would have got a mail."""

import httpx
import pytest

from dispatch.testing.recording_service import recording_service


@pytest.fixture(scope="module")
def service():
    with recording_service() as service:
        yield service


@pytest.fixture
def call(service):
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        yield client.post


def personalizations(*to):
    return {"personalizations": [{"to": [{"email": one}]} for one in to]}


def test_takes_calls_of_three_services(service, call):
    call("/v3/mail/send", json=personalizations("a@one.example", "b@one.example"))
    call("/v3/news.example/messages", data={"to": ["Ada <c@one.example>", "d@one.example"]})
    files = {"message": ("m", b"From: x")}
    call("/v3/news.example/messages.mime", data={"to": "e@one.example"}, files=files)
    batch = call("/emails/batch", json=[{"to": "f@one.example"}, {"to": ["G <g@one.example>"]}])

    assert {to for to in service.copies if to.endswith("@one.example")} == {
        f"{letter}@one.example" for letter in "abcdefg"
    }
    assert service.sizes[-4:] == [2, 2, 1, 2]
    assert len(batch.json()["data"]) == 2


@pytest.mark.parametrize(
    ("fault", "status", "takes"),
    [("429:7", 429, False), ("413", 413, False), ("500", 500, True), ("html", 200, True)],
)
def test_answers_once_as_it_is_told(service, call, fault, status, takes):
    service.plan({2: fault})
    answers = [
        call("/v3/mail/send", json=personalizations(f"r{n}@{fault[:3]}.example")) for n in range(3)
    ]

    assert [one.status_code for one in answers] == [202, status, 202]
    assert (f"r1@{fault[:3]}.example" in service.copies) is takes
    assert answers[1].headers.get("Retry-After") == ("7" if ":" in fault else None)


def test_a_bad_address_has_nobody_get_anything(service, call):
    service.plan(bad=frozenset({"bad@bad.example"}))

    answer = call("/v3/mail/send", json=personalizations("ok@bad.example", "bad@bad.example"))

    assert (answer.status_code, "ok@bad.example" in service.copies) == (400, False)
    assert answer.json()["errors"][0]["field"] == "personalizations.1.to.0.email"


def test_a_connection_is_cut_after_the_mail_was_taken(service, call):
    service.plan({1: "cut"})

    with pytest.raises(httpx.RemoteProtocolError):
        call("/v3/mail/send", json=personalizations("r@cut.example"))

    assert "r@cut.example" in service.copies
