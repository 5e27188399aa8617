"""To whom nothing goes: an address, a domain, all below one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from delivery_stage import DeliveryStage
from dispatch.config.people.suppression_file import SuppressedRow
from dispatch.errors import NotFound
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.people.subscriber import SUPPRESSED, Suppression
from dispatch.model.people.suppression import target_of
from dispatch.pipeline.people.suppress import (
    ask_to_lift,
    lift_suppression,
    suppress,
    suppress_all,
    suppress_domain,
)
from pipeline_samples import ENDINGS, subscribe

AT = [
    ("ada@example.org", "@example.org", True),
    ("ada@example.org", "*.example.org", False),
    ("ada@news.example.org", "@example.org", False),
    ("ada@news.example.org", "*.example.org", True),
    ("ada@deep.news.example.org", "*.example.org", True),
    ("ada@notexample.org", "@example.org", False),
    ("ada@notexample.org", "*.example.org", False),
    ("ada@example.org.evil.net", "@example.org", False),
    ("ADA@Example.ORG", "example.org", True),
    ("ada%_@example.org", "@example.org", True),
]


@pytest.mark.parametrize(("email", "target", "held"), AT)
def test_a_domain_is_itself_and_a_star_all_below_it(store, clock, email, target, held):
    subscribe(store, clock, email)
    suppress_domain(target_of(target), reason="asked", store=store, clock=clock)

    with store.read() as tx:
        person = tx.subscribers.find(email)
        standing = tx.subscribers.standing(person.id)["readers"]
        why = tx.suppressions.why(email)
        listed = [one.standing for _, one in tx.roster.listed()]

    assert (standing == SUPPRESSED, bool(why), listed == [SUPPRESSED]) == (held,) * 3


def test_a_domain_holds_at_hand_over_in_the_middle_of_an_edition(store, clock):
    stage = DeliveryStage(store, clock)
    stage.address(people=("ada@a.example", "bob@b.example", "eve@x.b.example", "zoe@c.example"))

    def suppress_two() -> None:
        for one in ("@b.example", "*.b.example"):
            suppress_domain(target_of(one), reason="asked", store=store, clock=clock)

    stage.during_call(1, suppress_two)
    stage.deliver()

    assert [one.to.email for one in stage.provider.taken] == ["ada@a.example", "zoe@c.example"]
    held = stage.deliveries(DeliveryState.SUPPRESSED)
    assert [(one.recipient, one.reason) for one in held] == [
        ("bob@b.example", "the address is suppressed"),
        ("eve@x.b.example", "the address is suppressed"),
    ]


def test_what_came_and_went_stays_on_record(store, clock, tmp_path):
    from dispatch.config.process.endings_file import EndingsFile
    from dispatch.pipeline.people.endings import Endings
    from pipeline_samples import MARKERS

    endings = Endings(EndingsFile(tmp_path / ".endings"), MARKERS, clock)
    tools = {"store": store, "clock": clock, "endings": endings}
    target = target_of("ada@example.org")
    suppress(target, reason="bounced", by="marie", **tools)
    asked = [ask_to_lift("ADA@example.org", store=store, clock=clock) for _ in range(2)]
    with store.read() as tx:
        asking = tx.suppressions.asked()
    clock.advance(timedelta(days=1))

    lift_suppression(target, note="mended", by="jean", **tools)

    assert (asked, list(asking)) == ([True, False], ["ada@example.org"])
    with store.read() as tx:
        words = tx.suppressions.history(target)
        assert tx.suppressions.asked() == {}
    assert [(one.what, one.reason or one.note) for one in words] == [
        ("suppressed", "bounced"),
        ("asked", ""),
        ("lifted", "mended"),
    ]
    with pytest.raises(NotFound, match="is not suppressed - nothing was changed"):
        lift_suppression(target, note="again", **tools)


def test_many_are_added_at_once_and_what_is_there_stays(store, clock):
    def said(reason: str):
        return [
            (target_of(one), Suppression(one, reason, clock(), "file"))
            for one in ("ada@example.org", "@example.net", "*.example.net")
        ]

    with store.begin() as tx:
        first = tx.suppressions.add_all(said("one")[:2], now=clock())
        second = tx.suppressions.add_all(said("two"), now=clock())
        listed = [(one.email, one.reason) for one in tx.suppressions.listed()]

    assert [len(first), [str(one) for one in second]] == [2, ["*.example.net"]]
    assert listed == [("*.example.net", "two"), ("@example.net", "one"), ("ada@example.org", "one")]


def test_an_export_that_is_taken_in_again_says_the_same_and_is_later_than_what_was_lifted(
    store, clock
):
    tools = {"store": store, "clock": clock, "endings": ENDINGS}
    target, other = target_of("ada@example.org"), target_of("@example.net")
    for one in (target, other):
        suppress(one, reason="bounced", by="marie", **tools)
    with store.read() as tx:
        said = [tx.suppressions.of_target(one) for one in (target, other)]
    rows = [
        SuppressedRow(2, one, before.reason, before.source, before.since)
        for one, before in zip((target, other), said, strict=True)
    ]
    clock.advance(timedelta(days=1))
    lift_suppression(target, note="mended", by="jean", **tools)
    clock.advance(timedelta(days=1))

    new = suppress_all(rows, file="old.csv", reason="imported", by="jean", **tools)

    assert new == 1
    with store.read() as tx:
        assert tx.suppressions.of_target(other) == said[1]
        assert tx.suppressions.of_target(target) == replace(said[0], since=clock())
