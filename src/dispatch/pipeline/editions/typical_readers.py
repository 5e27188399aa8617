"""Readers who are nobody, for looking at an edition: one of each language, one without a name."""

from dataclasses import dataclass, replace

from dispatch.errors import TemplateFailed
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.subscriber import Subscriber
from dispatch.render.templates.words import Languages, direction, normal_tag
from dispatch.render.trials.proof import SOMEBODY

NAMELESS = ""
"""The key of who has not given a name, nor a language."""

MOST_LANGUAGES = 6

_NAMES = {
    "ar": "ليلى حداد",
    "de": "Kim Weber",
    "en": "Alex Morgan",
    "es": "Lucía Romero",
    "fr": "Camille Martin",
    "he": "נועה לוי",
    "it": "Andrea Conti",
    "ja": "佐藤 健二",
    "nl": "Sam de Vries",
    "pl": "Wiktoria Nowak",
    "pt": "Luísa Almeida",
}
_RIGHT_TO_LEFT = "ar"


@dataclass(frozen=True, slots=True)
class TypicalReader:
    """`key` is how addresses name them: a language, or empty."""

    key: str
    reader: Subscriber


def typical_readers(content: EditionContent) -> tuple[TypicalReader, ...]:
    """Who has given no name, then one of each language, one of them from right to left."""
    try:
        spoken = [*Languages(content).words]
    except TemplateFailed:
        spoken = []
    tags = [normal_tag(tag) for tag in (content.publisher.locale, *spoken)]
    tags = list(dict.fromkeys(tags))[:MOST_LANGUAGES]
    if not any(direction(tag) == "rtl" for tag in tags):
        tags.append(_RIGHT_TO_LEFT)
    return (TypicalReader(NAMELESS, SOMEBODY), *map(_speaking, tags))


def nobodys(reader: Subscriber) -> Subscriber:
    """The same reader, with links that are nobody's: looking changes no subscription."""
    return replace(reader, public_id=SOMEBODY.public_id, link_version=0)


def _speaking(tag: str) -> TypicalReader:
    name = _NAMES.get(tag.partition("-")[0], "Alex Morgan")
    return TypicalReader(tag, replace(SOMEBODY, name=name, locale=tag))
