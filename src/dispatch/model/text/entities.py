"""What programs have encoded once too often: entities of HTML in plain text."""

import re
from html import unescape

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MOST = 3  # times that something is encoded too often


def without_entities(text: str) -> str:
    """The text with its entities as the characters that they stand for.

    Only what ends with ';' and has a meaning is one; nobody writes such a thing in a headline.

    >>> without_entities("Tom &amp;amp; Ana&#8217;s AT&T; &nonsense;")
    'Tom & Ana’s AT&T; &nonsense;'
    """
    for _ in range(_MOST if "&" in text else 0):
        decoded = _ENTITY.sub(lambda found: unescape(found[0]), text)
        if decoded == text:
            break
        text = decoded
    return text
