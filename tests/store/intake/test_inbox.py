from datetime import timedelta

from dispatch.model.intake.post import Decision
from dispatch.model.intake.post_state import WAITS_AT_MOST, PostState
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.reviews.decide import reject_edition
from pipeline_samples import compose, entry, keep

TEXT = "A night in the library, told by somebody who was there from nine until the first bus. " * 4


def test_a_post_is_in_the_lists_of_what_has_become_of_it(store, clock):
    day = timedelta(days=1)
    keep(store, entry("old", content=TEXT), now=clock())
    made = compose(store, clock).edition
    clock.advance(day)
    keep(store, entry("new"), entry("again", content=TEXT), entry("third"), now=clock())
    since = clock() - WAITS_AT_MOST

    def titles(state, **more):
        with store.read() as tx:
            found = tx.inbox.page(state, known=["blog"], since=since, **more)
        return [post.title.removeprefix("Title ") for post in found]

    with store.read() as tx:
        [(held, like)] = tx.inbox.held("blog")
        counts = tx.inbox.counts(known=["blog"], since=since)
        uses, runs = tx.inbox.uses([like.id]), tx.inbox.runs(like.id)
        moments = tx.inbox.moments(["blog"], since=since)
        latest = tx.inbox.latest("blog", most=2)
        assert (tx.inbox.number("blog"), tx.inbox.waiting("blog", since=since)) == (4, 2)

    assert (held.title, like.title) == ("Title again", "Title old")
    assert counts == {PostState.NEW: 2, PostState.HELD: 1, PostState.EDITION: 1}
    assert [use.edition_id for use in uses[like.id]] == [made.id]
    assert [(run.campaign, run.included) for run in runs] == [("weekly", True)]
    assert len(moments["blog"]) == 4
    assert len(latest) == 2
    assert titles(PostState.NEW) == ["new", "third"]
    assert titles(PostState.HELD) == ["again"]
    assert titles(PostState.EDITION) == ["old"]
    assert titles(PostState.TOLD) == titles(PostState.DROPPED) == []
    assert titles(None) == ["again", "third", "new", "old"]
    assert titles(None, text="THIRD") == ["third"]
    assert titles(None, text="100%_") == []

    decide_posts([held.id], Decision.DROPPED, by="ada", store=store, clock=clock, seen="")
    reject_edition(made.id, reason="no", store=store, clock=clock, by="ada")

    assert titles(PostState.DROPPED) == ["again"]
    assert titles(PostState.NEW) == ["new", "third", "old"]
    with store.read() as tx:
        before = tx.inbox.page(PostState.NEW, feed="blog", since=since, most=1)[0].id
    assert titles(PostState.NEW, before=before) == ["third", "old"]
