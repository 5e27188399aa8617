"""The words of a template in several languages, and which of them a reader gets."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dispatch.errors import TemplateFailed
from dispatch.model.editions.edition import EditionContent
from dispatch.model.text.plain_text import quoted
from dispatch.render.templates.files import WORDS, place
from dispatch.yaml_text import Path, YamlFlaw, YamlUnreadable, dotted, read_yaml_text

if TYPE_CHECKING:
    from babel import Locale

Language = Mapping[str, str]

_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")

MOST_PLAIN = 100_000  # characters

# What JSON and YAML read alike: one line in quotes, and no half of a character.
_WORDS_LINE = re.compile(
    r"  ([A-Za-z_][A-Za-z0-9_]{0,60}): "
    r'("(?:[^"\\]|\\["\\n]|\\u(?![dD])[0-9A-Fa-f]{4})*") *(?: #.*)?'
)
_LANGUAGE_LINE = re.compile(r"([a-z]{2,3}(?:-[a-z0-9]{2,8})*): *(?: #.*)?")
_NO_LINE = re.compile(r" *(?:#.*)?")
_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class NamedTexts:
    """Texts that templates read by name, `words.read_on`, and nothing else."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values


@lru_cache(maxsize=16)
def read_words(template: str, source: str | None) -> Mapping[str, Language]:
    """The words by language tag in the order of the file; empty where the template has none.

    Raises TemplateFailed.
    """
    if source is None:
        return {}
    if plain := read_plain_words(source):
        return plain
    try:
        found = read_yaml_text(source, as_written=True)
    except YamlUnreadable as error:
        raise _failed(template, error.flaw) from error
    for flaw in found.flaws:
        raise _failed(template, flaw)
    if not isinstance(found.tree, dict) or not found.tree:
        where = place(template, WORDS)
        raise TemplateFailed(f"{where}: no languages - write 'en:' and its words below it")
    for flaw in _flaws(found.tree, found.lines):
        raise _failed(template, flaw)
    languages: Mapping[str, Language] = found.tree
    return languages


def read_plain_words(source: str) -> dict[str, dict[str, str]] | None:
    """What a file says that is written as ours are; None where it takes a reader of YAML.

    That one takes 13 ms, which a sender and the process that renders for it spend before the first
    mail.
    """
    if len(source) > MOST_PLAIN or _ODD.search(source):
        return None
    languages: dict[str, dict[str, str]] = {}
    words: dict[str, str] = {}
    for line in source.split("\n"):
        if found := _WORDS_LINE.fullmatch(line):
            key, value = found.groups()
            if not languages or key in words:
                return None
            words[key] = text = json.loads(value)
            if _ODD.search(text):
                return None
        elif found := _LANGUAGE_LINE.fullmatch(line):
            if found[1] in languages:
                return None
            words = languages[found[1]] = {}
        elif not _NO_LINE.fullmatch(line):
            return None
    return languages if all(languages.values()) else None


class Languages:
    """The languages of an edition's digest, by its template's words; `pick` says who gets which.

    Raises TemplateFailed when it is made, if the words cannot be read.
    """

    def __init__(self, content: EditionContent) -> None:
        name = content.email.template if content.email else ""
        self.words = read_words(name, content.templates.get(name, {}).get(WORDS))
        self._otherwise = content.publisher.locale
        self._picked: dict[str, str] = {}

    def pick(self, wanted: str) -> str:
        """The language that a subscriber with this locale gets."""
        if wanted not in self._picked:
            self._picked[wanted] = pick_locale((wanted, self._otherwise), self.words)
        return self._picked[wanted]


def pick_locale(wanted: Iterable[str], offered: Iterable[str]) -> str:
    """The first wanted locale that is offered, with its region or without; else the first offered.

    >>> pick_locale(["fr-CA", "en"], ["en", "fr"])
    'fr'
    >>> pick_locale(["pt_BR", "de"], ["en", "fr"])
    'en'

    Where nothing is offered, the first wanted.
    """
    tags = [normal_tag(tag) for tag in wanted if tag]
    known = {normal_tag(tag): tag for tag in offered}
    if not known:
        return tags[0] if tags else "en"
    spelled = (part for tag in tags for part in _shorter(tag) if part in known)
    return known[next(spelled, next(iter(known)))]


def normal_tag(tag: str) -> str:
    """One spelling for language tags.

    >>> normal_tag("fr_CA.UTF-8")
    'fr-ca'
    """
    return tag.strip().partition(".")[0].replace("_", "-").lower()


@lru_cache(maxsize=256)
def babel_locale(tag: str) -> "Locale":
    """What Babel knows about a language; English where it knows nothing."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to import

    for part in _shorter(normal_tag(tag)):
        with suppress(UnknownLocaleError, ValueError):
            return Locale.parse(part, sep="-")
    return Locale("en")


def direction(tag: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`.

    >>> direction("ar"), direction("fr-CA")
    ('rtl', 'ltr')
    """
    return babel_locale(tag).text_direction


def _shorter(tag: str) -> Iterator[str]:
    """`zh-hant-tw`, `zh-hant`, `zh`."""
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


def _flaws(tree: Mapping[str, Any], lines: Mapping[Path, int]) -> Iterator[YamlFlaw]:
    for tag, words in tree.items():
        line = lines[tag,]
        if not _TAG.fullmatch(normal_tag(tag)):
            advice = "write a tag such as fr or pt-BR"
            yield YamlFlaw(line, (), f"{quoted(tag)} is no language", advice)
        elif not isinstance(words, dict) or not words:
            yield YamlFlaw(line, (tag,), "no words", "write 'key: words' lines below it")
        else:
            for key, value in words.items():
                path = (tag, key)
                if not key.isidentifier():
                    advice = "use letters, digits and '_'"
                    yield YamlFlaw(lines[path], path, "not a name", advice)
                elif not isinstance(value, str):
                    yield YamlFlaw(lines[path], path, "not a text", "write one line of words")


def _failed(template: str, flaw: YamlFlaw) -> TemplateFailed:
    where = place(template, WORDS, flaw.line)
    subject = f"{where}: {dotted(flaw.path)}" if flaw.path else where
    return TemplateFailed(f"{subject}: {flaw.problem} - {flaw.advice}")
