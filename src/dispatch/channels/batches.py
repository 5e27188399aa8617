"""Messages cut into batches that a provider takes by one call each."""

from collections.abc import Iterable

from dispatch.channels.provider import Capabilities
from dispatch.model.delivery.message import EmailForm, EmailMessage, FilledEmail, Mail, Message

ENVELOPE = 500
"""Bytes that a message adds to a call besides what it says: addresses, keys, brackets."""


class Batches:
    """Messages that wait for a call, by their form: the fullest batch is the next one."""

    def __init__(self, declared: Capabilities) -> None:
        self._declared = declared
        self._waiting: dict[int, dict[str, Message]] = {}  # kind -> id -> message, in their order
        self._number = 0

    def __len__(self) -> int:
        return self._number

    def add(self, messages: Iterable[Message]) -> None:
        """Have them wait."""
        for one in messages:
            self._waiting.setdefault(self._kind(one), {})[one.id] = one
            self._number += 1

    def remove(self, message: Message) -> None:
        """Forget one, if it waits."""
        kind = self._kind(message)
        alike = self._waiting.get(kind, {})
        if alike.pop(message.id, None) is not None:
            self._number -= 1
            if not alike:
                del self._waiting[kind]

    def take(self) -> list[Message]:
        """The next batch; nothing where nothing waits.

        A message that is too big for any call is alone, and the service says what it thinks of it.
        """
        if not self._waiting:
            return []
        kind, alike = max(self._waiting.items(), key=_length)
        most = self._declared.most_call_bytes
        batch: list[Message] = []
        size = 0
        for one in alike.values():
            size += size_of(one, first=not batch) if most else 0
            if len(batch) == self._declared.batch or (batch and most and size > most):
                break
            batch.append(one)
        if len(batch) == len(alike):
            del self._waiting[kind]
        else:
            for one in batch:
                del alike[one.id]
        self._number -= len(batch)
        return batch

    def _kind(self, message: Message) -> int:
        """The same for those that one call may have together."""
        letter = message.form if isinstance(message, FilledEmail) else message
        has_pictures = isinstance(letter, EmailForm | EmailMessage) and bool(letter.pictures)
        if has_pictures and not self._declared.pictures_in_batch:
            return id(message)
        return id(letter) if isinstance(letter, EmailForm) else 0


def size_of(message: Message, *, first: bool) -> int:
    """About how many bytes it adds to a call; what a form says is in there once."""
    match message:
        case EmailMessage():
            headers = sum(len(name) + len(value) + 10 for name, value in message.headers)
            texts = sum(map(_as_json, (message.subject, message.text, message.html)))
            return (
                ENVELOPE
                + headers
                + texts
                + sum(len(one.data) + ENVELOPE for one in message.pictures)
            )
        case FilledEmail():
            # Each value may stand in several places, and in headers.
            values = 4 * sum(map(len, message.values)) + ENVELOPE
            return values + (size_of(message.email, first=True) if first else 0)
        case Mail():
            return ENVELOPE + message.size * 4 // 3
    return 0


def _as_json(text: str) -> int:
    size = len(text.encode("utf-8", "replace"))  # a feed may hold half a character
    return size + text.count('"') + text.count("\n") + text.count("\\")


def _length(item: tuple[int, dict[str, Message]]) -> int:
    return len(item[1])
