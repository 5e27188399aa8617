"""Look at an edition before it is approved: what stops it, what to look at, what is fine.

What is not known yet is left out rather than said to be fine.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from dispatch.errors import Conflict, TemplateFailed
from dispatch.model.campaigns.campaign import ChannelPlan, EmailPlan
from dispatch.model.editions.edition import Edition
from dispatch.model.editions.finding import Finding, Kind, stops
from dispatch.pipeline.editions.check_pieces import picture_findings
from dispatch.pipeline.editions.check_texts import TextChecks
from dispatch.pipeline.editions.come_again import left_out
from dispatch.pipeline.letters.check_letter import PlanDays, check_letter, nothing_planned
from dispatch.pipeline.people.readers import ASKED_AT_ONCE, picked_readers
from dispatch.pipeline.reviews.decide import approve_edition
from dispatch.render.renderer import Renderer
from dispatch.store.editions.link_checks import LinkCheck
from dispatch.store.transactions import Store, Transaction

DEAD = frozenset({404, 410})
"""Answers by which a page says that it is not there."""

ASKED_AGAIN = timedelta(hours=6)
"""How long what a link has answered is believed."""

LONG = timedelta(hours=4)
"""A letter that takes longer than this to go out reaches the last ones late."""

CHANGED = 0.2
"""By how much of the last one's readers an audience may differ before somebody should look."""

MOST_NAMED = 3

OLD = timedelta(days=30)
"""What the doctor found longer ago says nothing any more."""

TOLD_ELSEWHERE = frozenset({"stopped"})
"""What is known better at this moment than when the doctor looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What is needed to look: `channels` are those of the workspace as it is now."""

    store: Store
    texts: TextChecks
    channels: Mapping[str, ChannelPlan]
    renderer: Renderer
    plan_days: PlanDays = nothing_planned


def check_edition(edition: Edition, checks: Checks, *, now: datetime) -> list[Finding]:
    """All that is found, the worst first. It reads, and asks nobody."""
    known = checks.texts.of(edition)
    with checks.store.read() as tx:
        found = [
            *known.findings,
            *picture_findings(edition.content, tx),
            *_links(known.addresses, tx, now),
            *_whom(edition, tx, checks, now),
            *_subject(edition, tx),
            *_channels(edition, tx, checks, now),
            *_doctor(edition, tx, now),
            *left_out(edition, tx),
        ]
    order = list(Kind)
    return sorted(found, key=lambda one: order.index(one.kind))


def approve_checked(
    edition_id: str, *, by: str, seen: str, checks: Checks, now: datetime
) -> Edition:
    """Approve an edition in which nothing stops it. Raises Conflict as `approve_edition` does.

    What is approved is what was looked at: an edit in between has to be looked at anew.
    """
    with checks.store.read() as tx:
        edition = tx.editions.get(edition_id)
    # Where somebody has seen another one, they are told so before what stops this one.
    was_seen = edition.fingerprint.startswith(seen)
    if was_seen and (found := stops(check_edition(edition, checks, now=now))):
        raise Stopped(edition, found)
    looked_at = edition.fingerprint if was_seen else seen
    return approve_edition(edition.id, by=by, seen=looked_at, store=checks.store, clock=lambda: now)


class Stopped(Conflict):
    """An edition cannot be approved, as something in it stops it; `findings` say what."""

    def __init__(self, edition: Edition, findings: list[Finding]) -> None:
        self.findings = findings
        named = ", ".join(dict.fromkeys(one.name for one in findings))
        short = edition.id[:8]
        super().__init__(
            f"edition {short}: {len(findings)} of its checks stop it ({named}) - "
            f"see 'dispatch editions check {short}'"
        )


def _links(addresses: tuple[str, ...], tx: Transaction, now: datetime) -> Iterator[Finding]:
    if not addresses:
        return
    known = {one.address: one for one in tx.link_checks.of(addresses)}
    dead = [one for one in known.values() if one.status in DEAD]
    quiet = [one for one in known.values() if one.status not in DEAD and not 0 < one.status < 400]
    if dead:
        yield Finding(Kind.STOP, "links_dead", _named(dead))
    if quiet:
        yield Finding(Kind.LOOK, "links_quiet", _named(quiet))
    if missing := len(addresses) - len(known):
        yield Finding(Kind.LOOK, "links_waiting", {"count": missing})
    elif not dead and not quiet:
        oldest = min(one.answered for one in known.values())
        values = {"count": len(known), "since": now - oldest}
        yield Finding(Kind.FINE, "links_fine", values)


def _named(links: list[LinkCheck]) -> dict[str, object]:
    some = [f"{one.address} ({one.status or one.problem})" for one in links[:MOST_NAMED]]
    return {"count": len(links), "links": ", ".join(some)}


def _whom(edition: Edition, tx: Transaction, checks: Checks, now: datetime) -> Iterator[Finding]:
    if edition.content.letter is None:
        return _audience(edition, tx, checks)
    found = check_letter(edition, tx, checks.renderer, plan_days=checks.plan_days, now=now)
    return chain(found, _pace(edition, tx, checks))


def _audience(edition: Edition, tx: Transaction, checks: Checks) -> Iterator[Finding]:
    plan = edition.content.email
    if plan is None:
        return
    if not tx.subscribers.has_active(plan.audience):
        yield Finding(Kind.STOP, "nobody", {"audience": plan.audience})
        return
    if plan.segment and _picks_nobody(plan, tx, checks.renderer):
        yield Finding(Kind.STOP, "nobody_picked", {"segment": plan.segment})
        return
    counted = tx.reader_counts.now(plan.audience)
    if counted is None or plan.segment or plan.offer:
        return  # how many are picked is known when it goes out
    number, last = counted.readers, tx.earlier.addressed_last(edition)
    if last and abs(number - last) > CHANGED * last:
        yield Finding(Kind.LOOK, "audience", {"number": number, "last": last})
    else:
        yield Finding(Kind.FINE, "audience_fine", {"number": number})
    yield from _pace(edition, tx, checks)


def _pace(edition: Edition, tx: Transaction, checks: Checks) -> Iterator[Finding]:
    """Whether it would take long to reach the whole audience."""
    plan = edition.content.email
    counted = tx.reader_counts.now(plan.audience) if plan and not plan.segment else None
    if plan is None or counted is None:
        return
    number, channel = counted.readers, checks.channels.get(plan.via)
    pace = channel.pace.per_second if channel else None
    if pace and timedelta(seconds=number / pace) > LONG:
        hours = round(number / pace / 3600)
        yield Finding(Kind.LOOK, "slow", {"channel": plan.via, "count": hours})


def _picks_nobody(plan: EmailPlan, tx: Transaction, renderer: Renderer) -> bool:
    """Whether it is certain: an audience of many is not asked through while somebody waits."""
    if tx.subscribers.is_larger(plan.audience, than=ASKED_AT_ONCE):
        return False
    try:
        with closing(picked_readers(plan, tx, renderer)) as picked:
            return next(picked, None) is None
    except TemplateFailed:
        return False  # which the trial of its texts says


def _subject(edition: Edition, tx: Transaction) -> Iterator[Finding]:
    subject = edition.content.subject
    if subject and (used := tx.earlier.with_its_subject(edition)):
        yield Finding(Kind.LOOK, "subject", {"subject": subject, "used": used})


def _channels(
    edition: Edition, tx: Transaction, checks: Checks, now: datetime
) -> Iterator[Finding]:
    """Channels that are stopped, and of a letter those that schedules.yaml has no more.

    Whoever makes an edition of a campaign asks for its channels; nobody does of a letter.
    """
    stopped = {one.channel: one for one in tx.channels.stops() if one.is_in_force(now)}
    email = edition.content.email
    chain = (email.via, *email.failover) if email else ()
    missing = set()
    if edition.content.letter is not None:
        missing = {*edition.content.channels} - checks.channels.keys()
    for name in edition.content.channels:
        if name in missing:
            yield Finding(Kind.STOP, "channel_gone", {"channel": name})
        stop = stopped.get(name)
        if stop is None:
            continue
        others = name in chain and any(one not in stopped for one in chain)
        kind = Kind.LOOK if stop.until or others else Kind.STOP
        yield Finding(kind, "channel", {"channel": name, "reason": stop.reason})
    if not {*stopped, *missing} & {*edition.content.channels}:
        yield Finding(Kind.FINE, "channels_fine", {"count": len(edition.content.channels)})


def _doctor(edition: Edition, tx: Transaction, now: datetime) -> Iterator[Finding]:
    """What would keep mails back, as it was found the last time.

    It stops nobody: what is wrong with a domain may have been put right since, and is not looked up
    while somebody waits (docs/adr/0107).
    """
    email = edition.content.email
    known = tx.examinations.of((email.via, *email.failover) if email else ())
    fine = []
    for name, examined in known.items():
        age = now - examined.at
        if age > OLD:
            continue
        for one in examined.stops:
            if one.name not in TOLD_ELSEWHERE:
                values = {**one.values, "channel": name}
                yield Finding(Kind.LOOK, f"doctor.{one.name}", values)
        fine += [] if examined.stops else [(name, age)]
    for name, age in fine:
        yield Finding(Kind.FINE, "examined_fine", {"channel": name, "since": age})
