"""An address or a domain is suppressed while an edition goes out: the rest of it stays away."""

import pytest

from delivery_stage import DeliveryStage
from dispatch.config.people.targets import checked_target
from dispatch.pipeline.people.suppress import suppress
from pipeline_samples import ENDINGS

PEOPLE = ("a@example.org", "b@bad.org", "c@sub.bad.org", "d@badbad.org", "e@xn--bcher-kva.example")


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("@BAD.org", "acde"),
        ("*.bad.org", "abde"),
        ("bücher.example", "abcd"),
        ("D@badbad.org", "abce"),
    ],
)
def test_who_is_suppressed_meanwhile_gets_nothing(store, clock, written, taken):
    stage = DeliveryStage(store, clock)
    stage.address(people=PEOPLE)
    said = {"reason": "asked", "store": store, "clock": clock, "endings": ENDINGS}
    stage.during_call(1, lambda: suppress(checked_target(written), **said))

    stage.deliver()

    assert "".join(one.to.email[0] for one in stage.provider.taken) == taken
    assert stage.is_all_put_away
