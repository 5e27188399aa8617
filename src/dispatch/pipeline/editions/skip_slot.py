"""Leave a day out of a campaign's schedule, or take that back: what changes in schedules.yaml."""

from datetime import date, datetime

from dispatch.config.splice.change import Append, Change, Remove, as_list, value_at
from dispatch.errors import Conflict
from dispatch.model.campaigns.campaign import Campaign
from dispatch.pipeline.editions.plan_days import PlannedSlot
from dispatch.store.transactions import Transaction
from dispatch.yaml_text import Path, YamlUnreadable, read_once


def skip_day(place: Path, day: date) -> list[Change]:
    """The day is among those on which the schedule at `place` does not run."""
    return [Append((*place, "except"), day.isoformat())]


def unskip_day(text: str, place: Path, day: date) -> list[Change]:
    """It is not any more. `text` is what the file says.

    Raises Conflict where it is left out for another reason, such as a list of holidays.
    """
    path = (*place, "except")
    try:
        said = value_at(read_once(text).tree, path)
    except YamlUnreadable as error:
        raise Conflict(f"schedules.yaml: {error}") from error
    for at, one in enumerate(as_list(said)):
        if str(one).strip() == day.isoformat():
            return [Remove((*path, at) if isinstance(said, list) else path)]
    problem = "is left out by holidays or a calendar, and is no day of its own in 'except'"
    raise Conflict(f"{day}: {problem} - change the campaign's schedule in schedules.yaml")


def slot_name(campaign: Campaign, day: date) -> str:
    """What the audit log calls it."""
    return f"{campaign.name} {day}"


def check_still_open(planned: PlannedSlot, *, tx: Transaction, now: datetime) -> None:
    """Raise Conflict where it is too late to leave a slot out, or to take it in again."""
    campaign, slot = planned.campaign.name, planned.slot
    ran = tx.agenda.at(campaign, slot.key.partition("[")[0])
    if ran is not None and ran.edition:
        problem, advice = "has its edition already", "reject that one instead"
        raise Conflict(f"slot {slot.key} of {campaign}: {problem} - {advice}")
    if ran is not None or slot.moment <= now:
        raise Conflict(f"slot {slot.key} of {campaign}: is over - choose one that is to come")
