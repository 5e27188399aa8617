"""Who gets an edition, and who may let it go out."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from dispatch.errors import Conflict, NotFound
from dispatch.model.campaigns.campaign import Each, EmailPlan, SocialPlan
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.reviews.decide import approve_edition, reject_edition
from dispatch.store.database.schema import editions
from pipeline_samples import (
    CAMPAIGN,
    ENDINGS,
    REVIEWED,
    WITH_SOCIAL,
    approved_edition,
    bring_in,
    compose,
    entry,
    keep,
    row,
    subscribe,
)


def addressed(store, edition):
    with store.read() as tx:
        return [(one.channel, one.recipient) for one in tx.deliveries.latest(edition=edition)]


def test_everybody_active_in_the_audience_gets_a_row(store, clock):
    subscribe(store, clock, "ada@example.org", "bob@example.org", "eve@example.org")
    end_all_subscriptions(
        "eve@example.org", source="test", store=store, clock=clock, endings=ENDINGS
    )
    edition = approved_edition(store, clock)

    address_edition(edition.id, store=store, clock=clock)

    assert addressed(store, edition) == [("mail", "ada@example.org"), ("mail", "bob@example.org")]


def test_the_audience_is_frozen_once(store, clock):
    subscribe(store, clock, "ada@example.org")
    edition = approved_edition(store, clock)
    address_edition(edition.id, store=store, clock=clock)
    subscribe(store, clock, "late@example.org")

    again = address_edition(edition.id, store=store, clock=clock)

    assert again.state is EditionState.SENDING
    assert addressed(store, edition) == [("mail", "ada@example.org")]


def test_a_segment_picks_some_of_the_audience(store, clock):
    people = [row("ada@example.org", locale="fr"), row("bob@example.org", locale="en")]
    bring_in("readers", people, store=store, clock=clock)
    email = EmailPlan("readers", "plain", "mail", segment="locale == 'fr'")
    edition = approved_edition(store, clock, replace(CAMPAIGN, email=email))

    address_edition(edition.id, store=store, clock=clock)

    assert addressed(store, edition) == [("mail", "ada@example.org")]
    with store._engine.connect() as connection:
        assert connection.scalars(
            editions.select().with_only_columns(editions.c.addressed)
        ).all() == [1]


def test_an_account_gets_a_snippet_for_each_post_or_one_for_the_edition(store, clock):
    each_post = SocialPlan("mastodon", "plain")
    whole = SocialPlan("hook", "plain", Each.EDITION)
    campaign = replace(CAMPAIGN, email=None, social=(each_post, whole))
    keep(store, entry("two"), now=clock())
    edition = approved_edition(store, clock, replace(campaign, social=(each_post,)))

    address_edition(edition.id, store=store, clock=clock)

    assert addressed(store, edition) == [("mastodon", "mastodon")] * 2


def test_an_edition_that_is_not_approved_goes_to_nobody(store, clock):
    keep(store, entry("one"), now=clock())
    edition = compose(store, clock, REVIEWED).edition

    with pytest.raises(Conflict, match="is in review"):
        address_edition(edition.id, store=store, clock=clock)

    assert addressed(store, edition) == []


def test_an_edition_changed_after_approval_goes_to_nobody(store, clock):
    subscribe(store, clock, "ada@example.org")
    edition = approved_edition(store, clock)
    with store._engine.begin() as connection:
        text = connection.scalar(editions.select().with_only_columns(editions.c.content))
        changed = text.replace("Title one", "Title two")
        connection.execute(editions.update().values(content=changed))

    with pytest.raises(Conflict, match="not what was approved"):
        address_edition(edition.id, store=store, clock=clock)

    assert addressed(store, edition) == []


def test_an_edition_is_approved_once(store, clock):
    edition = approved_edition(store, clock)

    with pytest.raises(Conflict, match="is approved"):
        approve_edition(edition.id, by="somebody else", store=store, clock=clock)


def test_a_rejected_edition_cannot_be_approved(store, clock):
    edition = approved_edition(store, clock)
    reject_edition(edition.id, reason="stale", store=store)

    with pytest.raises(Conflict, match="is rejected"):
        approve_edition(edition.id, by="test", store=store, clock=clock)


def test_an_edition_is_found_by_the_beginning_of_its_id(store, clock):
    keep(store, entry("one"), now=clock())
    compose(store, clock, REVIEWED, name="abc123")

    approved = approve_edition("abc", by="test", store=store, clock=clock)

    assert approved.id == "abc123"
    with pytest.raises(NotFound, match="editions list"):
        approve_edition("%", by="test", store=store, clock=clock)


def test_snippets_and_digests_of_one_edition_are_addressed_together(store, clock):
    subscribe(store, clock, "ada@example.org")
    edition = approved_edition(store, clock, WITH_SOCIAL)

    address_edition(edition.id, store=store, clock=clock)

    assert addressed(store, edition) == [("mail", "ada@example.org"), ("mastodon", "mastodon")]


def test_what_was_addressed_is_cut_into_batches_that_are_due_and_heard_of(store, clock):
    subscribe(store, clock, "ada@example.org", "bob@example.org")
    edition = approved_edition(store, clock, WITH_SOCIAL)
    heard = []
    store.waker = SimpleNamespace(
        wake=lambda job, payload, **_: heard.append((payload["channel"], payload["edition"]))
    )
    loops = {"mail": 2, "mastodon": 1}

    addressed_ = address_edition(edition.id, store=store, clock=clock, loops_of=loops.__getitem__)

    assert addressed_.state is EditionState.SENDING
    with store.begin() as tx:
        work = sorted(tx.batches.work(now=clock()), key=lambda one: one.channel)
        assert [(one.channel, one.batches, one.due) for one in work] == [
            ("mail", 1, clock()),
            ("mastodon", 1, clock()),
        ]
        assert tx.deliveries.counts(addressed_) == {DeliveryState.PENDING: 3}
    if not store.is_shared:  # a server's own queue has it
        assert sorted(heard) == [("mail", edition.id)] * 2 + [("mastodon", edition.id)]
