"""Languages, by the tags that services know them by."""

import re

_TAG = re.compile(
    r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?![a-z\d])",
    re.IGNORECASE | re.ASCII,
)


def language_tag(language: str) -> str:
    """A language as BCP 47 has it, with its script and region; empty where it is none.

    >>> language_tag("fr_CA"), language_tag("ZH-hant-tw"), language_tag("?")
    ('fr-CA', 'zh-Hant-TW', '')
    """
    found = _TAG.match(language)
    if not found:
        return ""
    name, script, region = (one or "" for one in found.groups())
    return "-".join(filter(None, (name.lower(), script.title(), region.upper())))
