"""A feed's body, read within its limits, and what is said where that fails."""

from collections.abc import Callable

import httpx

from dispatch import http_body
from dispatch.errors import FeedTooCostly, FeedUnreadable
from dispatch.feeds.web.address import shown
from dispatch.feeds.web.answers import too_slow
from dispatch.feeds.web.limits import Limits


def read_body(
    url: str, answer: httpx.Response, *, limits: Limits, left: Callable[[], float]
) -> bytes:
    """The whole body, unpacked; `left` says how many seconds remain.

    Raises FeedTooCostly when time runs out or it is too large, FeedUnreadable when it is damaged.
    """
    try:
        # A file that was packed beforehand may come without a word about it; no feed begins so.
        return http_body.read_body(answer, size=limits.size, left=left, plain_gzip=True)
    except http_body.TooLarge as failure:
        raise FeedTooCostly(
            f"{shown(url)}: larger than {limits.size / 1e6:g} MB - "
            "ask its owner for a feed with fewer posts"
        ) from failure
    except http_body.TooSlow as failure:
        raise FeedTooCostly(f"{shown(url)}: {too_slow(limits)}") from failure
    except http_body.PackedOtherwise as failure:
        raise FeedUnreadable(
            f"{shown(url)}: packed in a way we did not ask for - tell the feed's owner"
        ) from failure
    except http_body.Damaged as failure:
        raise FeedUnreadable(
            f"{shown(url)}: damaged or cut off on the way - it is tried again later"
        ) from failure
