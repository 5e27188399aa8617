"""Segments as messages show them; what they say is known in `render/templates/segment.py`."""

import re
from collections.abc import Iterable, Mapping

from dispatch.errors import NotFound
from dispatch.model.text.plain_text import quoted
from dispatch.model.text.suggestions import did_you_mean

MOST_SHOWN = 200

PROFILE = ("email", "name", "locale", "timezone", "topics", "cadence")
"""What a segment can ask about a person that stands in their own row."""

OF_CONSENT = ("joined", "source")
"""What it can ask about the consent by which they are in the audience."""

NAMES = frozenset({*PROFILE, "domain", "fields", "has", *OF_CONSENT})
"""All that a segment may name."""

TEXTS = re.compile(r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"", re.DOTALL)
"""Texts in quotes, as Jinja reads them."""

_OF_CONSENT = re.compile(rf"(?<![\w.])(?:{'|'.join(OF_CONSENT)})\b")
_COLUMNS = re.compile(
    r"\bfields\.(\w+)|\bfields\[\s*['\"](\w+)['\"]|\bhas\(\s*['\"](\w+)['\"]"
    r"|['\"](\w+)['\"]\s+(?:not\s+)?in\s+fields\b"
)
_SAVED = re.compile(r"[a-z0-9][a-z0-9_-]*")
_WORDS = frozenset({"true", "false", "none", "not"})


def shown_segment(expression: str) -> str:
    """A segment as messages show it."""
    return f"segment {quoted(expression, most=MOST_SHOWN)}"


def asks_for_consent(expression: str) -> bool:
    """Whether a segment needs to know since when, and on what ground, somebody is a reader.

    >>> asks_for_consent("joined >= '2026'"), asks_for_consent("name == 'joined'")
    (True, False)
    """
    return bool(_OF_CONSENT.search(TEXTS.sub("''", expression)))


def columns_asked_for(expression: str) -> list[str]:
    """The columns of the team's own that a segment names, as far as it names them plainly.

    >>> columns_asked_for("fields.city == 'Bern' or has('shop') and 'x' in fields")
    ['city', 'shop', 'x']
    """
    found = (next(filter(None, one.groups())) for one in _COLUMNS.finditer(expression))
    return [name for name in dict.fromkeys(found) if name not in PROFILE]


def may_be_saved(text: str) -> bool:
    """Whether a text is the name of a saved segment, and no rule by itself.

    >>> may_be_saved("french-teachers"), may_be_saved("topics"), may_be_saved("locale == 'fr'")
    (True, False, False)
    """
    name = text.strip()
    return bool(_SAVED.fullmatch(name)) and name not in NAMES | _WORDS and not name.isdecimal()


def rule_of(text: str, saved: Mapping[str, str]) -> str:
    """The rule that a text is, or that is saved under it; raises NotFound for an unknown name."""
    if not may_be_saved(text):
        return text
    name = text.strip()
    if name in saved:
        return saved[name]
    raise NotFound(f"segment {name}: {NOT_SAVED} - {what_was_meant(name, saved)}")


NOT_SAVED = "is no rule, and none is saved under this name"


def what_was_meant(name: str, saved: Iterable[str]) -> str:
    """What to write instead of a name that nothing is saved under."""
    column = f" (a column of yours is fields.{name})" if name.isidentifier() else ""
    return f"{did_you_mean(name, [*saved, *NAMES])}{column}"
