"""Mailjet's requests, judged by the JSON Schema of its own library for the Send API v3.1."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError, best_match

OTHERS = {("GET", "/v3/REST/apikey"), ("GET", "/v3/REST/myprofile"), ("GET", "/v3/REST/sender")}
"""What may be called besides: https://dev.mailjet.com/email/reference/settings/."""


def mailjet(folder: Path) -> Callable[[httpx.Request], list[str]]:
    schema = json.loads((folder / "mailjet-send-v31.schema.json").read_text("utf-8"))
    validator = Draft7Validator(schema)

    def objections(request: httpx.Request) -> list[str]:
        call = (request.method, request.url.path)
        if call in OTHERS:
            return []
        if call != ("POST", "/v3.1/send"):
            return [f"{' '.join(call)}: no such call"]
        return said(validator, json.loads(request.content))

    return objections


def said(validator: Any, value: Any) -> list[str]:
    """What a validator of jsonschema minds, in words."""
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in map(_inmost, validator.iter_errors(value))
    ]


def _inmost(error: ValidationError) -> ValidationError:
    """Where a value fits none of several kinds: what is wrong with it as the likeliest of them."""
    return best_match([error]) or error
