"""A picture's address -> the picture as we keep it, under the rules of feeds."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx

from dispatch.clock import Clock
from dispatch.errors import FeedError, FeedUnreadable
from dispatch.feeds.web.address import shown
from dispatch.feeds.web.fetch import Fetched, fetch
from dispatch.feeds.web.limits import NORMAL, Limits
from dispatch.model.editions.card import KeptPicture

A_PICTURE = "image/jpeg, image/png, image/gif, image/webp, image/avif;q=0.8, image/*;q=0.3"
LARGEST = 10_000_000  # bytes; cameras make no more, and cards need a hundredth

ReadPicture = Callable[[bytes], KeptPicture]
"""Bytes to a picture that can be kept; raises ValueError. `PictureReader` is one."""


def fetch_picture(
    url: str,
    *,
    http: httpx.Client,
    folder: Path,
    clock: Clock,
    read: ReadPicture,
    limits: Limits = NORMAL,
) -> KeptPicture:
    """The picture at an address of the web. Raises a FeedError where there is none to be had."""
    if url.startswith("file:"):
        raise FeedUnreadable(f"{shown(url)}: not a picture of the web")
    within = replace(limits, size=min(limits.size, LARGEST))
    try:
        answer = fetch(url, http=http, folder=folder, clock=clock, accept=A_PICTURE, limits=within)
    except FeedError as error:
        raise FeedUnreadable(str(error).partition(" - ")[0]) from error  # the advice is for feeds
    if not isinstance(answer, Fetched):
        raise FeedUnreadable(f"{shown(url)}: did not come")
    try:
        return read(answer.body)
    except ValueError as problem:
        raise FeedUnreadable(f"{shown(url)}: {problem}") from problem
