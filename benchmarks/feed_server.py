"""A web server with one small feed at every address, which has not changed for who knows it.

`python -m benchmarks.feed_server PORT ENTRIES` listens on all of loopback until it is told to end.
"""

import asyncio
import sys

ETAG = '"as ever"'


def main() -> None:
    """Serve until the end."""
    port, entries = map(int, sys.argv[1:])
    asyncio.run(_serve(port, _answers(entries)))


def _answers(entries: int) -> tuple[bytes, bytes]:
    items = "".join(
        f"<item><title>Post {number}</title><guid>{number}</guid>"
        f"<link>https://blog.example/{number}</link>"
        f"<description>{'What it says. ' * 30}</description></item>"
        for number in range(entries)
    )
    body = f'<rss version="2.0"><channel><title>Blog</title>{items}</channel></rss>'.encode()
    head = f"ETag: {ETAG}\r\nContent-Length:"
    whole = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n{head} {len(body)}\r\n\r\n".encode()
    return whole + body, f"HTTP/1.1 304 Not Modified\r\n{head} 0\r\n\r\n".encode()


class _Connection(asyncio.Protocol):
    def __init__(self, answers: tuple[bytes, bytes]) -> None:
        self._whole, self._unchanged = answers
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._asked += data
        if self._asked.endswith(b"\r\n\r\n"):
            known = b"if-none-match" in self._asked.lower()
            self._asked = b""
            self._transport.write(self._unchanged if known else self._whole)


async def _serve(port: int, answers: tuple[bytes, bytes]) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answers), "0.0.0.0", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    main()
