"""Which links lead to the same page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.intake.canonical import LONGEST_KEY, canonical

PAGE = "https://example.org/2026/a-story"

SAME = [
    PAGE,
    "http://example.org/2026/a-story",
    "HTTPS://Example.ORG/2026/a-story",
    "https://www.example.org/2026/a-story",
    "https://example.org./2026/a-story",
    "https://example.org:443/2026/a-story",
    "http://example.org:80/2026/a-story",
    "https://example.org/2026/a-story/",
    "https://example.org/2026/a%2Dstory",
    "https://example.org/2026/a-story?",
    "https://example.org/2026/a-story#",
    "https://example.org/2026/a-story?utm_source=rss&utm_medium=feed&UTM_Campaign=x",
    "https://example.org/2026/a-story?fbclid=1&gclid=2&mc_cid=3&mc_eid=4&_hsenc=5&mkt_tok=6",
    "https://example.org/2026/a-story#xtor=RSS-1",
    "https://example.org/2026/a-story#utm_source=rss",
    "https://example.org/2026/a-story#:~:text=word",
]

OTHERS = [
    "https://example.org/2026/A-story",
    "https://example.org/2026/a-story/index.html",
    "https://example.org/2026/a-story?page=2",
    "https://example.org/2026/a-story?p=12",
    "https://example.org/2026/a-story?ref=rss",
    "https://example.org/2026/a-story#v1.2",
    "https://example.org/2026/a-story#!/two",
    "https://example.org/2026%2Fa-story",
    "https://example.org:8443/2026/a-story",
    "https://blog.example.org/2026/a-story",
    "https://m.example.org/2026/a-story",
    "https://example.com/2026/a-story",
]


@pytest.mark.parametrize("link", SAME)
def test_links_that_lead_to_one_page_are_one(link):
    assert canonical(link) == canonical(PAGE)


@pytest.mark.parametrize("link", OTHERS)
def test_links_that_may_lead_to_another_page_are_two(link):
    assert canonical(link) != canonical(PAGE)


def test_what_is_left_of_the_parameters_counts_in_any_order_but_with_all_values():
    link = canonical("https://example.org/?b=2&utm_id=9&a=1")

    assert link == canonical("https://example.org/?a=1&b=2")
    assert link != canonical("https://example.org/?a=1&a=2&b=2")


def test_letters_of_other_alphabets_are_the_same_written_out_and_escaped():
    written = canonical("https://bücher.example/été?q=naïve")

    assert written == canonical("https://xn--bcher-kva.example/%C3%A9t%C3%A9?q=na%c3%afve")


@pytest.mark.parametrize("link", ["", "mailto:ada@example.org", "urn:x:1", "http://[::1", "//x/p"])
def test_what_is_no_web_address_has_no_canonical_link(link):
    assert canonical(link) == ""


@given(st.text(max_size=40), st.text(max_size=3_000), st.text(max_size=40))
def test_any_link_has_one_that_an_index_can_hold(host, path, query):
    link = canonical(f"https://{host}/{path}?{query}")

    assert len(link) <= LONGEST_KEY


WORD = st.text("aZ0-_.~é", max_size=9)


@given(WORD, st.lists(st.tuples(WORD, WORD), max_size=4), st.randoms())
def test_counting_visitors_and_changing_the_order_changes_nothing(path, values, rng):
    pairs = {name: f"{name}={value}" for name, value in values}
    more = [*pairs.values(), "utm_source=feed", "fbclid=1"]
    rng.shuffle(more)

    link = canonical(f"https://example.org/{path}?{'&'.join(pairs.values())}")

    assert link == canonical(f"http://www.example.org/{path}/?{'&'.join(more)}")
