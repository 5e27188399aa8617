"""What the catalogues of the team's pages have to say: all that is used, in each language."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from dispatch.web.team.acts import KINDS
from words.test_sentences import constants, placeholders, texts_of, written_words
from words.uses import SOURCE

FOLDER = SOURCE / "words/team"
PAGES = sorted((SOURCE / "web/pages/team").rglob("*.html"))
PYTHON = sorted(
    path for path in SOURCE.rglob("*.py") if "team" in path.parts or "audit.add" in path.read_text()
)
LOCALES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
SHARED = {"frame", "role", "errors", "problem", "time"}
"""Kinds of sentences that frame.po has for all."""

ANYWHERE = {"said", "act", "detail"}
"""Kinds that each noun has of its own."""

_PLAIN_SPACE = re.compile(r"(?<!\u202f)[:;!?»](?!//)|«(?!\u202f)")
_TIME = re.compile(r"HH:mm|\d:\d|https?:|&[a-z]+;|&#?\w+;|<[^>]*>|\{[^}]*\}:\d")
_NAME = re.compile(r"[a-z_]+\.[a-z_0-9]*[a-z0-9]")
_ATTRIBUTE = re.compile(r'[a-z-]*-[a-z-]+(="\w*"?)?')
"""What a macro puts into a tag: a page that is read by itself does not show that it is in one."""


@cache
def sentences(locale: str) -> Mapping[str, Message]:
    """All of a language, by their names."""
    return {name: message for _, name, message in said(locale)}


def said(locale: str) -> Iterator[tuple[str, str, Message]]:
    """File, name and sentence."""
    for path in sorted((FOLDER / locale).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale, abort_invalid=True):
                if message.id:
                    name = message.id if isinstance(message.id, str) else message.id[0]
                    yield path.stem, name, message


class Uses:
    """What pages and code ask for: names, and beginnings of names whose rest is known later."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # to where
        self.beginnings: dict[str, str] = {}
        self.values: list[tuple[str, str, set[str]]] = []

    def add(self, name: str, where: str) -> None:
        """A name is used."""
        self.names.setdefault(name, where)


@cache
def uses() -> Uses:
    found = Uses()
    for path in PAGES:
        in_page(path, found)
    for path in PYTHON:
        in_python(path, found)
    return found


def in_page(path: Path, found: Uses) -> None:
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {"words", "html"} and call.args:
            named(call, path, found)
    for const in tree.find_all(nodes.Const):  # names that are chosen, or handed to a macro
        if isinstance(const.value, str) and _NAME.fullmatch(const.value):
            found.add(const.value, path.name)


def named(call: nodes.Call, path: Path, found: Uses) -> None:
    where = f"{path.name}:{call.lineno}"
    first = call.args[0]
    if isinstance(first, nodes.Const):
        found.add(first.value, where)
        if call.dyn_kwargs is None:
            found.values.append((where, first.value, {pair.key for pair in call.kwargs}))
    elif isinstance(first, nodes.Concat | nodes.Add):
        start = first.nodes[0] if isinstance(first, nodes.Concat) else first.left
        if isinstance(start, nodes.Const):
            found.beginnings[start.value] = where


def in_python(path: Path, found: Uses) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        where = f"{path.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call):
            a_call(node, where, found)
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            start = str(node.values[0].value)
            if re.fullmatch(r"[a-z_]+\.[a-z_0-9]*", start):
                found.beginnings[start] = where
        elif isinstance(node, ast.Constant) and node.value in sentences("en"):
            found.add(node.value, where)  # a name that is chosen


def a_call(node: ast.Call, where: str, found: Uses) -> None:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    called = node.func.id if isinstance(node.func, ast.Name) else called
    first = node.args[0] if node.args else None
    constant = first.value if isinstance(first, ast.Constant) else None
    for keyword in node.keywords if "web/team" in where else ():
        if keyword.arg == "said":
            for const in ast.walk(keyword.value):
                if isinstance(const, ast.Constant) and isinstance(const.value, str) and const.value:
                    found.add(f"said.{const.value}", where)
    if called == "add" and isinstance(constant, str) and re.fullmatch(r"\w+\.\w+", constant):
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if isinstance(owner, ast.Attribute) and owner.attr == "audit":
            found.add("act." + constant.replace(".", "_"), where)
    if called in {"words", "_words", "tagged"}:
        texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
        for text in texts:
            if isinstance(text, str) and _NAME.fullmatch(text):
                found.add(text, where)


class TestWhatIsUsed:
    def test_each_sentence_that_is_asked_for_is_there(self):
        missing = {
            name: where for name, where in uses().names.items() if name not in sentences("en")
        }

        assert missing == {}

    def test_what_begins_a_name_begins_one_that_is_there(self):
        missing = {
            start: where
            for start, where in uses().beginnings.items()
            if not any(name.startswith(start) for name in sentences("en"))
        }
        ours = {start.partition(".")[0] for start in missing}

        assert ours.isdisjoint({name.partition(".")[0] for name in sentences("en")})

    def test_each_sentence_that_is_there_is_asked_for(self):
        starts = tuple(uses().beginnings)
        unused = [
            name
            for name in sentences("en")
            if name not in uses().names
            and not name.startswith(starts)
            and name.partition(".")[0] not in SHARED
        ]

        assert unused == []

    def test_pages_hand_over_the_values_that_a_sentence_names(self):
        wrong = []
        for where, name, values in uses().values:
            message = sentences("en").get(name)
            if message is None:
                continue
            expected = set().union(*map(placeholders, texts_of(message)))
            plural = {"count"} if isinstance(message.id, tuple) else set()
            if not (expected <= values <= expected | plural) or plural - values:
                wrong.append((where, name, sorted(values), sorted(expected)))

        assert wrong == []

    def test_each_thing_that_is_on_record_can_be_asked_for_in_the_log(self):
        kinds = {kind for group in KINDS.values() for kind in group}
        unknown = []
        for path in PYTHON:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.keyword) and node.arg == "kind":
                    unknown += [
                        (path.name, one.value)
                        for one in [node.value]
                        if isinstance(one, ast.Constant)
                        and "audit.add" in path.read_text(encoding="utf-8")
                        and one.value not in kinds | {""}
                    ]

        assert unknown == []


@pytest.mark.parametrize("locale", LOCALES)
class TestEachLanguage:
    def test_it_says_all_that_english_says_and_no_more(self, locale):
        assert set(sentences(locale)) == set(sentences("en"))
        assert [name for name, one in sentences(locale).items() if not all(texts_of(one))] == []
        assert [name for name, one in sentences(locale).items() if "fuzzy" in one.flags] == []

    def test_no_sentence_stands_in_two_places(self, locale):
        lines = [
            line
            for path in sorted((FOLDER / locale).glob("*.po"))
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("msgid ") and line != 'msgid ""'
        ]

        assert [line for line in set(lines) if lines.count(line) > 1] == []

    def test_each_stands_in_the_file_of_its_noun(self, locale):
        strays = [
            (file, name)
            for file, name, _ in said(locale)
            if (kind := name.partition(".")[0]) != file
            and not (file == "frame" and kind in SHARED)
            and not (file == "states" and kind == "state")
            and kind not in ANYWHERE
        ]

        assert strays == []

    def test_its_sentences_have_the_placeholders_that_the_english_ones_have(self, locale):
        for name, message in sentences(locale).items():
            expected = set().union(*map(placeholders, texts_of(sentences("en")[name])))
            found = [placeholders(text) for text in texts_of(message)]

            assert set().union(*found) == expected, name
            # "One person" may leave the number out, and nothing else.
            assert all(expected - one <= {"count"} for one in found), name

    def test_its_plurals_have_as_many_forms_as_the_language(self, locale):
        forms = get_plural(locale).num_plurals

        for name, message in sentences(locale).items():
            assert isinstance(message.id, str) == isinstance(sentences("en")[name].id, str), name
            assert len(texts_of(message)) == (1 if isinstance(message.id, str) else forms), name

    def test_its_tags_are_those_of_the_english_ones(self, locale):
        tags = re.compile(r"</?[a-z]+")

        wrong = [
            name
            for name, message in sentences(locale).items()
            if {*tags.findall(texts_of(message)[0])}
            != {*tags.findall(texts_of(sentences("en")[name])[0])}
        ]

        assert wrong == []


def test_french_has_its_own_space_before_high_signs_and_inside_quotation_marks():
    wrong = [
        name
        for name, one in sentences("fr").items()
        for text in texts_of(one)
        if _PLAIN_SPACE.search(_TIME.sub("", text))
    ]

    assert wrong == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_page_has_a_sentence_of_its_own(path):
    names = {"dispatch", *"hcepsfgjk"}  # the same in all languages

    shown = {
        text
        for text in written_words(path)
        if not {*re.findall(r"[^\W\d_]+", text)} <= names and not _ATTRIBUTE.fullmatch(text)
    }
    said = {text for text in constants(path) if re.match(r"[A-ZÀ-Þ]\S* ", text)}

    assert shown | said == set()
