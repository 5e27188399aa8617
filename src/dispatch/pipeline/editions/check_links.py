"""Ask the addresses in editions that wait whether they are there; what they answer is kept."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx

from dispatch.clock import Clock
from dispatch.model.editions.edition import NOT_SENT, Edition
from dispatch.pipeline.editions.check_edition import ASKED_AGAIN
from dispatch.pipeline.editions.check_texts import TextChecks
from dispatch.store.transactions import Store

MOST = 200
"""Addresses of one edition that are asked; a digest has some dozens."""

AT_ONCE = 8
SECONDS = 10.0
KEPT_FOR = timedelta(days=30)
NOT_BY_HEAD = range(400, 600)
"""Many servers refuse to answer for a page without sending it: those are asked for the page."""


def check_links(*, store: Store, texts: TextChecks, http: httpx.Client, clock: Clock) -> int:
    """Ask those that nobody has asked lately: how many. Any number of nodes may do so at once."""
    asked = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for addresses in _of_waiting(store, texts):
            now = clock()
            with store.begin() as tx:
                ours = tx.link_checks.claim(addresses, now=now, before=now - ASKED_AGAIN)
            answers = list(pool.map(lambda address: _ask(http, address), ours))
            with store.begin() as tx:
                for address, (status, problem) in zip(ours, answers, strict=True):
                    tx.link_checks.answer(address, status=status, problem=problem, now=clock())
            asked += len(ours)
    return asked


def forget_answers(
    edition: Edition, *, by: str, store: Store, texts: TextChecks, clock: Clock
) -> None:
    """Have the links of an edition asked anew, at the next occasion."""
    addresses = texts.of(edition).addresses
    with store.begin() as tx:
        tx.link_checks.forget(addresses)
        tx.audit.add("edition.ask_links", by=by, now=clock(), kind="edition", subject=edition.id)


def _of_waiting(store: Store, texts: TextChecks) -> Iterator[list[str]]:
    with store.read() as tx:
        waiting = tx.editions.in_state(None, NOT_SENT)
    for edition in waiting:
        if addresses := texts.of(edition).addresses:
            yield list(addresses[:MOST])


def _ask(http: httpx.Client, address: str) -> tuple[int, str]:
    """The status of the answer, or 0 and why there was none."""
    try:
        answer = http.head(address, follow_redirects=True, timeout=SECONDS)
        if answer.status_code in NOT_BY_HEAD:
            with http.stream("GET", address, follow_redirects=True, timeout=SECONDS) as got:
                return got.status_code, ""
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return 0, str(error).partition("\n")[0][:200] or type(error).__name__
    return answer.status_code, ""
