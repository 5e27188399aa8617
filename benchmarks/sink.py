"""A mail server that throws everything away, quickly: it must not be what is measured.

`python -m benchmarks.sink PORT [MICROSECONDS]` answers each reply so much later, as a network
would, and prints what it took as JSON when it is told to end (SIGTERM).
"""

import json
import select
import signal
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field

ROOM = 1 << 18
"""Bytes read at once: some mails of the usual size."""

TAIL = 2048
"""Bytes at the end of a read in which a mail's end is looked for. After its dot a client can say
no more than MAIL, RCPT and DATA before it has to wait (RFC 2920, 3.1), so the end is in there;
to search the whole of each mail takes ten times as long."""

END = b"\r\n.\r\n"
GREETING = b"220 sink ESMTP\r\n"
HELLO = (
    b"250-sink\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250-8BITMIME\r\n"
    b"250-ENHANCEDSTATUSCODES\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n"
)
OK = b"250 2.0.0 Ok\r\n"
TAKEN = b"250 2.0.0 Ok: queued\r\n"
GO_ON = b"354 End data with <CR><LF>.<CR><LF>\r\n"
BYE = b"221 2.0.0 Bye\r\n"


@dataclass(slots=True)
class Counts:
    """What was taken; the names are those that a faster sink has to print."""

    msgs: int = 0
    bytes: int = 0
    conns: int = 0


@dataclass(slots=True)
class Conversation:
    """One connection: `rest` is an unfinished line or end of mail, `chunk` the bytes to come."""

    line: socket.socket
    counts: Counts
    rest: bytes = b""
    in_data: bool = False
    chunk: int = 0
    last_chunk: bool = False
    over: bool = False
    _answers: list[bytes] = field(default_factory=list)

    def hear(self, data: memoryview) -> bytes:
        """What to answer to `data`."""
        start = 0
        if self.rest:
            data, self.rest = memoryview(self.rest + data), b""
        while start < len(data):
            if self.in_data:
                start = self._mail(data, start)
            elif self.chunk:
                start = self._chunk(data, start)
            else:
                start = self._command(data, start)
        said, self._answers = b"".join(self._answers), []
        return said

    def _mail(self, data: memoryview, start: int) -> int:
        tail = max(start, len(data) - TAIL)
        end = bytes(data[tail:]).find(END)
        if end < 0:
            kept = max(start, len(data) - len(END) + 1)
            self.rest = bytes(data[kept:])
            self.counts.bytes += kept - start
            return len(data)
        self.counts.bytes += tail + end + 2 - start
        self._take()
        self.in_data = False
        return tail + end + len(END)

    def _chunk(self, data: memoryview, start: int) -> int:
        size = min(self.chunk, len(data) - start)
        self.counts.bytes += size
        self.chunk -= size
        if not self.chunk:
            self._chunk_ends()
        return start + size

    def _chunk_ends(self) -> None:
        if self.last_chunk:
            self._take()
        else:
            self._answers.append(OK)

    def _command(self, data: memoryview, start: int) -> int:
        # A line has at most 512 bytes (RFC 5321, 4.5.3.1.4), and 2 KB hold a whole group.
        said = bytes(data[start : start + TAIL])
        end = said.find(b"\n")
        if end < 0:
            self.rest = said
            return len(data)
        line = said[:end]
        match line[:4].upper():
            case b"DATA":
                self._answers.append(GO_ON)
                self.in_data = True
            case b"BDAT":
                words = line.split()
                self.chunk, self.last_chunk = int(words[1]), len(words) > 2
                if not self.chunk:
                    self._chunk_ends()
            case b"EHLO":
                self._answers.append(HELLO)
            case b"QUIT":
                self._answers.append(BYE)
                self.over = True
            case _:
                self._answers.append(OK)
        return start + end + 1

    def _take(self) -> None:
        self.counts.msgs += 1
        self._answers.append(TAKEN)


class Server:
    """Listens on loopback; each answer goes out `delay` seconds after its question."""

    def __init__(self, port: int, delay: float, counts: Counts) -> None:
        self._delay = delay
        self._counts = counts
        self._server = socket.create_server(("127.0.0.1", port), backlog=1024)
        self._server.setblocking(False)
        self._poll = select.epoll()
        self._poll.register(self._server, select.EPOLLIN)
        self._conversations: dict[int, Conversation] = {}
        self._late: deque[tuple[float, Conversation, bytes]] = deque()
        self._room = memoryview(bytearray(ROOM))

    def serve(self) -> None:
        """Take mail, for ever."""
        while True:
            # epoll counts in milliseconds, and Python rounds up.
            wait = max(0.0, self._late[0][0] - time.monotonic()) if self._late else None
            for number, _ in self._poll.poll(wait):
                if number == self._server.fileno():
                    self._greet()
                elif number in self._conversations:
                    self._listen(self._conversations[number])
            while self._late and self._late[0][0] <= time.monotonic():
                _, conversation, answer = self._late.popleft()
                self._say(conversation, answer)

    def _greet(self) -> None:
        line, _ = self._server.accept()
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._counts.conns += 1
        conversation = Conversation(line, self._counts)
        self._conversations[line.fileno()] = conversation
        self._poll.register(line, select.EPOLLIN)
        self._say(conversation, GREETING)

    def _listen(self, conversation: Conversation) -> None:
        try:
            size = conversation.line.recv_into(self._room)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if not size:
            self._hang_up(conversation)
            return
        answer = conversation.hear(self._room[:size])
        if answer and self._delay:
            self._late.append((time.monotonic() + self._delay, conversation, answer))
        elif answer:
            self._say(conversation, answer)

    def _say(self, conversation: Conversation, words: bytes) -> None:
        try:
            conversation.line.send(words)
        except OSError:
            conversation.over = True  # or it is closed, and this answer comes too late
        if conversation.over:
            self._hang_up(conversation)

    def _hang_up(self, conversation: Conversation) -> None:
        self._conversations.pop(conversation.line.fileno(), None)
        conversation.line.close()


def main() -> None:
    """Take mail until SIGTERM."""
    counts = Counts()

    def end(*_: object) -> None:
        print(json.dumps({"msgs": counts.msgs, "bytes": counts.bytes, "conns": counts.conns}))
        sys.stdout.flush()
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    delay = float(sys.argv[2]) / 1e6 if len(sys.argv) > 2 else 0.0
    Server(int(sys.argv[1]), delay, counts).serve()


if __name__ == "__main__":
    main()
