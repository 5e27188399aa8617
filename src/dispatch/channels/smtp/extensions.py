"""What a mail server says in its answer to EHLO that it can do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_KEYWORD = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)[ =]?(.*)", re.DOTALL)  # AUTH=LOGIN: old servers
_SIZE = re.compile(r"[0-9]{1,20}")  # RFC 1870, 4; int() itself fails from 4,300 digits on


@dataclass(frozen=True, slots=True)
class Extensions:
    """What the server says it can do; `largest` is in bytes, 0 where it sets no limit."""

    pipelining: bool = False
    chunking: bool = False
    utf8: bool = False
    sizes: bool = False
    largest: int = 0


def read_features(answer: bytes) -> dict[str, str]:
    r"""The keywords in an answer to EHLO, in small letters, and their parameters.

    >>> read_features(b"250-a.example\r\n250-SIZE 30000000\r\n250-AUTH=LOGIN\r\n250 AUTH PLAIN")
    {'size': '30000000', 'auth': 'LOGIN PLAIN'}
    """
    features: dict[str, str] = {}
    for line in answer.decode("latin-1").split("\n")[1:]:
        if found := _KEYWORD.match(line[4:].strip()):
            name, parameters = found[1].lower(), found[2].strip()
            if name == "auth":
                parameters = f"{features.get(name, '')} {parameters}".strip()
            features[name] = parameters
    return features


def read_extensions(features: Mapping[str, str]) -> Extensions:
    """The offers that mail goes by.

    >>> read_extensions({"pipelining": "", "size": "30000000"})
    Extensions(pipelining=True, chunking=False, utf8=False, sizes=True, largest=30000000)
    """
    size = features.get("size", "")
    return Extensions(
        pipelining="pipelining" in features,
        chunking="chunking" in features,
        utf8="smtputf8" in features,
        sizes="size" in features,
        largest=int(size) if _SIZE.fullmatch(size) else 0,
    )


def odd_size(features: Mapping[str, str]) -> bool:
    """Whether the server names a size that is none: then it counts as one without a limit.

    >>> [odd_size({"size": size}) for size in ("", "0", "30000000", "-1", "ten", "9" * 5000)]
    [False, False, False, True, True, True]
    """
    size = features.get("size", "")
    return bool(size) and _SIZE.fullmatch(size) is None
