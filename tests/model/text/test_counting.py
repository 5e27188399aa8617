"""What a text costs at a service: its links and mentions as the service counts them."""

import time
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.text.counting import Counter, Counting

PLAIN = Counter()
MASTODON = Counter(Counting.FEDIVERSE, link_cost=23)
FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("plain words", 11),
        ("https://t.ly/a0", 23),
        ("http://t.ly", 23),
        ("https://blog.example/" + "x" * 600, 23),
        ("Item: https://t.ly/a0 - Item: https://t.ly/a1", 6 + 23 + 9 + 23),
        ("https://t.ly/a.", 24),
        ("(https://t.ly/a)", 25),
        ("https://en.example.org/wiki/Foo_(bar)", 23),
        ("https://en.example.org/wiki/Foo_(bar", 23 + 4),
        ("https://t.ly/(https://t.ly/b", 23 + 1 + 23),
        ("https://t.ly?q=1&r=2", 23),
        ("https://t.ly:8080/a", 23),
        ("HTTPS://T.LY/A", 23),
        ("https://例え.jp/道", 23),
        ("https://t.ly/a、次", 23 + 2),
        ("https://blog.jpです", 23 + 2),
        ("https://t.ly/a…", 24),
        ("t.ly/a is no link", 17),
        ("xhttps://t.ly/a", 15),
        ("http://localhost/" + "x" * 30, 47),
        ("http://10.0.0.1/" + "x" * 30, 46),
        ("@ada", 4),
        ("@ada@social.example", 4),
        ("Thanks, @ada@social.example!", 13),
        ("@ada@social.example @bob@other.example", 9),
        ("mail ada@social.example", 23),
        ("https://social.example/@ada@other.example", 23),
        ("/@ada@social.example", 20),
        ("e\u0301", 1),
        (FAMILY, 1),
        ("🇫🇷👍🏽", 2),
        ("ที่นี่", 2),
        ("#tag", 4),
        ("a\r\nb", 3),
    ],
)
def test_mastodon_counts(text, count):
    assert MASTODON.count(text) == count


@pytest.mark.parametrize(
    ("counter", "text", "count"),
    [
        (PLAIN, FAMILY, 5),
        (PLAIN, "https://t.ly/a @ada@social.example", 34),
        (Counter(Counting.GRAPHEMES), FAMILY, 1),
        (Counter(Counting.GRAPHEMES), "https://t.ly/a @ada@social.example", 34),
        (Counter(link_cost=23), "https://t.ly/a e\u0301", 26),
        (Counter(Counting.GRAPHEMES, 30), "https://t.ly/a e\u0301", 32),
        (Counter(Counting.UTF16), f"é{FAMILY}", 1 + 8),
        (Counter(Counting.UTF16), "https://t.ly/a", 14),
        (Counter(Counting.BYTES), "é👍🏽", 10),
        (Counter(Counting.EMOJI_BYTES), "é👍🏽 東京 🇫🇷", 1 + 8 + 4 + 8),
        (Counter(Counting.WEIGHTED), "https://t.ly/a", 14),
    ],
)
def test_others_count_otherwise(counter, text, count):
    assert counter.count(text) == count


@given(st.text(max_size=50), st.sampled_from(Counting), st.sampled_from([None, 23]))
def test_the_pieces_of_a_text_cost_what_it_does(text, counting, link_cost):
    counter = Counter(counting, link_cost)
    text = normalize("NFC", text)

    pieces = list(counter.pieces(text))

    assert sum(piece.cost for piece in pieces) == counter.count(text)
    assert [piece.end for piece in pieces][-1:] == ([len(text)] if text else [])


@pytest.mark.parametrize("part", ["(", "@a", "@a@a", "http://", "https://a.b/(", "a.", "http://a-"])
def test_a_strange_text_is_counted_in_time_that_grows_with_it(part):
    began = time.process_time()

    MASTODON.count(part * 2_500)
    MASTODON.count("http://" + part * 2_500)

    assert time.process_time() - began < 5
