"""What the channel of a network waits for, for who looks on."""

from datetime import time, timedelta

import pytest

from dispatch.model.campaigns.campaign import ChannelPlan, SocialPlan
from dispatch.model.campaigns.sending_hours import QuietHours
from dispatch.pipeline.delivery.watch import Why, watch_edition
from network_stage import MINUTE
from on_sqlite import on_sqlite

NIGHT = QuietHours(time(8, 10), time(12))


@on_sqlite
@pytest.mark.parametrize(
    ("quiet", "passed", "why"),
    [
        (None, timedelta(0), Why.APART),
        (NIGHT, timedelta(0), Why.APART),
        (NIGHT, 11 * MINUTE, Why.QUIET),
    ],
)
def test_the_next_post_is_kept_apart_or_waits_for_its_hours(stage, clock, quiet, passed, why):
    plan = SocialPlan("toots", "plain", every=20 * MINUTE, quiet=quiet)
    edition = stage.publish("a", "b", plan=plan)
    stage.deliver()
    clock.advance(passed)

    with stage.store.read() as tx:
        plans = {"toots": ChannelPlan("toots", "network")}
        [channel] = watch_edition(edition, tx, plans=plans, now=clock()).channels

    assert channel.why is why
    assert channel.until > clock()
