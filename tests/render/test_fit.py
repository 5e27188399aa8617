"""Posts and threads keep the limits of each network, and what must not be lost."""

import re
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import TextTooLong
from dispatch.model.text.counting import Counting
from dispatch.model.text.graphemes import may_cut
from dispatch.model.text.limits import TextLimits
from dispatch.model.text.plain_text import single_spaced
from dispatch.model.text.threads import posts_in
from dispatch.render.fit import fit, thread

NETWORKS = {
    "mastodon": TextLimits(500, 23, Counting.FEDIVERSE, threads=True),
    "bluesky": TextLimits(300, None, Counting.GRAPHEMES, max_bytes=3_000, threads=True),
    "few bytes": TextLimits(300, None, Counting.GRAPHEMES, max_bytes=200, threads=True),
    "x": TextLimits(280, 23, Counting.WEIGHTED, threads=True),
    "threads": TextLimits(500, None, Counting.EMOJI_BYTES, threads=True),
    "telegram": TextLimits(400, None, Counting.UTF16, threads=True),
    "discord": TextLimits(200, None, Counting.CODE_POINTS, threads=True),
    "matrix": TextLimits(max_bytes=400, threads=True),
}
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
WORDS = [
    "It rains",
    "for",
    "the second time",
    "été",
    "e\u0301te\u0301",
    "東京の秋",
    "ภาษาไทย",
    FAMILY,
]
WORDS += [
    "👍🏽",
    "🇫🇷",
    "1️⃣",
    "Node.js",
    "blog.example.org/a",
    "foo.com",
    "@ada@social.example",
    "क्षि",
]
WORDS += [
    "https://t.ly/a",
    "http://блог.рф/путь",
    "(see",
    "note)",
    "Dr.",
    "ends. ",
    "now! ",
    "い。",
    "—",
]
TEXTS = st.lists(st.sampled_from([*WORDS, " ", " ", " "]), min_size=1, max_size=120).map("".join)
LINKS = st.sampled_from(["https://blog.example.org/2026/11/the-title", "https://t.ly/a?b=c#d"])
NAMES = st.sampled_from(sorted(NETWORKS))


@given(TEXTS, LINKS, NAMES, st.booleans())
def test_fit_keeps_every_limit_and_the_link_and_parts_no_character(text, link, name, lines):
    limits = NETWORKS[name]

    post = fit(text, f"(Ada, CC BY) {link}", limits, tags="#one #two", lines=lines)

    assert not limits.too_many(post)
    assert post.endswith(f"(Ada, CC BY) {link}")
    whole = text.strip() if lines else single_spaced(text)
    kept = post.removesuffix(f"(Ada, CC BY) {link}").rstrip()
    kept = re.sub(r"(\s*#one)?(\s*#two)?$", "", kept).removesuffix("…").rstrip()
    assert whole.startswith(kept)
    assert may_cut(whole, len(kept))


@given(TEXTS, LINKS, NAMES, st.booleans())
def test_a_thread_keeps_every_limit_and_loses_nothing(text, link, name, first):
    limits = NETWORKS[name]

    posts = posts_in(thread(text, link, limits, link_first=first), threads=True)

    assert not any(map(limits.too_many, posts))
    assert link in posts[0 if first else -1]
    numbers = [f" {number}/{len(posts)}" for number in range(1, len(posts) + 1)]
    if len(posts) > 1:
        posts = [one.removesuffix(end) for one, end in zip(posts, numbers, strict=True)]
    parts = ["".join(one.removesuffix(link).split()) for one in posts]
    told = "".join(text.split())
    assert "".join(parts) == told
    assert all(may_cut(told, end) for end in accumulate(map(len, parts)))


RAIN = "It rains. We stay in bed, and read. "


def test_a_post_ends_with_a_sentence_where_not_too_much_is_lost_by_it():
    assert fit(RAIN, "", TextLimits(12)) == "It rains."
    assert fit(RAIN, "", TextLimits(22)) == "It rains. We stay in…"


def test_hashtags_leave_half_of_the_room_to_the_text():
    made = fit(RAIN * 3, "https://t.ly/a", TextLimits(60), tags="#Weather #Sleeping #Reading")

    assert made == "It rains. We stay in bed, and read. #Weather https://t.ly/a"


def test_a_thread_has_its_link_where_it_was_asked_for_and_no_link_stands_alone():
    limits = TextLimits(60, threads=True)

    first = posts_in(thread(RAIN * 3, "https://t.ly/a", limits, link_first=True), threads=True)
    last = posts_in(thread(RAIN * 3, "https://t.ly/a", limits), threads=True)

    assert first[0] == "It rains. We stay in bed, and read. https://t.ly/a 1/3"
    assert last[-1].startswith("It rains.") or last[-1].startswith("We stay")
    assert last[-1].endswith(f"https://t.ly/a {len(last)}/{len(last)}")


@pytest.mark.parametrize(
    ("text", "limits", "posts"),
    [
        ("Short.", TextLimits(60, threads=True), ["Short. https://t.ly/a"]),
        (RAIN * 3, TextLimits(60), [f"{RAIN}It rains. https://t.ly/a"]),
        (RAIN, TextLimits(), [f"{RAIN}https://t.ly/a"]),
    ],
)
def test_what_one_post_holds_or_a_network_without_threads_takes_has_no_number(text, limits, posts):
    assert posts_in(thread(text, "https://t.ly/a", limits), threads=True) == posts


def test_a_thread_of_too_many_posts_ends_with_a_mark():
    posts = posts_in(
        thread("word " * 5_000, "", TextLimits(50, threads=True), most=3), threads=True
    )

    assert len(posts) == 3
    assert posts[-1].endswith("word… 3/3")


def test_a_link_without_room_is_an_error():
    with pytest.raises(TextTooLong, match="no room in a post"):
        thread("a https://blog.example/" + "x" * 90, "", TextLimits(40, threads=True))


@pytest.mark.parametrize("part", ["@", "(", "http://", "a.b ", "word. ", "é👍🏽"])
@pytest.mark.parametrize("name", ["x", "bluesky"])
def test_a_strange_text_of_any_length_becomes_a_post(part, name):
    post = fit(part * 20_000, "https://t.ly/a", NETWORKS[name])

    assert not NETWORKS[name].too_many(post)
