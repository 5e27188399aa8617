"""Which words of a report for people are about whom."""

import re

from dispatch.channels.bounces.dead import gives_no_reason, tells_why

_OWN_LINE = re.compile(r"\n[ \t<*]{0,12}([^\s<>@]{1,100}@[^\s<>:]{1,200})>?:?[ \t]*(?=\n)")


def words_about(recipient: str, prose: str) -> str:
    """What is said behind an address, up to the next; all of it, where that is nothing."""
    at = prose.lower().find(recipient.lower()) if recipient else -1
    if at < 0:
        return prose.strip()
    line = prose.rfind("\n", 0, at) + 1
    next_one = next(
        (
            one.start()
            for one in _OWN_LINE.finditer(prose, at)
            if one[1].lower() != recipient.lower()
        ),
        len(prose),
    )
    words = prose[line:next_one].strip()
    if tells_why(words) or not (tells_why(prose) or gives_no_reason(words)):
        return words
    return prose.strip()
