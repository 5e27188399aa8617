"""When something goes out, as commands show it: a campaign's messages, an edition, its zones."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dispatch.model.campaigns.campaign import Campaign, SocialPlan
    from dispatch.model.editions.edition import Edition
    from dispatch.render.renderer import Renderer
    from dispatch.store.transactions import Transaction


def sending_facts(campaign: "Campaign") -> dict[str, Any]:
    """What a campaign says about when its messages leave."""
    from dispatch.model.text.time_words import as_written

    sending, schedule = campaign.sending, campaign.schedule
    return {
        "made_ahead": as_written(schedule.ahead) if schedule else "",
        "goes_out": f"at the hour of each reader's zone; {sending.passed} where it has passed"
        if sending.local_time
        else "",
        "quiet": str(sending.hours.quiet or ""),
        "business_days": sending.hours.business_days,
    }


def social_fact(plan: "SocialPlan") -> dict[str, Any]:
    """What a campaign says about its posts on one channel; `hours` is when they may leave."""
    from dispatch.model.campaigns.sending_hours import QuietHours
    from dispatch.model.text.time_words import as_written

    quiet = plan.quiet
    return {
        "channel": plan.via,
        "template": plan.template,
        "each": plan.each.value,
        "every": as_written(plan.every) if plan.every is not None else "",
        "hours": str(QuietHours(quiet.end, quiet.start)) if quiet else "",
        "shows": plan.shows.value,
    }


def social_words(fact: "Mapping[str, Any]") -> str:
    """The same in words."""
    every = f", one every {fact['every']}" if fact["every"] else ""
    hours = f", from {fact['hours'].replace('-', ' to ')}" if fact["hours"] else ""
    return f"{fact['channel']}: one for each {fact['each']}{every}{hours}"


def would_wait(edition: "Edition", now: "datetime") -> str:
    """Until when an edition would wait that is approved now; empty where it would go at once."""
    from dispatch.model.text.time_words import in_zone

    plan = edition.content.sending
    starts = plan.starts(now)
    if starts <= now:
        return ""
    first = ", when its hour first comes somewhere" if plan.local_time and plan.slot else ""
    return in_zone(starts, plan.timezone) + first


def goes_out(edition: "Edition", now: "datetime") -> str:
    """When an edition goes out that waits for its time, or for approval; empty for at once."""
    from dispatch.model.editions.edition import UNDECIDED, EditionState

    if edition.state is EditionState.APPROVED:
        return would_wait(edition, now)
    when = would_wait(edition, now) if edition.state in UNDECIDED else ""
    return when and f"{when}, if it is approved by then"


def zone_rows(
    edition: "Edition", tx: "Transaction", now: "datetime", renderer: "Renderer"
) -> list[dict[str, Any]]:
    """When the readers of each zone get an edition, and how many they are; who is first, first.

    Before it is addressed, the readers are those of now. Empty where it does not go by zones.
    """
    from dispatch.model.editions.edition import NOT_SENT
    from dispatch.pipeline.delivery.zones import by_zone

    plan, email = edition.content.sending, edition.content.email
    if not plan.local_time or email is None:
        return []
    if edition.state not in NOT_SENT:
        return [_row(*found) for found in tx.batches.by_zone(edition.id)]
    from dispatch.pipeline.people.readers import readers_with_zones

    groups = by_zone(readers_with_zones(email, tx, renderer), plan, now=now)
    return [_row(group.timezone, group.due, len(group.readers), False) for group in groups]


def _row(zone: str, due: "datetime", readers: int, done: bool) -> dict[str, Any]:
    from zoneinfo import ZoneInfo

    local = due.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return {"zone": zone, "local": local, "utc": due, "readers": readers, "done": done}
