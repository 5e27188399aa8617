"""Readers of one audience who are in another one, too."""

from dispatch.model.campaigns.cadence import Cadence, CadenceOffer
from pipeline_samples import bring_in, row, subscribe


def test_those_in_both_audiences_are_counted_as_far_as_was_looked(store, clock):
    subscribe(store, clock, "ada@example.org", "bo@example.org", "cy@example.org")
    bring_in("friends", [row("bo@example.org")], store=store, clock=clock)
    offered = (Cadence.WEEKLY, Cadence.MONTHLY)
    weekly = CadenceOffer("news", Cadence.WEEKLY, Cadence.WEEKLY, offered)
    monthly = CadenceOffer("news", Cadence.MONTHLY, Cadence.WEEKLY, offered)

    with store.read() as tx:
        bo = tx.subscribers.find("bo@example.org").id
        everybody = [bo - 1, bo, bo + 1]
        shared = tx.shared_readers
        counted = [
            shared.count("readers", "friends", most=9),
            shared.count("friends", "readers", weekly, most=9),
            shared.count("friends", "readers", monthly, most=9),
            shared.count("readers", "readers", most=1),
        ]
        assert counted == [(1, 3), (1, 1), (0, 1), (2, 2)]
        assert shared.among(everybody, "friends") == {bo}
        assert shared.among(everybody, "friends", monthly) == set()
