"""Calls whose body is a form, as browsers send them."""

from collections.abc import Mapping, Sequence
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from urllib.parse import parse_qsl

from dispatch.channels.hooks.call import HookCall
from dispatch.errors import CallUnreadable

MOST_FIELDS = 1000


def form_of(call: HookCall) -> Mapping[str, Sequence[str]]:
    """The texts of each field, in their order; files are left out. Raises CallUnreadable.

    >>> form_of(HookCall(b"event=opened&tag=a&tag=b"))["tag"]
    ['a', 'b']
    """
    kind = call.header("content-type")
    parted = kind.lower().startswith("multipart/form-data")
    fields: dict[str, list[str]] = {}
    for name, value in _parts(kind, call.body) if parted else _pairs(call.body):
        fields.setdefault(name, []).append(value)
    return fields


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        text = body.decode("utf-8", "replace")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise CallUnreadable("the body is no form") from error


def _parts(kind: str, body: bytes) -> list[tuple[str, str]]:
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    try:
        found = BytesParser().parsebytes(head + body).get_payload()
        parts = found[:MOST_FIELDS] if isinstance(found, list) else []
        return [field for one in parts if isinstance(one, Message) and (field := _field(one))]
    except (MessageError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise CallUnreadable("the body is no form") from error


def _field(part: Message) -> tuple[str, str] | None:
    name = part.get_param("name", header="Content-Disposition")
    if not isinstance(name, str) or part.get_filename() is not None or part.is_multipart():
        return None
    body = part.get_payload(decode=True)
    return (name, body.decode("utf-8", "replace")) if isinstance(body, bytes) else None
