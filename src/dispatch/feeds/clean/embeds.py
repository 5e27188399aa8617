"""What a mail cannot play or run -> what it can hold: a link, or the image that was meant.

Works on foreign HTML before it is cleaned, by looking at single tags. Whatever it writes is
cleaned afterwards like the rest, so a mistake here costs a link and not safety.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from dispatch.feeds.clean.inline_images import is_unseen, mail_image
from dispatch.feeds.clean.late_images import PICTURE, is_late, late_source
from dispatch.feeds.clean.player_pages import (
    SCRIPTS,
    frame_of_element,
    page_of_frame,
    page_of_script,
    site_name,
)
from dispatch.feeds.clean.trackers import counts_readers
from dispatch.feeds.web.address import absolute
from dispatch.model.text.plain_text import one_line, shorten

Attributes = dict[str, str]

LONGEST_LABEL = 100  # of a link in place of a player; a title, not a text
FALLBACK = 2_000  # characters inside a frame in which its own link is looked for

_NAMES = (
    r"iframe|audio|video|picture|noscript|object|embed|amp-[a-z-]+|lite-[a-z]+"
    r"|[a-z]+-(?:audio|embed|player|video)"
)
_ANY = re.compile(rf"<(?:{_NAMES})\b|<script[^<>]+{SCRIPTS}", re.IGNORECASE)
# A page written into an attribute, with tags of its own: YouTube's picture until somebody plays.
_WRITTEN_PAGE = re.compile(
    r"<iframe\b([^<>]*?)\ssrcdoc\s*=\s*(?:\"([^\"]{0,50000})\"|'([^']{0,50000})')([^<>]*)>",
    re.IGNORECASE,
)
_TAG = re.compile(
    rf"<(/?)({_NAMES}|source|param|script|img)\b"
    r"((?:[^<>\"']|\"[^\"<]{0,4096}\"|'[^'<]{0,4096}')*)>",
    re.IGNORECASE,
)
# From the start of a name only: a long word is looked at once, not from each of its letters.
_ATTRIBUTE = re.compile(
    r"(?<![\w-])([a-z][\w-]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'<>=`]+))?", re.IGNORECASE
)
_OWN_LINK = re.compile(
    r"<a\s[^<>]*?href\s*=\s*[\"']?([^\s\"'<>]+)[^<>]*>([^<]{0,500})", re.IGNORECASE
)
_FILE = re.compile(r"\.\w{2,4}$")
_SHOWN_EVERYWHERE = frozenset({"", "image/gif", "image/jpeg", "image/png"})  # Outlook knows no more
_ALIASES: Mapping[str, str] = {
    "amp-img": "img",
    "amp-anim": "img",
    "amp-audio": "audio",
    "amp-video": "video",
    "amp-iframe": "iframe",
}
# AMP's width and height are only a ratio then.
_RATIO = re.compile(r"responsive|fill|flex-item|fixed-height", re.IGNORECASE)
_SIDES = re.compile(r"\s(?:width|height)\s*=\s*(?:\"\d*\"|'\d*'|\d+)(?=[\s/]|$)", re.IGNORECASE)
_OF_FILMS = frozenset({"movie", "src", "url", "filename"})  # the names of <param>s that hold one
_ENDED = ("noscript", "script", "audio", "video", "amp-audio", "amp-video", "object", "amp-")


def with_links_for_embeds(html: str, *, base: str) -> str:
    """The HTML with a link before each player and film, and with images for late ones.

    Frames lead to the page that shows the same where it is known, else to what is in them;
    `<audio>`, `<video>`, `<object>` and `<embed>` to their file; what is not to be seen leads
    nowhere. The image inside `<noscript>` takes the place of the one that a script would show.
    """
    if not _ANY.search(html):
        return html
    if "srcdoc" in html:
        html = _WRITTEN_PAGE.sub(_without_written_page, html)
    return _Rewriter(html, base).rewritten()


def _without_written_page(frame: re.Match[str]) -> str:
    """The frame without what is written into it; that alone where it leads nowhere."""
    rest = frame[1] + frame[4]
    if "src" in rest.lower():
        return f"<iframe{rest}>"
    return unescape(frame[2] or frame[3] or "") + "<iframe>"


class _Rewriter:
    """Goes through the tags once, from left to right."""

    def __init__(self, html: str, base: str) -> None:
        self._html = html
        self._low = html.lower()
        self._base = base
        self._out: list[str] = []
        # Its place, the space before it and its title, until a file is known.
        self._player: tuple[int, str, str] | None = None
        self._is_linked = False  # whether the last player has its link
        self._sources: list[Attributes] | None = None  # of the <picture> that is open
        self._objects = 0  # that are open
        self._object: tuple[int, bool] = (0, False)  # its place, and whether a link says the same
        self._swallowed_to = 0  # the end of a frame whose content is for those who have no frames
        self._in_noscript = False
        self._last_end = {name: self._low.rfind(f"</{name}") for name in _ENDED}
        self._in_script = False
        self._in_amp_image = False
        self._image: _Image | None = None  # the one just before, with nothing in between
        self._told: set[str] = set()  # the addresses of all links so far
        self._before = ">"  # the last character of what was written

    def rewritten(self) -> str:
        end = 0
        for tag in _TAG.finditer(self._html):
            if tag.start() < self._swallowed_to:
                continue
            self._text(self._html[max(end, self._swallowed_to) : tag.start()])
            self._tag(tag)
            end = tag.end()
        self._text(self._html[max(end, self._swallowed_to) :])
        return "".join(self._out)

    def _text(self, text: str) -> None:
        if text and not self._in_noscript:  # it says that a script is missing: no news in a mail
            self._image = None if text.strip() else self._image
            if self._before == "▶" and text[0].isalnum():
                self._out.append(" ")
            self._out.append(text)
            self._before = text[-1]

    def _tag(self, tag: re.Match[str]) -> None:
        closing, said_name = bool(tag[1]), tag[2].lower()
        name = _ALIASES.get(said_name, said_name)
        ends = closing or tag.start() < self._last_end.get(said_name, -1)
        if name == "script":
            self._in_script = ends and not closing
            if not closing and (page := page_of_script(_attributes(tag[3]).get("src", ""))):
                self._link(page, site_name(page))
        if self._in_script:
            self._out.append(tag[0])  # a word of a program
        elif name == "noscript" and ends:
            self._in_noscript = not closing
        elif name == "img":
            if not closing:
                self._img(tag)
            if said_name != "img":
                self._in_amp_image = not closing and tag.start() < self._last_end["amp-"]
        elif name == "iframe" and not closing:
            self._frame(tag)
        elif not self._in_noscript:
            self._other(closing, name, tag, ends=ends)

    def _other(self, closing: bool, name: str, tag: re.Match[str], *, ends: bool) -> None:
        if name == "object":
            self._an_object(closing, tag, ends=ends)
            return
        if name in ("audio", "video"):
            self._media(closing, tag)
            if ends:
                self._out.append(f"<{'/' * closing}{name}>")
            return
        if name == "picture":
            self._sources = None if closing else []
        elif not closing and (handle := _HANDLERS.get(name.partition("-")[0])):
            handle(self, name, _attributes(tag[3]))
        elif not closing and "-" in name:
            self._element(name, _attributes(tag[3]))
        self._out.append(tag[0])

    def _frame(self, tag: re.Match[str]) -> None:
        said = _attributes(tag[3])
        following = self._low.find("<iframe", tag.end())
        end = self._low.find("</iframe", tag.end(), following if following >= 0 else None)
        if end >= 0:
            self._swallowed_to = self._low.find(">", end) + 1 or len(self._html)
        names = ("src", *(name for name in said if name.startswith("data-") and "src" in name))
        url = next(filter(None, (absolute(said.get(name, ""), self._base) for name in names)), "")
        if not url or is_unseen(said) or counts_readers(url):
            return
        page, label = page_of_frame(url), _title(said)
        own = _OWN_LINK.search(
            self._html[tag.end() : tag.end() + FALLBACK][: max(end - tag.end(), 0)]
        )
        if own and page == url and (found := absolute(unescape(own[1]), self._base)):
            page, label = found, label or one_line(unescape(own[2]))
        self._link(page, label or site_name(url))

    def _media(self, closing: bool, tag: re.Match[str]) -> None:
        if closing:
            self._player = None
            self._end_of_player()
            return
        said = _attributes(tag[3])
        self._open_player(_title(said))
        self._play(said.get("src", "") or said.get("data-src", ""))

    def _an_object(self, closing: bool, tag: re.Match[str], *, ends: bool) -> None:
        said = _attributes(tag[3])
        if not closing:
            if not self._objects:
                self._open_player(_title(said))
                self._out.append("")
                self._object = (len(self._out) - 1, False)
            self._objects += ends
            if said.get("type", "").lower() != "image/svg+xml":  # its fallback is a picture
                self._play(said.get("data", ""))
        elif self._objects:
            self._objects -= 1
            place, told = self._object
            if not self._objects:
                self._player = None
                self._end_of_player()
            if not self._objects and told:
                # What stands inside is for those who cannot have the object: the link says more.
                self._out[place] = "<object>"
                self._out.append("</object>")

    def _source(self, _: str, said: Attributes) -> None:
        if self._sources is not None:
            self._sources.append(said)
        self._play(said.get("src", "") or said.get("data-src", ""))

    def _param(self, _: str, said: Attributes) -> None:
        if said.get("name", "").lower() in _OF_FILMS and self._objects:
            self._play(said.get("value", ""))

    def _embed(self, _: str, said: Attributes) -> None:
        if not self._objects:
            self._open_player(_title(said))
        if not said.get("type", "").lower().startswith("image/") and not is_unseen(said):
            self._play(said.get("src", ""))

    def _element(self, name: str, said: Attributes) -> None:
        url = absolute(frame_of_element(name, said), self._base)
        if url:
            self._link(page_of_frame(url), _title(said) or site_name(url))

    def _open_player(self, title: str) -> None:
        self._out.append("")  # for the link, as soon as a file is known
        self._player = (len(self._out) - 1, self._space(), title)
        self._is_linked = False

    def _end_of_player(self) -> None:
        if self._is_linked:
            self._before = "▶"
        self._is_linked = False

    def _play(self, address: str) -> None:
        url = absolute(address, self._base)
        if self._player is None or not url or counts_readers(url):
            return
        page = page_of_frame(url)
        parts = urlsplit(url)
        file = unquote(parts.path.rpartition("/")[2])
        if page == url and file.lower().endswith(".swf"):
            return  # nobody can play it any more
        place, space, title = self._player
        named_by_file = page == url and _FILE.search(file) is not None
        label = title or (file if named_by_file else "") or site_name(url)
        self._out[place] = space + _link(page, label)
        self._before = "▶"
        self._is_linked = True
        self._object = (self._object[0], True)
        self._told.add(page)
        self._player = None

    def _link(self, page: str, label: str) -> None:
        if self._in_noscript and page in self._told:
            return
        self._told.add(page)
        self._out.append(self._space() + _link(page, label))
        self._before = "▶"

    def _space(self) -> str:
        return "" if self._before.isspace() or self._before == ">" else " "

    def _img(self, tag: re.Match[str]) -> None:
        said = _attributes(tag[3])
        if self._in_amp_image:
            return  # for those who have no AMP: the same image
        more = _from_picture(self._sources or [])
        if more:
            said[PICTURE] = more
        late = is_late(said, base=self._base)
        if self._in_noscript and mail_image(said, base=self._base)[1] is None:
            return  # it counts readers, and must not stand in for a picture
        if (before := self._image) and before.in_noscript != self._in_noscript:
            # The same image twice, once for programs that run scripts and once for the others.
            if (late and before.in_noscript) or (
                before.late and late_source(before.said, base=self._base)
            ):
                return
            if before.late:
                self._out[before.place] = ""
        self._image = _Image(len(self._out), said, late=late, in_noscript=self._in_noscript)
        noted = f'{PICTURE}="{escape(more)}" ' if more else ""
        written = tag[3]
        if _RATIO.fullmatch(said.get("layout", "")):
            written = _SIDES.sub(" ", written)
        is_as_before = not noted and tag[2].lower() == "img" and written == tag[3]
        self._out.append(tag[0] if is_as_before else f"<img {noted}{written}>")
        self._before = ">"


_HANDLERS: Mapping[str, Callable[[_Rewriter, str, Attributes], None]] = {
    "source": _Rewriter._source,  # noqa: SLF001 - of this class
    "param": _Rewriter._param,  # noqa: SLF001
    "embed": _Rewriter._embed,  # noqa: SLF001
    "amp": _Rewriter._element,  # noqa: SLF001
    "lite": _Rewriter._element,  # noqa: SLF001
}


@dataclass(frozen=True, slots=True)
class _Image:
    place: int
    said: Attributes
    late: bool
    in_noscript: bool


def _from_picture(sources: list[Attributes]) -> str:
    """The `srcset` of the source that most mail programs can show."""
    offers = [
        (said.get("type", "").lower() not in _SHOWN_EVERYWHERE, place, srcset)
        for place, said in enumerate(sources)
        if (srcset := said.get("srcset", "") or said.get("data-srcset", ""))
    ]
    return min(offers)[2] if offers else ""


def _attributes(tag: str) -> Attributes:
    said: Attributes = {}
    for name, value in _ATTRIBUTE.findall(tag):
        said.setdefault(name.lower(), unescape(value.strip("\"'")))  # the first of two counts
    return said


def _title(said: Attributes) -> str:
    return one_line(said.get("title", "") or said.get("aria-label", ""))


def _link(url: str, label: str) -> str:
    # Without quotes: where the tag stood inside an attribute, which happens, it goes on being one.
    return f"<a href={escape(url)}>▶ {escape(shorten(label, LONGEST_LABEL))}</a>"
