"""Letters as they are compared where people write them in several ways."""

import unicodedata


def without_accents(text: str) -> str:
    """The text in small letters without accents; letters that are several become those.

    >>> without_accents("Désabonné"), without_accents("Ausflüge ﬁx")
    ('desabonne', 'ausfluge fix')
    """
    # Twice: the letters of '𝕬𝖈𝖒𝖊' are capitals only once they are plain.
    letters = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(char for char in letters if not unicodedata.combining(char))
