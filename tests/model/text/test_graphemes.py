"""Characters as readers see them, by the cases of Unicode."""

import os
from pathlib import Path

import pytest
import regex

from dispatch.model.text import graphemes as module
from dispatch.model.text.graphemes import Cuts, emoji_in, graphemes, number_of_graphemes

BREAKS = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / (
    "unicode/GraphemeBreakTest.txt"
)
needs_data = pytest.mark.skipif(
    not BREAKS.is_file(), reason="DISPATCH_TEST_DATA names no folder with test data"
)


@needs_data
def test_a_text_is_parted_as_unicode_parts_it():
    lines = (line.partition("#")[0].strip() for line in BREAKS.read_text("utf-8").splitlines())
    cases = [
        [
            "".join(chr(int(code, 16)) for code in part.split("×"))
            for part in line.strip("÷ ").split("÷")
        ]
        for line in lines
        if line
    ]

    assert len(cases) > 500
    others = [case for case in cases if list(graphemes("".join(case))) != case]
    # Newer tables than these take scissors for no emoji; then it counts more, and is still not cut.
    assert others in ([], [["✁\u200d✁"]])
    for case in cases:
        text = "".join(case)
        assert number_of_graphemes(text) == len(list(graphemes(text)))


def test_plain_signs_are_characters_of_their_own_beside_any_other():
    plain = [sign for sign in map(chr, range(0x3000)) if module._PLAIN.fullmatch(sign)]
    text = "".join(first + second for first in plain[::7] for second in plain)

    assert len(plain) > 700
    assert len(regex.findall(r"\X", text)) == len(text) == number_of_graphemes(text)
    assert not Cuts("e\u0301\u2019").at(1)


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("a1#é©®™", ["™"]),
        ("©\ufe0f ❤ ❤\ufe0f", ["©\ufe0f", "❤", "❤\ufe0f"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇫🇷🇩🇪 🇮", ["🇫🇷", "🇩🇪", "🇮"]),
        ("1\ufe0f\u20e3", ["1\ufe0f\u20e3"]),
        ("👩🏽\u200d🚀 🧑🏻\u200d🤝\u200d🧑🏿", ["👩🏽\u200d🚀", "🧑🏻\u200d🤝\u200d🧑🏿"]),
        ("🙂\u200d🙂", ["🙂", "🙂"]),
    ],
)
def test_an_emoji_is_one_however_it_is_put_together(text, emoji):
    assert emoji_in(text) == emoji
