"""Telegram's requests, judged by a JSON Schema made of its page, https://core.telegram.org/bots/api."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from jsonschema import Draft202012Validator

from vendors.descriptions.forms import read_form
from vendors.descriptions.json_schema import said


def telegram(folder: Path) -> Callable[[httpx.Request], list[str]]:
    schema = json.loads((folder / "telegram-methods.schema.json").read_text("utf-8"))

    def objections(request: httpx.Request) -> list[str]:
        _, bot, method = (*request.url.path.split("/"), "", "")[:3]
        if not bot.startswith("bot") or method not in schema["methods"]:
            return [f"{request.url.path}: no such call"]
        described = {"$defs": schema["$defs"], **schema["methods"][method]}
        return said(Draft202012Validator(described), _parameters(request))

    return objections


def _parameters(request: httpx.Request) -> dict[str, Any]:
    """What is asked, in whichever of the four ways it may be."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return json.loads(request.content)
    if kind.startswith("multipart/form-data"):
        texts, files = read_form(request)
        return {key: _value(key, one) for key, one in texts.items()} | {
            one.field: one.name for one in files
        }
    return {key: _value(key, one) for key, one in parse_qsl(request.url.query.decode())}


def _value(key: str, written: str) -> Any:
    """A number, a flag or an object is written as JSON; a text is not."""
    if key in {"caption", "chat_id", "parse_mode", "text"}:
        return written
    return json.loads(written)
