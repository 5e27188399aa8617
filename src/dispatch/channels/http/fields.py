"""A form in a service's own template language: its fields stand where our placeholders are.

What the service would read in our own text, such as two braces in a post about templates, becomes a
field too, whose value is that text. So nothing that we did not write as a field takes effect, as
long as the service fills in once. Where it may read again what it has filled in, the keys are
words that nobody else can write (docs/adr/0095-fields-that-nobody-can-write.md).
"""

import dataclasses
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from dispatch.channels.http.json_form import at_once
from dispatch.model.delivery.message import EmailForm, FilledEmail
from dispatch.model.text.placeholders import Place, Placeholder, PlaceholderText, write_value
from dispatch.model.text.plain_text import one_line

SUBJECT = "s"
DELIVERY = "d"


@dataclass(frozen=True, slots=True)
class FieldSyntax:
    """How a service writes a field, and what else in a text it would read.

    `field` gives the field of a key, which is a word of lower-case letters and digits. `reads`
    finds all that the service could read; `edges` are characters that it could, next to one of its
    fields. With a `secret`, keys are words that only who knows it can write. `header` gives the
    value of a header that is the same for all readers, by its name, as the service takes it.
    """

    field: Callable[[str], str]
    reads: re.Pattern[str]
    edges: str = ""
    secret: bytes = dataclasses.field(default=b"", repr=False)
    header: Callable[[str, str], str] = lambda _, value: value


class Fill:
    """A text that is filled in here, by the keys that its placeholders have in a `WrittenForm`."""

    __slots__ = ("_keys", "_pieces")

    def __init__(self, text: PlaceholderText, keys: Mapping[Placeholder, str]) -> None:
        self._pieces = [""]
        self._keys: list[str] = []
        for part in text:
            if isinstance(part, str):
                self._pieces[-1] += part
            else:
                self._keys.append(keys[part])
                self._pieces += ["", ""]

    @property
    def varies(self) -> bool:
        """Whether readers get different texts."""
        return bool(self._keys)

    def __call__(self, values: Mapping[str, str]) -> str:
        """The text with the values of one reader."""
        pieces = self._pieces.copy()
        pieces[1::2] = [values[key] for key in self._keys]
        return "".join(pieces)


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """The texts of a form with the service's fields, and the values that are the same for all.

    `sender` is the name of the sender. `constants` are the values of fields that stand for our own
    text. `keys` are those of the form's placeholders, in their order. A subject with placeholders
    is one field as a whole, so that it stays one line. `delivery_key` is free for our name of a
    delivery. `filled_headers` are the headers for services that have no fields there.
    """

    sender: str
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    constants: dict[str, str]
    filled_headers: tuple[tuple[str, Fill], ...]
    subject_key: str
    delivery_key: str
    filled_subject: Fill

    def values(self, email: FilledEmail) -> dict[str, str]:
        """Key to value for one reader, without the constants."""
        return self.values_of([email])[0]

    def values_of(self, batch: Sequence[FilledEmail]) -> list[dict[str, str]]:
        """The same for each reader of a form."""
        keys, columns = self.own_keys, self.columns(batch)
        if not columns:
            return [{} for _ in batch]
        return [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]

    @property
    def own_keys(self) -> tuple[str, ...]:
        """The keys of a reader's own values."""
        return (*self.keys, self.subject_key) if self.filled_subject.varies else self.keys

    def columns(self, batch: Sequence[FilledEmail]) -> list[Sequence[str]]:
        """For each of `own_keys`, the values of all readers of a form."""
        form = batch[0].form
        by_name = dict(
            zip(form.names, zip(*[one.values for one in batch], strict=True), strict=True)
        )
        columns: list[Sequence[str]] = [
            at_once(partial(write_value, place=one.place), by_name[one.name])
            if one.place is not Place.PLAIN
            else by_name[one.name]
            for one in form.placeholders
        ]
        if self.filled_subject.varies:
            columns.append(
                [
                    one_line(self.filled_subject(dict(zip(self.keys, values, strict=True))))
                    for values in zip(*columns, strict=True)
                ]
            )
        return columns


@lru_cache(maxsize=64)  # a form is the same for call after call
def write_form(form: EmailForm, syntax: FieldSyntax) -> WrittenForm:
    """The form in the service's language."""
    mark = _mark(form, syntax.secret) if syntax.secret else ""
    keys = {one: f"f{number}{mark}" for number, one in enumerate(form.placeholders)}
    writer = _Writer(syntax, keys, mark)
    filled_subject = Fill(form.subject, keys)
    if filled_subject.varies:
        subject = syntax.field(SUBJECT + mark)
    else:
        subject = writer.write((one_line(filled_subject({})),))
    headers = [(name, _fixed(name, value, syntax)) for name, value in form.headers]
    return WrittenForm(
        sender=writer.write((form.sender.name,)),
        subject=subject,
        text=writer.write(form.text),
        html=writer.write(form.html),
        headers=tuple((name, writer.write(value)) for name, value in headers),
        keys=tuple(keys.values()),
        constants={key: text for text, key in writer.constants.items()},
        filled_headers=tuple((name, Fill(value, keys)) for name, value in headers),
        subject_key=SUBJECT + mark,
        delivery_key=DELIVERY + mark,
        filled_subject=filled_subject,
    )


def _mark(form: EmailForm, secret: bytes) -> str:
    """The end of each key: nobody writes it without the secret, and a text cannot hold its own.

    Its first letter is in no number, so that no key begins another.
    """
    told = repr((form.sender, form.subject, form.text, form.html, form.headers)).encode()
    return "x" + hmac.new(secret, told, hashlib.sha256).hexdigest()[:16]


def _fixed(name: str, value: PlaceholderText, syntax: FieldSyntax) -> PlaceholderText:
    """A header that is the same for all as the service takes it; others stay as they are."""
    texts = [one for one in value if isinstance(one, str)]
    return (syntax.header(name, "".join(texts)),) if len(texts) == len(value) else value


def _by_turns(text: PlaceholderText) -> list[str | Placeholder]:
    """The same with texts in a row as one: what a service reads may begin in the first of them."""
    parts: list[str | Placeholder] = []
    for part in text:
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


@dataclass
class _Writer:
    """Writes texts; `constants` are what it has met of what the service reads, with their keys."""

    syntax: FieldSyntax
    keys: Mapping[Placeholder, str]
    mark: str
    constants: dict[str, str] = dataclasses.field(default_factory=dict)

    def write(self, text: PlaceholderText) -> str:
        return "".join(self._written(_by_turns(text)))

    def _written(self, text: Sequence[str | Placeholder]) -> Iterator[str]:
        for at, part in enumerate(text):
            if not isinstance(part, str):
                yield self.syntax.field(self.keys[part])
                continue
            done = 0
            for start, end in self._read(part, begins=at == 0, ends=at + 1 == len(text)):
                yield part[done:start]
                yield self.syntax.field(self._constant(part[start:end]))
                done = end
            yield part[done:]

    def _constant(self, text: str) -> str:
        return self.constants.setdefault(text, f"c{len(self.constants)}{self.mark}")

    def _read(self, part: str, *, begins: bool, ends: bool) -> Iterator[tuple[int, int]]:
        """Where what the service would read begins and ends, with the edges beside it."""
        first, last = 0, 0 if begins else len(part) - len(part.lstrip(self.syntax.edges))
        for start, end in self._found(part, ends=ends):
            if start > last > 0:
                yield first, last
            if start > last:
                first = start
            last = max(last, end)
        if last > 0:
            yield first, last

    def _found(self, part: str, *, ends: bool) -> Iterator[tuple[int, int]]:
        edges = self.syntax.edges
        done = 0
        for one in self.syntax.reads.finditer(part):
            start, end = one.span()
            if start == end:
                continue
            while start > done and part[start - 1] in edges:
                start -= 1
            while end < len(part) and part[end] in edges:
                end += 1
            yield start, end
            done = end
        if not ends and (size := len(part.rstrip(edges))) < len(part):
            yield size, len(part)
