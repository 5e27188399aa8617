"""Markdown of the team -> safe HTML, plain text, first words.

CommonMark without HTML, code, pictures and rules: what is none of paragraph, bold, italic, link,
list, quotation, line break or heading is shown as it is written.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from itertools import takewhile
from typing import TYPE_CHECKING

from markupsafe import Markup

from dispatch.model.editions.piece import MOST_WORDS
from dispatch.model.text.invisible import trimmed
from dispatch.model.text.plain_text import text_of_html
from dispatch.model.text.teaser import teaser
from dispatch.render.pieces.names import (
    CLOSES,
    NAME,
    OPENS,
    Named,
    ReadersName,
    named_marks,
    neutral,
    readers_name,
    written,
)
from dispatch.render.pieces.plain import plain_lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

DEEPEST = 24
"""Elements in elements, a list counting twice; what is deeper is shown as it is written."""

LINE = 72
"""Characters in a line of plain text, where words allow it."""

_NEVER = ("code", "fence", "hr", "html_block", "lheading", "reference", "table")
_NEVER_IN_LINES = ("backticks", "html_inline", "image", "linkify", "strikethrough")
_LINK = re.compile(r"https?://[^\s]|mailto:[^\s]", re.IGNORECASE)
_OF_LINES = ("|", "```", "~~~")
_TAGS = frozenset({"a", "blockquote", "br", "em", "h3", "h4", "li", "ol", "p", "strong", "ul"})
_LEVELS = {"h1": "h3", "h2": "h3", "h3": "h3"}
_GAP = re.compile(r"\n[ \t]*\n+")


def html_of(text: str) -> Markup:
    """Safe HTML without line ends, names being what is said to who has none.

    >>> html_of("Dear {{ subscriber.name or 'friend' }}, *come*!")
    Markup('<p>Dear friend, <em>come</em>!</p>')
    >>> html_of("[a](javascript:b) <b>")
    Markup('<p>[a](javascript:b) &lt;b&gt;</p>')
    """
    # What else there is was written here, or cleaned.
    return Markup("").join(
        part.fallback if isinstance(part, ReadersName) else Markup(part)  # noqa: S704
        for part in named_html(text)
    )


def plain_of(text: str, width: int = LINE) -> str:
    """The text without signs, in lines of `width` characters; 0: a paragraph is one line.

    >>> plain_of("- **Come** [here](https://example.org)")
    '- Come here (https://example.org)'
    """
    return neutral(named_plain(text, width))


def first_words(text: str, words: int = 25) -> str:
    """How it begins, on one line, without addresses."""
    return teaser(text_of_html(html_of(text)), words=words)


def word_count(text: str) -> int:
    """How many words it has; of what is written without spaces, characters count."""
    return sum(_words_in(word) for word in text_of_html(html_of(text)).split())


def named_html(text: str, finish: Callable[[str], str] = str) -> Named:
    """The HTML in parts, with the places of the reader's name; `finish` gets it whole."""
    tokens, names = _tokens(text)
    return named_marks(finish(_cleaned("".join(_html(tokens))).replace("\n", " ")), names)


def named_plain(text: str, width: int = LINE) -> Named:
    """The plain text in parts, with the places of the reader's name."""
    tokens, names = _tokens(text)
    return named_marks(plain_lines(tokens, width), names)


def _tokens(text: str) -> tuple[list["Token"], list[ReadersName]]:
    """The text as tokens, in which a name is one, that has its number for its content."""
    text = written(text)[:MOST_WORDS]
    env: dict[str, list[ReadersName]] = {"names": []}
    tokens = _reader().parse(text, env)
    if any(token.level > DEEPEST for token in tokens):
        env["names"].clear()
        tokens = _as_written().parse(_GAP.sub("\n\n", text), env)
    return _full(tokens), env["names"]


def _full(tokens: list["Token"]) -> list["Token"]:
    """The tokens without headings, items and quotations that say nothing.

    Tables and code, which are shown as they are written, keep their lines.
    """
    kept: list[Token] = []
    for token in tokens:
        if token.nesting < 0 and kept[-1].nesting > 0:
            kept.pop()
        elif token.type != "inline" or token.content.strip():
            kept.append(token)
            if token.content.startswith(_OF_LINES):
                for break_ in (one for one in token.children or () if one.type == "softbreak"):
                    break_.type = "hardbreak"
    return kept


def _cleaned(html: str) -> str:
    import nh3  # noqa: PLC0415 - only where something is shown

    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only where something is shown

    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST + 6})
    reader.disable([*_NEVER, *_NEVER_IN_LINES])
    reader.inline.ruler.before("escape", "name", _name)
    setattr(reader, "validateLink", _may_be_kept)  # noqa: B010 - as its guide says, for mypy
    return reader


@cache
def _as_written() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only where something is shown

    reader = MarkdownIt("zero", {"html": False})
    reader.inline.ruler.before("text", "name", _name)
    return reader


def may_lead(address: str) -> bool:
    """Whether an address is one of the web or of a mail, and nothing that executes."""
    return bool(_LINK.match(address))


def _may_be_kept(address: str) -> bool:
    """Whether it leads anywhere after cleaning too, or readers would see a link and no way."""
    return may_lead(address) and "href" in _cleaned(f'<a href="{escape(address)}"></a>')


def _name(state: "StateInline", silent: bool) -> bool:
    if not state.src.startswith("{{", state.pos):
        return False
    found = NAME.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        names: list[ReadersName] = state.env["names"]
        state.push("name", "", 0).content = f"{OPENS}{len(names)}{CLOSES}"
        names.append(readers_name(found))
    state.pos = found.end()
    return True


def _html(tokens: list["Token"]) -> Iterator[str]:
    for at, token in enumerate(tokens):
        if token.type == "inline":
            yield from _html(token.children or [])
        elif token.type in ("text", "text_special"):
            yield escape(token.content, quote=False)
        elif token.type == "name":
            yield token.content
        elif token.type == "softbreak":
            yield " "
        elif token.type == "hardbreak":
            yield "<br>"
        elif not token.hidden:
            yield _tag(token)
            if token.type == "link_open" and not _is_labelled(tokens, at):
                yield escape(str(token.attrs["href"]).removeprefix("mailto:"))


def _is_labelled(tokens: list["Token"], at: int) -> bool:
    """Whether anything of the link that opens there can be seen."""
    inside = takewhile(lambda token: token.type != "link_close", tokens[at + 1 :])
    return any(trimmed(token.content) for token in inside)


def _tag(token: "Token") -> str:
    tag = _LEVELS.get(token.tag, "h4" if token.tag in ("h5", "h6") else token.tag)
    if token.nesting < 0:
        return f"</{tag}>"
    said = "".join(
        f' {name}="{escape(str(value))}"' for name, value in token.attrs.items() if name != "title"
    )
    return f"<{tag}{said}>"


def _words_in(word: str) -> int:
    if not any(map(str.isalnum, word)):
        return 0
    return max(1, sum(_is_word_by_itself(char) for char in word))


def _is_word_by_itself(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff"
