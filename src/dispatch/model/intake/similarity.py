"""Whether two posts tell one story though neither guid nor link says so: by title, date and text.

Meant for posts of one feed. The answer only ever leads to a question for a person, or to taking a
post for the new text of one that nobody has got yet; so it leans towards yes where the feed
gives a good reason, and keeps silent about series, whose titles are alike by design.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

SAME_MOMENT = timedelta(minutes=1)
"""How far apart the dates of a post under an everyday title may be: not at all, seconds aside."""

SAME_DAY = timedelta(hours=18)
"""Less than between two posts of a daily series, more than a time zone gone wrong."""

SAME_MONTH = timedelta(days=30)
"""How long a title that says something is not used for a second story."""

ENOUGH_WORDS = 4  # fewer, and a title may well be used twice: "Open thread", "Links of the week"
MOST_ADDED = 3  # words: "Update: ...", "... (with video)"
LEAST_TEXT = 200  # letters; less may be a phrase that stands under each post
MOST_TEXT = 20_000  # of HTML that is compared

_TAG = re.compile(r"<[^>]*>")
_GAPS = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")  # Thai, Japanese, Chinese
_ROMAN = re.compile(r"x{0,3}(ix|iv|v?i{0,3})")
_TYPO = 0.85  # of the letters: northern is not southern


class Similarity(StrEnum):
    """In what two posts are alike; `NEARLY` means all but a word or two of the title."""

    TEXT = "text"
    TITLE = "title"
    NEARLY = "nearly"


@dataclass(frozen=True, slots=True)
class Looks:
    """What is compared of a post: its keys, its own date, and when we met it."""

    title: str
    text: str
    published: datetime | None
    seen: datetime


def title_key(title: str) -> str:
    """The words of a title without case, accents and punctuation.

    >>> title_key("L\u2019\u00c9t\u00e9: don't panic!")
    'lete dont panic'
    """
    plain = _APOSTROPHES.sub("", title).casefold()
    if plain.isascii():
        return _GAPS.sub(" ", plain).strip()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
    # Signs that belong to a letter, as vowels do in Hindi, tell words apart.
    return " ".join("".join(" " if _is_gap(sign) else sign for sign in plain).split())


def text_key(html: str) -> str:
    """A fingerprint of what the HTML says, whatever its tags; empty where that is too little."""
    words = _TAG.sub(" ", html[:MOST_TEXT]).casefold().split()
    if sum(map(len, words)) < LEAST_TEXT:
        return ""
    return hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()[:32]


def similarity(
    new: Looks, old: Looks, *, title_is_common: bool, renewed: bool = False
) -> Similarity | None:
    """In what a post that has come looks like one we have; None if they seem two stories.

    `title_is_common` says that the feed has used the title for several stories: then only the
    same date tells. `renewed` says that the feed has given new names to most of what it holds:
    then the same title is enough.
    """
    if new.text and new.text == old.text:
        return Similarity.TEXT
    apart = abs(new.published - old.published) if new.published and old.published else None
    if new.title and new.title == old.title:
        return Similarity.TITLE if renewed or _is_near(new, old, apart, title_is_common) else None
    if apart is not None and apart <= SAME_DAY and _is_corrected(new.title, old.title):
        return Similarity.NEARLY
    return None


def _is_near(new: Looks, old: Looks, apart: timedelta | None, title_is_common: bool) -> bool:
    if apart is None:
        since = abs((new.published or new.seen) - (old.published or old.seen))
        return not title_is_common and says_something(new.title) and since <= SAME_MONTH
    if title_is_common:
        return apart <= SAME_MOMENT
    return apart <= (SAME_MONTH if says_something(new.title) else SAME_DAY)


def is_edit(new: Looks, old: Looks, *, date_tells: bool = True) -> bool:
    """Whether two posts of one link are one story: the same date or text, or nearly one title.

    Some feeds give one link to all they tell, such as the page of a podcast. Where they give many
    of them one date as well, that does not tell either.
    """
    if date_tells and is_one_date(new, old):
        return True
    return is_one_text(new, old) or is_one_title(new.title, old.title)


def is_one_date(new: Looks, old: Looks) -> bool:
    """Whether both are dated, and at the same time."""
    if new.published is None or old.published is None:
        return False
    return abs(new.published - old.published) <= SAME_MOMENT


def is_one_text(new: Looks, old: Looks) -> bool:
    """Whether both say the same, and enough of it."""
    return bool(new.text) and new.text == old.text


def is_one_title(new: str, old: str) -> bool:
    """Whether one title key is the other, or a correction of it."""
    return new == old or _is_corrected(new, old)


def says_something(key: str) -> bool:
    """Whether a title is long enough to be one story's own.

    >>> says_something("weekly update"), says_something("how we moved to postgres")
    (False, True)
    """
    return len(key.split()) >= ENOUGH_WORDS or len(_UNSPACED.findall(key)) >= 2 * ENOUGH_WORDS


def _is_corrected(new: str, old: str) -> bool:
    """Whether a few words were added or taken away, or up to two corrected, and no number."""
    ours, theirs = new.split(), old.split()
    if min(len(ours), len(theirs)) < ENOUGH_WORDS or len(set(ours) & set(theirs)) < 2:
        return False
    if _numbers(ours) != _numbers(theirs):
        return False
    mine, yours = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
    if not mine or not yours:
        return mine.total() + yours.total() <= MOST_ADDED
    pairs = list(zip(mine.elements(), yours.elements(), strict=False))
    return mine.total() == yours.total() <= 2 and all(_is_typo(*pair) for pair in pairs)


def _is_typo(one: str, other: str) -> bool:
    if min(len(one), len(other)) < ENOUGH_WORDS:
        return sorted(one) == sorted(other)  # teh, the
    return SequenceMatcher(None, one, other).ratio() >= _TYPO


def _numbers(words: list[str]) -> list[str]:
    return sorted(word for word in words if any(map(str.isdigit, word)) or _ROMAN.fullmatch(word))


def _is_gap(sign: str) -> bool:
    return not (sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc"))
