"""Numbers above and below the line, which would be others on it: 10<sup>6</sup> is not 106."""

import re

_ABOVE = str.maketrans("0123456789+-−=()nix", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱˣ")
_BELOW = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

# A letter before a number is often an ordinal, as in French; these are not.
_RAISED = re.compile(
    r"<su(?:(p)|b)(?: [^<>]*)?>(?:<[a-z][^<>]*>)?"
    r"\s?([0-9+\-−=()nix]{1,12})\s?(?:</[a-z]+>)?</su[pb]>",
    re.IGNORECASE,
)


def with_raised_signs(html: str) -> str:
    """The HTML with Unicode's own signs where numbers stand above or below the line.

    >>> with_raised_signs("10<sup>-6</sup> m, H<sub>2</sub>O, the 1<sup>st</sup>")
    '10⁻⁶ m, H₂O, the 1<sup>st</sup>'
    """
    return _RAISED.sub(_raise, html) if "<su" in html.lower() else html


def _raise(found: re.Match[str]) -> str:
    if found[1]:
        return found[2].translate(_ABOVE)
    return found[2].translate(_BELOW) if found[2].isascii() and not found[2].isalpha() else found[0]
