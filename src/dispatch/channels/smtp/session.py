"""A connection to a mail server before mails go over it: one thing is said and answered at a time.

Each answer has one deadline, from when its command is said to its last line, however it comes: a
socket's own timeout is for one piece, and a piece may be one byte.
"""

import socket
import ssl
import time
from collections.abc import Callable

from dispatch.channels.smtp.answers import Hide, NotTaken, not_taken
from dispatch.channels.smtp.replies import Replies
from dispatch.errors import ProviderUnavailable

MOST_AT_ONCE = 16384
"""Bytes read at once: a whole record of TLS, so that nothing stays behind in the library."""


class Session:
    """Says commands to a server and hears answers; `features` is what EHLO has brought.

    `server` begins every sentence, and what is shown of the server's words goes by `hide`. All
    verbs raise ProviderUnavailable where nothing usable comes within `seconds`.
    """

    def __init__(self, sock: socket.socket, *, server: str, seconds: float, hide: Hide) -> None:
        self.sock = sock
        self.features: dict[str, str] = {}
        self.server = server
        self._seconds = seconds
        self._hide = hide
        self._replies = Replies()
        self._unasked: list[bytes] = []

    def greeting(self) -> bytes:
        """What the server says first."""
        return self._in_time("its greeting", self._hear)

    def ask(self, what: str, command: str) -> bytes:
        """The answer to a command; sentences call it `what`, as it may hold a password.

        Raises UnicodeError where the command is not ASCII.
        """
        said = f"{command}\r\n".encode("ascii")
        self.hears_nothing()

        def say_and_hear(until: float) -> bytes:
            self.sock.settimeout(_left(until))
            self.sock.sendall(said)
            return self._hear(until)

        return self._in_time(f"the answer to {what}", say_and_hear)

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on. Raises OSError where that cannot be, also for want of time."""
        self.hears_nothing()  # or somebody on the way could put answers in before the encryption
        self.sock.settimeout(self._seconds)  # of a handshake it is the total
        self.sock = context.wrap_socket(self.sock, server_hostname=host)

    def hears_nothing(self) -> None:
        """Raise ProviderUnavailable where more was said than has been asked for."""
        if self._unasked or self._replies.begun:
            raise self._gave_nothing("it says more than it is asked")

    def no(self, answer: bytes) -> NotTaken:
        """The answer, which is no yes, as people read it."""
        return not_taken("", answer, self._hide)

    def close(self) -> None:
        """Let go, without a word."""
        self.sock.close()

    def _in_time(self, what: str, wait: Callable[[float], bytes]) -> bytes:
        try:
            return wait(time.monotonic() + self._seconds)
        except TimeoutError as error:
            problem = f"{what} did not come within {self._seconds:g} seconds"
            raise self._gave_nothing(problem) from error
        except OSError as error:
            raise self._gave_nothing(f"it hung up before {what}") from error

    def _hear(self, until: float) -> bytes:
        while True:
            self.sock.settimeout(_left(until))
            data = self.sock.recv(MOST_AT_ONCE)
            if not data:
                raise ConnectionResetError
            answers = self._replies.cut(data)
            if answers:
                answer, *self._unasked = answers
                return answer
            if self._replies.endless:
                raise self._gave_nothing(f"it talks without end: {self._replies.endless}")

    def _gave_nothing(self, problem: str) -> ProviderUnavailable:
        return ProviderUnavailable(f"{self.server}: {problem} - check port and security")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
