"""The snippets of an edition on one channel: what is said there, how long it is, how it looks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup, escape

from dispatch.channels.takes import find_spacing
from dispatch.errors import TemplateFailed, TextTooLong
from dispatch.model.campaigns.campaign import ChannelPlan, SocialPlan
from dispatch.model.text.counting import Counter, Counting
from dispatch.pipeline.messages.shown import (
    ShownSnippet,
    marked_parts,
    planned_times,
    shown_snippets,
)
from dispatch.web.team.provider_words import title_of
from dispatch.web.team.review.desk import Desk
from dispatch.web.team.review.facts import starts
from dispatch.web.team.review.previews import snippets_for

UNITS = {
    Counting.CODE_POINTS: "characters",
    Counting.GRAPHEMES: "graphemes",
    Counting.FEDIVERSE: "graphemes",
    Counting.UTF16: "units",
    Counting.BYTES: "bytes",
    Counting.WEIGHTED: "weight",
    Counting.EMOJI_BYTES: "emoji",
    Counting.MARKDOWN: "units",
    Counting.LITTLE_TEXT: "units",
}
"""How the script counts while somebody types; what counts is the server's number."""


@dataclass(frozen=True, slots=True)
class Card:
    """A snippet as its network shows it. `field` is the name of its field.

    `by` is who wrote it, or empty; `at` when it leaves, as far as that is known. `shown` are its
    posts, with links and hashtags marked.
    """

    field: str
    part: str
    title: str
    text: str
    shown: tuple[Markup, ...]
    unit: str
    link_cost: int | None
    by: str
    at: datetime
    language: str
    seen: ShownSnippet


@dataclass(frozen=True, slots=True)
class Network:
    """Where they stand: what the network is called, and the account by its last check."""

    name: str
    account: str
    apart: timedelta


def field_of(part: str) -> str:
    """The name of the field of a snippet."""
    return f"snippet-{part or 'edition'}"


def network_of(desk: Desk, plan: SocialPlan) -> Network:
    """The one that a plan is for."""
    visit = desk.visit
    channel = visit.app.workspace.channels.get(plan.via)
    with visit.app.store.read() as tx:
        check = tx.channel_checks.all().get(plan.via)
    account = check.account if check and not check.problem else ""
    name = title_of(visit.words, channel.provider) if channel else plan.via
    return Network(name, account, _apart(plan, channel))


def cards_of(desk: Desk, plan: SocialPlan) -> tuple[list[Card], str]:
    """Those of a channel, and why there are none, in English."""
    visit, content = desk.visit, desk.edition.content
    takes = visit.app.channels.takes(plan.via)
    try:
        found = snippets_for(visit, desk.edition, plan)
    except (TemplateFailed, TextTooLong) as error:
        return [], str(error)
    seen = shown_snippets(found, content, plan, takes, lambda mark: f"{visit.base}/pictures/{mark}")
    zone = content.publisher.timezone
    apart = _apart(plan, visit.app.workspace.channels.get(plan.via))
    times = planned_times(len(seen), starts(desk), plan, zone, apart)
    by = _writers(desk, plan)
    return [
        Card(
            field=field_of(one.snippet.part),
            part=one.snippet.part,
            title=one.snippet.title,
            text=one.snippet.whole,
            shown=tuple(linked(text, takes.counter) for text in one.texts),
            unit=UNITS[takes.counting],
            link_cost=takes.link_cost,
            by=by.get(one.snippet.part, "") if one.written else "",
            at=at,
            language=one.snippet.language,
            seen=one,
        )
        for one, at in zip(seen, times, strict=True)
    ], ""


def linked(text: str, counter: Counter) -> Markup:
    """A text with its links and hashtags marked, as networks show them.

    >>> linked("Look: https://a.example/x", Counter())
    Markup('Look: <mark>a.example/x</mark>')
    """
    shown = Markup()
    for part, is_marked in marked_parts(text, counter):
        shown += Markup("<mark>{}</mark>").format(part) if is_marked else escape(part)
    return shown


def _apart(plan: SocialPlan, channel: ChannelPlan | None) -> timedelta:
    return find_spacing(channel) if plan.every is None else plan.every


def _writers(desk: Desk, plan: SocialPlan) -> dict[str, str]:
    """Part to the name of who wrote its snippet last."""
    with desk.visit.app.store.read() as tx:
        edits = tx.edition_edits.of(desk.edition.id)
    return {
        text.part: desk.named(edit.by)
        for edit in sorted(edits, key=lambda edit: edit.at)
        for text in edit.changes.texts
        if text.name == "snippet" and text.channel == plan.via
    }
