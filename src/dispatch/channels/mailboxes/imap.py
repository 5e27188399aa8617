"""A mailbox at a mail server, by IMAP (RFC 3501): told by numbers what is new, and read in parts.

Mails are found by their place first and known by their UID: no answer names more of them than a
portion has, however many there are. Nothing is deleted.
"""

import imaplib
import re
import ssl
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from typing import Any

from dispatch.channels.mailboxes.imap_connection import (
    End,
    ImapConnection,
    folder_name,
    is_for_now,
    log_in,
    says,
    why_not,
)
from dispatch.channels.mailboxes.mailbox import MOST_BYTES, MOST_MAILS, Portion
from dispatch.errors import MailboxUnavailable
from dispatch.masking import Mask
from dispatch.model.delivery.bounce_mailbox import ImapPlan

SECONDS = 60.0
"""For each answer."""

TOTAL_SECONDS = 900.0
"""For one visit, however slowly its answers come: then the line is cut."""

LOOKED_AT = 500
"""Mails whose numbers are asked for at once."""

PORTION_BYTES = 8_000_000

MOST_TRIED = 10
"""Mails that are asked for one by one, to see whether the server gives out any."""

_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b")


class ImapMailbox:
    """One folder, open; for one thread."""

    def __init__(
        self,
        plan: ImapPlan,
        password: str,
        *,
        ca_file: str = "",
        seconds: float = SECONDS,
        total: float = TOTAL_SECONDS,
    ) -> None:
        """Connect, log in and open the folder. Raises MailboxUnavailable."""
        self._plan = plan
        self._hide = Mask(password)
        self._seconds = seconds
        self._found: deque[tuple[int, int]] = deque()
        self.trouble = ""
        trusted = trust(plan, ca_file)
        self._end = End(total)
        try:
            with self._explained():
                self._line = ImapConnection(plan, trusted, self._end, seconds)
                log_in(self._line, plan, password)
                self._may_mark = self._open_folder()
        except BaseException:
            self.close()
            raise
        self.validity = self._number("UIDVALIDITY")
        self._count = self._number("EXISTS")

    def take(self, last: int) -> Portion | None:
        """The next mails behind this UID, as many as a portion takes."""
        with self._explained():
            if not self._found:
                self._look_behind(last)
            if not self._found:
                return None
            return self._portion(self._next())

    def mark(self, portion: Portion, understood: Collection[str]) -> None:
        """Show those that told something as read; the others are new for whoever looks."""
        named = ",".join(name for name, _ in portion.mails if name in understood)
        if named and self._may_mark:
            with self._explained(), suppress(imaplib.IMAP4.readonly):
                # That it may not be done is no harm: how far we have read is kept here.
                self._line.uid("STORE", named, "+FLAGS.SILENT", r"(\Seen)")

    def close(self) -> None:
        """Take leave, and cut the line."""
        self._end.call_off()
        if not hasattr(self, "_line"):
            return
        with suppress(OSError, imaplib.IMAP4.error, ValueError):
            self._line.sock.settimeout(min(self._seconds, 5))
            self._line.logout()
        with suppress(OSError):
            self._line.shutdown()

    def _open_folder(self) -> bool:
        """Open it to read and to mark; whether the latter is possible."""
        folder = folder_name(self._plan.folder)
        try:
            kind, said = self._line.select(folder)
        except imaplib.IMAP4.readonly:
            kind, said = self._line.select(folder, readonly=True)
            return False
        if kind != "OK":
            words = self._hide(says(said))
            advice = "it is tried again" if is_for_now(words) else "correct 'folder'"
            raise MailboxUnavailable(
                f"imap {self._plan}: the folder cannot be opened ({words}) - {advice}"
            )
        return True

    def _look_behind(self, last: int) -> None:
        """Find the numbers and sizes of the next mails."""
        self._line.noop()  # which tells what has come and gone
        came, gone = self._told("EXISTS"), self._told("EXPUNGE")
        self._count = came[-1] if came else self._count - len(gone)
        if self._count < 1 or self._uid_at(self._count) <= last:
            return
        first = self._first_behind(last) if last else 1
        several = f"{first}:{min(first + LOOKED_AT - 1, self._count)}"
        for line in self._told_of(several, "(UID RFC822.SIZE)"):
            uid, size = _UID.search(_text(line)), _SIZE.search(_text(line))
            if uid and int(uid[1]) > last:
                self._found.append((int(uid[1]), int(size[1]) if size else MOST_BYTES))

    def _first_behind(self, last: int) -> int:
        """The place of the first mail behind a UID, as UIDs grow with places."""
        low, high = 1, self._count
        while low < high:
            middle = (low + high) // 2
            if self._uid_at(middle) > last:
                high = middle
            else:
                low = middle + 1
        return low

    def _uid_at(self, place: int) -> int:
        lines = self._told_of(str(place), "(UID)")
        found = [int(one[1]) for line in lines if (one := _UID.search(_text(line)))]
        return found[0] if found else 0

    def _told_of(self, places: str, what: str) -> list[Any]:
        kind, lines = self._line.fetch(places, what)
        if kind != "OK":
            raise self._not_now(lines)
        return lines

    def _next(self) -> list[int]:
        """The UIDs of the next portion."""
        some: list[int] = []
        size = 0
        while self._found and len(some) < MOST_MAILS and (not some or size < PORTION_BYTES):
            uid, bytes_of_it = self._found.popleft()
            some.append(uid)
            size += min(bytes_of_it, MOST_BYTES)
        return some

    def _portion(self, uids: list[int]) -> Portion:
        """These mails; where the server gives some only, those up to the first that it does not."""
        refused, mails = self._fetch(uids)
        if not refused:
            return Portion(mails, uids[-1])
        self._found.clear()
        got = {int(name): (name, mail) for name, mail in mails}
        front = list(takewhile(got.__contains__, uids))
        if front:
            return Portion([got[uid] for uid in front], front[-1])
        return self._first_of(uids)

    def _first_of(self, uids: list[int]) -> Portion:
        """The first by itself; passed over if it is the only one that the server does not give.

        Otherwise the server is unwell, and every mail waits until it is not.
        """
        first, *others = uids
        refused, mails = self._fetch([first])
        if refused:
            if not any(self._fetch([other])[1] for other in others[:MOST_TRIED]):
                raise self._not_now(refused)
            refused, mails = self._fetch([first])
        if refused:
            words = self._hide(says(refused))
            self.trouble = (
                f"imap {self._plan}: the mail with UID {first} cannot be read ({words})"
                " - look at it at the server; the others are read"
            )
        return Portion(mails, first)

    def _not_now(self, said: list[Any]) -> MailboxUnavailable:
        words = self._hide(says(said))
        return MailboxUnavailable(
            f"imap {self._plan}: gives out no mails ({words}) - it is tried again"
        )

    def _fetch(self, uids: list[int]) -> tuple[list[Any], list[tuple[str, bytes]]]:
        """What was said if not all could be given, and the mails."""
        what = f"(UID BODY.PEEK[]<0.{MOST_BYTES}>)"
        kind, lines = self._line.uid("FETCH", ",".join(map(str, uids)), what)
        if kind != "OK":
            _, given = self._line.response("FETCH")
            return lines, self._mails_in(given, uids)
        return [], self._mails_in(lines, uids)

    @staticmethod
    def _mails_in(lines: list[Any], uids: list[int]) -> list[tuple[str, bytes]]:
        mails, wanted = [], set(uids)
        for at, line in enumerate(lines):
            if not isinstance(line, tuple):
                continue
            behind = _text(lines[at + 1]) if at + 1 < len(lines) else b""
            uid = _UID.search(line[0]) or _UID.search(behind)
            if uid and int(uid[1]) in wanted:
                mails.append((uid[1].decode(), bytes(line[1])[:MOST_BYTES]))
        return mails

    def _number(self, name: str) -> int:
        return (self._told(name) or [0])[-1]

    def _told(self, name: str) -> list[int]:
        """Numbers that the server has told by the way, the last of them last."""
        _, values = self._line.response(name)
        return [int(one) for one in values if isinstance(one, bytes) and one.isdigit()]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Say in words what is wrong; nothing has been lost by it."""
        try:
            yield
        except MailboxUnavailable:
            raise
        except (OSError, ValueError, imaplib.IMAP4.error) as error:
            if self._end.came:
                problem = "has taken too long - look whether the server is well; it is tried again"
            else:
                problem = why_not(error, self._seconds, self._hide)
            raise MailboxUnavailable(f"imap {self._plan}: {problem}") from error


def trust(plan: ImapPlan, ca_file: str) -> ssl.SSLContext | None:
    """Whom we believe that they are the server; None where nothing is encrypted."""
    if plan.security == "none":
        return None
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        raise MailboxUnavailable(
            f"imap {plan}: certificate file {plan.ca_file} unreadable - correct ca_file"
        ) from error


def _text(line: Any) -> bytes:
    """One line of an answer, without the mail that stands in it."""
    if isinstance(line, tuple):
        return bytes(line[0])
    return line if isinstance(line, bytes) else b""
