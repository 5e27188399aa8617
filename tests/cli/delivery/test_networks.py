"""What commands say of posts: when they leave, where they are, and what a budget leaves."""

import pytest

SOCIAL = "    social: [{template: weekly, each: post}]\n"
APART = '    social: [{template: weekly, each: post, every: 20m, hours: "00:00-23:59"}]\n'


@pytest.fixture
def out(dispatch):
    """The id of an edition of which the first post is out, and the others wait."""
    dispatch.edit(SOCIAL, APART)
    return dispatch("run", "weekly", "--json").json["edition"]


def posts_of(dispatch, edition):
    rows = dispatch("deliveries", "list", "--edition", edition, "--limit", "100", "--json").json
    return [row for row in rows if row["part"]]


def test_a_run_hands_over_the_first_and_says_when_the_next_leaves(dispatch, out):
    posts = posts_of(dispatch, out)
    again = dispatch("run", "weekly")

    waiting = [post["due"] for post in posts if post["state"] == "pending"]
    assert [post["state"] for post in posts].count("accepted") == 1
    assert len(set(waiting)) == len(waiting) > 1
    assert "the next part goes out on" in again.out


def test_an_edition_shows_what_stands_where(dispatch, out):
    [row] = dispatch("editions", "show", out, "--json").json["published"]

    assert (row["channel"], row["state"], row["address"]) == ("outbox", "published", "")
    assert row["ids"]
    assert "On networks" in dispatch("editions", "show", out).out


def test_a_campaign_says_how_its_posts_leave(dispatch, out):
    [social] = dispatch("campaigns", "show", "weekly", "--json").json["social"]

    assert (social["every"], social["hours"], social["each"]) == ("20m", "00:00-23:59", "post")
    assert "one every 20m" in dispatch("campaigns", "show", "weekly").out


def test_nothing_was_told_already(dispatch, out):
    told = dispatch("deliveries", "tell-again", "--edition", out)

    assert told.out.strip() == "nothing was refused as told already"


def test_a_channel_says_how_much_of_its_budget_is_used(dispatch):
    outbox = "channels:\n  outbox: {provider: outbox, budget: {posts_per_month: 5}}\n"
    dispatch.edit("\ncampaigns:\n", f"\n{outbox}\ncampaigns:\n")
    dispatch("run", "weekly")

    [row] = dispatch("channels", "list", "--json").json

    assert (row["budget"], row["posts_this_month"]) == (5, 5)
    assert "5 of 5 posts of this month are used, 0 left" in dispatch("channels", "list").out
