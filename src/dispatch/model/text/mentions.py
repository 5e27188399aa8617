"""Mentions of accounts: a name in somebody's headline is to tell nobody."""

import re
from itertools import pairwise

from dispatch.model.text.links import links_and_mentions

JOINER = "\u2060"
"""Has no width and parts no words; no network takes a name behind it for an account."""

# Wider than any network's rule: X takes a name behind any sign for one, but for those in an address
# of a mailbox. Behind a slash it may be a part of a link without a protocol.
_BEGINS = re.compile(r"(?:(?<![A-Za-z0-9_/=])|(?<=\s/))[@＠](?=\w)")


def without_mentions(text: str) -> str:
    r"""The same to a reader, with no account in it that a network would tell; links stay.

    >>> without_mentions("@nasa, ada@example.org") == "@\u2060nasa, ada@example.org"
    True
    """
    if "@" not in text and "＠" not in text:
        return text
    links = [(start, end) for start, end, is_link in links_and_mentions(text) if is_link]
    places = [0, *(place for link in links for place in link), len(text)]
    return "".join(
        text[start:end] if number % 2 else _BEGINS.sub(rf"\g<0>{JOINER}", text[start:end])
        for number, (start, end) in enumerate(pairwise(places))
    )
