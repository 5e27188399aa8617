"""What is wrong with a segment whoever it is asked about: found before anybody is."""

from collections.abc import Iterator

from jinja2 import nodes

from dispatch.model.campaigns.cadence import read_cadence
from dispatch.model.text.suggestions import asked, closest
from dispatch.render.templates.segment_values import NotADayError, checked_day

_DAYS = ("before", "after")
_TEXTS = frozenset({"email", "name", "locale", "timezone", "cadence", "domain", "source"})
_OF_TEXTS = [name for name in dir(str) if not name.startswith("_")]


def mistake_in(tree: nodes.Template) -> str:
    """The first mistake in the words of a segment, with advice; empty where there is none."""
    return next(_mistakes(tree), "")


def _mistakes(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all((nodes.Compare, nodes.Getattr, nodes.Call)):
        if isinstance(node, nodes.Compare):
            yield from _days_compared(node)
            yield from _never_equal(node)
        elif isinstance(node, nodes.Getattr):
            yield from _unknown_part(node)
        elif isinstance(node, nodes.Call):
            yield from _called_wrongly(node)


def _days_compared(node: nodes.Compare) -> Iterator[str]:
    sides = [node.expr, *(one.expr for one in node.ops)]
    if not any(_is_named(one, {"joined"}) for one in sides):
        return
    for side in sides:
        for one in side.items if isinstance(side, nodes.List | nodes.Tuple) else [side]:
            yield from _no_day(one)


def _never_equal(node: nodes.Compare) -> Iterator[str]:
    """What is compared for being the same with a text that it can never be."""
    ops = [one for one in node.ops if one.op in {"eq", "ne"}]
    sides = [node.expr, *(one.expr for one in ops)]
    texts = [one.value for one in sides if isinstance(one, nodes.Const)]
    for text in (one for one in texts if ops and isinstance(one, str)):
        if any(_is_named(one, {"topics"}) for one in sides):
            yield f"topics are several, and never '{text}' alone - write '{text}' in topics"
        if any(_is_named(one, {"domain"}) for one in sides) and text.startswith(("@", "*", ".")):
            plain = text.lstrip("@*.")
            advice = f"write domain == '{plain}', or domain.endswith('.{plain}') for all below it"
            yield f"a domain is never '{text}' - {advice}"
        known = read_cadence(text)
        if any(_is_named(one, {"cadence"}) for one in sides) and known and text != known:
            yield f"a cadence is never '{text}' - write cadence == '{known}'"


def _no_day(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Const):
        try:
            checked_day(node.value)
        except NotADayError as error:
            yield str(error)


def _unknown_part(node: nodes.Getattr) -> Iterator[str]:
    for names, known in (({"joined"}, _DAYS), (_TEXTS, _OF_TEXTS)):
        if _is_named(node.node, names) and node.attr not in known:
            name = node.node.name if isinstance(node.node, nodes.Name) else ""
            near = closest(node.attr, known)
            advice = asked(near) if near else f"write it like {name}.{_example(name)}('…')"
            yield f"{name} has no '{node.attr}' - {advice}"


def _called_wrongly(node: nodes.Call) -> Iterator[str]:
    called = node.node
    if _is_named(called, {"has"}):
        column = node.args[0] if len(node.args) == 1 and not node.kwargs else None
        if not isinstance(column, nodes.Const) or not isinstance(column.value, str):
            yield "'has' asks for one column - write its name in quotes, as in has('company')"
    elif isinstance(called, nodes.Getattr) and _is_named(called.node, {"joined"}):
        if len(node.args) != 1 or node.kwargs:
            yield f"'{called.attr}' takes one day - write it like joined.before('2026-01-31')"
        for one in node.args:
            yield from _no_day(one)


def _example(name: str) -> str:
    return "before" if name == "joined" else "startswith"


def _is_named(node: nodes.Node, names: set[str] | frozenset[str]) -> bool:
    return isinstance(node, nodes.Name) and node.name in names
