"""A mail service over HTTP, on loopback: it sends nothing, and remembers who would have got it.

It takes calls as SendGrid, Mailgun, Resend and Postal do, each at its own path. It is a process of
its own, so that whoever sends can be killed beside it. `recording_service` starts one.
"""

import asyncio
import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.utils import getaddresses
from typing import Any
from urllib.parse import parse_qs

import httpx
from pydantic_core import from_json

FAULTS = {
    "429": (429, {}, b'{"message": "too many requests"}'),
    "413": (413, {}, b'{"message": "payload too large"}'),
    "500": (500, {}, b'{"message": "internal error"}'),
    "html": (200, {"Content-Type": "text/html"}, b"<html><body>It works!</body></html>"),
    "half": (200, {}, b'{"id": "<2026'),
}
"""What it can be told to answer, by name; `429:5` asks for 5 seconds of patience. Besides there are
`silence`, `cut` (it ends the connection) and `slow:2` (it answers well, after so many seconds)."""

TURNED_DOWN = frozenset({"429", "413"})
"""Those after which nobody gets anything; after the others everybody does, which is the worst."""

SENDGRID = "/v3/mail/send"


@dataclass
class Service:
    """What it knows: who got how many, what it does next, and whom it does not take.

    `bad` addresses have a call turned down as a whole, by each service in its own way. Each answer
    comes `seconds` later.
    """

    taken: Counter[str] = field(default_factory=Counter)
    sizes: list[int] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)  # number of the call, from 1 -> fault
    bad: frozenset[str] = frozenset()
    seconds: float = 0.0
    calls: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, call after call."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                headers = _headers(head)
                if headers.get("expect"):
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                if path.startswith("/_"):
                    writer.write(_response(200, {}, self._tell(path, body)))
                elif not await self._answer(path, headers, body, writer):
                    break
                await writer.drain()
        writer.close()

    def _tell(self, path: str, body: bytes) -> bytes:
        if path == "/_plan":
            plan = json.loads(body)
            self.faults = {self.calls + int(n): what for n, what in plan["faults"].items()}
            self.bad, self.seconds = frozenset(plan["bad"]), plan["seconds"]
        known = {"taken": self.taken, "sizes": self.sizes, "calls": self.calls}
        return json.dumps({} if path == "/_plan" else known).encode()

    async def _answer(
        self, path: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter
    ) -> bool:
        """Take a call or not; whether the connection goes on."""
        self.calls += 1
        fault, _, detail = self.faults.get(self.calls, "").partition(":")
        kind = headers.get("content-type", "")
        if path == SENDGRID and not (fault or self.bad or self.seconds):
            # Its yes names nobody. So whoever calls need not wait until we have read for whom it
            # is, which is not what is measured. Nobody else is answered before we have.
            writer.write(_yes(path, self.calls, []))
            self._take(recipients(path, kind, body))
            return True
        to = recipients(path, kind, body)
        bad = [at for at, one in enumerate(to) if one in self.bad]
        if fault not in TURNED_DOWN and not bad:
            self._take(to)
        await asyncio.sleep(float(detail) if fault == "slow" else self.seconds)
        if fault == "silence":
            await asyncio.sleep(3600)
        if fault == "cut":
            return False
        if fault in FAULTS:
            status, fields, answer = FAULTS[fault]
            fields = {**fields, "Retry-After": detail} if detail else fields
            writer.write(_response(status, fields, answer))
        elif bad:
            writer.write(_refusal(path, bad))
        else:
            writer.write(_yes(path, self.calls, to))
        return True

    def _take(self, to: list[str]) -> None:
        self.taken.update(to)
        self.sizes.append(len(to))


def recipients(path: str, kind: str, body: bytes) -> list[str]:
    """Whom a call is for, in its order."""
    if path.endswith(("/messages", "/messages.mime")):  # Mailgun
        return _mailgun(kind, body)
    said: Any = from_json(body or b"{}")  # twice as fast as json: it must not be what is measured
    if path == SENDGRID:
        return [one["to"][0]["email"] for one in said["personalizations"]]
    if path.startswith("/emails"):  # Resend
        mails = said if isinstance(said, list) else [said]
        return [_bare(one["to"] if isinstance(one["to"], str) else one["to"][0]) for one in mails]
    return list(said["rcpt_to"])  # Postal


def _mailgun(kind: str, body: bytes) -> list[str]:
    if kind.startswith("multipart/"):
        parts = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        fields = [
            str(part.get_payload(decode=True).decode())  # type: ignore[union-attr]
            for part in parts.walk()
            if part.get_param("name", header="content-disposition") == "to"
        ]
    else:
        fields = parse_qs(body.decode())["to"]
    return [address for _, address in getaddresses(fields)]


def _bare(mailbox: str) -> str:
    return getaddresses([mailbox])[0][1]


def _yes(path: str, number: int, to: list[str]) -> bytes:
    if path == SENDGRID:
        return _response(202, {"X-Message-Id": f"call-{number}"}, b"")
    if path.startswith("/emails/batch"):
        ids = [{"id": f"call-{number}-{one}"} for one in range(len(to))]
        return _response(200, {}, json.dumps({"data": ids}).encode())
    if path.endswith("/send/raw"):
        messages = {one: {"id": number} for one in to}
        said: dict[str, Any] = {"status": "success", "data": {"messages": messages}}
    else:
        said = {"id": f"<call-{number}@service.example>", "message": "Queued. Thank you."}
    return _response(200, {}, json.dumps(said).encode())


def _refusal(path: str, bad: list[int]) -> bytes:
    if path == SENDGRID:
        errors = [
            {
                "message": "Does not contain a valid address.",
                "field": f"personalizations.{at}.to.0.email",
                "help": None,
            }
            for at in bad
        ]
        return _response(400, {}, json.dumps({"errors": errors}).encode())
    if path.startswith("/emails"):
        said = {"statusCode": 422, "name": "validation_error", "message": "Invalid `to` field."}
        return _response(422, {}, json.dumps(said).encode())
    return _response(400, {}, b'{"message": "to parameter is not a valid address."}')


def _headers(head: str) -> dict[str, str]:
    lines = (line.partition(":") for line in head.split("\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _response(status: int, headers: dict[str, str], body: bytes) -> bytes:
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} said\r\n{lines}\r\n".encode() + body


class RecordingService:
    """One that runs as a process, for as long as its block.

    >>> with recording_service() as service:
    ...     service.calls
    0
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._http = httpx.Client(base_url=self.url, verify=False, trust_env=False)  # noqa: S501

    def plan(
        self,
        faults: dict[int, str] | None = None,
        *,
        bad: frozenset[str] = frozenset(),
        seconds: float = 0.0,
    ) -> None:
        """What it does from now on: `faults` by the number of the call, the next one being 1."""
        plan = {"faults": faults or {}, "bad": sorted(bad), "seconds": seconds}
        self._ask("/_plan", json.dumps(plan).encode())

    @property
    def copies(self) -> Counter[str]:
        """How many mails each recipient would have got."""
        return Counter(self._ask("/_known")["taken"])

    @property
    def sizes(self) -> list[int]:
        """How many recipients each call had that was taken."""
        return list(self._ask("/_known")["sizes"])

    @property
    def calls(self) -> int:
        """How many calls there were, taken or not."""
        return int(self._ask("/_known")["calls"])

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        return self._http.request("GET" if body is None else "POST", path, content=body).json()

    def close(self) -> None:
        """Ask it nothing any more."""
        self._http.close()


@contextmanager
def recording_service() -> Iterator[RecordingService]:
    """A new one, on a port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # The process takes over the socket, so that nobody else can get the port meanwhile.
        command = [sys.executable, "-m", __name__, str(listener.fileno())]
        process = subprocess.Popen(command, pass_fds=[listener.fileno()])  # noqa: S603 - this file
        port = listener.getsockname()[1]
    service = RecordingService(port)
    try:
        yield service
    finally:
        service.close()
        process.terminate()
        process.wait()


async def main() -> None:
    """Listen on a socket that whoever started us has opened."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    server = await asyncio.start_server(Service().serve, sock=listener, limit=1 << 20)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
