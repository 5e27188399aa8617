"""An edition that goes out by the hours of its campaign, or by each reader's clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from dispatch.model.campaigns.schedule import slot_on
from dispatch.model.campaigns.sending import SendingRule
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.address import address_edition
from pipeline_samples import CAMPAIGN, approved_edition, bring_in, row

PARIS = "Europe/Paris"
SLOT = slot_on(date(2026, 11, 24), time(9), PARIS)
NIGHT = SendingHours(QuietHours(time(22), time(7)))
BY_ZONE = SendingRule(local_time=True)
HOUR = timedelta(hours=1)
ZONES = {
    "kiri@example.org": "Pacific/Kiritimati",
    "taro@example.org": "Asia/Tokyo",
    "ada@example.org": PARIS,
    "nobody@example.org": "",
    "odd@example.org": "Mars/Olympus",
    "newt@example.org": "America/New_York",
    "niue@example.org": "Pacific/Niue",
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _sending(rule: SendingRule, campaign=CAMPAIGN):
    return replace(campaign, sending=rule)


def people(store, clock, zones=ZONES):
    rows = [row(email, timezone=zone) for email, zone in zones.items()]
    bring_in("readers", rows, store=store, clock=clock)


def made(stage_, rule=BY_ZONE, campaign=CAMPAIGN, **options):
    """An edition of this campaign, approved where that needs nobody."""
    options = {"slot": SLOT, **options}
    edition = approved_edition(stage_.store, stage_.clock, _sending(rule, campaign), **options)
    stage_.edition_id = edition.id
    return edition


def address(stage_):
    return address_edition(stage_.edition_id, store=stage_.store, clock=stage_.clock)


def deliver_hour_by_hour(stage_, hours=48) -> dict[str, datetime]:
    """Who got it when; an hour's deliveries are counted at its beginning.

    Hours before which nothing is due, by what dispatch says itself, are passed over but for one.
    """
    got: dict[str, datetime] = {}
    end = stage_.clock() + hours * HOUR
    while (now := stage_.clock()) < end:
        edition = address(stage_)
        due = edition.waits_until(now)
        if edition.state is EditionState.SENDING:
            due = stage_.deliver().waiting_until or end
        for message in stage_.provider.taken:
            got.setdefault(message.to.email, now)
        idle = -((now - due) // HOUR) if due is not None else 1  # rounded up
        stage_.clock.advance(max(1, idle // 2 if idle > 2 else idle) * HOUR)
    return got
