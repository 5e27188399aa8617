"""Kinds of values that several providers ask for under `options:`."""

import json
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, JsonValue, SecretStr, ValidationInfo


def _in_workspace(path: Path, info: ValidationInfo) -> Path:
    folder = (info.context or {}).get("folder")
    path = path.expanduser()
    return Path(folder) / path if folder else path


WorkspacePath = Annotated[Path, AfterValidator(_in_workspace)]
"""A path; a relative one starts at the workspace's folder, given as validation context `folder`.

A model with a default of this kind needs `validate_default=True`.
"""


def _web_address(address: str) -> str:
    parts = urlsplit(address)  # raises ValueError by itself for a broken IPv6 address
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is no web address - write all of it, beginning with https://")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise ValueError("would go over the network unencrypted - let it start with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("contains a login - use the options that are meant for it")
    return address.rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An https address, or http on this very machine; without a slash at its end."""


def secret_address(address: SecretStr) -> SecretStr:
    """The same, checked as a `WebAddress`; nothing that is said of it shows it."""
    return SecretStr(_web_address(address.get_secret_value()))


SecretAddress = Annotated[SecretStr, AfterValidator(secret_address)]
"""A `WebAddress` that lets in whoever knows it, such as a chat's webhook.

A field that may be left out is `SecretStr | None`, with `secret_address` as its validator.
"""

TELLING = 16
"""Letters from which on a part of an address is taken for what only we are to know."""


def secrets_of(address: SecretStr) -> tuple[SecretStr, ...]:
    """The parts of an address that nobody is to see: of its path and query, the long ones.

    Its host may be shown, and words such as "webhooks" may stand in a message.
    """
    parts = urlsplit(address.get_secret_value())
    found = re.split(r"[/?&=]", f"{parts.path}?{parts.query}")
    long = dict.fromkeys(one for each in found for one in (each, unquote(each)))
    return tuple(SecretStr(one) for one in long if len(one) >= TELLING)


def _api_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.query or parts.fragment:
        raise ValueError("has more than an address - leave out all from ? or # on")
    if version := VERSION.search(parts.path):
        rest = f"{parts.scheme}://{parts.netloc}{parts.path[: version.start()]}"
        raise ValueError(f"has a path that dispatch adds by itself - write {rest}")
    return address


VERSION = re.compile(r"/(api/)?v\d+(\.\d+|(alpha|beta)\d*)?(/|$)")
"""Where the paths of an API begin, such as /v3/mail/send."""

ApiAddress = Annotated[WebAddress, AfterValidator(_api_address)]
"""Where an API is: as `WebAddress`, without the version and what follows it."""


def _writable(extra: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    try:
        json.dumps(extra, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        raise ValueError("cannot be written as JSON - give texts, numbers and lists") from error
    return extra


def _to_nobody_else(extra: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Whoever else gets a mail gets its reader's own links, and bounces in the reader's name."""
    for key in extra:
        if key.lower() in {"cc", "bcc"}:
            raise ValueError(
                f"'{key}' would send what is for one reader to others, too"
                " - take it away, and have them subscribe"
            )
    return extra


Extra = Annotated[
    Mapping[str, JsonValue],
    AfterValidator(_writable),
    AfterValidator(_to_nobody_else),
    Field(
        description="further fields of the request, passed on as they are; dispatch's own stay",
        examples=[{"field": "value"}],
    ),
]
"""What the service knows and the adapter does not yet, by the service's own names.

A provider has it as `extra: Extra = {}`, and sends `{**options.extra, ...its own}`.
"""
