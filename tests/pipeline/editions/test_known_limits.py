"""An edition keeps how much text its accounts were known to take."""

from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.pipeline.editions.known_limits import known_limits
from dispatch.store.delivery.channel_checks import ChannelCheck
from on_sqlite import on_sqlite


@on_sqlite
def test_what_a_server_told_goes_with_the_plan_of_its_channel(store, clock):
    plans = (SocialPlan("toots", "plain"), SocialPlan("elsewhere", "plain"))
    with store.begin() as tx:
        tx.channel_checks.keep(ChannelCheck("toots", "@us", "", clock(), "ada", max_text=5_000))

    with store.read() as tx:
        known = known_limits(plans, tx)

    assert [plan.max_text for plan in known] == [5_000, None]
