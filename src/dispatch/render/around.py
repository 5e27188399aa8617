"""Words of ours around a digest, inside of its document."""

import re

_BODY_ENDS = re.compile(r"</body\s*>", re.IGNORECASE)
_HEAD_ENDS = re.compile(r"</head\s*>", re.IGNORECASE)
_BODY = re.compile(r"""<body(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>""", re.IGNORECASE)


def around_body(page: str, above: str, below: str) -> str:
    """The document with more HTML at the beginning and at the end of what it shows."""
    head = _HEAD_ENDS.search(page)
    begin = _BODY.search(page, head.end() if head else 0)
    first = begin.end() if begin else 0
    ends = list(_BODY_ENDS.finditer(page, first))
    last = ends[-1].start() if ends else len(page)
    return page[:first] + above + page[first:last] + below + page[last:]
