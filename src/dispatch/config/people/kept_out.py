"""Who a file names and who stays out all the same, as it is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.model.people.subscriber import SubscriptionState

MOST_LINES = 20


@dataclass(frozen=True, slots=True, order=True)
class KeptOut:
    """Somebody of whom the file says itself that they are not to be mailed, or not yet."""

    line: int
    email: str
    why: str
    state: SubscriptionState


def in_words(people: Sequence[KeptOut]) -> str:
    """How many they are, and in which lines.

    >>> in_words([KeptOut(3, "ada@example.org", "'bounced'", SubscriptionState.ENDED)])
    "1 rows are marked pending, ended or suppressed and were left out: line 3 ('bounced')"
    """
    marked = f"{len(people)} rows are marked pending, ended or suppressed and were left out"
    return f"{marked}: {lines_of([(one.line, one.why) for one in people])}"


def lines_of(found: Sequence[tuple[int, str]]) -> str:
    """Lines with why, not more of them than somebody reads.

    >>> lines_of([(3, "'bounced'"), (7, "")])
    "line 3 ('bounced'), line 7"
    """
    told = [f"line {line}" + (f" ({why})" if why else "") for line, why in found[:MOST_LINES]]
    more = len(found) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")
