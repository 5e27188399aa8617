"""Slack's requests, judged by its descriptions, and by limits that only its pages have."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from jsonschema import Draft7Validator

from vendors.descriptions.json_schema import said

Schema = dict[str, Any]

OF_A_WEBHOOK = {"text", "blocks", "unfurl_links", "unfurl_media"}
"""https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks."""

YOUNGER = {
    # https://docs.slack.dev/reference/methods/conversations.history
    "/conversations.history": {"include_all_metadata"},
    "/auth.test": set(),
}
"""Parameters that the description of 2020 does not know."""


def slack(folder: Path) -> Callable[[httpx.Request], list[str]]:
    posting, kit, web = (
        json.loads((folder / f"slack-{name}.json").read_text("utf-8"))
        for name in ("chat.postMessage.schema", "blockkit.schema", "web.swagger2")
    )

    def objections(request: httpx.Request) -> list[str]:
        path = request.url.path.removeprefix("/api")
        if path.startswith("/services/") and request.method == "POST":
            body = json.loads(request.content)
            return [*_strange(body, OF_A_WEBHOOK), *_of_blocks(body, kit)]
        described = web["paths"].get(path, {}).get(request.method.lower())
        if described is None or not request.headers.get("authorization"):
            return [f"{request.method} {path}: no such call"]
        if request.method == "GET":
            asked = dict(parse_qsl(request.url.query.decode()))
            return list(_strange(asked, _names(described) | YOUNGER.get(path, set())))
        body = json.loads(request.content)
        if path == "/chat.postMessage":
            wrong = said(Draft7Validator(posting), body)
            return [*wrong, *_rules(body.get("blocks", ()))]
        return [*_strange(body, _names(described)), *_of_blocks(body, kit)]

    return objections


def _names(described: Schema) -> set[str]:
    return {one["name"] for one in described["parameters"]} - {"token"}


def _strange(body: Schema, known: set[str]) -> Iterator[str]:
    yield from (f"{one}: no such field" for one in body.keys() - known)


def _of_blocks(body: Schema, kit: Schema) -> list[str]:
    blocks = body.get("blocks", [])
    return [*said(Draft7Validator(kit), blocks), *_rules(blocks)]


def _rules(blocks: Any) -> Iterator[str]:
    """https://docs.slack.dev/reference/block-kit/blocks, and the pages of each block."""
    if len(blocks) > 50:
        yield f"{len(blocks)} blocks"
    for one in blocks:
        if one["type"] == "section" and not 0 < len(one["text"]["text"]) <= 3000:
            yield f"a section of {len(one['text']['text'])} characters"
        if one["type"] == "image" and not 0 < len(one["alt_text"]) <= 2000:
            yield f"an alt text of {len(one['alt_text'])} characters"
