"""Snippets as their networks show them: how long they are there, and what stands beside them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.channels.provider import Capabilities
from dispatch.channels.takes import Takes
from dispatch.model.campaigns.campaign import NoAlt, Shows, SocialPlan
from dispatch.model.campaigns.sending_hours import SendingHours
from dispatch.model.editions.edition import EditionContent
from dispatch.model.text.threads import as_written
from dispatch.render.texts import Snippet

MOST_DESCRIPTION = 160
"""Code points of what a card tells of its link."""

_MARKED = re.compile(r"https?://[^\s<>\"]+|(?<![\w/&#])#\w*[^\W\d_]\w*")
_TRAILING = ".,;:!?…)]}»”’'\""


@dataclass(frozen=True, slots=True)
class ShownSnippet:
    """A snippet on a network. `texts` are the posts that it is, one below the other.

    `used` is what the longest of them counts, and `used_bytes` the same in UTF-8 where the network
    limits that, too. `title`, `host`, `description` and `picture` are the card's, or empty;
    `picture` is an address, `alt` the words for who does not see it.
    """

    snippet: Snippet
    texts: tuple[str, ...]
    written: bool
    used: int
    most: int | None
    used_bytes: int
    most_bytes: int | None
    title: str = ""
    host: str = ""
    description: str = ""
    picture: str = ""
    alt: str = ""
    warning: str = ""

    @property
    def text(self) -> str:
        """All that it says, as somebody writes it: posts of a thread with a line between them."""
        return as_written(self.texts)

    @property
    def too_many(self) -> int:
        """How many characters of the longest post are too many."""
        return max(0, self.used - self.most) if self.most is not None else 0

    @property
    def bytes_too_many(self) -> int:
        """How many of its bytes are."""
        return max(0, self.used_bytes - self.most_bytes) if self.most_bytes is not None else 0

    @property
    def fits(self) -> bool:
        """Whether the network takes it."""
        return not (self.too_many or self.bytes_too_many)


def shown_snippets(
    snippets: Sequence[Snippet],
    content: EditionContent,
    plan: SocialPlan,
    takes: Takes,
    declared: Capabilities | None,
) -> list[ShownSnippet]:
    """The snippets of a plan as they are seen there; `declared` is what the provider does."""
    own = {one.part for one in content.snippets if one.channel == plan.via}
    summaries = {str(post.id): post.summary for post in content.posts}
    shown = []
    for one in snippets:
        picture, alt = _picture(one, plan)
        has_card = plan.shows is Shows.CARD and bool(one.link)
        host = one.link.partition("://")[2].partition("/")[0]
        shown.append(
            ShownSnippet(
                snippet=one,
                texts=one.texts,
                written=one.part in own,
                used=max(map(takes.counter.count, one.texts)),
                most=takes.max_text,
                used_bytes=max(len(text.encode()) for text in one.texts),
                most_bytes=declared.most_text_bytes if declared else None,
                title=one.title if has_card else "",
                host=host if has_card else "",
                description=_beginning(summaries.get(one.part, "")) if has_card else "",
                picture=picture,
                alt=alt,
                warning=plan.warning,
            )
        )
    return shown


def _picture(snippet: Snippet, plan: SocialPlan) -> tuple[str, str]:
    """Its address and its words; none where nobody would see one."""
    if plan.shows is Shows.TEXT or snippet.image is None:
        return "", ""
    alt = snippet.image.alt
    if not alt and plan.no_alt is NoAlt.LEAVE_OUT:
        return "", ""
    if not alt and plan.no_alt is NoAlt.TITLE:
        alt = snippet.title
    return picture_address(snippet), alt


def picture_address(snippet: Snippet) -> str:
    """Where a page finds the picture of a snippet; pages allow those by https only."""
    url = snippet.image.url if snippet.image else ""
    return url if url.startswith("https://") else ""


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= MOST_DESCRIPTION:
        return line
    return f"{line[:MOST_DESCRIPTION].rpartition(' ')[0] or line[:MOST_DESCRIPTION]}…"


def marked_parts(text: str) -> Iterator[tuple[str, bool]]:
    """A text in stretches, each with whether it is a link, as networks show them, or a hashtag.

    >>> list(marked_parts("Look (https://a.example/x). #Art"))
    [('Look (', False), ('a.example/x', True), ('). ', False), ('#Art', True)]
    """
    done = 0
    for found in _MARKED.finditer(text):
        bare = found[0].rstrip(_TRAILING)
        yield text[done : found.start()], False
        yield bare.partition("://")[2] or bare, True
        done = found.start() + len(bare)
    if done < len(text):
        yield text[done:], False


def planned_times(
    number: int, first: datetime, plan: SocialPlan, timezone: str, spacing: timedelta
) -> list[datetime]:
    """When so many snippets leave one after the other, as far as it can be known beforehand."""
    hours = SendingHours(plan.quiet)
    apart = spacing if plan.every is None else plan.every
    found: list[datetime] = []
    moment = first
    for _ in range(number):
        moment = hours.open_from(moment, timezone)
        found.append(moment)
        moment += apart
    return found
