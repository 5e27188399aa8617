"""What somebody may have meant who wrote a word that nobody knows.

People take what is suggested, so a wrong word is worse than none: it has to be a slip of the pen
away, and to mean nearly the same.
"""

import re
from collections.abc import Iterable

from dispatch.model.text.accents import without_accents

MOST_TOLD = 2
"""Neighbours that are told where several are as near; among more, nothing is plain."""

LONGEST = 100
"""Characters of a word that are looked at."""

SHORTEST_PLACE = 5
"""Letters below which another place is as near as the one that was meant."""

_SLIPS = ((2, 0), (5, 1), (10, 2), (LONGEST, 3))
"""Up to which length of the longer word so many slips are still a slip of the pen."""

_SIGNS = re.compile(r"\d+|[+]|-(?=\d)")

_OTHERS = frozenset(
    frozenset(pair.split())
    for line in (
        "on off|in out|on in|at to|min max|first last|start stop|open close",
        "import export|include exclude|enable disable|enabled disabled|allow deny|accept except",
        "accepted excepted|since until|before after|public private|optin optout|opt_in opt_out",
        "rate date|rate state|date state|state status|later latter|hold held|paused passed",
        "resubscribe unsubscribe|pending sending|internal external|increase decrease|never ever",
        "encode decode|encrypt decrypt|upper lower|past last|none one|lock block|ahead head",
        "per_day per_hour|day daily|tuesday thursday|daily weekly|june july|sender render",
    )
    for pair in line.split("|")
)
"""Words a slip apart that say different things. Each of them is written on purpose, too."""

_NEGATIONS = ("un", "in", "im", "non", "not", "no", "de", "des", "dis", "ab", "nicht")


def closest(word: str, known: Iterable[str], *, most: int = LONGEST) -> list[str]:
    """The words that `word` must have been meant for; none where that is not plain.

    Such a word is one slip away, two or three where it is long, or begins with all of `word`. It
    has the same numbers and signs, and is not known to say something else. `most` bounds the slips.

    >>> closest("timezon", ["at", "timezone"])
    ['timezone']
    >>> closest("subscribed", ["unsubscribed"]), closest("GMT+2", ["GMT-2", "GMT+3"])
    ([], [])
    """
    written = _plain(word)
    found = {one: slips for one in known if (slips := _slips(written, _plain(one))) is not None}
    fewest = min(found.values(), default=0)
    if fewest > most:
        return []
    best = sorted(one for one, slips in found.items() if slips == fewest)
    return best if len(best) <= MOST_TOLD else []


def near_places(name: str, known: Iterable[str], *, shortest: int = SHORTEST_PLACE) -> list[str]:
    """The places that a name must have been meant for: one slip away, with the same first letter.

    Names of places are closer to each other than words are: Mumbai and Dubai.

    >>> near_places("tokio", ["oslo", "tokyo"]), near_places("mumbai", ["dubai"])
    (['tokyo'], [])
    """
    near = closest(name, (one for one in known if one[:1] == name[:1]), most=1)
    return [one for one in near if max(len(name), len(one)) >= shortest]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice for a word nobody knows: the closest one, else all there are.

    >>> did_you_mean("timezon", ["at", "timezone"])
    "did you mean 'timezone'?"
    >>> did_you_mean("colour", ["at", "timezone"])
    'known are: at, timezone'
    """
    choices = sorted(known)
    if close := closest(word, choices):
        return asked(close)
    return f"known are: {', '.join(choices)}" if choices else "there is none yet"


def asked(words: Iterable[str]) -> str:
    """The advice that names them.

    >>> asked(["timezone", "topics"])
    "did you mean 'timezone' or 'topics'?"
    """
    return "did you mean " + " or ".join(f"'{one}'" for one in words) + "?"


def is_opposite(one: str, other: str) -> bool:
    """Whether two words say different things, however alike they look.

    >>> is_opposite("active", "inactive"), is_opposite("in", "on"), is_opposite("form", "from")
    (True, True, False)
    """
    return (
        _differ(one, other)
        or _signs(one) != _signs(other)
        or _negates(one, other)
        or _negates(other, one)
    )


def _differ(one: str, other: str) -> bool:
    """Whether they, or parts of them in the same place, are known to say different things."""
    if frozenset({one, other}) in _OTHERS:
        return True
    pairs = list(zip(one.split("_"), other.split("_"), strict=False))
    same = len(pairs) == one.count("_") + 1 == other.count("_") + 1
    return same and len(pairs) > 1 and any(frozenset(pair) in _OTHERS for pair in pairs)


def _plain(word: str) -> str:
    """A word without case, accents, and the signs between its parts."""
    return re.sub(r"[\s_-]+(?=\D)", "_", without_accents(word[:LONGEST].strip()))


def _signs(word: str) -> list[str]:
    return _SIGNS.findall(word)


def _negates(longer: str, shorter: str) -> bool:
    """Whether the one is the other behind a negation, where both may be misspelt."""
    for before in _NEGATIONS:
        rest = longer.removeprefix(before).lstrip("_-")
        is_word = rest != longer and len(rest) >= 4 and not shorter.startswith(before)
        if is_word and _distance(rest, shorter) <= 1 < _distance(longer, shorter):
            return True
    return False


def _slips(written: str, known: str) -> int | None:
    """How many slips apart they are; None for too many, or where they say different things."""
    if written == known:
        return 0
    if is_opposite(written, known):
        return None
    if len(written) >= 4 and known.startswith(f"{written}_"):
        return 1
    longer = max(len(written), len(known))
    most = next(slips for length, slips in _SLIPS if longer <= length)
    if abs(len(written) - len(known)) > most:
        return None
    slips = _distance(written, known)
    return slips if slips <= most else None


def _distance(one: str, other: str) -> int:
    """Letters to add, leave out, replace, or swap with the next one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            steps = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                steps = min(steps, older[j - 2] + 1)
            row.append(steps)
    return row[-1]
