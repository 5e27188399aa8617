import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import TemplateFailed
from dispatch.render.templates.words import pick_locale, read_plain_words, read_words
from dispatch.yaml_text import read_yaml_text


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        (("fr-CA", "en"), "fr"),
        (("FR_ca", "en"), "fr"),
        (("pt-BR", "en"), "pt-BR"),
        (("pt", "en-US"), "en"),
        (("", "en"), "en"),
        (("ja", "de"), "fr"),
        (("", ""), "fr"),
    ],
)
def test_the_nearest_language_is_picked(wanted: tuple[str, str], locale: str) -> None:
    picked = pick_locale(wanted, ["fr", "en", "pt-BR"])

    assert picked == locale


def test_words_keep_the_order_of_the_file() -> None:
    words = read_words("weekly", "fr:\n  a: un\nen:\n  a: 'one: 1'\n")

    assert words == {"fr": {"a": "un"}, "en": {"a": "one: 1"}}
    assert list(words) == ["fr", "en"]


def test_words_may_be_folded_over_lines() -> None:
    words = read_words("weekly", "en:\n  a: >-\n    one\n    line\n")

    assert words["en"] == {"a": "one line"}


def test_a_number_or_a_truth_is_the_text_that_was_written() -> None:
    words = read_words(
        "weekly", "en:\n  a: 1.10\n  b: 0x1F\n  c: Yes\n  d: 2026-01-31\n  e: true\n"
    )

    assert words["en"] == {"a": "1.10", "b": "0x1F", "c": "Yes", "d": "2026-01-31", "e": "true"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("fr:\n  a: b: c", "words.yaml:2: a colon stands where none may - "),
        ("fr:\n  a: one\n  a: two", "words.yaml:3: fr.a: is written twice - keep it here or in "),
        (
            "fr: {a: b}\nfr: {a: c}",
            "words.yaml:2: fr: is written twice - keep it here or in line 1",
        ),
        ("", "words.yaml: no languages - write 'en:' "),
        ("- fr", "words.yaml: no languages - write 'en:' "),
        ("fr:", "words.yaml:1: fr: no words - "),
        ("en: {a: b}\nfr: words", "words.yaml:2: fr: no words - "),
        ("12:\n  a: b", "words.yaml:1: '12' is no language - "),
        ("fr:\n  a: [b]", "words.yaml:2: fr.a: not a text - "),
        ("fr:\n  a: {b: c}", "words.yaml:2: fr.a: not a text - "),
        ("fr:\n  a: ~", "words.yaml:2: fr.a: not a text - "),
        ("fr:\n  a:", "words.yaml:2: fr.a: not a text - "),
        ("fr:\n  a b: c", "words.yaml:2: fr.a b: not a name - "),
    ],
)
def test_words_that_cannot_be_used_are_told_with_their_line(source: str, message: str) -> None:
    with pytest.raises(TemplateFailed, match=re.escape(f"templates/weekly/{message}")):
        read_words("weekly", source)


PLAIN = (
    '# ours\n\nno:  # Norsk\n  a: "\\u00c5 \\"b\\"\\\\ \\n{c}"  # d\n'
    '  # e\n  null: "é’…"\nzh-hant:\n  a: "" \n'
)
ODD = {
    "half a character": 'en:\n  a: "\\ud83d\\ude00"',
    "no text": 'en:\n  a: "\\u0007"',
    "another escape": 'en:\n  a: "\\x41 \\t"',
    "without quotes": "en:\n  a: one",
    "single quotes": "en:\n  a: 'one'",
    "several lines": 'en:\n  a: "one\n    two"',
    "a comment that is none": 'en:\n  a: "one"#two',
    "a tab": 'en:\n  a: "one\ttwo"',
    "a line end of Unicode": 'en:\n  a: "one\u2028two"',
    "of Windows": 'en:\r\n  a: "one"\r\n',
    "further in": 'en:\n    a: "one"',
    "twice": 'en:\n  a: "one"\n  a: "two"',
    "a language twice": 'en:\n  a: "one"\nen:\n  b: "two"',
    "a language without words": 'en:\nfr:\n  a: "one"',
    "words without a language": '  a: "one"',
    "nothing": "# nothing\n",
    "a document": '---\nen:\n  a: "one"',
    "an anchor": 'en: &a\n  a: "one"',
    "in capitals": 'EN:\n  a: "one"',
    "too long a name": f'en:\n  {"a" * 2000}: "one"',
}


def test_plain_words_are_read_as_a_reader_of_yaml_reads_them():
    words = read_plain_words(PLAIN)

    assert words == {"no": {"a": 'Å "b"\\ \n{c}', "null": "é’…"}, "zh-hant": {"a": ""}}
    assert words == read_yaml_text(PLAIN, as_written=True).tree


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_what_is_not_plain_is_left_to_a_reader_of_yaml(source: str):
    assert not read_plain_words(source)


@given(
    st.lists(
        st.sampled_from(
            [*PLAIN.split("\n"), *(line for odd in ODD.values() for line in odd.split("\n"))]
        ),
        max_size=6,
    ).map("\n".join)
)
def test_lines_in_any_order_are_read_alike(source: str):
    words = read_plain_words(source)

    if words:
        found = read_yaml_text(source, as_written=True)
        assert (words, list(words), found.flaws) == (found.tree, list(found.tree), ())


ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 10)
)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (ALIASES, "words.yaml: says more than 50000 values - "),
        ("fr: &a {a: *a}", "words.yaml: is nested more than 20 levels deep - "),
        ("fr:\n  a: " + "[" * 30_000, "words.yaml:2: is nested more than 20 levels deep - "),
        ("fr:\n  a: !!python/object/apply:os.system [id]", "words.yaml:2: fr.a: has the tag "),
        ("fr:\n  a: !!binary aGk=", "words.yaml:2: fr.a: has the tag 'binary' - "),
        ("fr:\n  <<: {a: b}", "words.yaml:2: '<<' is not known here - "),
        ("fr:\n  ? [a]\n  : b", "words.yaml:2: fr: a key must be a word - "),
        ("fr:\n  a: b\0c", "words.yaml:2: contains a character that is no text - "),
        ('fr:\n  a: "b\\0c"', "words.yaml:2: fr.a: contains a character that is no text - "),
        ('fr:\n  a: "\\ud800"', "words.yaml:2: fr.a: contains a character that is no text - "),
        ("fr:\n\ta: b", "words.yaml:2: a tab stands where only spaces may - "),
        ("fr:\n  a: *b", "words.yaml:2: a value begins with * - "),
        ("en: {a: b}\n---\nfr: {a: b}", "words.yaml:2: a second document begins - "),
    ],
    ids=lambda text: text[:24] if len(text) < 200 else "huge",
)
def test_words_that_were_meant_to_hurt_are_one_sentence(source: str, message: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        read_words("weekly", source)

    assert str(caught.value).startswith(f"templates/weekly/{message}")
    assert "\n" not in str(caught.value)


@given(st.text(alphabet="ab:-?&*!{}[]<>|\"'#% \t\n\0~", max_size=60))
def test_any_text_gives_words_or_a_sentence(source: str) -> None:
    words = said = None
    try:
        words = read_words("weekly", source)
    except TemplateFailed as error:
        said = str(error)

    assert words or (said and said.startswith("templates/weekly/words.yaml"))
