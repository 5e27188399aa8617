"""Answers that a proxy or a browser may keep, and ask about again (RFC 9110, 13)."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response

KEPT = "public, max-age=300"


def etag(*parts: object) -> str:
    """A strong validator for what is made of these alone."""
    told = hashlib.sha256(repr(parts).encode("utf-8", "replace"))
    return f'"{told.hexdigest()[:32]}"'


def validators(mark: str, changed: datetime | None = None) -> dict[str, str]:
    """The headers by which somebody who keeps an answer asks whether it still is one."""
    headers = {"Cache-Control": KEPT, "ETag": mark}
    if changed is not None:
        headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
    return headers


def not_modified(request: Request, headers: Mapping[str, str]) -> Response | None:
    """304 where whoever asks has it already; None where they are to get it."""
    asked = request.headers.get("if-none-match")
    if asked is not None:
        known = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        fresh = "*" in known or headers["ETag"] in known
    else:
        fresh = _is_as_old(request.headers.get("if-modified-since", ""), headers)
    return Response(status_code=304, headers=dict(headers)) if fresh else None


def _is_as_old(since: str, headers: Mapping[str, str]) -> bool:
    if not since or "Last-Modified" not in headers:
        return False
    try:
        known = parsedate_to_datetime(since)
    except (ValueError, OverflowError):  # as an offset of any size says
        return False
    if known.tzinfo is None:
        known = known.replace(tzinfo=UTC)
    return known >= parsedate_to_datetime(headers["Last-Modified"])
