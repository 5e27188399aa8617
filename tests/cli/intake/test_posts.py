"""Posts as commands: which are held, and the say over them."""

from datetime import timedelta

import pytest

from dispatch.clock import system_clock
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.store.transactions import Store
from pipeline_samples import entry

TITLE = "How we moved to Postgres"


@pytest.fixture
def held(dispatch, workspace):
    """The ids of two posts of the feed `notebook` that are held."""
    dispatch("feeds", "poll", "notebook")
    store = Store(f"sqlite:///{workspace / 'dispatch.db'}")
    now = system_clock()
    day = now - timedelta(days=2)

    def entries(site):
        return [
            entry(f"{site}-{number}", title=f"{TITLE} in the year {number}", published=day)
            for number in (1998, 2003)
        ]

    with store.begin() as tx:
        keep_entries("notebook", entries("old"), backfill=None, tx=tx, now=now)
        tx._connection.exec_driver_sql("UPDATE posts SET backlog = true")
        keep_entries("notebook", entries("new"), backfill=None, tx=tx, now=now)
    store.close()
    return [str(post["id"]) for post in dispatch("posts", "held", "--json").json]


def decisions(dispatch):
    posts = dispatch("posts", "list", "--json").json
    return {str(post["id"]): post["decision"] for post in posts if post["why_held"]}


def test_held_posts_are_listed_with_the_reason_and_what_to_do(dispatch, held):
    shown = dispatch("posts", "held", "--feed", "notebook")

    assert len(held) == 2
    assert f"looks like '{TITLE} in the year 1998'" in shown.out
    assert "'dispatch posts release ID' lets the next edition have it" in shown.out
    assert dispatch("posts", "held", "--feed", "atelier").out == "Held: no post\n"


def test_a_post_is_released_by_its_id_with_the_name_of_who_did_it(dispatch, held):
    said = dispatch("posts", "release", held[0], "--by", "marie")

    assert said.out == (
        f"post {held[0]} is released - the next edition of its campaigns may have it\n"
    )
    assert decisions(dispatch) == {held[0]: "released", held[1]: None}
    [post] = [one for one in dispatch("posts", "list", "--json").json if one["decision"]]
    assert post["decided_by"] == "marie"


def test_all_that_are_held_are_dropped_at_once(dispatch, held):
    said = dispatch("posts", "drop", "--all", "--feed", "notebook")

    assert said.out.splitlines() == [
        f"post {one} is dropped - no edition will have it" for one in held
    ]
    assert decisions(dispatch) == dict.fromkeys(held, "dropped")
    assert dispatch("posts", "held", "--json").json == []


def test_a_feed_that_moves_to_another_domain_sends_nothing_again(dispatch):
    dispatch("feeds", "poll")
    dispatch("run", "weekly")
    for old in ("https://notebook.example/", "tag:notebook.example,"):
        dispatch.edit(old, old.replace("notebook", "moved"), file="samples/notebook.atom.xml")

    polled = dispatch("feeds", "poll", "notebook", "--json").json
    held = dispatch("posts", "held", "--json").json
    ended = dispatch("run", "weekly")

    assert polled[0]["new"] == 0
    assert polled[0]["held"] == len(held) > 5
    assert f"{len(held)} of {len(held)} new posts look like ones from before" in polled[0]["notes"]
    assert "there is no new post" in ended.out
    assert f"{len(held)} held - see 'dispatch posts held'" in ended.out


def test_a_decision_about_all_of_none_changes_nothing(dispatch):
    assert dispatch("posts", "release", "--all").out == "no post is held\n"


@pytest.mark.parametrize("words", [[], ["1", "--all"], ["1", "--feed", "notebook"]])
def test_posts_are_named_by_ids_or_all_and_not_both(dispatch, words):
    said = dispatch("posts", "drop", *words)

    assert said.code == 2
    assert "name posts by their ids, or say --all" in " ".join(said.err.split())


def test_what_is_not_held_is_told_as_a_sentence(dispatch, held):
    first = dispatch("posts", "list", "--json").json[-1]["id"]

    assert dispatch("posts", "release", str(first)).err == (
        f"post {first}: is not held - see 'dispatch posts held'\n"
    )
    assert dispatch("posts", "release", "999").err == (
        "post 999: not known - see 'dispatch posts list'\n"
    )
    assert len(held) == 2
