"""Colours as #rrggbb, and whether one can be read on another."""

LEAST_CONTRAST = 4.5
"""Between a text and its ground (https://www.w3.org/TR/WCAG22/#contrast-minimum)."""

WHITE, BLACK = "#ffffff", "#000000"

_STEPS = 50


def contrast(one: str, other: str) -> float:
    """How far apart two colours are in brightness: 1 for the same, 21 for black and white.

    >>> round(contrast("#ffffff", "#000000"))
    21
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(colour: str, ground: str) -> str:
    """The colour, or the nearest shade of it that can be read on the ground.

    >>> readable_on("#a8321a", "#ffffff"), readable_on("#ffe600", "#ffffff")
    ('#a8321a', '#807300')
    """
    end = BLACK if contrast(ground, BLACK) > contrast(ground, WHITE) else WHITE
    shades = (_mixed(colour, end, step / _STEPS) for step in range(_STEPS))
    return next((one for one in shades if contrast(one, ground) >= LEAST_CONTRAST), end)


def most_readable_on(ground: str) -> str:
    """White or black; one of them can be read on any ground.

    >>> most_readable_on("#a8321a"), most_readable_on("#ffe600")
    ('#ffffff', '#000000')
    """
    return WHITE if contrast(WHITE, ground) >= LEAST_CONTRAST else BLACK


def _luminance(colour: str) -> float:
    """As https://www.w3.org/TR/WCAG22/#dfn-relative-luminance defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
