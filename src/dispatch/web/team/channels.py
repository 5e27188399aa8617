"""Channels: the accounts that messages go out by, how they stand, and connecting one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from starlette.responses import Response

from dispatch.channels.find import find_provider
from dispatch.channels.open import most_at_once
from dispatch.channels.provider import Capabilities, Carries, Finds, Provider, Wired
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.editions.finding import Kind
from dispatch.model.text.suggestions import did_you_mean
from dispatch.pipeline.access.outlook import Access, AccessState, outlook
from dispatch.pipeline.delivery.pause_channel import pause_channel
from dispatch.pipeline.delivery.publishing import month_of
from dispatch.pipeline.delivery.resume import resume_channel
from dispatch.pipeline.doctor.checklist import check_rules
from dispatch.store.delivery.channel_checks import ChannelCheck
from dispatch.store.delivery.channels import Stop
from dispatch.web.team.access_words import access_shown, sentence
from dispatch.web.team.channel_events import heard
from dispatch.web.team.checks import Checked, doctors_sentences, rules_told
from dispatch.web.team.provider_words import ProviderWords, title_of
from dispatch.web.team.quotas import QuotaShown, quota_shown
from dispatch.web.team.visit import Visit

STOPPED, WAITS, FAILED, READY = "stopped", "waits", "check failed", "ready"
SHUT_OUT, ENDS_SOON = "no access", "ends soon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A channel as its card shows it. `waiting` messages are planned over it and not handed over.

    `at_once` is how many calls or connections all workers together may have under way, `finds`
    whether what was handed over can be found there. `used` is how many messages went today, of
    `most` where the day has a limit; `posted` is how many posts it made this month, of `budget`
    where the month has one. `uses` are its campaigns. `access` is how long its account lets us in,
    where that may end.
    """

    plan: ChannelPlan
    capabilities: Capabilities | None
    at_once: int
    finds: bool
    problem: str
    stop: Stop | None
    check: ChannelCheck | None
    used: int
    most: int | None
    waiting: int
    posted: int
    budget: int | None
    uses: tuple[str, ...]
    access: Access | None = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.plan.name

    @property
    def state(self) -> str:
        """One word for how it stands."""
        if self.problem or (self.stop and self.stop.until is None):
            return STOPPED
        if self.stop:
            return WAITS
        if self.access and self.access.state not in (AccessState.FINE, AccessState.SOON):
            return SHUT_OUT
        if self.access and self.access.state is AccessState.SOON:
            return ENDS_SOON
        return FAILED if self.check and self.check.problem else READY

    @property
    def is_mail(self) -> bool:
        """Whether it carries digests."""
        return self.capabilities is not None and Carries.EMAIL in self.capabilities.carries

    @property
    def max_text(self) -> int | None:
        """How much text it takes: as its server told, else as its provider declares."""
        told = self.check.max_text if self.check else None
        return told or (self.capabilities.max_text if self.capabilities else None)

    @property
    def rest(self) -> int:
        """How many more may go today."""
        return max((self.most or 0) - self.used, 0)

    @property
    def left(self) -> int:
        """How many more may be posted this month."""
        return max((self.budget or 0) - self.posted, 0)

    @property
    def secrets(self) -> list[str]:
        """The names by which its secrets are found, never what they are."""
        return [
            str(value).partition(":")[2]
            for value in self.plan.options.values()
            if isinstance(value, str) and value.startswith(("env:", "file:"))
        ]

    @property
    def shown_options(self) -> dict[str, str]:
        """Its other options."""
        return {
            name: str(value)
            for name, value in self.plan.options.items()
            if isinstance(value, str | int | float) and not str(value).startswith(("env:", "file:"))
        }


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


def cards(visit: Visit, only: Iterable[str] = ()) -> Iterator[Card]:
    """The channels of the workspace, or some of them."""
    workspace, now = visit.app.workspace, visit.now
    with visit.app.store.read() as tx:
        stops = {one.channel: one for one in tx.channels.stops() if one.is_in_force(now)}
        checks, used = tx.channel_checks.all(), tx.paces.used(_today(visit, now))
        waiting = tx.batches.waiting_by_channel()
        posted = tx.budgets.all_used(month_of(now, visit.app.zone))
        accesses = {one.channel: one for one in outlook(workspace, tx, now=now)}
    uses: dict[str, list[str]] = {name: [] for name in workspace.channels}
    for campaign in workspace.campaigns.values():
        for name in campaign.all_channels:
            uses[name].append(campaign.name)
    for name, plan in workspace.channels.items():
        if only and name not in only:
            continue
        provider, problem = _provider(plan)
        yield Card(
            plan=plan,
            capabilities=provider.capabilities if provider else None,
            at_once=_at_once(plan, provider) if provider else 1,
            finds=provider is not None and issubclass(provider, Finds),
            problem=problem,
            stop=stops.get(name),
            check=checks.get(name),
            used=used.get(name, 0),
            most=plan.pace.per_day,
            waiting=waiting.get(name, 0),
            posted=posted.get(name, 0),
            budget=plan.posts_per_month,
            uses=tuple(uses[name]),
            access=accesses.get(name),
        )


def page_of(visit: Visit) -> dict[str, Any]:
    """What the page of the channel in the address shows; raises NotFound."""
    return _one(visit, _card(visit))


def _said(visit: Visit) -> dict[str, Any]:
    return {
        "here": "channels",
        "provider_title": partial(title_of, visit.words),
        "option_label": lambda provider, name: ProviderWords(visit.words, provider).label(name),
    }


def _one(visit: Visit, card: Card, *, paused: str = "") -> dict[str, Any]:
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


def _doctor(visit: Visit, card: Card) -> DoctorShown | None:
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


def _quota(visit: Visit, card: Card) -> QuotaShown | None:
    told = card.check.quota if card.check else None
    return quota_shown(told, visit.words, waiting=card.waiting)


def _card(visit: Visit) -> Card:
    name = visit.part("name")
    found = next(cards(visit, only=[name]), None)
    if found is None:
        advice = did_you_mean(name, visit.app.workspace.channels)
        raise NotFound(f"channel {name}: not in schedules.yaml - {advice}")
    return found


def _provider(plan: ChannelPlan) -> tuple[type[Provider[Any]] | None, str]:
    try:
        return find_provider(plan.provider), ""
    except NotFound as error:
        return None, str(error)


def _at_once(plan: ChannelPlan, provider: type[Provider[Any]]) -> int:
    return most_at_once(plan.pace, provider.capabilities, wired=issubclass(provider, Wired))


def _today(visit: Visit, now: datetime) -> date:
    return now.astimezone(visit.app.zone).date()


def _back(visit: Visit, name: str) -> str:
    return "/channels" if visit.form("from") == "list" else f"/channels/{name}"
