"""Whether a mail server's words say that a mailbox is gone, where a service does not tell."""

import re
from functools import lru_cache

_OF_ONE = re.compile(r"@|\d{4}|[a-z]\d|\d[a-z]", re.IGNORECASE)
"""What a word has that is another one for each mail: an address, the id of a queue."""


def is_gone(*words: str) -> bool | None:
    """True where nothing will ever arrive there, false where only this mail did not.

    None where the words do not tell. The rule is that for mails which come back.

    >>> is_gone("550 5.1.1 unknown"), is_gone("552 5.2.2 full"), is_gone("550 refused")
    (True, False, None)
    """
    found = " ".join(filter(None, words)).split()
    return _judged(" ".join(word for word in found if not _OF_ONE.search(word)))


@lru_cache(maxsize=4096)
def _judged(words: str) -> bool | None:
    # A server says the same to all: a call of 500 bounces is judged in a tenth of the time.
    # The rule knows words of many languages, and whoever loads a provider need not wait for them.
    from dispatch.channels.bounces.dead import failure, tells_of_death  # noqa: PLC0415

    return tells_of_death(failure("", words))
