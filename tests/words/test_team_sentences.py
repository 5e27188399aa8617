"""What the catalogues of the team's pages have to say: all that is used, in each language."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
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
MAILS = sorted(path for path in (SOURCE / "render/mails").glob("team*") if path.is_file())
PYTHON = sorted(
    path
    for path in SOURCE.rglob("*.py")
    if "team" in str(path.relative_to(SOURCE))
    or re.search(r"audit\.add|team_words_in", path.read_text(encoding="utf-8"))
)
LOCALES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
SHARED = {"frame", "role", "errors", "problem", "time"}
"""Kinds of sentences that frame.po has for all."""

ANYWHERE = {"said", "act", "detail"}
"""Kinds that each noun has of its own."""

_PLAIN_SPACE = re.compile(r"(?<!\u202f)[:;!?»](?!//)|«(?!\u202f)")
_TIME = re.compile(
    r"<kbd>.</kbd>|\b(?:env|file|read|write):|HH:mm|\d:\d|https?:|&[a-z]+;|&#?\w+;|<[^>]*>|\{[^}]*\}:\d"
)
_NAME = re.compile(r"[a-z_]+\.[a-z_0-9]*[a-z0-9]")
_NO_WORDS = re.compile(r"[\w-]*[./][\w./-]*|CSV|.*\{.*\}|locale == 'fr'", re.DOTALL)
"""Names of files and paths, styles, and the way segments are written: the same in all languages."""

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


@cache
def nouns() -> set[str]:
    """The first parts of all names."""
    return {name.partition(".")[0] for name in sentences("en")}


def noun(name: str) -> bool:
    """Whether a name begins as sentences do."""
    return name.partition(".")[0] in nouns()


class Uses:
    """What pages and code ask for: names, and beginnings of names whose rest is known later."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # to where
        self.beginnings: dict[str, str] = {}
        self.values: list[tuple[str, str, set[str]]] = []
        self.kinds: dict[str, str] = {}  # of what the audit log is about

    def add(self, name: str, where: str) -> None:
        """A name is used."""
        self.names.setdefault(name, where)


@cache
def uses() -> Uses:
    found = Uses()
    for path in (*PAGES, *MAILS):
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
        if isinstance(const.value, str) and _NAME.fullmatch(const.value) and noun(const.value):
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
        elif isinstance(node, ast.Constant) and (act := named_act(node.value)):
            found.add(act, where)  # what is handed on to who writes it down


def named_act(value: object) -> str:
    """The name of the words for an act such as `slot.skip`; empty for anything else."""
    name = f"act.{value.replace('.', '_')}" if isinstance(value, str) else ""
    return name if "." in str(value) and name in sentences("en") else ""


def a_call(node: ast.Call, where: str, found: Uses) -> None:
    first = node.args[0] if node.args else None
    text = first.value if isinstance(first, ast.Constant) else None
    match node.func:
        case ast.Attribute(attr="add", value=ast.Attribute(attr="audit")) if isinstance(text, str):
            found.add("act." + text.replace(".", "_"), where)
            about = {one.arg: one.value for one in node.keywords}.get("kind")
            if isinstance(about, ast.Constant):
                found.kinds[str(about.value)] = where
        case ast.Name(id="words" | "tagged") | ast.Attribute(attr="words" | "_words" | "tagged"):
            for one in texts_in(node.args):
                if _NAME.fullmatch(one):
                    found.add(one, where)
    for keyword in node.keywords if "web/team" in where else ():
        if keyword.arg == "said":
            for one in texts_in(ast.walk(keyword.value)):
                found.add(f"said.{one}", where)


def texts_in(found: Iterable[ast.AST]) -> Iterator[str]:
    """Those that are written out, and not empty."""
    for one in found:
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
            yield one.value


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
        known = {kind for group in KINDS.values() for kind in group}

        assert {kind: at for kind, at in uses().kinds.items() if kind not in known} == {}


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
            if isinstance(message.id, str):
                assert found == [expected], name

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


@pytest.mark.parametrize(
    "path", PAGES, ids=lambda path: str(path.relative_to(SOURCE / "web/pages/team"))
)
def test_no_page_has_a_sentence_of_its_own(path):
    names = {"dispatch", *"hcepsfgjk"}  # the same in all languages

    shown = {
        text
        for text in written_words(path)
        if not {*re.findall(r"[^\W\d_]+", text)} <= names
        and not _ATTRIBUTE.fullmatch(text)
        and not _NO_WORDS.fullmatch(text)
    }
    said = {text for text in constants(path) if re.match(r"[A-ZÀ-Þ]\S* ", text)}

    assert shown | said == set()
