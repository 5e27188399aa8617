"""Requests judged by OpenAPI descriptions, as openapi-core reads them.

Of a description only the paths that are called are kept, as the rest costs seconds. A field that
it does not name counts as wrong, where it does not say otherwise: so a slip of the pen is found.
What a vendor takes and its description does not know is waived here, with the reason.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

Schema = dict[str, Any]


_PERSON: Schema = {
    "type": "object",
    "properties": {"email": {"type": "string"}, "name": {"type": "string"}},
    "required": ["email"],
}
_VERSIONS: Schema = {
    "type": "array",
    "maxItems": 1000,
    "items": {
        "type": "object",
        "properties": {
            "to": {"type": "array", "items": _PERSON, "maxItems": 99},
            "params": {"type": "object"},
            "bcc": {"type": "array", "items": _PERSON},
            "cc": {"type": "array", "items": _PERSON},
            "replyTo": _PERSON,
            "subject": {"type": "string"},
            "htmlContent": {"type": "string"},
            "textContent": {"type": "string"},
        },
        "required": ["to"],
    },
}
"""Younger than Brevo's description; from its own client libraries
(https://github.com/getbrevo/brevo-python, `SendSmtpEmailMessageVersions`) and
https://developers.brevo.com/docs/batch-send-transactional-emails (2026-11-29). Headers of a
version's own are in neither."""


def sendgrid(folder: Path) -> Callable[[httpx.Request], list[str]]:
    described = json.loads((folder / "sendgrid.openapi31.json").read_text("utf-8"))
    return judge(described, base="/v3")


def brevo(folder: Path) -> Callable[[httpx.Request], list[str]]:
    described = json.loads((folder / "brevo.openapi30.json").read_text("utf-8"))
    mail = described["components"]["schemas"]["sendSmtpEmail"]
    # "Mandatory if messageVersions are not passed", says its text, which the schema cannot.
    mail["required"] = [one for one in mail.get("required", ()) if one != "to"]
    mail["properties"].setdefault("messageVersions", _VERSIONS)
    return judge(described, base="/v3")


def resend(folder: Path) -> Callable[[httpx.Request], list[str]]:
    return judge(_yaml(folder / "resend.openapi31.yaml"))


def mailgun(folder: Path) -> Callable[[httpx.Request], list[str]]:
    described = _yaml(folder / "mailgun.openapi31.yaml")
    known: set[str] = set()
    for name in ("messages", "messages-mime"):
        form = f"POST-v3-domain_name-{name}-multipart-form-data-RequestBody"
        properties = described["components"]["schemas"][form]["properties"]
        known |= set(properties)
        # As in OpenAPI 3.0: in 3.1 what is binary has no type, so that bytes are no string.
        properties |= {key: {} for key in ("message", "attachment", "inline") if key in properties}
    for name in ("messages", "messages.mime"):
        taken = described["paths"][f"/v3/{{domain_name}}/{name}"]["post"]["requestBody"]["content"]
        # It takes calls without files like this, too: its own examples for curl do so.
        taken["application/x-www-form-urlencoded"] = taken["multipart/form-data"]
    by_description = judge(described)

    def objections(request: httpx.Request) -> list[str]:
        # Headers and variables have names of our own; a description cannot list them.
        strange = {name for name in _form_names(request) - known if not re.match(r"[hvt]:.", name)}
        return [f"{name}: no such field" for name in strange] + by_description(request)

    return objections


def mastodon(folder: Path) -> Callable[[httpx.Request], list[str]]:
    described = json.loads((folder / "mastodon.openapi31.json").read_text("utf-8"))
    schemas, paths = described["components"]["schemas"], described["paths"]
    for name in ("TextStatus", "MediaStatus", "PollStatus"):
        schemas[name] = _as_one_object(schemas[name], schemas)
    # Of a scheme that openapi-core knows: what it asks for is the header.
    described["components"]["securitySchemes"]["OAuth2"] = {"type": "http", "scheme": "bearer"}
    # It calls the key an object, and means "any arbitrary string".
    paths["/api/v1/statuses"]["post"]["parameters"][0]["schema"] = {"type": "string"}
    form = paths["/api/v2/media"]["post"]["requestBody"]["content"]["multipart/form-data"]
    form["schema"]["properties"]["file"] = {}  # bytes are no string, as with Mailgun
    return judge(described)


def _as_one_object(schema: Schema, schemas: Schema) -> Schema:
    """What is said in several parts, so that a field which none of them has is found."""
    whole: Schema = {"type": "object", "properties": {}, "required": []}
    for part in schema["allOf"]:
        one = schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
        whole["properties"] |= one["properties"]
        whole["required"] += one.get("required", [])
    return whole


def _form_names(request: httpx.Request) -> set[str]:
    if "multipart" in request.headers.get("content-type", ""):
        found = re.findall(rb'form-data; name="([^"]+)"', request.content)
        return {name.decode() for name in found}
    return set(parse_qs(request.content.decode(), keep_blank_values=True))


def _yaml(path: Path) -> Schema:
    return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def judge(described: Schema, *, base: str = "") -> Callable[[httpx.Request], list[str]]:
    @cache
    def reader(path: str) -> OpenAPI:
        item = {key: _strict(value, described) for key, value in described["paths"][path].items()}
        kept = {
            key: described[key] for key in ("openapi", "info", "components") if key in described
        }
        whole = {**kept, "servers": [{"url": base or "/"}], "paths": {path: item}}
        return OpenAPI.from_dict(whole, config=Config(spec_validator_cls=None))

    def objections(request: httpx.Request) -> list[str]:
        path = _path(request.url.path.removeprefix(base), described["paths"], request.method)
        if path is None:
            return [f"{request.method} {request.url.path}: no such call"]
        try:
            reader(path).validate_request(_Request(request))
        except OpenAPIError as error:
            return list(_reasons(error))
        return []

    return objections


def _path(called: str, paths: Schema, method: str) -> str | None:
    """The path of the description that is called: the one with the fewest variables."""
    found = [
        path
        for path in paths
        if method.lower() in paths[path]
        and re.fullmatch(re.sub(r"\\\{.+?\\\}", "[^/]+", re.escape(path)), called)
    ]
    return min(found, key=lambda path: path.count("{"), default=None)


def _strict(schema: Any, described: Schema, *, within: tuple[str, ...] = ()) -> Any:
    """The same with references followed, and no further fields in objects that name theirs."""
    if isinstance(schema, list):
        return [_strict(one, described, within=within) for one in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in within:
            return {}
        found: Any = described
        for part in reference.removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return _strict(found, described, within=(*within, reference))
    made = {
        key: value if key == "example" else _strict(value, described, within=within)
        for key, value in schema.items()
    }
    if isinstance(made.get("properties"), dict) and "allOf" not in made:
        made.setdefault("additionalProperties", False)
    return made


def _reasons(error: BaseException) -> Any:
    """What openapi-core means, from the inside out."""
    cause: BaseException | None = error
    while cause is not None:
        for one in getattr(cause, "schema_errors", ()):
            yield f"{'.'.join(map(str, one.absolute_path))}: {one.message[:300]}"
        if cause.__cause__ is None and not getattr(cause, "schema_errors", ()):
            yield f"{type(cause).__name__}: {cause}"
        cause = cause.__cause__


class _Request:
    """A request of httpx, as openapi-core asks about it."""

    def __init__(self, request: httpx.Request) -> None:
        self.host_url = f"{request.url.scheme}://{request.url.netloc.decode()}"
        self.path = request.url.path
        self.path_pattern = None
        self.method = request.method.lower()
        self.content_type = request.headers.get("content-type", "")
        self.body = request.content or None
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(request.url.params.multi_items()),
            header=Headers(request.headers.multi_items()),
        )
