"""What search engines ask for: which pages there are, and which they are to leave alone."""

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from dispatch.errors import NotFound
from dispatch.store.editions.archive import PastEdition
from dispatch.web.answers import etag, not_modified, validators

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.pipeline.archive.shelf import Shelf

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000
"""Addresses that a sitemap may have (https://www.sitemaps.org/protocol.html)."""

_PRIVATE = ("address", "api", "cadence", "confirm", "health", "preferences", "push", "unsubscribe")


def sitemap(request: Request) -> Response:
    """The pages of public archives, the newest editions first; 404 without any."""
    app: App = request.app.state.app
    public_url = app.workspace.publisher.public_url
    editions = _editions(request)
    if editions is None:
        raise NotFound("sitemap: no campaign has a public archive - nothing to show")
    headers = validators(etag("sitemap", public_url, editions))
    headers |= {"Content-Type": "application/xml; charset=utf-8"}
    if kept := not_modified(request, headers):
        return kept
    root = ET.Element("urlset", {"xmlns": _SPACE})
    _add(root, f"{public_url}/")
    for campaign, found in editions:
        _add(root, f"{public_url}/archive/{campaign}")
        for one in found[::-1]:
            _add(root, f"{public_url}/archive/{campaign}/{one.name}", one)
    for extra in list(root)[MOST:]:
        root.remove(extra)
    document = f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, "unicode")}\n'
    return Response(document.encode(), headers=headers)


def robots(request: Request) -> Response:
    """What programs may read: the public archive, and nothing else where there is none."""
    app: App = request.app.state.app
    base = request.app.state.base
    is_public = any(one.is_in_public for one in app.workspace.campaigns.values())
    lines = ["User-agent: *"]
    if is_public:
        lines += [f"Disallow: {base}/{one}" for one in _PRIVATE]
        lines += ["", f"Sitemap: {app.workspace.publisher.public_url}/sitemap.xml"]
    else:
        lines += ["Disallow: /"]
    text = "\n".join([*lines, ""])
    headers = validators(etag("robots", text)) | {"Content-Type": "text/plain; charset=utf-8"}
    return not_modified(request, headers) or Response(text, headers=headers)


def _editions(request: Request) -> list[tuple[str, list[PastEdition]]] | None:
    """By campaign; None where none is public."""
    app: App = request.app.state.app
    shelf: Shelf = request.app.state.shelf
    public = [name for name, one in app.workspace.campaigns.items() if one.is_in_public]
    return [(name, shelf.editions(name)) for name in public] or None


def _add(root: ET.Element, address: str, edition: PastEdition | None = None) -> None:
    url = ET.SubElement(root, "url")
    ET.SubElement(url, "loc").text = address
    if edition is not None:
        ET.SubElement(url, "lastmod").text = f"{edition.changed:%Y-%m-%dT%H:%M:%SZ}"
