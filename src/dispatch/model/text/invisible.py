"""Characters that nobody sees, and that come along where a text is copied from a page or a mail."""

import re
import unicodedata

_UNSEEN = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_SPACES = "\\s\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

_EDGES = re.compile(f"^[{_UNSEEN}{_SPACES}]+|[{_UNSEEN}{_SPACES}]+$")
_INSIDE = re.compile(f"[{_UNSEEN}]")
_ODD_SPACE = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def trimmed(text: str) -> str:
    r"""The text without what nobody sees before and behind it.

    >>> trimmed("\u200b ada@example.org\xa0")
    'ada@example.org'
    """
    return text.strip() if text.isascii() else _EDGES.sub("", text)


def visible(text: str) -> str:
    r"""The text without what nobody sees anywhere in it; odd spaces are plain ones.

    >>> visible("e\xadmail\xa0address")
    'email address'
    """
    return text if text.isascii() else _ODD_SPACE.sub(" ", _INSIDE.sub("", text)).strip()


def hidden_in(text: str) -> str:
    r"""What is in the text that nobody sees, by name; empty where all can be seen.

    >>> hidden_in("ada@exam\u200bple.org")
    'zero width space (U+200B)'
    """
    found = None if text.isascii() else _INSIDE.search(text) or _ODD_SPACE.search(text)
    if not found:
        return ""
    name = unicodedata.name(found[0], "control character").lower()
    return f"{name} (U+{ord(found[0]):04X})"
