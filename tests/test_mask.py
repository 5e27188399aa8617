"""A secret is not shown, in whatever dress somebody else repeats it."""

import time
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dispatch.masking import HIDDEN, Mask
from dispatch.model.text.plain_text import one_line

SECRET = "correct horse/battery+staple?"


def encoded(text):
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "echo",
    [
        SECRET,
        SECRET.upper(),
        SECRET.replace(" ", ""),
        " ".join(SECRET),
        quote(SECRET),
        quote(SECRET, safe=""),
        encoded(SECRET),
        encoded(SECRET).rstrip("="),
        urlsafe_b64encode(SECRET.encode()).decode(),
        SECRET[:12],
        SECRET[12:],
    ],
)
def test_is_hidden(echo):
    hide = Mask(SECRET)

    assert hide(f"535 <{echo}> is wrong") == f"535 <{HIDDEN}> is wrong".replace(
        f"{HIDDEN}>", f"{HIDDEN}{'=' * echo.endswith('=')}>"
    )


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "\0lettre\0"])
@pytest.mark.parametrize("after", ["", "z", "yz"])
def test_is_hidden_inside_of_what_was_encoded(before, after):
    shown = Mask(SECRET)(encoded(f"{before}{SECRET}{after}"))

    assert HIDDEN in shown
    assert len(shown.replace(HIDDEN, "")) <= len(encoded(f"{before}{after}")) + 4


def test_is_hidden_where_it_is_too_short_to_be_found_inside():
    said = encoded("\0me\0pw")
    hide = Mask("pw", said)

    assert hide(f"no {encoded('me')} or {encoded('pw')} or {said}") == (
        f"no {encoded('me')} or {HIDDEN}= or {HIDDEN}"
    )


@pytest.mark.parametrize("text", ["", "250 2.0.0 Ok: queued as 4F2A", "535 5.7.8 no: correct"])
def test_leaves_other_words_alone(text):
    assert Mask(SECRET)(text) == text
    assert Mask("")(text) == text


def test_does_not_show_itself():
    assert SECRET not in repr(Mask(SECRET))


@given(st.text(min_size=1), st.text(), st.text())
@example("\u200b", "", "")
def test_no_text_shows_it_whole(secret, before, after):
    shown = Mask(secret)(one_line(f"{before} {secret} {after}"))

    words = "".join(one_line(secret).split()).lower()
    assert not words or HIDDEN in shown


@pytest.mark.parametrize("words", ["a" * 65_536, "c" + " " * 65_536, "correct hors" * 5_000])
def test_takes_no_time_with_long_words(words):
    hide = Mask(SECRET)
    began = time.monotonic()

    hide(words)

    assert time.monotonic() - began < 5
