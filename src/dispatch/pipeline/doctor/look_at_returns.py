"""Whether we hear what becomes of mails, and what readers have said by it."""

from collections.abc import Iterator
from datetime import timedelta

from dispatch.model.delivery.later_counts import COMPLAINTS_LIMIT
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.doctor.case import Case

ENOUGH = 1000
"""So many mails in a month say something: of fewer, one complaint is too large a share."""

NEVER = 0.003
"""Complaints for each mail that Gmail never wants to see, and that Yahoo names as its limit
(https://senders.yahooinc.com/best-practices/)."""

BOUNCED = 0.05
"""Hard bounces for each mail, from which on Amazon looks at an account
(https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-bounce.html)."""

LATELY = timedelta(days=7)


def look_at_returns(case: Case) -> Iterator[Finding]:
    """The hook or the mailbox, and the share of complaints and hard bounces."""
    if case.is_ours and not case.relay:
        yield _mailbox(case)
    elif case.hook is None:
        yield Finding(Kind.LOOK, "hook_none", {"provider": case.service})
    else:
        yield from _hook(case, case.hook.option)
    yield from _rates(case)


def _hook(case: Case, option: str) -> Iterator[Finding]:
    heard = case.heard
    if not case.plan.options.get(option):
        yield Finding(Kind.LOOK, "hook_missing", {"option": option, "address": case.hook_address})
        return
    away = heard.turned_away_at
    if away and away > case.now - LATELY and (heard.last is None or away > heard.last):
        values = {"calls": heard.turned_away, "reason": heard.turned_away_for, "option": option}
        yield Finding(Kind.LOOK, "hook_turned_away", values)
    elif heard.last is None:
        yield Finding(Kind.LOOK, "hook_silent", {"address": case.hook_address})
    else:
        yield Finding(Kind.FINE, "hook_fine", {"last": heard.last})


def _mailbox(case: Case) -> Finding:
    if not case.mailbox:
        return Finding(Kind.LOOK, "mailbox_missing")
    values: dict[str, object] = {"address": case.mailbox}
    if case.mailbox_problem:
        return Finding(Kind.LOOK, "mailbox_closed", {**values, "problem": case.mailbox_problem})
    if case.mailbox_read is None:
        return Finding(Kind.LOOK, "mailbox_unread", values)
    return Finding(Kind.FINE, "mailbox_fine", {**values, "last": case.mailbox_read})


def _rates(case: Case) -> Iterator[Finding]:
    accepted, complained = case.reputation.accepted, case.reputation.complained
    if accepted < ENOUGH or not case.reputation.heard:
        return
    share = complained / accepted
    values = {"share": share, "complaints": complained, "number": accepted}
    if share >= NEVER:
        yield Finding(Kind.STOP, "complaints_never", values)
    elif share >= COMPLAINTS_LIMIT:
        yield Finding(Kind.LOOK, "complaints", values)
    else:
        yield Finding(Kind.FINE, "complaints_fine", values)
    bounced = case.reputation.bounced / accepted
    if bounced >= BOUNCED:
        values = {"share": bounced, "bounces": case.reputation.bounced, "number": accepted}
        yield Finding(Kind.LOOK, "bounced", values)
