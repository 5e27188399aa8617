"""Forms with files, as a vendor reads them (RFC 7578)."""

from dataclasses import dataclass
from email import message_from_bytes, policy

import httpx


@dataclass(frozen=True)
class File:
    """A file of a form; `field` is its place there."""

    field: str
    name: str
    kind: str
    data: bytes


def read_form(request: httpx.Request) -> tuple[dict[str, str], list[File]]:
    """The fields that are texts, and the files."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    whole = message_from_bytes(head + request.content, policy=policy.HTTP)
    texts, files = {}, []
    for part in whole.iter_parts():
        field = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if (name := part.get_filename()) is None:
            texts[field] = data.decode()
        else:
            files.append(File(field, name, part.get_content_type(), data))
    return texts, files
