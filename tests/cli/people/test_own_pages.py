"""What the team sees of what readers do on their own pages."""

from datetime import UTC, datetime, timedelta

from dispatch.model.people.reason import Reason
from dispatch.pipeline.people.pause import pause_until
from dispatch.store.transactions import Store

READER = "reader@readers.example"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_pauses_reasons_and_revoked_links_are_told(dispatch, workspace):
    dispatch("run", "weekly")
    [row] = dispatch("editions", "list", "--json").json
    store = Store(f"sqlite:///{workspace / 'dispatch.db'}")
    with store.begin() as tx:
        reader = tx.subscribers.find(READER)
        for reason, remark in ((Reason.OFTEN, ""), (Reason.OTHER, "no time")):
            tx.reasons.add("readers", row["id"], reason, remark, day=NOW)
    day = (NOW + timedelta(weeks=2)).date()
    pause_until(reader.id, day, UTC, store=store, clock=lambda: NOW)
    store.close()

    edition = dispatch("editions", "show", row["id"][:8])
    revoked = dispatch("subscribers", "revoke-links", READER, "--by", "marie")
    paused = dispatch("subscribers", "list", "--state", "paused", "--json").out
    exported = dispatch("subscribers", "export", "readers").out
    [stands] = dispatch("subscribers", "show", READER, "--json").json["subscriptions"]

    assert "Why people left after it" in edition.out
    assert "in their words: no time" in edition.out
    assert "the next letter has new ones" in revoked.out
    assert (READER in paused, paused.count("@")) == (True, 1)
    assert "paused" in next(line for line in exported.splitlines() if READER in line)
    assert (stands["state"], stands["until"][:10]) == ("paused", "2026-12-08")
