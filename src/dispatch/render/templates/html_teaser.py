"""The first words of a post with their emphasis and links, for a digest."""

import re
from html import escape
from html.parser import HTMLParser

from markupsafe import Markup

from dispatch.model.text.boilerplate import end_of_words
from dispatch.model.text.inline_images import with_words_of_images
from dispatch.model.text.plain_text import INSIDE_WORDS, UNSEEN
from dispatch.model.text.separators import BEGIN_LINES, END_LINES, SEPARATOR, Line, need_separator
from dispatch.model.text.teaser import place_to_cut

_KEPT = frozenset(
    {
        *("a", "b", "code", "del", "em", "i", "ins", "mark", "s", "small", "strike", "strong"),
        *("sub", "sup", "u"),
    }
)
"""What means something within a line; blocks, images and tables become a space."""

_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # as in every text on one line
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


def html_teaser(content: str, *, words: int | None = None, sentences: int | None = None) -> Markup:
    """The beginning of HTML on one line, with simple tags only, all of them closed.

    Every tag is written anew, with nothing but the address of a link, so the result is no less
    safe than the content.

    >>> html_teaser("<h2>A</h2><p>bold <b class='x'>move, they</b> said</p>", words=3)
    Markup('A bold <b>move…</b>')
    """
    found = _Line()
    found.feed(with_words_of_images(content))
    found.close()
    words_end, cut = end_of_words(found.line)
    line = found.line[:words_end]
    end, mark = place_to_cut(line, words=words, sentences=sentences)
    mark = mark or (cut if end == words_end else "")
    written = _Written()
    done = 0
    for place, tag, start in found.tags:
        if place >= end:
            break
        written.text(line[done:place])
        done = place
        written.open(tag, start) if start else written.close(tag)
    written.text(line[done:end] + mark)
    return written.whole()


class _Line(HTMLParser):
    """Collects the text as `text_of_html` does, and the tags worth keeping with their places."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.line = ""
        self.tags: list[tuple[int, str, str]] = []  # place, name, the tag itself; empty if it ends
        self._unseen = 0
        self._ended: Line | None = None  # the line before what comes now

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self._part(tag, BEGIN_LINES.get(tag))
        start = f"<{tag}>"
        if tag == "a":
            link = dict(attrs).get("href") or ""
            start = f'<a href="{escape(link)}">' if _LINK.match(link) else ""
        if tag in _KEPT and start:
            self.tags.append((len(self.line), tag, start))

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN and self._unseen:
            self._unseen -= 1
        self._part(tag, END_LINES.get(tag))
        if tag in _KEPT:
            self.tags.append((len(self.line), tag, ""))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            if self._ended and data.strip():
                if need_separator(self.line[-12:], data, ended=self._ended):
                    self._add(f" {SEPARATOR} ")
                self._ended = None
            self._add(data)

    def _part(self, tag: str, line: Line | None) -> None:
        if tag not in INSIDE_WORDS:
            self._add(" ")
        if line is not None and self._ended is not Line.ITEM:
            self._ended = line

    def _add(self, text: str) -> None:
        text = _SPACES.sub(" ", text)
        at_space = not self.line or self.line.endswith(" ")
        self.line += text.removeprefix(" ") if at_space else text


class _Written:
    """HTML as it is written, with what is open."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[tuple[str, str]] = []

    def text(self, text: str) -> None:
        if text:
            self._out.append(escape(text, quote=False))

    def open(self, tag: str, start: str) -> None:
        self._open.append((tag, start))
        self._out.append(start)

    def close(self, tag: str) -> None:
        if any(tag == other for other, _ in self._open):
            while self._close_last() != tag:
                pass

    def whole(self) -> Markup:
        while self._open:
            self._close_last()
        return Markup("".join(self._out))  # noqa: S704 - every tag and text in it was written here

    def _close_last(self) -> str:
        tag, start = self._open.pop()
        if self._out[-1] == start:
            self._out.pop()  # around an image, say
        else:
            self._out.append(f"</{tag}>")
        return tag
