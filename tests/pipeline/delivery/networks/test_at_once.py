"""Workers that ask at the same moment whether an account was told."""

from threading import Barrier, Thread

from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.delivery.message import SocialMessage
from dispatch.model.delivery.state import DeliveryState
from dispatch.pipeline.delivery.publishing import Publishing


def test_of_two_who_tell_an_account_the_same_at_once_one_does(stage):
    channels = ("toots", "elsewhere")
    edition = stage.publish("a", social=tuple(SocialPlan(name, "plain") for name in channels))
    deliveries = {one.channel: one for one in stage.deliveries()}
    both, withheld = Barrier(2), []

    def reserve(name):
        publishing = Publishing(edition, stage.channel(name), stage.store, stage.clock)
        both.wait()
        withheld.extend(publishing.reserve([(deliveries[name], SocialMessage(name, "a"))]).values())

    threads = [Thread(target=reserve, args=(name,)) for name in channels]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert [one.settlement.state for one in withheld] == [DeliveryState.REFUSED]
