"""How channels stand: their accounts, stops, limits, and how much waits for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dispatch.channels.find import find_provider
from dispatch.channels.opened import most_at_once
from dispatch.channels.provider import Capabilities, Carries, Finds, Provider, Wired
from dispatch.config.workspace import Workspace
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.pipeline.access.outlook import Access, AccessState, outlook
from dispatch.pipeline.delivery.publishing import month_of
from dispatch.store.delivery.channel_checks import ChannelCheck
from dispatch.store.delivery.channels import Stop
from dispatch.store.transactions import Store

StandingWord = Literal["stopped", "waits", "check failed", "ready", "no access", "ends soon"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One channel. `waiting` messages are planned over it and not handed over.

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
    def state(self) -> StandingWord:
        """One word for how it stands."""
        if self.problem or (self.stop and self.stop.until is None):
            return "stopped"
        if self.stop:
            return "waits"
        if self.access and self.access.state not in (AccessState.FINE, AccessState.SOON):
            return "no access"
        if self.access and self.access.state is AccessState.SOON:
            return "ends soon"
        return "check failed" if self.check and self.check.problem else "ready"

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


def standings(
    workspace: Workspace, *, store: Store, now: datetime, zone: ZoneInfo, only: Iterable[str] = ()
) -> Iterator[Standing]:
    """The channels of the workspace in its order, or those of them that are named."""
    with store.read() as tx:
        stops = {one.channel: one for one in tx.channels.stops() if one.is_in_force(now)}
        checks, used = tx.channel_checks.all(), tx.paces.used(now.astimezone(zone).date())
        waiting = tx.batches.waiting_by_channel()
        posted = tx.budgets.all_used(month_of(now, zone))
        accesses = {one.channel: one for one in outlook(workspace, tx, now=now)}
    uses: dict[str, list[str]] = {name: [] for name in workspace.channels}
    for campaign in workspace.campaigns.values():
        for name in campaign.all_channels:
            uses[name].append(campaign.name)
    for name, plan in workspace.channels.items():
        if only and name not in only:
            continue
        provider, problem = _provider(plan)
        yield Standing(
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


def _provider(plan: ChannelPlan) -> tuple[type[Provider[Any]] | None, str]:
    try:
        return find_provider(plan.provider), ""
    except NotFound as error:
        return None, str(error)


def _at_once(plan: ChannelPlan, provider: type[Provider[Any]]) -> int:
    return most_at_once(plan.pace, provider.capabilities, wired=issubclass(provider, Wired))
