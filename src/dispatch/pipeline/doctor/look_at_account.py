"""Whether the service lets us in, and lets as many mails go as there are readers."""

from collections.abc import Iterator

from dispatch.channels.provider import Quota
from dispatch.model.editions.finding import Finding, Kind
from dispatch.pipeline.doctor.case import Case


def look_at_account(case: Case) -> Iterator[Finding]:
    """Who we are there, what it says of us, and whether the channel is stopped."""
    account = case.tried.account
    if account is None:
        yield Finding(Kind.STOP, "account", {"problem": case.tried.problem})
    else:
        yield Finding(Kind.FINE, "account_fine", {"account": account.name})
        for note in account.notes:
            yield Finding(Kind.LOOK, "note", {"note": note})
        if account.quota is not None:
            yield from _quota(account.quota, case)
    if case.stop is not None:
        kind = Kind.LOOK if case.stop.until else Kind.STOP
        yield Finding(kind, "stopped", {"reason": case.stop.reason})
    yield from _pace(case)
    yield from _budget(case)


def _quota(quota: Quota, case: Case) -> Iterator[Finding]:
    readers = case.readers
    values: dict[str, object] = {"quota": str(quota), "number": readers}
    if quota.left is None and quota.most is None:
        return
    if quota.left is not None and quota.left >= readers:
        yield Finding(Kind.FINE, "quota_fine", values)
    elif quota.most is not None and quota.most >= readers:
        if quota.left is None:
            yield Finding(Kind.FINE, "quota_fine", values)
        else:  # there is enough again when the period begins anew
            yield Finding(Kind.LOOK, "quota_now", values)
    else:
        yield Finding(Kind.STOP, "quota", values)


def _budget(case: Case) -> Iterator[Finding]:
    most = case.plan.posts_per_month
    if most is not None:
        left = max(0, most - case.posts)
        values: dict[str, object] = {"used": case.posts, "most": most, "left": left}
        yield Finding(Kind.FINE if left else Kind.LOOK, "budget_fine" if left else "budget", values)


def _pace(case: Case) -> Iterator[Finding]:
    most, readers = case.plan.pace.per_day, case.readers
    if most is not None and most < readers:
        yield Finding(Kind.LOOK, "pace", {"most": most, "number": readers})
