"""Why a file is not taken as a picture, in somebody's language."""

from dispatch.model.editions.uploaded import (
    LEAST_SIDE,
    MOST_BYTES,
    MOST_FRAMES,
    MOST_MEGAPIXELS,
    MOST_WIDTH,
    PictureRefused,
)
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
