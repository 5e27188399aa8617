"""A real Bluesky server on loopback, where one is installed, and a line to it that may break.

It is the npm package @atproto/dev-env, in the folder that DISPATCH_TEST_PDS names. Its directory
of identities runs beside it, so that it asks nobody on the network.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from dispatch.http import new_client
from loopback import free_port, running
from vendors.on_loopback import on_loopback

FOLDER = os.environ.get("DISPATCH_TEST_PDS", "")
NODE = shutil.which("node")
MISSING = "" if FOLDER and NODE else "DISPATCH_TEST_PDS or node is missing: no Bluesky server"

HANDLE, PASSWORD = "letter.test", "password-of-the-account"


@dataclass
class BlueskyServer:
    """One with an account, `did`, and an app password for it."""

    address: str
    did: str = ""
    app_password: str = ""
    _token: str = field(default="", repr=False)

    def call(self, method: str, what: str, **said: Any) -> Any:
        """What it answers in the account's own name."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        with new_client() as http:
            reply = http.request(method, f"{self.address}/xrpc/{what}", headers=headers, **said)
        return reply.raise_for_status().json()

    def begin(self) -> None:
        """Make the account and its app password."""
        who = {"handle": HANDLE, "email": "letter@example.org", "password": PASSWORD}
        made = self.call("POST", "com.atproto.server.createAccount", json=who)
        self.did, self._token = made["did"], made["accessJwt"]
        named = {"name": "dispatch"}
        made = self.call("POST", "com.atproto.server.createAppPassword", json=named)
        self.app_password = made["password"]

    def records(self) -> list[dict[str, Any]]:
        """All posts there are, the oldest key first."""
        query = {"repo": self.did, "collection": "app.bsky.feed.post", "reverse": True}
        return self.call("GET", "com.atproto.repo.listRecords", params=query)["records"]

    def posts(self) -> list[dict[str, Any]]:
        """What they say."""
        return [one["value"] for one in self.records()]


@contextmanager
def bluesky_server(folder: Path) -> Iterator[BlueskyServer]:
    """It keeps what it has in this folder."""
    port, directory = free_port(), free_port()
    script = Path(__file__).with_suffix(".js")
    environ = os.environ | {"NODE_PATH": f"{FOLDER}/node_modules", "TMPDIR": str(folder)}
    command = [NODE, str(script), str(port), str(directory)]
    with running(command, port, environ):
        server = BlueskyServer(f"http://localhost:{port}")
        server.begin()
        yield server


@contextmanager
def losing(server: BlueskyServer, what: str) -> Iterator[str]:
    """Another address of it, whose answer to the first call of `what` is lost on the way."""
    calls = []
    with new_client() as http:

        def relay(request: httpx.Request) -> httpx.Response:
            address = server.address + request.url.raw_path.decode()
            kept = {
                name: value
                for name, value in request.headers.items()
                if name not in {"host", "content-length", "accept-encoding", "connection"}
            }
            said = http.request(request.method, address, headers=kept, content=request.content)
            if what in address:
                calls.append(address)
            if len(calls) == 1 and what in address:
                return httpx.Response(502)  # as a gateway says that passed it on
            body = said.text.replace(server.address, ours)  # also where the account is
            return httpx.Response(said.status_code, text=body)

        with on_loopback(relay) as ours:
            yield ours
