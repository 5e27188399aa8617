"""SendGrid, Mailgun and Resend over a real connection, to a service that has a bad day."""

from collections import Counter

import pytest
from pydantic import SecretStr

from dispatch.errors import OutcomeUnknown, RateLimited
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.contract.handing_over import hand_over
from dispatch.testing.contract.messages import sample_messages
from dispatch.testing.recording_service import recording_service
from vendors.every import EVERY

AT_ONCE = 20


@pytest.fixture(scope="module")
def service():
    with recording_service() as service:
        yield service


@pytest.fixture(params=["mailgun", "resend", "sendgrid"])
def provider(request, service):
    with new_client() as http:
        options = {"url": service.url}
        yield EVERY[request.param].provider(http, SecretStr("a-key-of-some-length"), **options)


def came_of(provider, service, **plan):
    """Two calls: the kinds of what came of the first and of the second, and all copies."""
    service.plan(**plan)
    before = service.copies
    found = hand_over(provider, sample_messages(provider, 2 * AT_ONCE), at_once=AT_ONCE)
    kinds = [None if one is None else type(one) for one in found]
    return kinds[:AT_ONCE], kinds[AT_ONCE:], service.copies - before


@pytest.mark.parametrize("fault", ["429", "429:7"])
def test_a_limit_keeps_all_of_them_back(provider, service, fault):
    first, second, copies = came_of(provider, service, faults={1: fault})

    assert (set(first), set(second)) == ({RateLimited}, {None})
    assert copies == Counter()


def test_a_call_that_is_too_large_is_made_in_halves(provider, service):
    first, second, copies = came_of(provider, service, faults={1: "413"})

    assert {*first, *second} == {Accepted}
    assert set(copies.values()) == {1}
    assert len(copies) == 2 * AT_ONCE


@pytest.mark.parametrize("fault", ["500", "html", "half", "cut"])
def test_an_answer_that_tells_nothing_leaves_one_call_in_doubt(provider, service, fault):
    # Resend is asked once more by the same key, which this service does not look at.
    repeats = type(provider).__name__ == "Resend" and fault in {"500", "cut"}
    calls = (1, 2) if repeats else (1,)

    first, second, copies = came_of(provider, service, faults=dict.fromkeys(calls, fault))

    assert (set(first), set(second)) == ({OutcomeUnknown}, {None})
    assert set(copies.values()) == {2 if repeats else 1}
    assert len(copies) == AT_ONCE


def test_one_bad_address_costs_nobody_else_their_mail(provider, service):
    [bad] = [one.to.email for one in sample_messages(provider, 3)[2:]]

    first, second, copies = came_of(provider, service, bad=frozenset({bad}))

    assert [at for at, kind in enumerate(first) if kind is Refused] == [2]
    assert Counter([*first, *second]) == {Accepted: 2 * AT_ONCE - 1, Refused: 1}
    assert set(copies.values()) == {1}
    assert bad not in copies
