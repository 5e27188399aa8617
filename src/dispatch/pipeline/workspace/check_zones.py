"""Whether editions are made early enough for the readers whose morning comes first."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache

from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, Severity
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import slot_on, slots
from dispatch.model.campaigns.sending import known_zone
from dispatch.model.text.time_words import as_written
from dispatch.store.transactions import Transaction


def check_zones(workspace: Workspace, *, tx: Transaction, now: datetime) -> Iterator[FileProblem]:
    """A hint for each campaign that goes by readers' clocks and is too late for some of them."""
    zones_of = cache(tx.subscribers.count_by_zone)
    for campaign in workspace.campaigns.values():
        if campaign.email is None or not campaign.sending.local_time:
            continue
        readers, lead, zone = _earlier(campaign, zones_of(campaign.email.audience), now)
        if not readers or campaign.schedule is None:
            continue
        path = workspace.place_of(campaign, "email", "local_time")
        people = "1 reader lives" if readers == 1 else f"{readers} readers live"
        span = as_written(lead)
        problem = f"{people} where the hour comes up to {span} earlier ({zone})"
        if campaign.schedule.ahead:
            problem += f", and editions are made {as_written(campaign.schedule.ahead)} ahead"
        advice = f"write 'ahead: {span}' in its schedule, or they get it {campaign.sending.passed}"
        line, key = workspace.lines.of(*path), dotted(path)
        yield FileProblem(FILE, line, key, problem, advice, Severity.NOTICE)


def _earlier(
    campaign: Campaign, zones: Mapping[str, int], now: datetime
) -> tuple[int, timedelta, str]:
    """How many have the next slot's hour before its edition is made, by how much, and where."""
    schedule = campaign.schedule
    slot = next(slots(schedule, after=now), None) if schedule else None
    if schedule is None or slot is None:
        return 0, timedelta(0), ""
    found = []
    for zone, readers in zones.items():
        if known_zone(zone):
            local = slot_on(slot.local.date(), slot.local.time(), zone)
            lead = slot.moment - local.moment
            if lead > schedule.ahead:
                found.append((lead, zone, readers))
    lead, zone, _ = max(found, default=(timedelta(0), "", 0))
    return sum(readers for *_, readers in found), lead, zone
