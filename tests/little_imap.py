"""A small IMAP server on loopback, which can have a bad day."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from threading import Thread

Answer = Iterator[bytes]


@dataclass(slots=True)
class LittleImap:
    """Serves one folder of `mails`, by their UIDs, to the account `bounces` with `secret`.

    `breaks_after` so many bodies it hangs up; with `silent` it says nothing at all. `said` keeps
    the commands, without passwords, and `seen` the UIDs that were marked. At a mail that it
    `refuses` its answer ends; to the commands in `no` it says that and nothing else.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    capabilities: str = "IMAP4rev1"
    password: str = "secret"
    breaks_after: int | None = None
    silent: bool = False
    read_only: bool = False
    refuses: set[int] = field(default_factory=set)
    no: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    port: int = 0

    @contextmanager
    def running(self) -> Iterator["LittleImap"]:
        """Serve until the end of the block."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            Thread(target=self._accept, args=(listener,), daemon=True).start()
            yield self
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, line.makefile("rwb") as file, suppress(OSError, EOFError):
            if self.silent:
                file.read()
                return
            file.write(b"* OK ready\r\n")
            file.flush()
            for command in file:
                tag, _, rest = command.decode().strip().partition(" ")
                for answer in self._answer(tag, rest, file):
                    file.write(answer)
                file.flush()
                if rest == "LOGOUT":
                    return

    def _answer(self, tag: str, rest: str, file) -> Answer:
        word, _, arguments = rest.partition(" ")
        hidden = {"LOGIN"}
        self.said.append(word if word in hidden else rest)
        if rest.startswith("UID "):
            word, _, arguments = arguments.partition(" ")
            word = f"UID {word}"
        if word in self.no:
            yield f"{tag} NO {self.no[word]}\r\n".encode()
            return
        answer = getattr(self, f"_{word.lower().replace(' ', '_')}", None)
        if answer is None:
            yield f"{tag} BAD not known\r\n".encode()
            return
        end = "OK done"
        try:
            yield from answer(arguments)
        except PermissionError as error:
            end = f"NO {error}"
        yield f"{tag} {end}\r\n".encode()

    def _capability(self, _: str) -> Answer:
        yield f"* CAPABILITY {self.capabilities}\r\n".encode()

    def _noop(self, _: str) -> Answer:
        yield f"* {len(self.mails)} EXISTS\r\n".encode()

    def _logout(self, _: str) -> Answer:
        yield b"* BYE\r\n"

    def _login(self, arguments: str) -> Answer:
        if arguments != f'"bounces" "{self.password}"':
            raise PermissionError("[AUTHENTICATIONFAILED] wrong")
        yield b""

    def _select(self, folder: str) -> Answer:
        if folder not in {'"INBOX"', '"Bounces"'}:
            raise PermissionError("no such folder")
        yield f"* {len(self.mails)} EXISTS\r\n".encode()
        yield f"* OK [UIDVALIDITY {self.validity}]\r\n".encode()
        if self.read_only:
            yield b"* OK [READ-ONLY] so it is\r\n"

    _examine = _select

    def _fetch(self, arguments: str) -> Answer:
        places, _, what = arguments.partition(" ")
        first, _, last = places.partition(":")
        uids = islice(self.mails, int(first) - 1, int(last or first))
        for place, uid in enumerate(uids, start=int(first)):
            size = f" RFC822.SIZE {len(self.mails[uid])}" if "SIZE" in what else ""
            yield f"* {place} FETCH (UID {uid}{size})\r\n".encode()

    def _uid_fetch(self, arguments: str) -> Answer:
        uids, _, what = arguments.partition(" ")
        most = int(re.findall(r"<0\.(\d+)>", what)[0])
        for number, uid in enumerate(map(int, uids.split(","))):
            if number == self.breaks_after:
                raise EOFError
            if uid in self.refuses:
                raise PermissionError("[SERVERBUG] internal error")
            if uid in self.mails:
                mail = self.mails[uid][:most]
                head = f"* {number + 1} FETCH (UID {uid} BODY[]<0> {{{len(mail)}}}\r\n"
                yield head.encode() + mail + b")\r\n"

    def _uid_store(self, arguments: str) -> Answer:
        if self.read_only:
            raise PermissionError("read-only")
        self.seen |= set(map(int, arguments.partition(" ")[0].split(",")))
        yield b""
