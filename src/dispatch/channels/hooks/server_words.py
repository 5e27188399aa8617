"""Whether a mail server's words say that a mailbox is gone, where a service does not tell."""

import re

GONE = frozenset({"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.1"})
"""Subjects and details of RFC 3463: no such mailbox, no such domain, moved away, disabled."""

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_NOBODY = re.compile(
    r"(user|recipient|address|mailbox|account)s?\W+(is |was |does |has been )?"
    r"(unknown|not? (found|exist)|disabled|deactivated|closed)"
    r"|(unknown|no such|invalid|non-?existent) (local )?(user|recipient|address|mailbox|account)"
    r"|does not exist|doesn't exist|no mailbox here",
    re.IGNORECASE,
)
_FOR_NOW = re.compile(
    r"(mailbox|quota|storage|disk)\W.{0,20}(full|exceeded)|over ?quota|spam|blocked|blacklist"
    r"|policy|reputation|too (large|many)|rate limit|try again|temporar",
    re.IGNORECASE,
)


def is_gone(*words: str) -> bool | None:
    """True where nothing will ever arrive there, false where only this mail did not.

    None where the words do not tell. A status of RFC 3463 tells more than the words around it, as
    long as it is about the address (x.1.x) or the mailbox (x.2.x) or says that it is neither.

    >>> is_gone("550 5.1.1 unknown"), is_gone("552 5.2.2 full"), is_gone("550 no")
    (True, False, None)
    """
    text = " ".join(words)
    for kind, detail in _STATUS.findall(text):
        if kind == "5" and detail in GONE:
            return True
        if not detail.startswith("0."):  # x.0.x says nothing
            return False
    if _FOR_NOW.search(text):
        return False
    return True if _NOBODY.search(text) else None
