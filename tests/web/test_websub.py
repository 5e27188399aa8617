"""The addresses that hubs call, whoever calls them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from dispatch.feeds.web.limits import NORMAL
from dispatch.model.intake.websub_subscription import WebsubSubscription
from dispatch.web.routes import new_web
from little_hub import sign

TOPIC = "https://blog.example/feed"
QUESTION = {
    "hub.mode": "subscribe",
    "hub.topic": TOPIC,
    "hub.challenge": "<script>alert(1)</script>",
    "hub.lease_seconds": "864000",
}


@pytest.fixture
def websub(app, clock):
    websub = WebsubSubscription(
        id="abc",
        feed="atelier",
        hub="https://hub.example/",
        topic=TOPIC,
        callback=app.tools.callbacks.fingerprint("abc"),
        next_at=clock() + timedelta(hours=1),
        pending=True,
    )
    with app.store.begin() as tx:
        tx.websub_subscriptions.put(websub)
    return websub


@pytest.fixture
def path(app, websub):
    return app.tools.callbacks.url(websub.id).removeprefix(app.workspace.publisher.public_url)


def kept(app):
    with app.store.read() as tx:
        return tx.websub_subscriptions.get("abc")


def signature(app, body):
    return {"X-Hub-Signature": sign(body, app.tools.callbacks.secret("abc"))}


def test_a_challenge_comes_back_as_bytes_that_no_browser_shows(browser, path, app, clock):
    answer = browser.get(path, params=QUESTION)

    assert (answer.status_code, answer.text) == (200, QUESTION["hub.challenge"])
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert kept(app).lease_until == clock() + timedelta(days=10)


def test_only_a_get_confirms(browser, path, app, websub):
    answer = browser.head(path, params=QUESTION)

    assert answer.status_code == 404
    assert kept(app) == websub


def test_somebody_who_opens_the_address_finds_nothing(browser, path, app, websub):
    answer = browser.get(path)

    assert answer.status_code == 404
    assert kept(app) == websub


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["abc", "abc.AAAAAAAAAAAAAAAAAAAAAAAA", "x" * 5000])
def test_a_made_up_address_is_refused_without_a_look_into_the_database(browser, app, method, token):
    app.store.close()
    (app.folder / "dispatch.db").write_bytes(b"damaged" * 1000)

    answer = browser.request(method, f"/push/{token}", params=QUESTION)

    assert (answer.status_code, answer.content) == (404, b"")


def test_a_notification_is_taken_at_once_and_only_noted(browser, path, app, clock):
    answer = browser.post(path, content=b"news", headers=signature(app, b"news"))

    assert (answer.status_code, answer.content) == (202, b"")
    assert kept(app).heard_at == clock()


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 100_000], ids=["empty", "binary"])
def test_the_body_may_be_anything_that_is_signed(browser, path, app, clock, body):
    answer = browser.post(path, content=body, headers=signature(app, body))

    assert answer.status_code == 202
    assert kept(app).heard_at == clock()


def test_a_body_larger_than_any_feed_is_refused_even_if_signed(browser, path, app):
    body = b"x" * (NORMAL.size + 1)

    answer = browser.post(path, content=body, headers=signature(app, body))

    assert answer.status_code == 413
    assert kept(app).heard_at is None


def test_many_notifications_in_a_moment_are_written_down_once(browser, path, app, clock):
    browser.post(path, content=b"", headers=signature(app, b""))
    first = kept(app)
    clock.advance(timedelta(seconds=3))

    browser.post(path, content=b"", headers=signature(app, b""))

    assert kept(app) == first


def test_an_unknown_subscription_of_ours_is_gone(browser, app):
    path = f"/push/{app.tools.callbacks.token('never')}"

    heard = browser.post(path, content=b"")
    asked = browser.get(path, params=QUESTION)

    assert (heard.status_code, asked.status_code) == (410, 404)


def test_under_a_public_address_with_a_path_hubs_call_there(app, websub, path):
    publisher = replace(app.workspace.publisher, public_url="https://example.org/news")
    app.tools.files.workspace = replace(app.workspace, publisher=publisher)
    url = app.tools.callbacks.url(websub.id)

    with TestClient(new_web(app)) as browser:
        inside = browser.get(url.removeprefix("https://example.org"), params=QUESTION)
        outside = browser.get(path, params=QUESTION)

    assert (inside.status_code, outside.status_code) == (200, 404)
