"""Snippets as their networks show them: how long they are there, and what stands beside them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.channels.takes import Takes
from dispatch.model.campaigns.campaign import Shows, SocialPlan
from dispatch.model.campaigns.sending_hours import SendingHours
from dispatch.model.editions.edition import EditionContent
from dispatch.model.text.counting import CODE_POINTS, Counter
from dispatch.model.text.hashtags import hashtags_in
from dispatch.pipeline.messages.beside import Beside, Illustrator, beside, no_pictures_kept
from dispatch.render.texts import Snippet

MOST_DESCRIPTION = 160
"""Code points of what a card tells of its link."""

AddressOf = Callable[[str], str]
"""The mark of a kept picture to where a page finds it; empty: nowhere."""


@dataclass(frozen=True, slots=True)
class ShownSnippet:
    """A snippet on a network. `texts` are the posts that it is, one below the other.

    `used` is what the longest of them counts, and `used_bytes` the same in UTF-8 where the network
    limits that, too. `title`, `host`, `description` and `picture` are the card's, or empty;
    `picture` is an address, `alt` the words for who does not see it. `is_theirs`: the network makes
    the card by itself, so that it may look otherwise.
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
    is_theirs: bool = False

    @property
    def too_many(self) -> int:
        """How many characters of the longest post are too many."""
        return self.snippet.too_many

    @property
    def fits(self) -> bool:
        """Whether the network takes it."""
        return not self.too_many


def shown_snippets(
    snippets: Sequence[Snippet],
    content: EditionContent,
    plan: SocialPlan,
    takes: Takes,
    address_of: AddressOf,
) -> list[ShownSnippet]:
    """The snippets of a plan as they are seen there; `takes` is what its channel takes."""
    takes = takes.for_plan(plan)
    own = {one.part for one in content.snippets if one.channel == plan.via}
    besides = _Besides(content, plan, takes, address_of)
    shown = []
    for one in snippets:
        texts = one.texts
        seen = ShownSnippet(
            snippet=one,
            texts=texts,
            written=one.part in own,
            used=max(map(takes.counter.count, texts)),
            most=takes.max_text,
            used_bytes=max(len(text.encode()) for text in texts),
            most_bytes=takes.most_text_bytes,
            warning=plan.warning,
        )
        shown.append(besides.put(seen))
    return shown


class _Besides:
    """Puts beside snippets what is handed over with them, or what the network will make of them."""

    def __init__(
        self, content: EditionContent, plan: SocialPlan, takes: Takes, address_of: AddressOf
    ) -> None:
        self._illustrator = Illustrator(content, plan, takes, no_pictures_kept)
        self._address_of = address_of
        self._what = beside(plan, takes)
        self._plan = plan
        self._summaries = {str(post.id): post.summary for post in content.posts}
        # Before an edition is made, nobody has looked for cards yet.
        self._is_gathered = bool(content.cards)

    def put(self, seen: ShownSnippet) -> ShownSnippet:
        snippet = seen.snippet
        stands = self._illustrator.stands(snippet)
        if stands is None:
            return self._guessed(seen)
        picture = self._address_of(stands.mark) if stands.mark else ""
        if self._what is Beside.PICTURE and not picture:
            return seen
        return replace(
            seen,
            title=stands.title,
            host=_host(snippet.link) if self._what is Beside.CARD else "",
            description=_beginning(stands.description),
            picture=picture,
            alt=stands.alt if picture else "",
        )

    def _guessed(self, seen: ShownSnippet) -> ShownSnippet:
        """By what the post says: what the network makes itself, or nobody has looked for."""
        snippet = seen.snippet
        is_theirs = self._what is Beside.NOTHING and self._plan.shows is Shows.CARD
        is_to_come = self._what is Beside.CARD and not self._is_gathered
        if not snippet.link or not (is_theirs or is_to_come):
            return seen
        return replace(
            seen,
            title=snippet.title,
            host=_host(snippet.link),
            description=_beginning(self._summaries.get(snippet.part, "")),
            picture=picture_address(snippet),
            alt=(snippet.image.alt or snippet.title) if snippet.image else "",
            is_theirs=is_theirs,
        )


def picture_address(snippet: Snippet) -> str:
    """Where a page finds the picture of a snippet; pages allow those by https only."""
    url = snippet.image.url if snippet.image else ""
    return url if url.startswith("https://") else ""


def _host(link: str) -> str:
    return link.partition("://")[2].partition("/")[0]


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= MOST_DESCRIPTION:
        return line
    return f"{line[:MOST_DESCRIPTION].rpartition(' ')[0] or line[:MOST_DESCRIPTION]}…"


def marked_parts(text: str, counter: Counter = CODE_POINTS) -> Iterator[tuple[str, bool]]:
    """A text in stretches, each with whether it is a link, as networks show them, or a hashtag.

    >>> list(marked_parts("Look (https://a.example/x). #Art"))
    [('Look (', False), ('a.example/x', True), ('). ', False), ('#Art', True)]
    """
    done = start = 0
    for piece in counter.pieces(text):
        if piece.is_link:
            yield from _with_hashtags(text[done:start])
            link = text[start : piece.end]
            yield link.partition("://")[2] or link, True
            done = piece.end
        start = piece.end
    yield from _with_hashtags(text[done:])


def _with_hashtags(text: str) -> Iterator[tuple[str, bool]]:
    done = 0
    for start, end in hashtags_in(text):
        if done < start:
            yield text[done:start], False
        yield text[start:end], True
        done = end
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
