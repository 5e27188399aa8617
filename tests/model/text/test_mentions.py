"""Names in headlines tell nobody; links and addresses stay what they are."""

import pytest

from dispatch.model.text.mentions import without_mentions


@pytest.mark.parametrize(
    "text",
    [
        "@*nasa lands",
        "(@*nasa)",
        "«@*nasa»",
        "＠*nasa",
        "à@*nasa",
        "see /@*nasa",
        "@*a@social.example",
    ],
)
def test_a_mention_is_broken_up(text):
    assert without_mentions(text.replace("*", "")) == text.replace("*", "\u2060")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mail ada@example.org",
        "https://social.example/@ada",
        "medium.com/@ada/x",
        "@ 9 o'clock",
        "a@",
    ],
)
def test_what_is_none_stays(text):
    assert without_mentions(text) == text
