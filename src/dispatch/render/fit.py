"""Making a text and its link fit a service that counts characters."""

from dispatch.errors import TextTooLong
from dispatch.model.text.plain_text import shorten


def fit(text: str, link: str, *, max_text: int, link_cost: int) -> str:
    """The text, cut between words until it and the link fit, then the link.

    Both numbers are in code points; a service that counts graphemes counts no more. A link
    costs `link_cost` however long it is: services shorten links, or count them as if they did.

    >>> fit("A very long headline", "https://example.org/p", max_text=36, link_cost=23)
    'A very long… https://example.org/p'

    Raises TextTooLong if there is no room for any text beside the link.
    """
    room = max_text - link_cost - 1  # the space before the link
    if room < 1:
        raise TextTooLong(f"a link takes {link_cost} characters, the limit is {max_text}")
    return f"{shorten(text, room)} {link}".lstrip()
