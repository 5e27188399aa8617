"""Making a text fit a service that counts in its own way: one post of it, or a thread of them."""

from dispatch.errors import TextTooLong
from dispatch.model.text.cutting import ELLIPSIS, cut, split
from dispatch.model.text.limits import TextLimits
from dispatch.model.text.plain_text import single_spaced
from dispatch.model.text.threads import BREAK

MOST_POSTS = 25
"""Of a thread: nobody reads on for longer, and networks take so many for a machine's."""


def fit(text: str, tail: str, limits: TextLimits, *, tags: str = "", lines: bool = False) -> str:
    """The text on one line, cut until it and the tail fit, then the tail, which stays whole.

    The tail is a link, or what else must not be lost, such as a credit. It is cut behind a
    sentence where not too much is given up for that, else between words. With `lines` its lines
    stay, and the tail follows after an empty one. The tags stand before it, as many as leave half
    of the room to the text.

    >>> fit("A very long headline", "https://example.org/p", TextLimits(36, link_cost=23))
    'A very long… https://example.org/p'

    Raises TextTooLong if there is no room for any text beside the tail.
    """
    text, between = (text.strip(), "\n\n") if lines else (single_spaced(text), " ")
    tail = _joined(_roomy(tags, tail, limits), tail)
    less = 0
    while True:
        whole = _joined(_shortened(text, tail, between, limits, less), tail, between)
        over = limits.too_many(whole)
        if not over:
            return whole
        less += over  # what stands side by side may have become a link


def thread(
    text: str, link: str, limits: TextLimits, *, link_first: bool = False, most: int = MOST_POSTS
) -> str:
    """The whole text as posts that follow each other, with a line of '---' between two of them.

    Each ends with its number, such as 2/3. The link is in the last, or in the first. What one
    post holds is one post, without a number. Where the service has no threads, it is one as well,
    cut to fit. Of more than `most` posts, the last one is cut.

    >>> print(thread("It rains. We stay in bed.", "", TextLimits(21, threads=True)))
    It rains. 1/2
    ---
    We stay in bed. 2/2

    Raises TextTooLong if a post has no room for the link, or for anything but its number.
    """
    line = single_spaced(text)
    whole = _joined(line, link)
    if not limits.threads or not limits.too_many(whole):
        return fit(text, link, limits)
    first, last = (link, "") if link_first else ("", link)
    for digits in (1, 2, 3):
        number = f"{'0' * digits}/{'0' * digits}"
        posts = _posts(line, first, last, limits, number=number, most=most)
        if len(str(len(posts))) <= digits:
            break
    numbered = (_joined(post, f"{n}/{len(posts)}") for n, post in enumerate(posts, start=1))
    return f"\n{BREAK}\n".join(numbered)


def _roomy(tags: str, tail: str, limits: TextLimits) -> str:
    """The first of the tags that leave half of the room to others than them and the tail."""
    kept = tags.split()
    while kept and any(
        counter.count(" ".join((*kept, tail))) > most // 2 for counter, most in limits.counters
    ):
        kept.pop()
    return " ".join(kept)


def _shortened(text: str, tail: str, between: str, limits: TextLimits, less: int) -> str:
    """The text as it fits beside the tail by each of the limits."""
    short = text
    for counter, most in limits.counters:
        room = most - (counter.count(between + tail) if tail else 0)
        if room < 1:
            cost = counter.count(tail)
            raise TextTooLong(f"a link takes {cost} characters, the limit is {most}")
        if (kept := cut(text, room - less, counter, sentences=True)) is not text:
            short = min(short, kept, key=len)
    return "" if tail and short == ELLIPSIS else short


def _posts(
    text: str, first: str, last: str, limits: TextLimits, *, number: str, most: int
) -> list[str]:
    """The text in posts, each with room for its number, the first and the last for their links."""
    posts: list[str] = []
    while text:
        end = _joined(first if not posts else "", number)
        if len(posts) == most - 1 or not limits.too_many(_joined(_joined(text, last), end)):
            posts.append(fit(text, _joined(last, end), limits).removesuffix(number).rstrip())
            return posts
        head = _head(text, end, limits)
        if head == text and last:  # the link has no room beside it, and is not to stand alone
            head = _head(text, _joined(last, end), limits)
        posts.append(_joined(head, "" if posts else first))
        text = text[len(head) :].lstrip()
    return posts


def _head(text: str, end: str, limits: TextLimits) -> str:
    """The beginning of the text that has room in a post beside its end."""
    head = text
    for counter, most in limits.counters:
        room = most - counter.count(f" {end}")
        head = min(head, split(text, room, counter), key=len)
    while head and (over := limits.too_many(_joined(head, end))):
        counter = limits.counter
        head = split(head, counter.count(head) - over, counter)
    if not head:
        problem = "a link or a character has no room in a post"
        raise TextTooLong(f"{problem} - use 'fit' with this network")
    return head


def _joined(text: str, tail: str, between: str = " ") -> str:
    return f"{text}{between}{tail}" if text and tail else text + tail
