"""A form in a service's own template language: its fields stand where our placeholders are.

What the service would read in our own text, such as two braces in a post about templates, becomes a
field too, whose value is that text. So nothing that we did not write as a field takes effect,
as long as the service fills in once and does not read what it has filled in.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from dispatch.model.delivery.message import EmailForm, FilledEmail
from dispatch.model.text.placeholders import PlaceholderText


@dataclass(frozen=True, slots=True)
class FieldSyntax:
    """How a service writes a field, and what else in a text it would read.

    `field` gives the field of a key, which is a short word of letters and digits. `reads` finds all
    that the service could read; `edges` are characters that it could, next to one of its fields.
    """

    field: Callable[[str], str]
    reads: re.Pattern[str]
    edges: str = ""


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """The texts of a form with the service's fields, and the values that are the same for all.

    `constants` are those of fields that stand for our own text. `keys` are those of the form's
    placeholders, in their order.
    """

    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    constants: dict[str, str]

    def values(self, email: FilledEmail) -> dict[str, str]:
        """Key to value for one reader, without the constants."""
        return dict(zip(self.keys, email.written, strict=True))


@lru_cache(maxsize=64)  # a form is the same for call after call
def write_form(form: EmailForm, syntax: FieldSyntax) -> WrittenForm:
    """The form in the service's language."""
    keys = {one: f"f{number}" for number, one in enumerate(form.placeholders)}
    constants: dict[str, str] = {}

    def constant(text: str) -> str:
        key = constants.setdefault(text, f"c{len(constants)}")
        return syntax.field(key)

    def write(text: PlaceholderText) -> str:
        return "".join(_written(text, constant, syntax, lambda one: syntax.field(keys[one])))

    return WrittenForm(
        subject=write(form.subject),
        text=write(form.text),
        html=write(form.html),
        headers=tuple((name, write(value)) for name, value in form.headers),
        keys=tuple(keys.values()),
        constants={key: text for text, key in constants.items()},
    )


def _written(
    text: PlaceholderText,
    constant: Callable[[str], str],
    syntax: FieldSyntax,
    field: Callable[..., str],
) -> Iterator[str]:
    for at, part in enumerate(text):
        if not isinstance(part, str):
            yield field(part)
            continue
        last = len(part)
        found = [(one.start(), one.end()) for one in syntax.reads.finditer(part)]
        # A brace beside a field would become part of it.
        if at > 0 and part[:1] in syntax.edges and not any(start == 0 for start, _ in found):
            found.insert(0, (0, 1))
        is_followed = at + 1 < len(text)
        if is_followed and part[-1:] in syntax.edges and not any(e == last for _, e in found):
            found.append((last - 1, last))
        done = 0
        for start, end in found:
            if start > done:
                yield part[done:start]
            if end > start:
                yield constant(part[start:end])
            done = end
        yield part[done:]
