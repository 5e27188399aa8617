"""Messages, deliveries and what became of them are values: nothing changes them on the way."""

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime

import pytest

from dispatch.model.delivery.batch import BATCH_SIZE, Batch
from dispatch.model.delivery.message import (
    Accepted,
    Address,
    EmailMessage,
    Mail,
    Refused,
    SocialMessage,
)
from dispatch.model.delivery.state import Delivery, DeliveryState, Settlement

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ADA = Address("ada@example.org")
BATCH = Batch(1, "e1", "readers", "mail", "mail", 1, 9, 3, 1)
DELIVERY = Delivery(1, "e1", "mail", "ada@example.org", "", 1, DeliveryState.SENDING, 1, 3, NOW)
VALUES = [
    ADA,
    EmailMessage("d1", "<d1@example.org>", ADA, ADA, "s", "t", "h"),
    Mail("d1", "a@example.org", "b@example.org", (b"x",)),
    SocialMessage("d1", "t"),
    Accepted(),
    Refused("no"),
    BATCH,
    DELIVERY,
    Settlement(DELIVERY, DeliveryState.FAILED),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_stays_as_it_is_and_holds_nothing_else(value):
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(value)[0].name, "something else")
    assert not hasattr(value, "__dict__")


def test_what_nobody_says_is_not_so():
    mail, social = Mail("d1", "a", "b", ()), SocialMessage("d1", "t")

    assert (mail.utf8, mail.dotless) == (False, False)
    assert (social.link, social.title, social.language, social.image, social.topics) == (
        "", "", "", None, (),
    )  # fmt: skip
    assert Accepted().id == ""
    assert BATCH.timezone == ""
    assert DELIVERY.due is DELIVERY.repeats_until is None


def test_a_refusal_is_sure_unless_it_says_otherwise_and_is_the_same_one_then():
    unsure = Refused("no", sure=False)

    assert (Refused("no").sure, unsure.sure) == (True, False)
    assert Refused("no") == unsure


def test_a_mail_is_all_its_parts():
    mail = Mail("d1", "a@example.org", "b@example.org", (b"one ", b"", b"two"))

    assert (mail.data, mail.size) == (b"one two", 7)


@pytest.mark.parametrize(("due", "ended"), [(None, True), (NOW, False)])
def test_what_is_to_be_tried_again_has_not_ended(due, ended):
    settlement = Settlement(DELIVERY, DeliveryState.PENDING, due=due)

    assert settlement.ended is ended
    assert (settlement.counted, settlement.answered) == (True, False)


def test_a_batch_is_large_enough_to_cost_little_and_small_enough_to_share():
    assert BATCH_SIZE == 1000
