"""What Postmark, Brevo and Mailjet told once, as it was recorded; proven by a secret."""

from datetime import UTC, datetime

import pytest

from dispatch.channels.hooks.call import HookCall
from dispatch.model.delivery.event import EventKind
from vendors.hooks.recorded import FORGERIES, assert_same, basic, each, status_of, with_headers
from vendors.hooks.test_documented import provider


def service_for(recorded):
    """The provider with the secret that the recording's settings had; the first, of several."""
    return provider(recorded.vendor, webhook_secret=recorded.secrets[0])


def proven(recorded):
    """The call with that secret, also where django-anymail was to know a second one."""
    if len(recorded.secrets) == 1:
        return recorded.call
    return with_headers(recorded.call, authorization=basic(recorded.secrets[0]))


def assert_told(recorded, *apart_from):
    service, call = service_for(recorded), proven(recorded)
    service.verify(call)
    events = service.parse_events(call)
    if recorded.genuine:
        assert_same(events, recorded, *apart_from)
    return events


def assert_proven(recorded):
    service = service_for(recorded)
    assert status_of(service, FORGERIES["nothing but the body"](recorded.call)) == 401
    forged = with_headers(recorded.call, authorization=basic("cred1:another"))
    assert status_of(service, forged) == 403
    if recorded.genuine and len(recorded.secrets) == 1:
        assert status_of(service, recorded.call) == service.hook.taken


@each("postmark", lambda recorded: recorded.genuine)
def test_postmark_is_read_as_it_was(recorded):
    assert_proven(recorded)

    events = assert_told(recorded)

    assert [one.permanent for one in events] == [recorded.name == "test_bounce_event"] * len(events)


@each("postmark", lambda recorded: not recorded.genuine)
def test_postmark_without_a_login_is_asked_for_one(recorded):
    assert status_of(provider("postmark"), recorded.call) == 401


@each("mailjet")
def test_mailjet_is_read_as_it_was(recorded):
    assert_proven(recorded)

    events = assert_told(recorded, "reason")  # which django-anymail leaves out

    if recorded.name == "test_bounce_event":
        assert [(one.permanent, one.reason) for one in events] == [(True, "invalid domain")]


ANOTHER_TIME = {"test_error_email", "test_complaint"}
"""Where django-anymail takes seconds for milliseconds, or sees no time."""


@each("brevo")
def test_brevo_is_read_as_it_was(recorded):
    assert_proven(recorded)

    apart = {"at", "provider_id"} if recorded.name in ANOTHER_TIME else set()
    events = assert_told(recorded, *(apart | {"reason"}))  # whose spaces we leave out

    if apart:
        [event] = events
        assert (event.at - datetime(2020, 11, 9, 14, 53, 39, tzinfo=UTC)).seconds < 60
        assert event.provider_id == "<201798300811.5787683@relay.domain.com>"
        assert event.kind in {EventKind.DROPPED, EventKind.COMPLAINED}
    hard = recorded.name in {"test_hard_bounce", "test_blocked"}
    assert [one.permanent for one in events] == [hard] * len(events)


@pytest.mark.parametrize("name", ["postmark", "brevo", "mailjet", "sparkpost"])
def test_a_secret_without_a_name_is_taken_from_a_header(name):
    service = provider(name, webhook_secret="token")

    for headers in ({"authorization": "Bearer token"}, {"x-webhook-secret": "token"}):
        assert status_of(service, HookCall(b"[]", headers)) == service.hook.taken
    assert status_of(service, HookCall(b"[]", {"authorization": "Bearer other"})) == 403
