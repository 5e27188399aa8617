"""What was, is and waits, slot by slot, on both databases."""

from datetime import timedelta

from dispatch.model.editions.edition import NOT_SENT, EditionState
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.look_ahead import look_ahead
from pipeline_samples import CAMPAIGN, REVIEWED, approved_edition, compose, entry, keep, subscribe

WEEK = timedelta(days=7)


def test_slots_tell_what_they_came_to(store, clock):
    subscribe(store, clock, "ada@example.org")
    keep(store, entry("one"), now=clock())
    made = compose(store, clock, REVIEWED).edition
    clock.advance(WEEK)
    compose(store, clock)  # there is nothing new

    with store.read() as tx:
        agenda = tx.agenda
        between = agenda.between(clock() - WEEK, clock() + WEEK)
        ours = agenda.between(clock() - WEEK, clock() + WEEK, campaign="another")
        [newest] = agenda.last(clock(), most=1)
        found = agenda.at("weekly", made.slot_key.partition("[")[0])

        assert [one.stage(clock()) for one in between] == ["in review", "skipped"]
        assert ours == []
        assert newest.skipped == "there is no new post"
        assert found is not None
        assert (found.edition, found.state) == (made.id, EditionState.IN_REVIEW)
        assert agenda.posts_in([made.id]) == {made.id: 1}
        assert [one.id for one in agenda.undecided()] == [made.id]
        assert agenda.holding_posts("weekly", NOT_SENT) == [(made.id, made.slot_key, 1)]
        assert (agenda.paused(), agenda.unsettled()) == ([], [])
        assert not agenda.is_empty()


def test_what_has_an_answer_missing_is_told_with_how_many(store, clock):
    subscribe(store, clock, "ada@example.org")
    keep(store, entry("one"), now=clock())
    edition = approved_edition(store, clock)
    with store.begin() as tx:
        tx.editions.move(edition, EditionState.SENDING)
        sending = tx.editions.get(edition.id)
        tx.editions.move(sending, EditionState.FINISHED, finished_at=clock())

    with store.read() as tx:
        [slot] = tx.agenda.last(clock(), most=1)

        assert slot.stage(clock()) == "partly failed"
        assert tx.agenda.unsettled() == []  # it has no delivery at all


def test_looking_ahead_tells_what_a_run_would_choose_and_keeps_nothing(store, clock):
    subscribe(store, clock, "ada@example.org")
    future = entry("future", published=clock() + WEEK)
    keep(store, entry("one"), entry("two"), future, now=clock())

    with store.read() as tx:
        outlook = look_ahead(CAMPAIGN, tx=tx, now=clock())
    chosen = {post.title for post in compose(store, clock).edition.content.posts}

    assert {post.title for post in outlook.posts} == chosen == {"Title one", "Title two"}
    assert [one.post.title for one in outlook.out] == ["Title future"]
    assert outlook.skipped == ""


def test_a_team_that_waits_for_somebody_to_join_counts_who_was_asked(store, clock):
    with store.begin() as tx:
        tx.persons.add(
            handle="ada", name="Ada", email="ada@example.org", roles=[Role.OWNER], now=clock()
        )

    with store.read() as tx:
        assert tx.agenda.open_invitations(clock()) == 0
        assert tx.agenda.failing(["blog"]) == []
        assert tx.agenda.polled_at(["blog"]) is None
        counts = tx.rail.counts(feeds=["blog"], channels=["mail"])
        assert (counts.editions, counts.posts, counts.feeds, counts.channels) == (0, 0, 0, 0)
