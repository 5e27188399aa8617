"""What a mail cannot play or run -> what it can hold: a link, or the image that was meant.

Works on foreign HTML before it is cleaned, by looking at single tags. Whatever it writes is
cleaned afterwards like the rest, so a mistake here costs a link and not safety.
"""

import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from dispatch.feeds.clean.inline_images import PICTURE, is_placeholder, late_source, mail_image
from dispatch.feeds.web.address import absolute
from dispatch.model.text.plain_text import one_line, shorten

Attributes = dict[str, str]

LONGEST_LABEL = 100  # of a link in place of a player; a title, not a text

_ANY = re.compile(r"<(?:iframe|audio|video|picture|noscript)\b", re.IGNORECASE)
_TAG = re.compile(
    r"<(/?)(iframe|audio|video|source|picture|noscript|script|img)\b"
    r"((?:[^<>\"']|\"[^\"<]{0,4096}\"|'[^'<]{0,4096}')*)>",
    re.IGNORECASE,
)
# From the start of a name only: a long word is looked at once, not from each of its letters.
_ATTRIBUTE = re.compile(
    r"(?<![\w-])([a-z][\w-]*)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'<>=`]+)", re.IGNORECASE
)

_YOUTUBE = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{6,20})")
_YOUTUBE_LIST = re.compile(r"(?:^|&)list=([\w-]{2,60})(?=&|$)")
_VIMEO = re.compile(r"/video/(\d{1,15})")
_VIMEO_SECRET = re.compile(r"(?:^|&)h=([0-9a-zA-Z]{4,40})(?=&|$)")
_DAILYMOTION = re.compile(r"/embed/video/(\w{1,20})")
_PEERTUBE = re.compile(r"/videos/embed/([\w-]{8,40})/?$")
_SHOWN_EVERYWHERE = frozenset({"", "image/gif", "image/jpeg", "image/png"})  # Outlook knows no more


def with_links_for_embeds(html: str, *, base: str) -> str:
    """The HTML with a link before each player and film, and with images for late ones.

    YouTube, Vimeo, Dailymotion and PeerTube frames lead to the page of the film, `<audio>` and
    `<video>` to their file; other frames are left for the cleaning to drop. The image inside
    `<noscript>` takes the place of the one that a script would have shown.
    """
    return _Rewriter(html, base).rewritten() if _ANY.search(html) else html


def page_of_film(frame: str) -> tuple[str, str]:
    """The page where the film of an embedded player is, and its host's name; empty if unknown.

    >>> page_of_film("https://www.youtube-nocookie.com/embed/8Fn_30AD7Pk?rel=0")
    ('https://www.youtube.com/watch?v=8Fn_30AD7Pk', 'YouTube')
    >>> page_of_film("https://player.vimeo.com/video/35477260?h=0a1b2c")
    ('https://vimeo.com/35477260/0a1b2c', 'Vimeo')
    """
    parts = urlsplit(frame)
    host = (parts.hostname or "").removeprefix("www.")
    if host in ("youtube.com", "youtube-nocookie.com"):
        return _youtube(parts.path, parts.query), "YouTube"
    if host == "player.vimeo.com" and (found := _VIMEO.match(parts.path)):
        secret = _VIMEO_SECRET.search(parts.query)  # of a film that is not listed
        return f"https://vimeo.com/{found[1]}" + (f"/{secret[1]}" if secret else ""), "Vimeo"
    if host == "dailymotion.com" and (found := _DAILYMOTION.match(parts.path)):
        return f"https://www.dailymotion.com/video/{found[1]}", "Dailymotion"
    if found := _PEERTUBE.match(parts.path):
        return f"{parts.scheme}://{parts.netloc}/videos/watch/{found[1]}", host
    return "", ""


def _youtube(path: str, query: str) -> str:
    film, several = _YOUTUBE.match(path), _YOUTUBE_LIST.search(query)
    if several and (film is None or film[1] == "videoseries"):
        return f"https://www.youtube.com/playlist?list={several[1]}"
    return f"https://www.youtube.com/watch?v={film[1]}" if film else ""


class _Rewriter:
    """Goes through the tags once, from left to right."""

    def __init__(self, html: str, base: str) -> None:
        self._html = html
        self._base = base
        self._out: list[str] = []
        self._player: tuple[int, str] | None = None  # its place and title, until a file is known
        self._sources: list[Attributes] | None = None  # of the <picture> that is open
        self._in_noscript = False
        low = html.lower()
        self._last_end = {name: low.rfind(f"</{name}") for name in ("noscript", "script")}
        self._in_script = False
        self._image: _Image | None = None  # the one just before, with nothing in between

    def rewritten(self) -> str:
        end = 0
        for tag in _TAG.finditer(self._html):
            self._text(self._html[end : tag.start()])
            self._tag(tag)
            end = tag.end()
        self._text(self._html[end:])
        return "".join(self._out)

    def _text(self, text: str) -> None:
        if not self._in_noscript:  # it says that a script is missing: no news in a mail
            self._image = None if text.strip() else self._image
            self._out.append(text)

    def _tag(self, tag: re.Match[str]) -> None:
        closing, name = bool(tag[1]), tag[2].lower()
        ends = closing or tag.start() < self._last_end.get(name, -1)
        if name == "script":
            self._in_script = ends and not closing
        if self._in_script:
            self._out.append(tag[0])  # a word of a program
        elif name == "noscript" and ends:
            self._in_noscript = not closing
        elif name == "img" and not closing:
            self._img(tag)
        elif not self._in_noscript:
            self._other(closing, name, tag)
            self._out.append(tag[0])

    def _other(self, closing: bool, name: str, tag: re.Match[str]) -> None:
        if name == "picture":
            self._sources = None if closing else []
        elif closing:
            self._player = None
        elif name == "iframe":
            self._frame(_attributes(tag[3]))
        elif name in ("audio", "video"):
            said = _attributes(tag[3])
            self._out.append("")  # for the link, as soon as a file is known
            self._player = (len(self._out) - 1, said.get("title", "") or said.get("aria-label", ""))
            self._play(said)
        elif name == "source":
            said = _attributes(tag[3])
            if self._sources is not None:
                self._sources.append(said)
            self._play(said)

    def _frame(self, said: Attributes) -> None:
        for name in ("src", "data-src", "data-lazy-src"):
            page, host = page_of_film(absolute(said.get(name, ""), self._base))
            if page:
                self._out.append(_link(page, said.get("title", "") or host))
                return

    def _play(self, said: Attributes) -> None:
        url = absolute(said.get("src", "") or said.get("data-src", ""), self._base)
        if self._player is not None and url:
            place, title = self._player
            parts = urlsplit(url)
            name = unquote(parts.path.rpartition("/")[2]) or parts.hostname or ""
            self._out[place] = _link(url, title or name)
            self._player = None

    def _img(self, tag: re.Match[str]) -> None:
        said = _attributes(tag[3])
        more = _from_picture(self._sources or [])
        if more:
            said[PICTURE] = more
        late = is_placeholder(said, base=self._base)
        if self._in_noscript and not mail_image(said, base=self._base):
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
        self._out.append(f'<img {PICTURE}="{escape(more)}" {tag[3]}>' if more else tag[0])


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
    return {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(tag)}


def _link(url: str, label: str) -> str:
    # Without quotes: where the tag stood inside an attribute, which happens, it goes on being one.
    return f"<a href={escape(url)}>▶ {escape(shorten(one_line(label), LONGEST_LABEL))}</a>"
