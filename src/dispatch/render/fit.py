"""Making a text and its link fit a service that counts characters in its own way."""

from dispatch.errors import TextTooLong
from dispatch.model.text.counting import Counter, Counting
from dispatch.model.text.cutting import ELLIPSIS, cut
from dispatch.model.text.plain_text import single_spaced


def fit(
    text: str,
    link: str,
    *,
    max_text: int,
    link_cost: int | None,
    counting: Counting = Counting.CODE_POINTS,
) -> str:
    """The text on one line, cut until it and the link fit, then the link.

    Everything counts as the service counts it: each link costs `link_cost`, those in the text, too.

    >>> fit("A very long headline", "https://example.org/p", max_text=36, link_cost=23)
    'A very long… https://example.org/p'

    Raises TextTooLong if there is no room for any text beside the link.
    """
    counter = Counter(counting, link_cost)
    if not link:
        return cut(single_spaced(text), max_text, counter)
    cost = counter.count(link)
    room = max_text - cost - 1  # the space before the link
    if room < 1:
        raise TextTooLong(f"a link takes {cost} characters, the limit is {max_text}")
    short = cut(single_spaced(text), room, counter)
    return link if short == ELLIPSIS else f"{short} {link}".lstrip()


def within(
    text: str,
    link: str,
    *,
    max_text: int | None,
    link_cost: int | None,
    counting: Counting = Counting.CODE_POINTS,
) -> str:
    """What a template made, cut if the service would refuse it; its lines stay lines.

    The link and what follows it are kept where they take no more than half of the room. Raises
    TextTooLong where not even the link has room.
    """
    counter = Counter(counting, link_cost)
    if max_text is None or counter.count(text) <= max_text:
        return text
    place = text.rfind(link) if link else -1
    tail = text[place:] if place >= 0 else ""
    if counter.count(tail) > max(max_text // 2, counter.count(link)):
        tail = link
    if not tail:
        return cut(text, max_text, counter)
    head = text[:place].rstrip()
    between = text[len(head) : place] or " "
    room = max_text - counter.count(between + tail)
    if room < 1:
        raise TextTooLong(f"a link takes {counter.count(link)} characters, the limit is {max_text}")
    short = cut(head, room, counter)
    return tail if short in {"", ELLIPSIS} else f"{short}{between}{tail}"
