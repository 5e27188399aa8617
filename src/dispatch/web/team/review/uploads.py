"""Why a picture or a piece is not taken as it is, in somebody's language."""

from datetime import date

from dispatch.model.editions.refused import PieceRefused
from dispatch.model.editions.uploaded import (
    LEAST_SIDE,
    MOST_BYTES,
    MOST_FRAMES,
    MOST_MEGAPIXELS,
    MOST_WIDTH,
    PictureRefused,
)
from dispatch.web.team.visit import Visit
from dispatch.words.catalogues import Words


def why_refused(error: PictureRefused, words: Words) -> str:
    """A sentence that says what to do."""
    return words(
        f"pictures.{error.why}",
        name=error.name,
        megabytes=MOST_BYTES // 1_000_000,
        megapixels=MOST_MEGAPIXELS,
        width=MOST_WIDTH,
        side=LEAST_SIDE,
        frames=MOST_FRAMES,
    )


def why_not_so(error: PieceRefused, visit: Visit) -> str:
    """A sentence for the field that it is about."""
    fact = error.fact
    told = visit.times.day(fact) if isinstance(fact, date) else visit.times.number(fact)
    return visit.words(f"pieces.why_{error.why}", fact=told)
