"""What X takes for a link, by its own cases; where we are not sure, it costs more, never less."""

import os
from itertools import accumulate
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from dispatch.model.text.counting import Counter, Counting
from dispatch.model.text.hashtags import hashtags_in
from dispatch.model.text.links_of_x import links_of_x
from dispatch.model.text.top_domains import NO_TOP_DOMAINS, TOP_DOMAINS

DATA = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "twitter-text"
X = Counter(Counting.WEIGHTED, link_cost=23)
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)


def cases(file, *groups):
    tests = YAML(typ="safe").load(DATA / file)["tests"]
    found = [case for group in groups for case in tests[group]]
    assert len(found) > 20
    return found


@needs_data
def test_every_text_of_x_counts_as_it_does_there():
    groups = "WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"
    for case in cases("validate.yml", *groups):
        assert X.count(case["text"]) == case["expected"]["weightedLength"], case["description"]
        assert sum(piece.cost for piece in X.pieces(case["text"])) >= X.count(case["text"])


@needs_data
def test_links_are_those_of_x_and_no_others_but_names_that_may_be_of_the_top():
    others = set()
    for case in cases("extract.yml", "urls", "tco_urls_with_params"):
        text, links = case["text"], list(links_of_x(case["text"]))
        if [text[link.start : link.end] for link in links] != case["expected"]:
            others |= {text[one.start : one.end] for one in links} - set(case["expected"])
            cost = 23 * len(case["expected"]) + len(text) - len("".join(case["expected"]))
            assert Counter(Counting.WEIGHTED, 23).count(text) >= cost

    assert others == {
        "http://example.comだよね.comtest/hogehoge",
        "http://trailingunderscore.twitter",
        *("foo.baz", "www.xxxxxxx.baz", "wwwww.xxxxxxx", "foo.comm", "foo.somecom", "foo.govedu"),
        *("long.test", "john.doe"),
    }


@needs_data
def test_hashtags_are_those_of_x():
    groups = "hashtags", "hashtags_from_astral", "hashtags_with_indices"
    for case in cases("extract.yml", *groups):
        text = case["text"]
        inside = [(link.start, link.end) for link in links_of_x(text)]
        found = [
            text[start + 1 : end]
            for start, end in hashtags_in(text)
            if not any(first <= start < last for first, last in inside)
        ]
        expected = [one["hashtag"] if isinstance(one, dict) else one for one in case["expected"]]
        assert found == expected, text


@needs_data
def test_names_of_the_top_are_those_of_x():
    lists = YAML(typ="safe").load(DATA / "tld_lib.yml")
    known = {name for names in lists.values() for name in names}

    assert known >= TOP_DOMAINS
    assert known.isdisjoint(NO_TOP_DOMAINS)
    assert {name for name in known if len(name) == 2 and name.isalpha() and name.isascii()} <= (
        TOP_DOMAINS
    )


LONG = "blog.unknown/" + "x" * 30


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("foo.com", 23),
        ("See blog.example.org/a/b(c)d. Yes", 4 + 23 + 5),
        ("(foo.com)", 25),
        ("Node.js, z.B. v2.0.1 U.S.A.", 27),
        ("mail ada@foo.com", 16),
        ("wird.Aber", 23),  # somebody may sell such names some day
        (LONG, len(LONG)),
        (f"https://{LONG}", len(LONG) + 8),
        ("https://a.museum/" + "x" * 90, 23),
        ("https://foo.com/" + "x" * 5_000, 5_016),
        ("https://foo.com/#a?b=c.", 24),
        ("https://en.example.org/wiki/Foo_(bar)", 23),
        ("https://foo.com/東京", 23 + 4),
        ("東京foo.com/a", 4 + 23),
        ("https://xn--はじめよう.com", 8 + 4 + 10 + 4),
        ("http://пример.рф/путь", 23),
        ("👨\u200d👩\u200d👧 🇫🇷 👍🏽 1\ufe0f\u20e3 ❤\ufe0f", 14),
        ("☺ ©", 4),
        ("e\u0301\u202f", 3),
    ],
)
def test_x_counts(text, count):
    assert X.count(text) == count


@pytest.mark.parametrize(
    "part", ["@", "(", "http://", "https://a.b/(", "a.", "a.b(", "https://t.co/"]
)
def test_a_strange_text_is_looked_at_in_steps_that_grow_with_it(part):
    links = links_of_x(part * 20_000)

    assert sum(accumulate(link.end > link.start for link in links)) >= 0
