"""The words of a refusal, as far as they are the same for everybody."""

import re

_STATUS = re.compile(r"\d{3}|\d\.\d{1,3}\.\d{1,3}")


def same_words(reason: str, recipient: str) -> list[str]:
    """The words of a refusal without what is another one each time: names, numbers of queues.

    >>> same_words("554 5.7.1 <ada@one.example>: denied, id 4F2A", "ada@one.example")
    ['554', '5.7.1', 'denied,', 'id']
    """
    domain = domain_of(recipient)
    return [
        word
        for word in reason.lower().split()
        if _STATUS.fullmatch(word)
        or not ("@" in word or (domain and domain in word) or any(map(str.isdigit, word)))
    ]


def domain_of(recipient: str) -> str:
    """What stands behind the @, in lower case; empty where there is none."""
    return recipient.rpartition("@")[2].lower() if "@" in recipient else ""
