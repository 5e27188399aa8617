"""What the texts of an edition show by themselves: kept by its fingerprint."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from threading import Lock
from urllib.parse import urlsplit

from dispatch.channels.takes import TakesOf
from dispatch.errors import DispatchError
from dispatch.model.editions.edition import Edition, EditionContent
from dispatch.model.editions.finding import Finding, Kind
from dispatch.model.text.links import links_in
from dispatch.pipeline.editions.check_cards import card_findings
from dispatch.pipeline.editions.check_pieces import needs_words, piece_findings
from dispatch.pipeline.editions.preview import Preview, preview
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.render.renderer import Renderer

GMAIL_BYTES = 102 * 1024
"""What Gmail shows of a mail before it cuts it off behind a link."""

_INSIDE = re.compile(r"data:image/[^\"')]+")
"""Pictures that stand in the page for who looks; in the mail they are parts beside it."""

MOST_KEPT = 200
"""Editions whose texts are remembered: those that wait are a handful."""


@dataclass(frozen=True, slots=True)
class CheckedTexts:
    """What was found, and the addresses that the texts lead to, without our own."""

    findings: tuple[Finding, ...]
    addresses: tuple[str, ...] = ()


class TextChecks:
    """Looks at texts once for each fingerprint; threads may share it."""

    def __init__(self, *, links: SignedLinks, takes_of: TakesOf, renderer: Renderer) -> None:
        self._links = links
        self._takes_of = takes_of
        self._renderer = renderer
        self._kept: OrderedDict[str, CheckedTexts] = OrderedDict()
        self._lock = Lock()

    def of(self, edition: Edition) -> CheckedTexts:
        """All that the texts of an edition show."""
        with self._lock:
            if edition.fingerprint in self._kept:
                self._kept.move_to_end(edition.fingerprint)
                return self._kept[edition.fingerprint]
        found = self._look(edition.content)
        with self._lock:
            self._kept[edition.fingerprint] = found
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def _look(self, content: EditionContent) -> CheckedTexts:
        try:
            made = preview(
                content, links=self._links, takes_of=self._takes_of, renderer=self._renderer
            )
        except DispatchError as error:
            return CheckedTexts((Finding(Kind.STOP, "texts", {"problem": str(error)}),))
        page = _Page()
        page.feed(made.digest.html if made.digest else "")
        page.close()
        findings = [
            Finding(Kind.FINE, "texts_fine"),
            *_digest(content, made, page),
            *_pictures(page, content),
            *_snippets(content, made),
            *card_findings(content, self._takes_of),
            *piece_findings(content),
        ]
        return CheckedTexts(tuple(findings), _elsewhere(page, made, content))


def _digest(content: EditionContent, made: Preview, page: "_Page") -> Iterator[Finding]:
    if made.digest is None:
        return
    public = content.publisher.public_url
    ways_out = ("/unsubscribe/", "/preferences/", "/cadence/")
    out = any(link.startswith(public + way) for link in page.links for way in ways_out)
    yield Finding(Kind.FINE, "way_out_fine") if out else Finding(Kind.STOP, "way_out")
    size = len(_INSIDE.sub("", made.digest.html).encode())
    values = {"size": -(-size // 1024), "most": GMAIL_BYTES // 1024}
    if size > GMAIL_BYTES:
        yield Finding(Kind.LOOK, "size", values)
    else:
        yield Finding(Kind.FINE, "size_fine", values)


def _pictures(page: "_Page", content: EditionContent) -> Iterator[Finding]:
    bare = [post for post in content.posts if post.image and not post.image.alt]
    if page.undescribed or bare:
        count = max(page.undescribed, len(bare))
        yield Finding(Kind.LOOK, "pictures", {"count": count})
    elif page.pictures and not any(map(needs_words, content.pieces)):
        yield Finding(Kind.FINE, "pictures_fine", {"count": page.pictures})


def _snippets(content: EditionContent, made: Preview) -> Iterator[Finding]:
    long = {
        channel: numbers
        for channel, snippets in made.snippets.items()
        if (numbers := [one.too_many for one in snippets if one.too_many])
    }
    for channel, numbers in long.items():
        values = {"channel": channel, "count": len(numbers), "most": max(numbers)}
        yield Finding(Kind.STOP, "snippets_long", values)
    if content.social and not long:
        number = sum(len(snippets) for snippets in made.snippets.values())
        yield Finding(Kind.FINE, "snippets_fine", {"count": number})


def _elsewhere(page: "_Page", made: Preview, content: EditionContent) -> tuple[str, ...]:
    ours = urlsplit(content.publisher.public_url)[:2]
    snippets = [one for some in made.snippets.values() for one in some]
    told = (link for one in snippets for link in (one.link, *links_in(one.whole)))
    links = (link for link in (*page.links, *told) if urlsplit(link)[:2] != ours)
    http = (link for link in links if link.startswith(("http://", "https://")))
    return tuple(dict.fromkeys(link.partition("#")[0] for link in http))


class _Page(HTMLParser):
    """Gathers where a digest leads, and how its pictures are described."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures = 0
        self.undescribed = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "a":
            self.links.append(known.get("href") or "")
        if tag == "img":
            self.pictures += 1
            self.undescribed += "alt" not in known
