"""Templates are tried before anything is kept, and the database waits for no trial."""

import pytest

from dispatch.errors import Conflict, TemplateFailed
from dispatch.model.campaigns.schedule import slot_at
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.editions.try_out import MOST
from pipeline_samples import CAMPAIGN, FEEDS, PUBLISHER, REVIEWED, TEMPLATE, entry, keep, subscribe


def run(store, clock, try_out, campaign=CAMPAIGN):
    return compose_edition(
        campaign,
        slot_at(clock(), "UTC"),
        store=store,
        materials=Materials(PUBLISHER, FEEDS, lambda _: TEMPLATE),
        clock=clock,
        ids=lambda: "e1",
        try_out=try_out,
    )


@pytest.fixture
def news(store, clock):
    subscribe(store, clock, "ada@example.org")
    keep(store, entry("one"), now=clock())


def test_others_may_write_while_a_template_is_tried(store, clock, news):
    tried = []

    def try_out(content):
        tried.append(content)
        subscribe(store, clock, "bob@example.org")

    composed = run(store, clock, try_out)

    assert composed.edition.content == tried[0]
    assert len(tried) == 1


def test_what_has_changed_meanwhile_is_tried_anew(store, clock, news):
    tried = []

    def try_out(content):
        tried.append([post.title for post in content.posts])
        if len(tried) == 1:
            keep(store, entry("two"), now=clock())

    composed = run(store, clock, try_out)

    assert tried == [["Title one"], ["Title one", "Title two"]]
    assert [post.title for post in composed.edition.content.posts] == tried[1]


def test_a_trial_that_fails_keeps_nothing(store, clock, news):
    def try_out(_content):
        raise TemplateFailed("templates/plain/digest.txt: takes too long")

    with pytest.raises(TemplateFailed):
        run(store, clock, try_out)

    with store.read() as tx:
        assert tx.runs.latest(limit=1) == []
    assert run(store, clock, lambda _: None).edition is not None


def test_there_is_an_end_to_trials(store, clock, news):
    tried = []

    def try_out(_content):
        tried.append(1)
        keep(store, entry(f"more{len(tried)}"), now=clock())

    with pytest.raises(Conflict, match="changes faster than its templates can be tried"):
        run(store, clock, try_out)

    assert len(tried) == MOST


def test_an_edit_is_tried_before_it_is_kept(store, clock, news):
    edition = run(store, clock, lambda _: None, REVIEWED).edition

    def try_out(_content):
        raise TemplateFailed("templates/plain/subject.txt: too long")

    with pytest.raises(TemplateFailed):
        edit_edition(
            edition.id, Changes(subject="New"), by="ada", store=store, clock=clock, try_out=try_out
        )

    with store.read() as tx:
        assert tx.editions.get(edition.id).content == edition.content
