"""Waits on 127.0.0.1 for the browser of somebody who has agreed at a network (RFC 8252, 7.3)."""

from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from dispatch.clock import system_timer
from dispatch.errors import BadInput
from dispatch.pipeline.access.consent import MOST, ConsentFailed

if TYPE_CHECKING:
    from dispatch.pipeline.access.consent import Way

HERE = "127.0.0.1"
PATIENCE_SECONDS = 5
"""For what one connection says, so that one that is silent stops nobody else."""

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>dispatch</title>
<style>body {{font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto;
padding: 0 1rem; color-scheme: light dark}}</style><h1>{head}</h1><p>{text}</p></html>
"""


class Listener:
    """One port, as long as somebody is away."""

    def __init__(self, port: int) -> None:
        """Take the port, any free one for 0; raises BadInput."""
        try:
            self._server = _Server((HERE, port), _Handler)
        except OSError as error:
            raise BadInput(
                [f"{HERE}:{port}: cannot listen there ({error.strerror}) - choose another --port"]
            ) from error

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://{HERE}:{self._server.server_port}/"

    def wait(self, way: "Way", *, seconds: float) -> Mapping[str, str]:
        """What the first who comes back on this way has brought; raises ConsentFailed.

        Others are told that they are wrong here, and the wait goes on.
        """
        end = system_timer() + seconds
        self._server.way = way
        while self._server.came is None:
            left = end - system_timer()
            if left <= 0:
                raise ConsentFailed(f"{way.channel}: nobody came back in time - begin anew")
            self._server.timeout = left
            self._server.handle_request()
        return self._server.came


class _Server(HTTPServer):
    way: "Way | None" = None
    came: Mapping[str, str] | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no trouble of ours."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE_SECONDS

    def do_GET(self) -> None:
        """Take what somebody brings, if they are who we wait for."""
        address = urlsplit(self.path[: 4 * MOST])
        came = dict(parse_qsl(address.query))
        if address.path != "/" or "state" not in came:
            self._answer(HTTPStatus.NOT_FOUND, "Nothing is here", "dispatch waits for a network.")
        elif self.server.way is None or not self.server.way.is_for(came):
            text = "That is not the way that was begun. Take the address that dispatch has printed."
            self._answer(HTTPStatus.BAD_REQUEST, "Not this one", text)
        else:
            self.server.came = came
            head = "You said no" if "error" in came else "You are back"
            self._answer(HTTPStatus.OK, head, "Go on in the terminal; this page can be closed.")

    def log_message(self, *_: object) -> None:
        """Nothing: a line of it would have the code in it."""

    def _answer(self, status: HTTPStatus, head: str, text: str) -> None:
        body = PAGE.format(head=head, text=text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)
