"""The words of a template in several languages, and which of them a reader gets."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from dispatch.errors import TemplateFailed
from dispatch.render.templates import WORDS, place

if TYPE_CHECKING:
    from babel import Locale

Language = Mapping[str, str]

_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


class Names:
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


def read_words(template: str, source: str | None) -> Mapping[str, Language]:
    """The words by language tag in the order of the file; empty where the template has none.

    Raises TemplateFailed.
    """
    if source is None:
        return {}
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow to import, and wanted once per template
    from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415

    try:
        data = YAML(typ="safe", pure=True).load(source)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = place(template, WORDS, mark.line + 1 if mark else None)
        problem = error.problem or "cannot be read"
        raise TemplateFailed(
            f"{where}: {problem} - check the indentation and the colons"
        ) from error
    where = place(template, WORDS)
    if not isinstance(data, dict) or not data:
        raise TemplateFailed(f"{where}: no languages - write 'en:' and its words below it")
    return {_tag(where, tag): _language(f"{where}: {tag}", data[tag]) for tag in data}


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


def _tag(where: str, tag: object) -> str:
    if isinstance(tag, str) and _TAG.fullmatch(normal_tag(tag)):
        return tag
    # YAML 1.2 reads `no` as a word; what is left here is a number, a date or a phrase.
    raise TemplateFailed(f"{where}: '{tag}' is no language - write a tag such as fr or pt-BR")


def _language(where: str, words: object) -> Language:
    if not isinstance(words, dict) or not words:
        raise TemplateFailed(f"{where}: no words - write 'key: words' lines below it")
    for key, value in words.items():
        if not isinstance(key, str) or not key.isidentifier():
            raise TemplateFailed(f"{where}.{key}: not a name - use letters, digits and '_'")
        if isinstance(value, dict | list) or value is None:
            raise TemplateFailed(f"{where}.{key}: not a text - write one line of words")
    return {key: str(value) for key, value in words.items()}
