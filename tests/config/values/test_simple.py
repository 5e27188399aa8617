"""The small words of schedules.yaml, whatever is written in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.values import schedule as schedule_words
from dispatch.config.values import simple as words

ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.text() | st.integers(), max_size=3)
)


@pytest.mark.parametrize(
    "meaning",
    [
        words.duration,
        words.clock_time,
        words.backfill,
        words.at_most,
        schedule_words.every,
        schedule_words.on,
        schedule_words.times,
        schedule_words.day,
        schedule_words.days_off,
        schedule_words.cron,
    ],
)
@given(value=ANYTHING)
def test_any_value_is_meant_or_refused(meaning, value):
    try:
        meaning(value)
    except InvalidValueError as error:
        said = str(error)
    else:
        said = "fine"
    assert "\n" not in said


ADDRESSES = [words.feed_address, words.web_address, words.public_address]


@pytest.mark.parametrize(
    "meaning",
    [
        words.name,
        words.line_of_text,
        words.timezone,
        words.locale,
        words.mail_domain,
        words.selector,
        *ADDRESSES,
    ],
)
@given(text=st.text() | st.from_regex(r"\A(https?://|file:)[a-z@:./\[?#]{0,9}\Z"))
def test_any_text_is_meant_or_refused(meaning, text):
    try:
        assert meaning(text)
    except InvalidValueError as error:
        said = str(error)
    else:
        said = "fine"
    assert "\n" not in said


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("fr", "fr"),
        ("fr-CA", "fr-CA"),
        ("fr_ca", "fr-CA"),
        ("EN", "en"),
        ("zh-hant-tw", "zh-Hant-TW"),
    ],
)
def test_a_language_is_spelled_one_way(written, spelled):
    assert words.locale(written) == spelled


def test_the_public_address_has_no_slash_at_its_end():
    assert words.public_address("https://news.example.org/letters/") == (
        "https://news.example.org/letters"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [(" Example.org ", "example.org"), ("bücher.example", "xn--bcher-kva.example")],
)
def test_a_domain_is_in_lower_case_and_ascii(written, meant):
    assert words.mail_domain(written) == meant


@pytest.mark.parametrize("text", ["", "example", "a@example.org", "https://example.org", "a..org"])
def test_what_cannot_stand_behind_an_at_is_no_domain(text):
    with pytest.raises(InvalidValueError, match=r"is not a domain - write it such as example\.org"):
        words.mail_domain(text)


@pytest.mark.parametrize("text", ["news", "2026-01", "a.b", " news "])
def test_a_selector_is_made_of_dns_names(text):
    assert words.selector(text) == text.strip()


@pytest.mark.parametrize("text", ["", "a b", "-a", "a.", "a;b", "news\r\nBcc: x", "é", "a" * 64])
def test_what_the_dns_cannot_name_is_no_selector(text):
    with pytest.raises(InvalidValueError, match="cannot be a selector - use letters, digits"):
        words.selector(text)
