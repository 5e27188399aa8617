"""What each of our catalogues has to say: the same as English, and no more than is used."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from dispatch.render.templates.words import read_words
from words.uses import SOURCE, all_uses, uses_in_page, uses_in_python

FOLDER = SOURCE / "words"
_PLAIN_SPACE = re.compile(r"(?<!\u202f)[:;!?»](?!//)|«(?!\u202f)")
_TIME = re.compile(r"HH:mm|\d:\d|https?:")
LOCALES = sorted(path.stem for path in FOLDER.glob("*.po"))


def read(locale: str) -> Catalog:
    with (FOLDER / f"{locale}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def sentences(locale: str) -> Mapping[str, Message]:
    """Those that somebody has translated and is sure of, by their names."""
    found = {name_of(message): message for message in read(locale) if message.id}
    return {
        name: one for name, one in found.items() if all(texts_of(one)) and "fuzzy" not in one.flags
    }


def name_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def texts_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(text: str) -> set[str]:
    """All that stands in braces: a name, and nothing that fills or converts."""
    parts = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    return {"".join(filter(None, part)) for part in parts}


ENGLISH = sentences("en")


@pytest.mark.parametrize("locale", LOCALES)
class TestEachLanguage:
    def test_it_is_one_that_is_known_and_says_which_it_is(self, locale):
        header = dict(read(locale).mime_headers)

        assert str(Locale.parse(locale)) == locale
        assert header["Language"] == locale

    def test_it_says_all_that_english_says_and_no_more(self, locale):
        language = locale.partition("_")[0]
        said = set(sentences(locale))
        if language in LOCALES:  # a region says what differs
            said |= set(sentences(language))

        assert said == set(ENGLISH)

    def test_no_sentence_stands_there_twice(self, locale):
        lines = (FOLDER / f"{locale}.po").read_text(encoding="utf-8").splitlines()
        names = [line for line in lines if line.startswith("msgid ")]

        assert len(names) == len(set(names))

    def test_its_sentences_have_the_placeholders_that_the_english_ones_have(self, locale):
        expected = {
            name: set().union(*map(placeholders, texts_of(ENGLISH[name]))) for name in ENGLISH
        }

        for name, message in sentences(locale).items():
            found = [placeholders(text) for text in texts_of(message)]

            assert set().union(*found) == expected[name], name
            # "One person" may leave the number out, and nothing else.
            assert all(expected[name] - one <= {"count"} for one in found), name

    def test_its_plurals_have_as_many_forms_as_the_language(self, locale):
        forms = get_plural(locale).num_plurals

        assert read(locale).num_plurals == forms
        assert read(locale).plural_expr == get_plural(locale).plural_expr
        for name, message in sentences(locale).items():
            assert isinstance(message.id, str) == isinstance(ENGLISH[name].id, str), name
            assert len(texts_of(message)) == (1 if isinstance(message.id, str) else forms), name
            assert isinstance(message.id, str) or message.id == (name, name)


class TestWhatTheCodeUses:
    def test_sentences_are_named_where_they_are_used(self):
        hidden = [use.place for use in all_uses() if use.name is None or None in use.values]

        assert hidden == []

    def test_all_that_is_used_is_there(self):
        assert [use for use in all_uses() if use.name not in ENGLISH] == []

    def test_all_that_is_there_is_used(self):
        assert set(ENGLISH) - {use.name for use in all_uses()} == set()

    def test_a_sentence_is_handed_the_values_that_it_names(self):
        for use in all_uses():
            message = ENGLISH[use.name]
            named = set().union(*map(placeholders, texts_of(message)))

            assert use.values == named, use.place
            assert isinstance(message.id, tuple) == ("count" in use.values), use.place


def test_no_page_has_a_sentence_of_its_own():
    paths = sorted((SOURCE / "web/pages").glob("*.html"))

    assert {path.name: sorted(own_words(path)) for path in paths} == {
        path.name: [] for path in paths
    }


class TestHowUsesAreFound:
    """The tests above are worth as much as this."""

    def test_in_python(self, tmp_path):
        path = written(
            tmp_path / "code.py",
            "from dispatch.words.catalogues import Words\n"
            'words("one.a", email=x)\nself._words("one.b", count=3)\n'
            'words(name)\nwords("one.c", **more)\nwords()\nother("one.d")\n',
        )

        assert [(use.name, use.values) for use in uses_in_python(path)] == [
            ("one.a", {"email"}),
            ("one.b", {"count"}),
            (None, set()),
            ("one.c", {None}),
        ]

    def test_not_where_words_are_something_else(self, tmp_path):
        path = written(tmp_path / "code.py", "words(name)\n")

        assert list(uses_in_python(path)) == []

    def test_in_pages(self, tmp_path):
        path = written(
            tmp_path / "page.html",
            '<p>{{ words("one.a", email=x) }}</p>{% if words(name) %}{{ words.tag }}{% endif %}',
        )

        assert {(use.name, use.values) for use in uses_in_page(path)} == {
            ("one.a", frozenset({"email"})),
            (None, frozenset()),
        }

    def test_and_what_a_page_says_by_itself(self, tmp_path):
        path = written(
            tmp_path / "page.html",
            '{# why #}<p class="a b" title="Tip {{ x }}">{{ words("a.b") }} · Some text</p>'
            '{{ "or so" if x else "" }}{% set kind = "logo" %}<i>{{ x | join("<br>" | safe) }}</i>',
        )

        assert own_words(path) == {"Tip", "· Some text", "or so"}


SHOWN = {"alt", "aria-label", "aria-description", "placeholder", "title"}
"""Attributes that people are shown, or read to."""


def own_words(path: Path) -> set[str]:
    """What a page says that does not come from a catalogue."""
    said = {text for text in constants(path) if " " in text.strip() and _LETTER.search(text)}
    return written_words(path) | said


def written_words(path: Path) -> set[str]:
    """What stands in a page beside its calls."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    found = _Shown()
    for output in tree.find_all(nodes.Output):
        for part in output.nodes:
            found.feed(part.data if isinstance(part, nodes.TemplateData) else "\0")
    written = {" ".join(text.replace("\0", " ").split()) for text in found.texts}
    return {text for text in written if _LETTER.search(text)}


def constants(path: Path) -> set[str]:
    """The texts in the calls of a page."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    return {one.value for one in tree.find_all(nodes.Const) if isinstance(one.value, str)}


_LETTER = re.compile(r"[^\W\d_]")


class _Shown(HTMLParser):
    """Gathers what stands between tags, and in attributes that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if value and name in SHOWN]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_french_has_its_own_space_before_high_signs_and_inside_quotation_marks():
    texts = [text for one in sentences("fr").values() for text in texts_of(one)]
    for template in ("weekly", "bulletin"):
        source = (SOURCE.parents[1] / "templates" / template / "words.yaml").read_text()
        texts += read_words(template, source)["fr"].values()

    wrong = [text for text in texts if _PLAIN_SPACE.search(_TIME.sub("", text))]

    assert wrong == []
    assert sum("\u202f" in text for text in texts) > 20
