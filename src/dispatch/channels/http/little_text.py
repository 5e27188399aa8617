"""LinkedIn's "little" text: characters that mean something there, escaped, and hashtags.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format
"""

import re

_RESERVED = r"[\\|{}@\[\]()<>#＃*_~]"
_LITTLE = re.compile(
    r"(?P<link>https?://[^\s<>]+)"
    r"|(?P<mention>@\[[^\]\n]{1,200}\]\(urn:li:(?:person|organization):[\w-]+\))"
    r"|(?<![\w&])[#＃](?P<tag>\w*[^\W\d_]\w*)"
    rf"|{_RESERVED}"
)
_TEMPLATE = re.compile(r"\{hashtag\|\\?[#＃]\|([^}]*)\}")
_ESCAPED = re.compile(r"\\(.)")


def write_little(text: str, *, mentions: bool = False) -> str:
    r"""The text as LinkedIn's "little" format has it: characters with a meaning there are escaped.

    Where one is not, LinkedIn drops the rest of the text without a word. "#tag" becomes a hashtag;
    with `mentions`, "@[Acme](urn:li:organization:1)" tells that page or person, and else nobody.

    >>> write_little("News (for *you*) #LinkedIn")
    'News \\(for \\*you\\*\\) {hashtag|\\#|LinkedIn}'
    """

    def written(found: re.Match[str]) -> str:
        if found["tag"]:
            return rf"{{hashtag|\#|{_escaped(found['tag'])}}}"
        if found["mention"] and mentions:
            return found[0]
        return _escaped(found[0])

    return _LITTLE.sub(written, text)


def read_little(commentary: str) -> str:
    r"""What `write_little` was given of, as far as it is told back.

    >>> read_little(write_little("News (for *you*) #LinkedIn_2"))
    'News (for *you*) #LinkedIn_2'
    """
    return _ESCAPED.sub(r"\1", _TEMPLATE.sub(r"#\1", commentary))


def _escaped(text: str) -> str:
    return re.sub(_RESERVED, r"\\\g<0>", text)
