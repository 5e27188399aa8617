"""The beginning of a text: so many words or sentences, and nothing cut in two."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.text.graphemes import may_cut
from dispatch.model.text.plain_text import shorten
from dispatch.model.text.teaser import teaser

BREAKS = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / (
    "unicode/GraphemeBreakTest.txt"
)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("Really? Yes.", "Really?"),
        ("He said “no.” Then he left.", "He said “no.”"),
        ("Pourquoi\u00a0? Parce que.", "Pourquoi\u00a0?"),
        ("« Quoi ? » demanda-t-elle. Rien.", "« Quoi ? » demanda-t-elle."),
        ("z. B. Hunde, d. h. Tiere. Dann mehr.", "z. B. Hunde, d. h. Tiere."),
        ("Dr. Dr. Ada King, e.g. in London. Then.", "Dr. Dr. Ada King, e.g. in London."),
        ("M. Dupont et Mme. Durand. Fin.", "M. Dupont et Mme. Durand."),
        ("Am 3. Mai kostet es 3.50 Euro. Dann nicht.", "Am 3. Mai kostet es 3.50 Euro."),
        ("Apples, pears etc. and more. Then.", "Apples, pears etc. and more."),
        ("See example.com for more. Then.", "See example.com for more."),
        ("これは文です。次の文。", "これは文です。"),
        (", three. &…", ", three. &…"),
        ("「行く！」二つ目。", "「行く！」"),
        ("هل هذا صحيح؟ نعم.", "هل هذا صحيح؟"),
        ("यह वाक्य है। दूसरा।", "यह वाक्य है।"),
        ("No end at all", "No end at all"),
        ("", ""),
    ],
)
def test_the_first_sentence(text, first):
    assert teaser(text, sentences=1) == first


@pytest.mark.parametrize(
    ("text", "words", "beginning"),
    [
        ("one  two\nthree, four", 3, "one two three…"),
        ("one two", 2, "one two"),
        ("👍🏽" * 40, 2, "👍🏽" * 30 + "…"),
        ("a" * 100, 2, "a" * 60 + "…"),
        ("བོད་ཀྱི་སྐད་ཡིག་ནི་ཧ་ཅང་", 2, "བོད་ཀྱི་སྐད་ཡིག…"),
        (f"See https://a.example/{'a' * 90} now", 2, f"See https://a.example/{'a' * 90}…"),
        ("日本語の文章には空白がない", 3, "日本語の文章…"),
        ("Das 日本語 ist", 2, "Das 日本…"),
        ("漢\U000e0100字漢字", 1, "漢\U000e0100字…"),
        ("\u1112\u1161\u11ab a", 1, "\u1112\u1161\u11ab…"),
        ("ภาษาไทยไม่มีช่องว่างระหว่างคำ", 2, "ภาษาไทยไม่มี…"),
        ("ខ្ញុំស្រឡាញ់ភាសាខ្មែរ", 2, "ខ្ញុំស្រឡាញ់…"),
        ("one two", 0, ""),
    ],
)
def test_the_first_words(text, words, beginning):
    assert teaser(text, words=words) == beginning


def test_with_both_limits_neither_is_passed():
    assert teaser("One two. Three four five. Six.", words=4, sentences=2) == "One two. Three four…"
    assert teaser("One two. Three four five. Six.", words=9, sentences=1) == "One two."


# Each stands alone in any company: whole characters as readers see them.
WHOLE = ["a", "É", "e\u0301", "👩‍💻", "🏳️‍🌈", "👍🏽", "🇫🇷", "한", "\u1112\u1161\u11ab", "क्षि", "นำ"]
WHOLE += ["漢", "か\u3099", "漢\ufe00", "。", ".", "!", "?", ",", "…", "»", " ", " ", " ", "\u00a0"]
WIDE = {"漢", "か"}
TEXTS = st.lists(st.sampled_from(WHOLE), max_size=40)


def ends_of(characters):
    ends, end = {0}, 0
    for character in characters:
        end += len(character)
        ends.add(end)
    return ends


def on_one_line(characters):
    kept = []
    for character in characters:
        if character != " " or (kept and kept[-1] != " "):
            kept.append(character)
    while kept and kept[0].isspace():
        kept.pop(0)
    while kept and kept[-1].isspace():
        kept.pop()
    return kept


@given(TEXTS, st.none() | st.integers(1, 5), st.none() | st.integers(1, 3))
def test_a_teaser_is_the_beginning_and_cuts_no_word_and_no_character(found, words, sentences):
    characters = on_one_line(found)
    text = "".join(characters)

    short = teaser("".join(found), words=words, sentences=sentences)

    if not text.startswith(short):
        assert short.endswith("…")
        short = short.removesuffix("…")
    assert text.startswith(short)
    assert len(short) in ends_of(characters)
    if words is not None:
        # What stands alone between spaces may be a Chinese character, of which two are a word.
        assert len(short.split(" ")) <= (words if WIDE.isdisjoint(short) else 2 * words)
    assert words is not None or sentences is not None or short == text


@given(st.text(), st.integers(1, 5), st.none() | st.integers(1, 3))
def test_a_teaser_of_a_teaser_is_the_same(text, words, sentences):
    once = teaser(text, words=words, sentences=sentences)

    assert teaser(once, words=words, sentences=sentences) == once


@given(TEXTS, st.integers(2, 20))
def test_a_shortened_text_cuts_no_character_either(found, limit):
    characters = on_one_line(found)

    short = shorten("".join(found), limit)

    assert len(short) <= limit
    assert "".join(characters).startswith(short.removesuffix("…")) or short.endswith("…")
    if short != "".join(characters):
        assert len(short.removesuffix("…")) in ends_of(characters)


@pytest.mark.skipif(
    not BREAKS.is_file(), reason="DISPATCH_TEST_DATA names no folder with test data"
)
def test_no_place_that_unicode_forbids_is_cut():
    forbidden, allowed, cut = 0, 0, 0
    for line in BREAKS.read_text(encoding="utf-8").splitlines():
        text, places = "", []
        for word in line.partition("#")[0].split():
            if word in "÷×":
                places.append((len(text), word == "÷"))
            else:
                text += chr(int(word, 16))
        for place, may in places:
            if 0 < place < len(text):
                forbidden += not may
                allowed += may
                cut += may and may_cut(text, place)
                assert may or not may_cut(text, place), line

    assert forbidden > 200
    assert cut > allowed / 2
