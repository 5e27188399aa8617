"""A request to a hub, over the same network and within the same kind of limits as a feed's."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic

import httpx

from dispatch.clock import Clock
from dispatch.errors import FeedError, FeedUnreachable
from dispatch.feeds.web.address import absolute, shown
from dispatch.feeds.web.answers import said_plainly
from dispatch.feeds.web.limits import Limits
from dispatch.feeds.websub.protocol import hub_addresses
from dispatch.retry_after import retry_after

HUB = Limits(silence=10.0, total=10.0)
"""A hub only notes what we ask; one that is slower than this must not hold up the others."""

_REDIRECTS = frozenset({307, 308})
_PATIENCE = frozenset({429, 503})
_POLLED = "new posts are found by polling meanwhile"


def ask_hub(
    hub: str,
    form: Mapping[str, str],
    *,
    http: httpx.Client,
    clock: Clock,
    limits: Limits = HUB,
    ticks: Callable[[], float] = monotonic,
) -> None:
    """Send the hub a request; it has taken it when this returns, and asks back by itself.

    Raises a FeedError if it does not take it, or cannot be reached in time.
    """
    *better, last = hub_addresses(hub)
    deadline = ticks() + limits.total
    post = partial(
        _post, form=form, http=http, clock=clock, limits=limits, left=lambda: deadline - ticks()
    )
    # Half the time: a firewall may drop what is for HTTPS, and the other address is the right one.
    halfway = ticks() + limits.total / 2
    for address in better:
        with suppress(FeedError):  # it was advertised without HTTPS, and perhaps has none
            return post(address, left=lambda: halfway - ticks())
    return post(last)


def _post(
    address: str,
    *,
    form: Mapping[str, str],
    http: httpx.Client,
    clock: Clock,
    limits: Limits,
    left: Callable[[], float],
) -> None:
    url = address
    with said_plainly(address, limits, left=left):
        for _ in range(limits.redirects + 1):
            seconds = max(left(), 0.001)
            with http.stream(
                "POST",
                url,
                data=form,
                timeout=min(limits.silence, seconds),
                extensions={"total": seconds},
            ) as answer:  # what it says is not for us, only the status
                if answer.status_code not in _REDIRECTS:
                    return _refuse_failure(address, answer, clock)
                secured = url.startswith("https:")
                url = absolute(answer.headers.get("Location", ""), url)
            if not url or (secured and not url.startswith("https:")):
                break  # without HTTPS others could read the secret
    raise FeedUnreachable(f"{shown(address)}: the hub redirects to nowhere safe - {_POLLED}")


def _refuse_failure(address: str, answer: httpx.Response, clock: Clock) -> None:
    if answer.is_success:  # 202 by the standard; older hubs say 204 when they have asked back
        return
    status = answer.status_code
    asked = retry_after(answer.headers, now=clock()) if status in _PATIENCE else None
    what = "the hub has a fault" if answer.is_server_error else "the hub refuses"
    raise FeedUnreachable(f"{shown(address)}: {what} ({status}) - {_POLLED}", retry_after=asked)
