"""A real web server on loopback whose answers a test writes itself."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


class FeedServer:
    """Answers by path; an answer writes to the request's handler. `requests` has their headers."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False  # waited for, so that no socket outlives the test
        self._server.handle_error = lambda *_: None  # a client that hangs up is part of the game

    def url(self, path: str = "/feed.xml", *, userinfo: str = "") -> str:
        return f"http://{userinfo}127.0.0.1:{self._server.server_port}{path}"

    def on(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return self.url(path)

    def gives(
        self, body: bytes, path: str = "/feed.xml", *, status: int = 200, **headers: str
    ) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.on(path, lambda handler: reply(handler, body, status=status, headers=named))

    def redirects(self, path: str, target: str, *, status: int = 301) -> str:
        return self.gives(b"", path, status=status, Location=target)

    def hangs(self, path: str = "/feed.xml") -> str:
        return self.on(path, lambda _: self._wait())

    def speaks_tls(self, context: ssl.SSLContext) -> None:
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def _wait(self) -> None:
        self.closing.wait(30)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.requests.append((self.path, dict(self.headers)))
                outer.answers.get(self.path, lambda handler: reply(handler, b"", status=404))(self)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    @contextmanager
    def running(self) -> Iterator["FeedServer"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.closing.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def reply(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> None:
    """An ordinary answer, on a connection that is closed afterwards."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.send_header("Connection", "close")
    handler.close_connection = True
    handler.end_headers()
    handler.wfile.write(body)


def chunks(handler: BaseHTTPRequestHandler, pieces: Iterator[bytes], **headers: str) -> None:
    """A chunked answer, for as long as the client listens."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    for piece in pieces:
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
    handler.wfile.write(b"0\r\n\r\n")
