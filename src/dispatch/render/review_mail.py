"""The mail that shows an edition to those who review it: our words around a reader's digest."""

from dataclasses import dataclass
from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dispatch.render.around import around_body
from dispatch.render.digests.digest import tidy
from dispatch.render.texts import Digest
from dispatch.words.catalogues import Words


@dataclass(frozen=True, slots=True)
class Brief:
    """What reviewers read above the digest. All of it is plain text.

    `facts` are names and values. `parts` are posts, by number, title and feed, and pieces, by what
    they say and their kind, without a number. `commands` are what each is for and what to type,
    `snippets` a channel and its texts. `shortened` says that the digest is not all there, and where
    it is. `page` is the address at which it can be looked at, or empty.
    """

    heading: str
    lead: str
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, str, str], ...] = ()
    commands: tuple[tuple[str, str], ...] = ()
    snippets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    shortened: str = ""
    page: str = ""


def review_text(brief: Brief, digest: Digest | None, words: Words) -> str:
    """The mail as plain text."""
    return tidy(_filled("review.txt", brief, digest, words))


def review_html(brief: Brief, digest: Digest | None, words: Words) -> str:
    """The mail as HTML: the brief above the digest and the snippets below, in the digest's body."""
    above = _filled("review.html", brief, digest, words)
    below = _filled("snippets.html", brief, digest, words) if brief.snippets else ""
    page = digest.html if digest else _EMPTY.format(tag=words.tag, title=escape(brief.heading))
    return around_body(page, above, below)


_EMPTY = (
    '<!doctype html><html lang="{tag}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<title>{title}</title></head><body style="margin:0"></body></html>'
)


def _filled(name: str, brief: Brief, digest: Digest | None, words: Words) -> str:
    return _environment().get_template(name).render(brief=brief, digest=digest, words=words)


@cache
def _environment() -> Environment:
    # Titles and notes are other people's texts: in HTML everything is escaped.
    return Environment(
        loader=PackageLoader("dispatch.render", "mails"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
