"""A reader's page, made from pages/*.html: each is a leaf, with one sheet and one script."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dispatch.model.people.subscriber import Subscriber
from dispatch.web.look import BRAND_SHEET, Look, look_of
from dispatch.words.catalogues import Words, ours, words_in

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.statics import Statics

MOST_LANGUAGES = 20
LANGUAGE = "lang"
LONGEST_TAG = 35
"""As RFC 5646 recommends to take (4.4.1)."""

LONGEST_QUERY = 500
"""What a link to another language carries of the address; a longer query is nobody's of ours."""

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

# A page that holds a link of one person: not to be stored, framed, searched or told to others.
PRIVATE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

# A page that is the same for all who read its language. Pictures come from the sites of the posts.
PUBLIC = {
    "Cache-Control": "public, max-age=300",
    "Content-Security-Policy": _POLICY.replace("data:;", "data: https:;"),
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
}


def leaf(
    request: Request,
    template: str,
    words: Words,
    *,
    status_code: int = 200,
    reader: Subscriber | None = None,
    public: bool = False,
    headers: Mapping[str, str] | None = None,
    look: Look | None = None,
    **values: object,
) -> HTMLResponse:
    """A page made from `pages/<template>`, which extends leaf.html, in the language of `words`.

    It has `words`, `look`, `reader`, and `values`; `base` is the path before all addresses,
    `static` that of the shared files, and `onward(address)` the address with the language that was
    asked for. A `public` one may be carried by a proxy. `headers` come on top, and replace what
    they name. Raises jinja2.UndefinedError for a value that the template wants and has not got.
    """
    look = look_of(request) if look is None else look
    base, statics = _base(request)
    html = (
        pages()
        .get_template(template)
        .render(
            values,
            words=words,
            look=look,
            reader=reader,
            base=base,
            static=f"{base}/static/{statics.fingerprint}",
            brand_sheet=f"{base}/static/{look.mark}/{BRAND_SHEET}" if look.sheet else "",
            onward=_onward(request),
            languages=_other_languages(request, words),
        )
    )
    sent = dict(PUBLIC if public else PRIVATE)
    if look.images and not public:
        policy = sent["Content-Security-Policy"]
        sent["Content-Security-Policy"] = policy.replace("data:;", f"data: {look.images};")
    return HTMLResponse(html, status_code=status_code, headers=sent | dict(headers or {}))


def words_for(request: Request, reader: Subscriber | None = None) -> Words:
    """The sentences of a reader's page, in the language that its address asks for (`?lang=fr`).

    Where it asks for none that we have: in the reader's own, and for somebody we do not know in
    what their browser asks for.
    """
    header = request.headers.get("accept-language", "")
    known = [reader.locale] if reader and reader.locale else _by_preference(header)
    return words_in(*_asked(request), *known)


def words_for_all(request: Request) -> Words:
    """The sentences of a page that is the same for all who ask for its address.

    So they are in the publisher's language, unless the address asks for another.
    """
    app: App = request.app.state.app
    return words_in(*_asked(request), app.workspace.publisher.locale)


def _asked(request: Request) -> list[str]:
    """The language of the address, if it is one of ours."""
    tag = request.query_params.get(LANGUAGE, "")[:LONGEST_TAG]
    found = words_in(tag).tag
    language = found.partition("-")[0]
    return [found] if tag.replace("_", "-").lower().partition("-")[0] == language else []


def _onward(request: Request) -> Callable[[str], str]:
    """What an address of ours is with the language that the present one asks for."""
    asked = _asked(request)

    def onward(address: str) -> str:
        if not asked:
            return address
        parts = urlsplit(address)
        query = f"{parts.query}&" if parts.query else ""
        return urlunsplit(parts._replace(query=query + urlencode({LANGUAGE: asked[0]})))

    return onward


def _other_languages(request: Request, words: Words) -> list[tuple[str, str, str]]:
    """The same page in each other language: address, tag, and name in that language.

    None for what was posted: the link would ask for another page, not for that answer.
    """
    if request.method not in {"GET", "HEAD"}:
        return []
    query = request.scope["query_string"].decode("latin-1")  # not `url`: a client names its host
    fields = parse_qsl(query) if len(query) <= LONGEST_QUERY else []
    others = [field for field in fields if field[0] != LANGUAGE]
    return [
        ("?" + urlencode([*others, (LANGUAGE, other.tag)]), other.tag, other.name)
        for other in map(words_in, ours().locales)
        if other.tag != words.tag
    ]


def _base(request: Request) -> tuple[str, "Statics"]:
    """The path of the public address, and the files below it."""
    return request.app.state.base, request.app.state.statics


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
def pages() -> Environment:
    """The templates of all pages."""
    loader = PackageLoader("dispatch.web", "pages")
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
