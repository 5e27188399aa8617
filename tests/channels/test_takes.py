"""What a channel takes of a text: what its provider declares, or what its account was known for."""

from dataclasses import replace

from dispatch.channels.provider import Capabilities, Carries
from dispatch.channels.takes import takes, with_warning
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.text.counting import Counting

MASTODON = Capabilities(
    carries=frozenset({Carries.SOCIAL}),
    max_text=500,
    link_cost=23,
    counting=Counting.FEDIVERSE,
    most_text_bytes=9_000,
    threads=True,
    mentions_by_text=True,
    source="https://docs.example/limits",
    evidence="documented",
)


def test_all_that_a_provider_declares_of_texts_is_kept():
    limits = takes("mastodon", MASTODON).limits

    assert (limits.max_text, limits.max_bytes, limits.link_cost) == (500, 9_000, 23)
    assert limits.threads
    assert limits.mentions_by_text
    assert limits.counting is Counting.FEDIVERSE


def test_what_the_account_takes_counts_more_than_what_its_provider_declares():
    declared = takes("mastodon", MASTODON)

    assert declared.for_plan(SocialPlan("toots", "weekly")).max_text == 500
    assert declared.for_plan(SocialPlan("toots", "weekly", max_text=5_000)).max_text == 5_000


def test_of_a_thread_each_post_is_measured_for_itself():
    declared = takes("mastodon", MASTODON)

    assert declared.too_many("\n---\n".join(["a" * 500, "b" * 503, "c"])) == 3
    assert replace(declared, threads=False).too_many("a" * 400 + "\n---\n" + "b" * 100) == 2


def test_a_content_warning_leaves_less_room():
    plan = SocialPlan("toots", "weekly", warning="Politics")

    with_place = takes("mastodon", replace(MASTODON, warnings=True)).for_plan(plan)
    without = takes("mastodon", MASTODON).for_plan(plan)

    assert (with_place.max_text, with_place.most_text_bytes) == (492, 8_992)
    assert without.max_text == 500 - len("CW: Politics\n\n")
    assert with_warning("Politics", with_warning("Politics", "It rains.")).count("CW") == 1
