"""Discord's requests, judged by its own OpenAPI description, and a rule that it leaves out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from vendors.descriptions.forms import read_form
from vendors.descriptions.openapi import judge


def discord(folder: Path) -> Callable[[httpx.Request], list[str]]:
    described = json.loads((folder / "discord.openapi31.json").read_text("utf-8"))
    by_description = judge(described, base="/api/v10")

    def objections(request: httpx.Request) -> list[str]:
        if request.method not in {"PATCH", "POST"}:
            return by_description(request)
        body, files = _body(request)
        return [
            *by_description(
                httpx.Request(
                    request.method,
                    request.url,
                    headers={"content-type": "application/json"},
                    content=json.dumps(body),
                )
            ),
            *_rules(body, files),
        ]

    return objections


def _body(request: httpx.Request) -> tuple[Any, set[str]]:
    if "multipart" not in request.headers["content-type"]:
        return json.loads(request.content), set()
    texts, files = read_form(request)
    return json.loads(texts["payload_json"]), {one.field for one in files}


def _rules(body: Any, files: set[str]) -> list[str]:
    """A message is not empty, and each of its files is told of.

    From https://docs.discord.com/developers/resources/webhook#execute-webhook and
    https://docs.discord.com/developers/reference#uploading-files.
    """
    told = {f"files[{one['id']}]" for one in body.get("attachments", ())}
    minded = [] if told == files else [f"attachments: {told} for {files}"]
    if not (body.get("content") or body.get("embeds") or files):
        minded.append("an empty message")
    return minded
