"""A picture that stands beside a post on a network, from our own store."""

from starlette.responses import Response

from dispatch.errors import NotFound
from dispatch.web.team.frame import HEADERS
from dispatch.web.team.visit import Visit

KINDS = frozenset({"image/jpeg", "image/png", "image/gif"})

PICTURE = HEADERS | {
    # It is named by the hash of its bytes, so that it never changes.
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def show(visit: Visit) -> Response:
    """The bytes, as what they were found to be when they were kept."""
    picture = visit.app.cards.picture(visit.part("mark"))
    if picture.kind not in KINDS:
        raise NotFound(f"picture {picture.mark[:8]}: is of no kind that pages show")
    return Response(picture.data, media_type=picture.kind, headers=PICTURE)
