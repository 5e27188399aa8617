"""Links, tags and mentions are found where they stand in the bytes of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.text.facets import FacetKind, facets_in

HALF = chr(0xD83D)
"""Of a character, as cut by programs that count otherwise."""

PARTS = st.sampled_from(
    [
        *(
            "https://a.example/b",
            "http://é.example/ü?x=1#f",
            "https://",
            "#été",
            "#2026",
            "#3d",
            "#",
        ),
        *(
            "@ada.bsky.social",
            "@ada",
            "@ada@social.example",
            "a@b.example",
            "＃水彩",
            "#हिन्दी",
            "#a-b-",
        ),
        *(
            " ",
            "\n",
            ".",
            ",",
            "(",
            ")",
            "/",
            "é",
            "🏳️‍🌈",
            "e\u0301",
            "\ud83d",
            "x",
            "&#39;",
            "\u2060",
        ),
    ]
)


def found(text):
    return [(one.kind.value, one.value) for one in facets_in(text)]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Read (#IA), #création: #水彩!", ["IA", "création", "水彩"]),
        ("#हिन्दी and #non-fiction.", ["हिन्दी", "non-fiction"]),
        ("#3tofollow in #2026, #_, C# and x#y", ["3tofollow"]),
        ("it&#39;s https://a.example/#top", []),
        ("#a#b", ["a"]),
        (f"#{'é' * 64} #{'e' * 65}", ["é" * 64]),
    ],
)
def test_a_tag_has_a_letter_and_ends_where_punctuation_begins(text, tags):
    assert [value for kind, value in found(text) if kind == "tag"] == tags


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thanks, @ada.bsky.social.", ["ada.bsky.social"]),
        ("@ada, @ada@social.example and ada@mail.example", []),
        ("@\u2060ada.bsky.social", []),
        ("https://a.example/@ada.bsky.social", []),
        ("(@Ada.example)/@b.example", ["Ada.example"]),
        ("@-a.example @a.1b", []),
    ],
)
def test_a_mention_is_a_handle_and_no_address_of_mail(text, names):
    assert [value for kind, value in found(text) if kind == "mention"] == names


def test_a_link_ends_before_what_ends_the_sentence():
    assert found("(See https://a.example/b). Or https://c.example/d…") == [
        ("link", "https://a.example/b"),
        ("link", "https://c.example/d"),
    ]


@given(st.lists(PARTS, max_size=12).map("".join))
def test_each_stands_inside_of_the_text_on_whole_characters_and_shares_none(text):
    sent = text.encode("utf-8", "replace")

    facets = facets_in(text)

    ends = [0, *(one.end for one in facets)]
    for one, before in zip(facets, ends, strict=False):
        shown = sent[one.start : one.end].decode()
        assert before <= one.start < one.end <= len(sent)
        assert shown.removeprefix("＃").removeprefix("#").removeprefix("@") == one.value
        assert (one.kind is FacetKind.LINK) == (shown == one.value)
