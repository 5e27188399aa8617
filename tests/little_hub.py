"""A small real hub on loopback (WebSub): it takes requests, asks back, and distributes.

It does each step when a test says so, because when it does it is what a test is about.
"""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx

TOPIC, CALLBACK = "hub.topic", "hub.callback"


@dataclass
class Subscriber:
    """Who wants to hear of a topic."""

    topic: str
    secret: str


class LittleHub:
    """What it was asked is in `requests`; who is subscribed, by callback, in `subscribers`."""

    def __init__(self, *, lease: int | None = 864_000) -> None:
        self.lease = lease
        self.status = 202
        self.location = ""
        self.asks_back_at_once = False  # before it answers, as older hubs do
        self.requests: list[dict[str, str]] = []
        self.subscribers: dict[str, Subscriber] = {}
        self._http = httpx.Client(verify=False)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hub"

    @property
    def last(self) -> dict[str, str]:
        return self.requests[-1]

    def modes(self) -> list[str]:
        return [one["hub.mode"] for one in self.requests]

    def ask_back(self, request: dict[str, str] | None = None, **changes: str) -> httpx.Response:
        """Ask whether the (last) request was meant; a challenge that comes back makes it so."""
        request = request or self.last
        query = {
            "hub.mode": request["hub.mode"],
            TOPIC: request[TOPIC],
            "hub.challenge": "a-challenge-of-the-hub",
        }
        if self.lease is not None:
            query["hub.lease_seconds"] = str(self.lease)
        query |= {name.replace("hub_", "hub."): value for name, value in changes.items()}
        answer = self._http.get(request[CALLBACK], params=query)
        if answer.status_code == 200 and answer.text == query["hub.challenge"]:
            if request["hub.mode"] == "subscribe":
                self.subscribers[request[CALLBACK]] = Subscriber(
                    request[TOPIC], request.get("hub.secret", "")
                )
            else:
                del self.subscribers[request[CALLBACK]]
        return answer

    def deny(self, reason: str) -> httpx.Response:
        query = {"hub.mode": "denied", TOPIC: self.last[TOPIC], "hub.reason": reason}
        return self._http.get(self.last[CALLBACK], params=query)

    def publish(
        self, body: bytes = b"<feed/>", *, method: str = "sha1", secret: str | None = None
    ) -> list[int]:
        """Tell all subscribers; what they answer."""
        statuses = []
        for callback, subscriber in list(self.subscribers.items()):
            key = subscriber.secret if secret is None else secret
            headers = {"Content-Type": "application/atom+xml"}
            if key:
                headers["X-Hub-Signature"] = sign(body, key, method)
            statuses.append(self._http.post(callback, content=body, headers=headers).status_code)
        return statuses

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: value for name, [value] in parse_qs(raw).items()}
                outer.requests.append(form)
                if outer.asks_back_at_once:
                    outer.ask_back(form)
                self.send_response(outer.status)
                if outer.location:
                    self.send_header("Location", outer.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    @contextmanager
    def running(self) -> Iterator["LittleHub"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
            self._http.close()


def sign(body: bytes, secret: str, method: str = "sha256") -> str:
    """The value of X-Hub-Signature."""
    mac = hmac.new(secret.encode(), body, getattr(hashlib, method))
    return f"{method}={mac.hexdigest()}"
