"""Whom a mail server knows not is never mailed again; whom it turned down otherwise, is."""

from functools import partial

import pytest

from delivery_stage import LEASE, DeliveryStage
from dispatch.model.delivery.message import Refused
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.events.suppress_refused import is_nobody, suppress_refused
from pipeline_samples import ENDINGS, GUARD, LINKS, channel

NOBODY = (
    "550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown in mailbox table",
    "550 No such user here",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 5.2.1 The email account that you tried to reach is disabled",
    "553 sorry, no mailbox here by that name (#5.1.1)",
)
SOMEBODY = (
    "552 5.2.2 Mailbox full",
    "554 5.7.1 Message refused by policy",
    "550 5.4.5 Daily user sending limit exceeded",
    "550 5.1.8 Sender address rejected: Domain not found",
    "550 Requested action not taken: mailbox unavailable",  # which some say to the sender
    "550 5.7.1 Service unavailable; client host blocked",
    "450 4.1.1 User unknown",
    "550 relay not permitted",
    "address: not one that mail can be sent to - correct it",
    "User unknown",
)


@pytest.mark.parametrize("reason", NOBODY + SOMEBODY)
def test_a_refusal_says_for_sure_that_nobody_is_there_or_it_does_not(reason):
    assert is_nobody(reason) == (reason in NOBODY)


def test_who_is_refused_as_nobody_is_suppressed_with_the_servers_words(store, clock):
    stage = DeliveryStage(store, clock)
    stage.address()
    stage.provider.on("ada@example.org", Refused("550 5.1.1 no such user"))
    stage.provider.on("bob@example.org", Refused("552 5.2.2 Mailbox full"))

    deliver_edition(
        stage.edition,
        store=store,
        open_channel=lambda _: channel(stage.provider),
        guard=GUARD,
        links=LINKS,
        clock=clock,
        lease=LEASE,
        refused=partial(suppress_refused, store=store, clock=clock, endings=ENDINGS),
    )

    with store.read() as tx:
        found = list(tx.suppressions.listed())
    assert [(one.email, one.reason, one.source) for one in found] == [
        ("ada@example.org", "refused: 550 5.1.1 no such user", "channel mail")
    ]
