"""What people write in a segment who know another language of rules, and what to write instead."""

import re

from jinja2 import nodes

from dispatch.model.people.segment import NAMES, TEXTS

_SLIPS = (
    (r"[‘’‚“”„«»]", "quotes are to be straight - write it like locale == 'fr'"),
    (r"\{\{|\{%|\}\}|%\}", "stands in braces - leave them out, as in locale == 'fr'"),
    (r"(?<![=!<>])=(?!=)", "a single = compares nothing - write == instead, as in locale == 'fr'"),
    (r"<>", "<> compares nothing - write != instead, as in locale != 'fr'"),
    (
        r"&|\|\||!(?!=)|\b(?:AND|OR|NOT|IN)\b",
        "is joined by other signs - write and, or, not, in: as words, in small letters",
    ),
    (
        r"\b(?P<name>\w+)\s+(?P<verb>before|after|startswith|endswith)\b",
        "'{verb}' stands by itself - write it with a dot, as in {name}.{verb}('…')",
    ),
    (
        r"\b(?P<name>\w+)\s+(?P<verb>contains?|includes?|like|matches)\b",
        "'{verb}' is no word of rules - write it the other way round, as in '…' in {name}",
    ),
    (
        r"\bhas\s+(?!in\b|and\b|or\b)['\"\w]",
        "'has' asks for one column - write it like has('company'), or not has('company')",
    ),
    (r"\bis\s+(?:not\s+)?['\"]", "'is' compares no texts - write == or != instead"),
    (
        r"\b\d{4}-\d",
        "a day without quotes is a sum - write it like joined >= '2026-01-31'",
    ),
    (
        r"['\"]",
        'a text in quotes does not end - close it, or use double quotes: name == "O\'Hara"',
    ),
)
"""In texts that cannot be read, with what stands in quotes left empty."""


def slip_in(expression: str) -> str:
    """What may be meant by a segment that cannot be read, with advice; empty where nobody knows."""
    bare = TEXTS.sub("''", expression)
    for pattern, said in _SLIPS:
        text = bare.replace("''", "") if said.startswith("a text in quotes") else bare
        if found := re.search(pattern, text):
            return said.format(**found.groupdict())
    return ""


def what_it_stands_for(name: str, tree: nodes.Template) -> str:
    """Advice about a name that nothing is known by, from where it stands; empty without any."""
    if name == "subscriber":
        return "leave 'subscriber.' out, as in locale == 'fr'"
    if name == "segments":
        return "a saved segment is meant by its name alone"
    for one in tree.find_all(nodes.Compare):
        asked = one.expr.name if isinstance(one.expr, nodes.Name) else ""
        word = next((word for side in one.ops if (word := _word(side.expr, name))), "")
        if asked in NAMES and word:
            return f"a text stands in quotes, as in {asked} == '{word}'"
    return ""


def _word(node: nodes.Expr, first: str) -> str:
    """What a text without quotes says, with the dots in it, if it begins with this name."""
    if isinstance(node, nodes.Getattr):
        before = _word(node.node, first)
        return f"{before}.{node.attr}" if before else ""
    return first if isinstance(node, nodes.Name) and node.name == first else ""
