"""Plain text: making it fit to print, shortening it, taking it out of HTML."""

import re
from html.parser import HTMLParser

from dispatch.model.text.cutting import cut
from dispatch.model.text.inline_images import with_words_of_images
from dispatch.model.text.raised import with_raised_signs
from dispatch.model.text.separators import BEGIN_LINES, END_LINES, Line, RunningLine

UNSEEN = frozenset({"script", "style", "template", "title"})
"""Elements whose text a browser does not show."""

INSIDE_WORDS = frozenset(
    {
        *("a", "abbr", "b", "bdi", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd"),
        *("mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u"),
        *("var", "wbr"),
    }
)
"""Elements that part no words; all others do."""

_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # all but those that hold two words together
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # override the direction of what follows


def printable(text: str) -> str:
    r"""The text without control characters and lone surrogates; tabs and line ends stay.

    >>> printable("a\x00b\tc\n")
    'ab\tc\n'
    """
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


def unturned(text: str) -> str:
    r"""The text without what turns the direction of all that follows it, such as a link.

    >>> unturned("a\u202eb")
    'ab'
    """
    return text if text.isprintable() else _TURNING.sub("", text)


def single_spaced(text: str) -> str:
    r"""The text on one line; a no-break space, as French has before '?', stays one.

    >>> single_spaced(" Pourquoi\u00a0?\n  Parce que. ") == "Pourquoi\u00a0? Parce que."
    True
    """
    return " ".join(_words_of(text)).strip()


def one_line(text: str) -> str:
    r"""The text as a header or a title shows it: no control or turning characters, single spaces.

    >>> one_line(" Hello\r\nBcc: all@example.org ")
    'Hello Bcc: all@example.org'
    """
    if text.isprintable() and "  " not in text:  # which says all of it, and most texts are so
        return text.strip(" ")
    return single_spaced(_TURNING.sub("", printable(text)))


def shorten(text: str, limit: int) -> str:
    """The text on one line in at most `limit` code points, cut as `cut` does.

    >>> shorten("A very long headline", 12)
    'A very long…'
    >>> shorten("Antidisestablishment", 8)
    'Antidis…'
    """
    return cut(single_spaced(text), limit)


def _words_of(text: str) -> list[str]:
    return [word for word in _SPACES.split(text) if word]


class _Words(HTMLParser):
    """Collects what a browser would show as text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.line = RunningLine()
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in UNSEEN
        self._space(tag, BEGIN_LINES.get(tag))

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN and self._silent:
            self._silent -= 1
        self._space(tag, END_LINES.get(tag))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.line.add(data)

    def _space(self, tag: str, line: Line | None) -> None:
        if tag not in INSIDE_WORDS:
            self.line.add(" ")
        if line is not None:
            self.line.end(line)


def text_of_html(html: str) -> str:
    """What a reader sees of the HTML, on one line; the lines of a list stay apart.

    Images inside a sentence say their alt text, and powers stay powers.

    >>> text_of_html("<p>Caf&eacute; <b>no</b>ir</p><p>2 &lt; 3</p>")
    'Café noir 2 < 3'
    >>> text_of_html("<ul><li>2 May: jazz<li>6 May: a ball</ul>")
    '2 May: jazz · 6 May: a ball'
    """
    words = _Words()
    words.feed(with_raised_signs(with_words_of_images(html)))
    words.close()
    return single_spaced("".join(words.line.parts))


def quoted(value: object, *, most: int = 60) -> str:
    r"""A value as a message may show it: in quotes, on one line, at most `most` characters of it.

    >>> quoted("two\nlines")
    "'two lines'"
    """
    # Cut before anything else: a cell or key of a megabyte is not worth reading.
    raw = str(value)[: most + 1]
    text = "".join(char if char.isprintable() else " " for char in raw)
    return f"'{text[:most]}…'" if len(text) > most else f"'{text}'"
