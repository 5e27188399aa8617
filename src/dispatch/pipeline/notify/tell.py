"""Tell one receiver what waits for it: a few at once, oldest first, each as often as it takes."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event

import httpx
import structlog

from dispatch.clock import Clock
from dispatch.model.notify.notification import (
    GIVEN_UP_AFTER,
    Notification,
    NotificationState,
    wait_after,
)
from dispatch.model.notify.receiver import ReceiverPlan, ReceiverState
from dispatch.pipeline.notify.call import TOTAL_SECONDS, Answer, call
from dispatch.pipeline.notify.pace import Pace
from dispatch.store.notify.lanes import Attempt
from dispatch.store.transactions import Store, Transaction

log = structlog.get_logger()

AT_ONCE = 8
"""Calls under way to one receiver."""

LARGEST = 64
"""Taken in one transaction, once a receiver has shown that it is quick."""

QUICK = timedelta(seconds=1)

LEASE = timedelta(minutes=2)
"""After a crash its rows wait so long. No call is begun that could end later."""

_LAST_MOMENT = LEASE - timedelta(seconds=2 * TOTAL_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What calls are made with."""

    store: Store
    http: httpx.Client
    clock: Clock
    rng: random.Random
    keep_going: Callable[[], bool] = field(default=lambda: True)


def tell_receiver(
    plan: ReceiverPlan,
    pace: Pace,
    *,
    keys: Sequence[bytes],
    caller: Caller,
    others_wait: Callable[[], bool] = lambda: False,
) -> int:
    """Tell it all that is due, until there is nothing more, or it fails; how much it took.

    While it fails there is one call at a time, and none until its rest is over. Where others wait
    for their turn it is told some, and the rest at its next one.
    """
    took, size = 0, AT_ONCE
    while caller.keep_going():
        claimed, begun = _claim(plan, pace, size, caller)
        if not claimed:
            break
        answers = _call(claimed, plan, begun, keys=keys, caller=caller)
        took += sum(answer is not None and answer.took for answer in answers)
        _note(plan, pace, claimed, answers, caller)
        if pace.failures or None in answers or others_wait():
            break
        quick = caller.clock() - begun < QUICK
        size = min(2 * size, LARGEST) if quick else AT_ONCE
    return took


def tell_one(
    notification: Notification, plan: ReceiverPlan, *, keys: Sequence[bytes], caller: Caller
) -> Answer:
    """Tell one thing that was claimed, once, however it went before; what came of it."""
    answer = call(notification, plan, keys=keys, http=caller.http, now=caller.clock())
    _note(plan, Pace(), [notification], [answer], caller, again=False)
    return answer


def _claim(
    plan: ReceiverPlan, pace: Pace, size: int, caller: Caller
) -> tuple[list[Notification], datetime]:
    with caller.store.begin() as tx:
        now = caller.clock()
        receiver = tx.receivers.find(plan.name)
        # The plan of a file that another process has not read yet is not called either.
        if receiver is None or receiver.state is not ReceiverState.ON or receiver.mark != plan.mark:
            return [], now
        if not pace.may_go(now=now, changed_at=receiver.changed_at):
            return [], now
        fails = bool(pace.failures or receiver.failing_since)
        limit = 1 if fails else size
        return tx.notification_lanes.claim(plan.name, limit=limit, now=now, lease=LEASE), now


def _call(
    claimed: Sequence[Notification],
    plan: ReceiverPlan,
    begun: datetime,
    *,
    keys: Sequence[bytes],
    caller: Caller,
) -> list[Answer | None]:
    """What came of each; None where it was not called, as one before it has failed."""
    failed = Event()

    def one(notification: Notification) -> Answer | None:
        now = caller.clock()
        if failed.is_set() or not caller.keep_going() or not begun <= now < begun + _LAST_MOMENT:
            return None
        answer = call(notification, plan, keys=keys, http=caller.http, now=now)
        if not answer.took:
            failed.set()
        return answer

    if len(claimed) == 1:
        return [one(claimed[0])]
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="notify") as threads:
        return list(threads.map(lambda it: copy_context().run(one, it), claimed))


def _note(
    plan: ReceiverPlan,
    pace: Pace,
    claimed: Sequence[Notification],
    answers: Sequence[Answer | None],
    caller: Caller,
    *,
    again: bool = True,
) -> None:
    now = caller.clock()
    pairs = list(zip(claimed, answers, strict=True))
    failures = [answer for answer in answers if answer is not None and not answer.took]
    with caller.store.begin() as tx:
        attempts = [_attempt(one, answer, now, caller.rng, again=again) for one, answer in pairs]
        tx.notification_lanes.note(attempts, now=now)
        if any(answer is not None and answer.took for answer in answers):
            tx.receivers.took(plan.name, now=now)
        off = _weigh(plan.name, failures, tx, now) if failures else ""
    if not failures:
        pace.went_well()
        return
    asked = max((one.retry_after for one in failures if one.retry_after), default=None)
    if not pace.failures:
        log.warning("notify.failed", receiver=plan.name, problem=failures[0].reason)
    pace.went_wrong(now=now, rng=caller.rng, at_least=asked)
    if off:
        log.warning("notify.off", receiver=plan.name, problem=off)


def _weigh(name: str, failures: Sequence[Answer], tx: Transaction, now: datetime) -> str:
    """Turn off who is gone, or has taken nothing for days; why, or empty."""
    since = tx.receivers.failed(name, now=now)
    reason = ""
    if any(one.is_gone for one in failures):
        reason = "answered 410: it wants to be told nothing more"
    elif now - since >= GIVEN_UP_AFTER:
        reason = f"has taken nothing for {GIVEN_UP_AFTER.days} days; last it {failures[-1].reason}"
    return reason if reason and tx.receivers.turn_off(name, reason=reason, now=now) else ""


def _attempt(
    one: Notification, answer: Answer | None, now: datetime, rng: random.Random, *, again: bool
) -> Attempt:
    came = partial(Attempt, one.id, lease=one.lease_until)
    if answer is None:
        return came(NotificationState.WAITING, counted=False)
    if answer.took:
        return came(NotificationState.DELIVERED, status=answer.status)
    wait = wait_after(one.attempt + 1, rng) if again else None
    if wait is None:
        return came(NotificationState.FAILED, None, answer.status, answer.in_full)
    due = now + max(wait, answer.retry_after or timedelta(0))
    return came(NotificationState.WAITING, due, answer.status, answer.in_full)
