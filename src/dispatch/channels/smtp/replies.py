"""A mail server's answers, cut out of what comes from it; one without an end is noticed."""

MOST_LINES = 100
MOST_KILOBYTES = 64
"""Of one answer. EHLO takes the most, with twenty lines; RFC 5321 knows lines of 512 bytes."""

MOST_BYTES = MOST_KILOBYTES * 1024


class Replies:
    """Cuts what comes into whole answers, each with all of its lines and LF between them.

    `endless` says in words what is wrong with an answer that takes no end; nothing that comes
    after it means anything. `begun`: whether a part of an answer is here.
    """

    __slots__ = ("_lines", "_rest", "_size", "endless")

    def __init__(self) -> None:
        self.endless = ""
        self._lines: list[bytes] = []
        self._rest = b""
        self._size = 0

    @property
    def begun(self) -> bool:
        return bool(self._lines or self._rest)

    def cut(self, data: bytes) -> list[bytes]:
        r"""The answers that are whole by now, in order.

        >>> Replies().cut(b"250-a.example\r\n250 HELP\r\n354 go")
        [b'250-a.example\r\n250 HELP\r']
        """
        if not self._rest and not self._lines and b"-" not in data and data[-1:] == b"\n":
            whole = data.split(b"\n")  # as nearly always: whole answers of one line each
            whole.pop()
            return whole
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        whole = []
        for line in lines:
            self._lines.append(line)
            self._size += len(line) + 1
            if self._is_too_long(self._size):
                return whole
            if line[3:4] != b"-":
                whole.append(b"\n".join(self._lines))
                self._lines.clear()
                self._size = 0
        self._is_too_long(self._size + len(self._rest))
        return whole

    def _is_too_long(self, size: int) -> bool:
        if len(self._lines) > MOST_LINES:
            self.endless = f"more than {MOST_LINES} lines in one answer"
        elif size > MOST_BYTES:
            self.endless = f"more than {MOST_KILOBYTES} KB in one answer"
        return bool(self.endless)
