"""The way to the first letter, as long as no campaign has run: five steps, and which are done."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.config.keys.references import DEFAULT_CHANNEL
from dispatch.model.team.role import Right
from dispatch.store.team.reader_counts import ALL
from dispatch.web.team.visit import Visit

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction

_NOBODYS = (".example", ".test", ".invalid", "@example.org", "@example.com", "@example.net")
"""How addresses end that nobody has: those of the samples."""


@dataclass(frozen=True, slots=True)
class Step:
    """`name` is that of its words; `href` is empty where this person may not do it."""

    name: str
    is_done: bool
    href: str
    detail: str = ""


def first_steps(visit: Visit, tx: "Transaction") -> list[Step]:
    """In order."""
    plan = visit.app.workspace
    sender = plan.publisher.sender
    feeds = {name for name, one in plan.feeds.items() if not one.url.startswith("file:")}
    channels = [one for one in plan.channels.values() if one.provider != DEFAULT_CHANNEL]
    counts = tx.reader_counts.now(ALL)
    planned = any(one.when and feeds.intersection(one.feeds) for one in plan.campaigns.values())
    steps = (
        ("sender", _is_real(sender.email), "/settings", Right.PEOPLE, str(sender.email)),
        ("feed", bool(feeds), "/feeds", Right.PLAN, ""),
        ("channel", bool(channels), "/channels/new", Right.CHANNELS, ""),
        ("readers", bool(counts and counts.active), "/subscribers/import", Right.READERS, ""),
        ("campaign", planned, "/campaigns/new", Right.PLAN, ""),
    )
    return [
        Step(name, done, href if visit.may(right) else "", detail if done else "")
        for name, done, href, right, detail in steps
    ]


def _is_real(email: str) -> bool:
    return bool(email) and not email.endswith(_NOBODYS)
