"""Rules for networks that publish no description of their API, from what their pages say.

All were looked at on 2026-11-30; where they are from stands beside them. A field that is not named
is wrong, in a body as in a query.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from urllib.parse import parse_qsl

import httpx
from jsonschema import Draft202012Validator

from vendors.descriptions.json_schema import said
from vendors.descriptions.rules import Schema, fields

NOTHING = fields({})
WORDS: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {"type": "string", "pattern": "^[0-9]{1,19}$"}


def words(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


@dataclass(frozen=True)
class Call:
    """One call that a network takes; `body` is what it may say, `kind` how it is written."""

    method: str
    path: str
    body: Schema | None = None
    kind: str = "application/json"
    query: Schema = field(default_factory=lambda: NOTHING)
    headers: Sequence[tuple[str, str]] = (("authorization", "Bearer [!-~]+"),)


FORM = "application/x-www-form-urlencoded"
SECRETLY = (("content-type", FORM),)
"""Of calls that need no token: their fields say who asks."""


def by_rules(calls: Sequence[Call]) -> Callable[[httpx.Request], list[str]]:
    """What is wrong with a request, in words; nothing where the network takes it."""

    def objections(request: httpx.Request) -> list[str]:
        path = request.url.raw_path.decode().partition("?")[0]
        found = [
            list(_against(one, request))
            for one in calls
            if one.method == request.method and re.fullmatch(one.path, path)
        ]
        return min(found, key=len) if found else [f"{request.method} {path}: no such call"]

    return objections


def _against(call: Call, request: httpx.Request) -> Iterator[str]:
    for name, pattern in call.headers:
        if not re.match(f"{pattern}$", request.headers.get(name, "")):
            yield f"{name}: {request.headers.get(name)!r}"
    yield from said(Draft202012Validator(call.query), dict(request.url.params))
    kind = request.headers.get("content-type", "")
    if call.body is None:
        if request.content and not re.match(call.kind, kind):
            yield "a body where none belongs"
        return
    if not re.match(call.kind, kind):
        yield f"content-type: {kind!r}"
        return
    yield from said(Draft202012Validator(call.body), _body(request, kind))


def _body(request: httpx.Request, kind: str) -> object:
    text = request.content
    if kind.startswith("application/json"):
        return json.loads(text)
    if kind.startswith("multipart/"):
        whole = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + text)
        return {
            part.get_param("name", header="content-disposition"): part.get_payload()
            for part in whole.get_payload()
        }
    return dict(parse_qsl(text.decode(), keep_blank_values=True))
