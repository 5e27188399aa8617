"""LinkedIn's little text: nothing is cut off, nobody is told by accident."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.channels.http.little_text import read_little, write_little

SIGNS = r"\|{}@[]()<>#*_~"


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_with_a_meaning_is_escaped(sign):
    assert write_little(f"a {sign} b") == f"a \\{sign} b"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("#IA et #création_2", r"{hashtag|\#|IA} et {hashtag|\#|création\_2}"),
        ("(#IA)", r"\({hashtag|\#|IA}\)"),
        ("C# #1 # ## a#b &#38;", r"C\# \#1 \# \#\# a\#b &\#38;"),
        ("https://a.example/b_(c)#d", r"https://a.example/b\_\(c\)\#d"),
        ("今週 #生成AI", r"今週 {hashtag|\#|生成AI}"),
        ("@ada @[Acme](urn:li:organization:1)", r"\@ada \@\[Acme\]\(urn:li:organization:1\)"),
    ],
)
def test_hashtags_stay_and_the_rest_is_text(text, written):
    assert write_little(text) == written


def test_somebody_is_told_where_that_is_meant():
    text = "Avec @[Acme Corp](urn:li:organization:1) et @ada"

    assert write_little(text, mentions=True) == (
        r"Avec @[Acme Corp](urn:li:organization:1) et \@ada"
    )


TEXTS = st.text(st.sampled_from(SIGNS + "ab1 é生\n/:.&") | st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_any_text_comes_back(text):
    assert read_little(write_little(text)) == text.replace("＃", "#") or "＃" in text


@given(TEXTS)
def test_no_sign_is_left_with_a_meaning(text):
    bare = re.sub(r"\{hashtag\|\\#\|(?:[^\W_]|\\_)+\}|\\.", "", write_little(text))

    assert not set(bare) & set(SIGNS)
