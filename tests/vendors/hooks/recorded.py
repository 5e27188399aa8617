"""Calls that vendors made, as django-anymail's own tests have them, and what it read in them.

They are no part of this repository: tests read them where DISPATCH_TEST_DATA names the folder that
has them, and are skipped elsewhere. What is signed by a key that nobody has is signed again, by the
module that tests the provider; `FORGERIES` are the ways in which a call is none of the vendor's.
"""

import base64
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.hooks.reading import iso_moment
from dispatch.channels.provider import CallsBack
from dispatch.errors import CallUnreadable, NotGenuine
from dispatch.model.delivery.event import Event, EventKind

FILE = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "webhooks" / "webhooks.jsonl"

HERE = pytest.mark.skipif(
    not FILE.is_file(), reason="DISPATCH_TEST_DATA names no folder with test data"
)
"""For tests that need the recordings."""

KINDS: Mapping[str, EventKind] = {
    "bounced": EventKind.BOUNCED,
    "clicked": EventKind.CLICKED,
    "complained": EventKind.COMPLAINED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "failed": EventKind.DROPPED,
    "opened": EventKind.OPENED,
    "rejected": EventKind.DROPPED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
}
"""django-anymail's words and ours; all others of its words are of what we keep as OTHER."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call; `status` is what django-anymail answered, `told` what it read, without mails.

    `secrets` are `name:password`, one or several: those that its settings had.
    """

    vendor: str
    name: str
    call: HookCall
    status: int
    told: tuple[Mapping[str, Any], ...]
    inbound: bool
    secrets: tuple[str, ...]
    settings: Mapping[str, Any]

    @property
    def genuine(self) -> bool:
        """Whether it was believed."""
        return self.status == 200

    def with_call(self, call: HookCall) -> "Recorded":
        """The same with another call, such as one that is signed again."""
        return replace(self, call=call)

    def __str__(self) -> str:
        return self.name


def recordings(vendor: str) -> list[Recorded]:
    """All calls of one vendor, by django-anymail's name for it; none where they are not at hand."""
    if not FILE.is_file():
        return []
    rows = (json.loads(line) for line in FILE.read_text("utf-8").splitlines())
    return [_recorded(row) for row in rows if row["esp"] == vendor]


def each(vendor: str, wanted: Callable[[Recorded], bool] = lambda _: True) -> Any:
    """A mark that gives a test each of these calls as `recorded`; it is skipped without them."""
    found = [one for one in recordings(vendor) if wanted(one)]
    cases = [pytest.param(one, id=f"{at}-{one}") for at, one in enumerate(found)]
    return pytest.mark.parametrize("recorded", cases or [pytest.param(None, marks=HERE)])


def status_of(provider: CallsBack, call: HookCall) -> int:
    """What the hook answers, as `dispatch.errors` has it."""
    try:
        provider.verify(call)
    except NotGenuine as error:
        return 401 if error.unsigned else 403
    try:
        provider.parse_events(call)
    except CallUnreadable:
        return 400
    return provider.hook.taken


def in_common(event: Event) -> dict[str, Any]:
    """What an event of ours has in common with one of django-anymail's."""
    return {
        "kind": event.kind,
        "at": event.at,
        "id": event.id,
        "provider_id": event.provider_id,
        "recipient": event.recipient,
        "reason": event.reason,
        "url": event.url,
    }


def expected(told: Mapping[str, Any]) -> dict[str, Any]:
    """The same of an event as django-anymail read it."""
    at = told.get("timestamp")
    return {
        "kind": KINDS.get(told["event_type"], EventKind.OTHER),
        "at": iso_moment(at) if at else None,
        "id": told.get("event_id") or "",
        "provider_id": str(told.get("message_id") or ""),
        "recipient": told.get("recipient") or "",
        "reason": told.get("mta_response") or told.get("description") or "",
        "url": told.get("click_url") or "",
    }


def assert_same(events: Sequence[Event], recorded: Recorded, *apart_from: str) -> None:
    """That we read what django-anymail read; `apart_from` names what it has from elsewhere.

    Its own metadata has the id of a message there, or a vendor has no id for events.
    """
    theirs = [_without(expected(told), apart_from) for told in recorded.told]
    ours = [_without(in_common(event), apart_from) for event in events]
    for one, other in zip(ours, theirs, strict=False):
        if not other.get("reason"):  # we may have found more words than it did
            one.pop("reason", None), other.pop("reason", None)
    assert ours == theirs


FORGERIES: Mapping[str, Callable[[HookCall], HookCall]] = {
    "nothing but the body": lambda call: HookCall(call.body),
    "another body": lambda call: replace(call, body=_changed(call.body)),
    "no body": lambda call: replace(call, body=b""),
    "one sign more": lambda call: replace(call, body=call.body + b" "),
}
"""What is made of a call that was genuine. Not each of them is a forgery for each vendor: where the
proof is a login or a secret header, the body may be anything."""


def junk() -> Iterator[bytes]:
    """Bodies that tell nothing anybody could read."""
    yield from (b"", b"\0\xff\xfe", b"null", b"[]", b"{}", b"[null, 7, [], {}]", b"42", b'"text"')
    yield from (b"[" * 100_000, b'{"a": ' * 50_000, b"{" + b'"a":1,' * 10, b"\xef\xbb\xbf{}")
    yield from (b"NaN", b'{"event": NaN}', b"1" * 5000, "café".encode("latin-1"))


def with_headers(call: HookCall, **headers: str) -> HookCall:
    """The same with other headers, whose names have `_` for `-`."""
    changed = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return replace(call, headers={**call.headers, **changed})


def basic(login: str) -> str:
    """The header Authorization for `name:password`."""
    return "Basic " + base64.b64encode(login.encode()).decode()


def _recorded(row: Mapping[str, Any]) -> Recorded:
    body = row["body"].encode() if "body" in row else base64.b64decode(row["body_b64"])
    headers = {name.lower(): str(value) for name, value in row["headers"].items()}
    headers["content-type"] = row["content_type"]
    query = dict(part.partition("=")[::2] for part in row["query"].split("&") if part)
    secret = row["settings"].get("WEBHOOK_SECRET") or ()
    return Recorded(
        vendor=row["esp"],
        name=row["test"].rpartition(".")[2],
        call=HookCall(body, headers, query),
        status=row["status"],
        told=tuple(one for one in row["events"] if not one.get("inbound")),
        inbound=any(one.get("inbound") for one in row["events"]),
        secrets=(secret,) if isinstance(secret, str) else tuple(secret),
        settings=row["settings"],
    )


def _without(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _changed(body: bytes) -> bytes:
    """The body with another sign in its middle."""
    at = len(body) // 2
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :] if body else b"x"
