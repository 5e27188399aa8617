"""What stands beside the snippets of an edition is gathered: cards of links, and pictures.

Before the edition is kept, and outside of any transaction, so that what was approved is what goes
out. Whatever fails costs a card its picture, or a post its card, and never the edition.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from urllib.parse import urlsplit

import structlog

from dispatch.channels.provider import PictureLimits
from dispatch.channels.takes import TakesOf
from dispatch.clock import Clock
from dispatch.errors import FeedError
from dispatch.feeds.pictures.ordinary import is_available
from dispatch.feeds.web.address import shown
from dispatch.model.editions.card import KeptPicture, PostCard, cards_of
from dispatch.model.editions.edition import EditionContent
from dispatch.model.intake.feed import Entry, Image
from dispatch.model.intake.post import Post
from dispatch.model.text.plain_text import one_line, shorten, text_of_html
from dispatch.pipeline.intake.at_once import work_at_once
from dispatch.pipeline.messages.beside import Beside, beside, posts_shown
from dispatch.pipeline.messages.fit_picture import is_within
from dispatch.store.transactions import Store

log = structlog.get_logger()

SECONDS = 15.0
"""For all posts of an edition together: somebody may be waiting for it."""

PATIENCE, TOTAL = 4.0, 8.0
"""Seconds of silence, and in all, for one page or picture of them."""

MOST_TITLE = 300
MOST_DESCRIPTION = 300
"""In code points; what networks show is shorter still."""

TOO_LATE = f"what stands there was not found within {SECONDS:g} s"

Visit = Callable[[str], Entry]
"""The address of a page to what its card says: `title`, `summary`, `image`; raises a FeedError."""

FetchPicture = Callable[[str], KeptPicture]
"""The address of a picture to the picture; raises a FeedError."""


@dataclass(frozen=True, slots=True)
class Web:
    """Where cards and pictures come from; both are called by several threads at once."""

    visit: Visit
    fetch_picture: FetchPicture


@dataclass(slots=True)
class _Wanted:
    """What is wanted beside one post, and by networks with which limits."""

    post: Post
    card: bool = False
    own: bool = False
    limits: list[PictureLimits] = field(default_factory=list)

    @property
    def host(self) -> str:
        return urlsplit(self.post.link).netloc.lower()


@dataclass(frozen=True, slots=True)
class _Found:
    card: PostCard
    pictures: tuple[KeptPicture, ...] = ()


def gather_cards(
    content: EditionContent,
    *,
    takes_of: TakesOf,
    web: Web,
    store: Store,
    clock: Clock,
    seconds: float = SECONDS,
    ticks: Callable[[], float] = time.monotonic,
) -> tuple[PostCard, ...]:
    """The cards that the edition has, and of its further posts what is found within `seconds`.

    Their pictures are kept in the store. It raises nothing but what the store does.
    """
    known = {one.post for one in content.cards}
    wanted = [one for one in _wanted(content, takes_of) if one.post.id not in known]
    found = _found(wanted, web, seconds=seconds, ticks=ticks)
    cards = [*content.cards, *(one.card for one in found)]
    pictures = {one.mark: one for some in found for one in some.pictures}
    if pictures:
        with store.begin() as tx:
            tx.pictures.keep(pictures.values(), now=clock())
    for one in found:
        if problem := one.card.problem:
            log.info(
                "edition.card_incomplete",
                campaign=content.campaign,
                post=one.card.post,
                problem=problem,
            )
    return cards_of(cards, {post.id for post in content.posts})


def _wanted(content: EditionContent, takes_of: TakesOf) -> Iterator[_Wanted]:
    """The posts beside which anything is to stand, each once."""
    wanted: dict[int, _Wanted] = {}
    for plan in content.social:
        takes = takes_of(plan.via)
        what = beside(plan, takes)
        for post in posts_shown(content, plan, what):
            one = wanted.setdefault(post.id, _Wanted(post))
            one.card |= what is Beside.CARD
            one.own |= what is Beside.PICTURE
            if takes.pictures is not None:
                one.limits.append(takes.pictures)
    yield from wanted.values()


def _found(
    wanted: Sequence[_Wanted], web: Web, *, seconds: float, ticks: Callable[[], float]
) -> list[_Found]:
    """What is found for each of these, in their order; who is late has what the post says."""
    if not wanted:
        return []
    end = ticks() + seconds
    done = work_at_once(
        wanted,
        partial(_find, web=web),
        host=lambda one: one.host,
        keep_going=lambda: ticks() < end,
    )
    found = {one[0].post.id: one[1] for one in done if one is not None}
    late = (_Found(_of_post(one, problem=TOO_LATE)) for one in wanted)
    return [found.get(one.card.post, one) for one in late]


def _find(wanted: _Wanted, web: Web) -> _Found:
    search = _Search(wanted, web)
    try:
        return search.result()
    except Exception as bug:
        log.warning("edition.card_crashed", post=wanted.post.id, exc_info=bug)
        return _Found(_of_post(wanted, problem=f"{type(bug).__name__} while it was looked for"))


class _Search:
    """What is looked for beside one post, and what went wrong in that."""

    def __init__(self, wanted: _Wanted, web: Web) -> None:
        self._wanted = wanted
        self._web = web
        self._problems: list[str] = []
        self._pictures: dict[str, KeptPicture | None] = {}

    def result(self) -> _Found:
        """All of it."""
        wanted, post = self._wanted, self._wanted.post
        page = self._page() if wanted.card or (wanted.own and post.image is None) else None
        theirs = page.image if page else None
        card, picture, alt = _of_post(wanted), "", ""
        if wanted.card:
            picture, alt = self._first(theirs, post.image)
        own, own_alt = self._first(post.image, theirs) if wanted.own else ("", "")
        title = shorten(unescape(page.title), MOST_TITLE) if page else ""
        description = shorten(unescape(page.summary), MOST_DESCRIPTION) if page else ""
        kept = tuple(one for one in self._pictures.values() if one is not None)
        found = PostCard(
            post.id,
            title=(title or card.title) if wanted.card else "",
            description=(description or card.description) if wanted.card else "",
            picture=picture,
            alt=alt,
            own=own,
            own_alt=own_alt,
            problem="; ".join(dict.fromkeys(self._problems)),
        )
        return _Found(found, kept)

    def _page(self) -> Entry | None:
        if not self._wanted.post.link:
            return None
        try:
            return self._web.visit(self._wanted.post.link)
        except FeedError as error:
            self._problems.append(str(error).partition(" - ")[0])
            return None

    def _first(self, *images: Image | None) -> tuple[str, str]:
        """The mark of the first that can be had, and the words for it; empty if none can."""
        there = [one for one in images if one is not None]
        for image in there:
            kept = self._picture(image.url)
            if kept is not None:
                words = (one.alt for one in there if one.url == image.url)
                return kept.mark, one_line(next(filter(None, words), ""))
        return "", ""

    def _picture(self, url: str) -> KeptPicture | None:
        if url not in self._pictures:
            self._pictures[url] = None
            if not self._wanted.limits:  # nobody would show it
                return None
            try:
                kept = self._web.fetch_picture(url)
            except FeedError as error:
                self._problems.append(str(error))
                return None
            if is_available() or any(is_within(kept, one) for one in self._wanted.limits):
                self._pictures[url] = kept
            else:
                needed = "dispatch-digest[pictures] makes pictures fit"
                self._problems.append(f"{shown(url)}: fits no network as it is; {needed}")
        return self._pictures[url]


def _of_post(wanted: _Wanted, problem: str = "") -> PostCard:
    """What the post itself says."""
    post = wanted.post
    if not wanted.card:
        return PostCard(post.id, problem=problem)
    text = post.summary or text_of_html(post.content)
    return PostCard(
        post.id,
        title=shorten(post.title, MOST_TITLE),
        description=shorten(one_line(text), MOST_DESCRIPTION),
        problem=problem,
    )
