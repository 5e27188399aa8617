"""A reader's page, made from pages/*.html."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dispatch.model.people.subscriber import Subscriber

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
    locale: str,
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

    `choices` are one of several things to post, named by `legend`: value, label, hint, and whether
    it is chosen now; `problem` is what was wrong with the last one. `links` are address and text.
    """
    html = (
        _pages()
        .get_template("message.html")
        .render(
            locale=locale,
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
    return HTMLResponse(html, status_code=status_code, headers=PRIVATE)


def language(request: Request, reader: Subscriber | None = None) -> str:
    """The language of a reader's page; of somebody we do not know, what their browser asks for."""
    asked = reader.locale if reader else request.headers.get("accept-language", "")
    return "fr" if asked.startswith("fr") else "en"


@cache
def _pages() -> Environment:
    loader = PackageLoader("dispatch.web", "pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
