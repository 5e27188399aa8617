"""A reader's page, made from pages/*.html."""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dispatch.model.people.subscriber import Subscriber
from dispatch.web.look import Look
from dispatch.words.catalogues import Words, words_in

MOST_LANGUAGES = 20

# A page that holds a link of one person: not to be stored, framed, searched or told to others.
PRIVATE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def page(
    words: Words,
    look: Look,
    *,
    title: str,
    heading: str,
    text: str,
    button: str = "",
    legend: str = "",
    choices: Sequence[tuple[str, str, str, bool]] = (),
    problem: str = "",
    links: Sequence[tuple[str, str]] = (),
    status_code: int = 200,
) -> HTMLResponse:
    """A page with a heading, a sentence and, if it has a name, a button that posts to itself.

    All that it says is in the language of `words`; `look` is its publisher's.
    `choices` are one of several things to post, named by `legend`: value, label, hint, and whether
    it is chosen now; `problem` is what was wrong with the last one. `links` are address and text.
    """
    html = (
        _pages()
        .get_template("message.html")
        .render(
            words=words,
            look=look,
            title=title,
            heading=heading,
            text=text,
            button=button,
            legend=legend,
            choices=choices,
            problem=problem,
            links=links,
        )
    )
    headers = dict(PRIVATE)
    if look.images:
        headers["Content-Security-Policy"] += f"; img-src {look.images}"
    return HTMLResponse(html, status_code=status_code, headers=headers)


def words_for(request: Request, reader: Subscriber | None = None) -> Words:
    """The sentences of a reader's page, in their language.

    Somebody we do not know gets what their browser asks for.
    """
    header = request.headers.get("accept-language", "")
    asked = [reader.locale] if reader and reader.locale else _by_preference(header)
    return words_in(*asked)


def _by_preference(header: str) -> list[str]:
    """The tags of an Accept-Language header (RFC 9110, 12.5.4), in small letters.

    The most wanted come first.

    >>> _by_preference("de, fr;q=0.8, en;q=0.9, *;q=0.1, it;q=0")
    ['de', 'en', 'fr', '*']
    """
    found = []
    for part in header.split(",")[:MOST_LANGUAGES]:
        tag, _, parameter = "".join(part.lower().split()).partition(";")
        weight = parameter.partition(";")[0].removeprefix("q=")
        with suppress(ValueError):
            quality = float(weight or 1)
            if tag and 0 < quality <= 1:
                found.append((quality, tag))
    return [tag for _, tag in sorted(found, key=lambda one: -one[0])]


@cache
def _pages() -> Environment:
    loader = PackageLoader("dispatch.web", "pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
