"""A text that is too long is cut near its limit, whatever it is written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.text.counting import Counter, Counting
from dispatch.model.text.cutting import MOST_BACK, cut
from dispatch.model.text.graphemes import may_cut

MASTODON = Counter(Counting.FEDIVERSE, link_cost=23)
FAMILY = "👨\u200d👩\u200d👧"
LONG_LINK = "https://news.example/" + "a" * 60


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("A very long headline", 20, "A very long headline"),
        ("A very long headline", 12, "A very long…"),
        ("Hello, world and all", 8, "Hello…"),
        ("Antidisestablishment", 8, "Antidis…"),
        ("Oh: " + "x" * 100, 50, "Oh: " + "x" * 45 + "…"),
        ("東京の秋 –" + "あ" * 100, 50, "東京の秋 –" + "あ" * 43 + "…"),
        ("北京很大。上海也很大。", 7, "北京很大。上…"),
        ("我用Python写程序和很多别的东西", 10, "我用Python写…"),
        ("ภาษาไทยไม่มีช่องว่างระหว่างคำ", 12, "ภาษาไทยไม่…"),
        ("ខ្ញុំស្រឡាញ់ភាសាខ្មែរណាស់", 12, "ខ្ញុំស្រឡា…"),
        ("كتاب طويل جدا عن اللغة", 14, "كتاب طويل جدا…"),
        ("ספר ארוך מאוד על שפות", 14, "ספר ארוך מאוד…"),
        (FAMILY * 4, 12, FAMILY * 2 + "…"),
        ("e\u0301" * 10, 8, "e\u0301" * 3 + "…"),
        ("🇫🇷🇩🇪🇮🇹", 5, "🇫🇷🇩🇪…"),
        (f"Read this: {LONG_LINK} and more", 100, f"Read this: {LONG_LINK} and…"),
        (f"Read this: {LONG_LINK} and more", 94, f"Read this: {LONG_LINK} …"),
        (f"Many words come before the link, all of them kept {LONG_LINK}", 100,
         "Many words come before the link, all of them kept…"),
        (f"Read {LONG_LINK}", 40, f"Read {LONG_LINK}"[:39] + "…"),
        ("-- " + "x" * 30, 20, "-- " + "x" * 16 + "…"),
        ("two\nlines and more", 6, "two…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
    ],
)  # fmt: skip
def test_a_text_is_cut(text, limit, short):
    assert cut(text, limit) == short


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        (FAMILY * 4, 3, FAMILY * 2 + "…"),
        ("e\u0301" * 10, 4, "e\u0301" * 3 + "…"),
        (f"Read {LONG_LINK} now", 32, f"Read {LONG_LINK} now"),
        (f"Read {LONG_LINK} now, friends", 32, f"Read {LONG_LINK} …"),
        (f"Read {LONG_LINK}", 20, "Read…"),
        ("a @ada@social.example b c", 10, "a @ada@social.example b c"),
        ("a @ada@social.example b c d", 10, "a @ada@social.example b…"),
        ("Says @ada@social.example", 7, "Says…"),
    ],
)
def test_a_text_is_cut_as_a_service_counts(text, limit, short):
    assert cut(text, limit, MASTODON) == short


WHOLE = ["a", "bc", "É", "e\u0301", FAMILY, "👍🏽", "🇫🇷", "\u1112\u1161\u11ab", "क्षि", "ที่", "漢"]
WHOLE += [" ", " ", ".", "。", "(", ")", "@", "https://t.ly/a", "http://blog.example/b?c=d"]
WHOLE += ["@ada@b.example"]
COUNTERS = [Counter(way, cost) for way in Counting for cost in (None, 5, 23)]


@given(st.lists(st.sampled_from(WHOLE), max_size=60), st.integers(1, 60), st.sampled_from(COUNTERS))
def test_what_is_cut_counts_no_more_than_it_may_and_little_less(parts, limit, counter):
    text = "".join(parts)

    short = cut(text, limit, counter)

    assert counter.count(short) <= limit
    if counter.count(text) <= limit:
        assert short == text
        return
    kept = short.removesuffix("…").removesuffix(" ")
    assert text.startswith(kept)
    assert may_cut(text, len(kept))


@given(st.text(alphabet=["あ", "ก", "x", "é", "1"], min_size=80), st.integers(30, 70))
def test_no_more_is_given_up_than_a_long_word(text, limit):
    short = cut(text, limit)

    assert limit - MOST_BACK - 1 <= len(short) <= limit
