"""Channels: the accounts that messages go out by, how they stand, and connecting one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from starlette.responses import Response

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.editions.finding import Kind
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.delivery.channel_standing import Standing, standings
from dispatch.pipeline.delivery.pause_channel import pause_channel
from dispatch.pipeline.delivery.resume import resume_channel
from dispatch.pipeline.doctor.checklist import check_rules
from dispatch.web.team.access_words import access_shown, sentence
from dispatch.web.team.channel_events import heard
from dispatch.web.team.checks import Checked, doctors_sentences, rules_told
from dispatch.web.team.provider_words import ProviderWords, title_of
from dispatch.web.team.quotas import QuotaShown, quota_shown
from dispatch.web.team.visit import Visit


@dataclass(frozen=True, slots=True)
class DoctorShown:
    """What the doctor last found of a channel, and how it stands with the rules for bulk mail."""

    at: datetime
    found: list[Checked]
    rules: list[Checked]
    counts: str


def show(visit: Visit) -> Response:
    """All of them, a card each."""
    quotas = partial(_quota, visit)
    with visit.app.store.read() as tx:
        told = {name: one.last for name, one in tx.hooks.all().items()}
    return visit.page(
        "channels.html",
        **_said(visit),
        quota_of=quotas,
        access_sentence=partial(sentence, visit),
        cards=list(cards(visit)),
        feedback=visit.app.channels.feedback(),
        told=told,
    )


def one(visit: Visit) -> Response:
    """One: who we are there, its pace, its stop, and what uses it next."""
    return visit.page("channel.html", **page_of(visit))


def check(visit: Visit) -> Response:
    """Try it: it signs in and hangs up."""
    name = visit.part("name")
    found = visit.app.channels.check(name, by=visit.by)
    said = "channel_not_fine" if found.problem else "channel_fine"
    return visit.to(_back(visit, name), said)


def examine(visit: Visit) -> Response:
    """Have the doctor look at it: it signs in and asks the DNS, and nothing leaves."""
    name = visit.part("name")
    examined = visit.app.channels.examine(name, by=visit.by)
    said = "channel_examined_stops" if examined.stops else "channel_examined"
    return visit.to(f"/channels/{name}", said)


def pause(visit: Visit) -> Response:
    """Nothing leaves over it until somebody lets it go on."""
    card, reason = _card(visit), visit.form("reason")
    try:
        pause_channel(
            card.name, reason=reason, by=visit.by, store=visit.app.store, clock=visit.app.clock
        )
    except BadInput:
        errors = {"reason": visit.words("channels.why_needed")}
        return visit.wrong("channel.html", errors, **_one(visit, card, paused=reason))
    return visit.to(f"/channels/{card.name}", "channel_paused")


def resume(visit: Visit) -> Response:
    """Let it go on: what waits starts over, with one message at first."""
    card = _card(visit)
    if not resume_channel(card.name, store=visit.app.store, clock=visit.app.clock, by=visit.by):
        raise Conflict(f"channel {card.name}: is not stopped any more")
    return visit.to(f"/channels/{card.name}", "channel_resumed")


def cards(visit: Visit, only: Iterable[str] = ()) -> Iterator[Standing]:
    """The channels of the workspace, or some of them."""
    app = visit.app
    return standings(app.workspace, store=app.store, now=visit.now, zone=app.zone, only=only)


def page_of(visit: Visit) -> dict[str, Any]:
    """What the page of the channel in the address shows; raises NotFound."""
    return _one(visit, _card(visit))


def _said(visit: Visit) -> dict[str, Any]:
    return {
        "here": "channels",
        "provider_title": partial(title_of, visit.words),
        "option_label": lambda provider, name: ProviderWords(visit.words, provider).label(name),
    }


def _one(visit: Visit, card: Standing, *, paused: str = "") -> dict[str, Any]:
    """What the page of one shows; `paused` is why somebody wanted it to stop."""
    return {
        **_said(visit),
        "card": card,
        "quota": _quota(visit, card),
        "heard": heard(visit, card.plan),
        "paused": paused,
        "doctor": _doctor(visit, card),
        "access": access_shown(visit, card.access) if card.access else None,
    }


def _doctor(visit: Visit, card: Standing) -> DoctorShown | None:
    with visit.app.store.read() as tx:
        examined = tx.examinations.of([card.name]).get(card.name)
    if examined is None:
        return None
    stops, looks, fine = (len(examined.of(kind)) for kind in Kind)
    return DoctorShown(
        examined.at,
        doctors_sentences(examined.findings, visit.words, visit.times),
        rules_told(check_rules(examined.findings), visit.words),
        visit.words("doctor.counts", stops=stops, looks=looks, fine=fine),
    )


def _quota(visit: Visit, card: Standing) -> QuotaShown | None:
    told = card.check.quota if card.check else None
    return quota_shown(told, visit.words, waiting=card.waiting)


def _card(visit: Visit) -> Standing:
    name = visit.part("name")
    found = next(cards(visit, only=[name]), None)
    if found is None:
        advice = did_you_mean(name, visit.app.workspace.channels)
        raise NotFound(f"channel {name}: not in schedules.yaml - {advice}")
    return found


def _back(visit: Visit, name: str) -> str:
    return "/channels" if visit.form("from") == "list" else f"/channels/{name}"
