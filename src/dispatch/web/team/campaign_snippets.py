"""The snippets of a campaign as rows of its form: a row for each account that there is."""

from collections.abc import Mapping, Sequence
from typing import Any

from dispatch.channels.find import find_provider
from dispatch.channels.provider import Carries
from dispatch.config.workspace import Workspace
from dispatch.errors import NotFound
from dispatch.web.team.campaign_fields import YES, social_of
from dispatch.web.team.numbers import number_in
from dispatch.web.team.visit import Visit

MOST = 100

USUAL = {
    "via": "outbox",
    "template": "",
    "each": "post",
    "every": "",
    "hours": "",
    "shows": "card",
    "no_alt": "title",
    "mentions": "",
    "warning": "",
}
"""The keys of a row, and what counts where one is not written."""

KEYS = ("at", *USUAL)


def rows(workspace: Workspace, tree: Any) -> list[dict[str, str]]:
    """Those that are written, then a row for each other account."""
    found = [{**one, "on": YES} for one in shown(tree)]
    known = {one["via"] for one in found}
    free = {**USUAL, "at": "", "on": ""}
    names = [name for name in carrying(workspace, Carries.SOCIAL) if name not in known]
    return [*found, *({**free, "via": name} for name in names)]


def shown(tree: Any) -> list[dict[str, str]]:
    """The snippets that are written; `at` is their place in the list."""
    return [
        {"at": str(at), **{key: _text(one.get(key), usual) for key, usual in USUAL.items()}}
        for at, one in enumerate(social_of(tree))
    ]


def posted(visit: Visit) -> list[dict[str, str]]:
    """The rows as they were filled in."""
    number = min(MOST, len([key for key in visit.form if key.endswith(".via")]))
    return [{key: visit.form(f"social{at}.{key}") for key in (*KEYS, "on")} for at in range(number)]


def written(tree: Any, rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The snippets as the file is to say them; keys that the form does not know stay."""
    known, found = social_of(tree), []
    for row in rows:
        if not row["on"]:
            continue
        at = number_in(row["at"])
        one = dict(known[at]) if at is not None and at < len(known) else {}
        for key, usual in USUAL.items():
            text = row.get(key, usual)
            if text and (key in one or text != usual):
                one[key] = True if key == "mentions" else text
            elif not text:
                one.pop(key, None)
        found.append(one)
    return found


def carrying(workspace: Workspace, kind: Carries) -> list[str]:
    """The channels that take messages of a kind."""
    found = []
    for name, plan in workspace.channels.items():
        try:
            if kind in find_provider(plan.provider).capabilities.carries:
                found.append(name)
        except NotFound:
            continue
    return found


def _text(value: Any, usual: str) -> str:
    if isinstance(value, bool):
        return YES if value else ""
    return usual if value is None else str(value)
