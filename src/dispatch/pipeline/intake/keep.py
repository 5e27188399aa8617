"""Entry to Post: what is new, what was edited, what we have already, what a person must look at."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dispatch.model.intake.feed import Backfill, Entry
from dispatch.model.intake.post import MAY_HAVE_GONE_OUT, Post
from dispatch.model.intake.similarity import is_one_title
from dispatch.model.text.plain_text import quoted
from dispatch.pipeline.intake.candidates import (
    Candidate,
    candidates_of,
    links_of_several,
    name_by_title,
)
from dispatch.pipeline.intake.duplicates import find_duplicates, replaced, why_doubtful
from dispatch.pipeline.intake.match import Matched, Shared, identities_of, match_entries
from dispatch.pipeline.intake.tell import tell_of_new
from dispatch.store.intake.names import KnownPost
from dispatch.store.intake.posts import Newcomer, PostUpdate
from dispatch.store.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Kept:
    """How the entries of one document came out; `backlog` are new ones nobody asked for.

    `held` are new ones that look like a post we have, `reused` those of them that have its guid and
    nothing else of it: a person decides about them. `notes` are sentences on entries that are no
    posts of their own.
    """

    new: int = 0
    backlog: int = 0
    revised: int = 0
    known: int = 0
    held: int = 0
    doubtful: bool = False  # and not only because of what the held ones look like
    reused: int = field(default=0, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)


def keep_entries(
    feed: str,
    entries: Sequence[Entry],
    *,
    backfill: Backfill | None,
    tx: Transaction,
    now: datetime,
    doubtful_until: datetime | None = None,
    site: str = "",
) -> Kept:
    """Keep what is new, revise what was edited; the same entries a second time change nothing.

    An entry is a post that we have if it has its guid, else its canonical link: now, or ever
    before. A name that several stories of the feed have, or had, is none of any. One that has
    neither, but looks like a post that was used, is held. So is one that has such a name and
    nothing else of the post. One without a link gets that of the `site`. `backfill` is
    given on first contact only: what it does not ask for is kept as backlog, so that it is known
    and never taken for news. Where we meet the feed for the first time since the database was put
    back from a copy, at `doubtful_until`, what is not newer than that is held.

    The number of statements does not depend on the number of entries.
    """
    guids = {entry.guid for entry in entries} - {""}
    candidates = candidates_of(entries, now=now, shared_guids=tx.names.shared_guids(feed, guids))
    links = {candidate.link_key for candidate in candidates} - {""}
    by_document = links_of_several(candidates)
    shared = by_document | tx.names.shared_links(feed, links)
    posts = tx.names.known(feed, identities_of(candidates, shared), links - shared)
    found = match_entries(candidates, posts, shared=shared)
    wanted = choose_wanted(entries, backfill, now=now)

    def newcomer(candidate: Candidate, identity: str = "") -> Newcomer:
        is_shared = candidate.link_key in shared
        return candidate.newcomer(link_shared=is_shared, identity=identity, site=site)

    plan = _plan(feed, found, wanted, newcomer=newcomer, tx=tx, now=now)
    if doubtful_until is not None:
        plan.doubt(until=doubtful_until)

    if by_document:
        tx.names.share_links(feed, by_document)
    revised = tx.posts.revise(plan.edits, now=now)
    tx.names.add_aliases(feed, plan.aliases)
    new = tx.posts.add(feed, plan.fresh, first_seen=now)
    backlog = tx.posts.add(feed, plan.archive, first_seen=now, backlog=True)
    held = tx.posts.add(feed, plan.held, first_seen=now, reasons=plan.reasons, like=plan.like)
    if revised or new or held:
        tx.news.note([feed])
    tell_of_new(feed, plan.fresh, plan.held, plan.reasons, tx=tx, now=now)
    known = len(entries) - new - backlog - revised - held
    return Kept(
        new,
        backlog,
        revised,
        known,
        held,
        doubtful_until is not None,
        reused=sum(doubt.shares is Shared.GUID for doubt in found.doubtful),
        notes=tuple(_notes(found)),
    )


@dataclass(slots=True)
class _Plan:
    """What to do about a document.

    `reasons` are those of the held ones, by identity, and `like` the post that each looks like.
    """

    fresh: list[Newcomer] = field(default_factory=list)
    archive: list[Newcomer] = field(default_factory=list)
    held: list[Newcomer] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    like: dict[str, int] = field(default_factory=dict)
    edits: list[PostUpdate] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)

    def hold(self, newcomer: Newcomer, reason: str, *, like: int | None = None) -> None:
        self.held.append(newcomer)
        self.reasons[newcomer.identity] = reason
        if like is not None:
            self.like[newcomer.identity] = like

    def doubt(self, *, until: datetime) -> None:
        """Hold what is not dated later."""
        fresh, self.fresh = self.fresh, []
        for newcomer in fresh:
            published = newcomer.entry.published
            if published is not None and published > until:
                self.fresh.append(newcomer)
            else:
                self.hold(newcomer, MAY_HAVE_GONE_OUT)

    def edit(self, edit: PostUpdate) -> None:
        self.edits.append(edit)
        if edit.moves and edit.link_key:
            self.aliases[edit.link_key] = edit.post.id


def _plan(
    feed: str,
    found: Matched,
    wanted: Collection[int],
    *,
    newcomer: "_MakeNewcomer",
    tx: Transaction,
    now: datetime,
) -> _Plan:
    plan = _Plan(aliases=dict(found.aliases))
    for candidate, known in found.known:
        if edit := _edit(candidate, known, newcomer, now=now):
            plan.edit(edit)
            plan.aliases |= _title_before(candidate, known)
    strange = [(candidate, "") for candidate in found.new]
    strange += [(doubt.candidate, doubt.identity) for doubt in found.doubtful]
    plan.archive += [newcomer(*one) for one in strange if id(one[0].entry) not in wanted]
    doubtful = [doubt for doubt in found.doubtful if id(doubt.candidate.entry) in wanted]
    for doubt, reason in zip(doubtful, why_doubtful(doubtful, tx=tx), strict=True):
        other = doubt.other.post.id if isinstance(doubt.other, KnownPost) else None
        plan.hold(newcomer(doubt.candidate, doubt.identity), reason, like=other)
    news = [candidate for candidate in found.new if id(candidate.entry) in wanted]
    # A post whose guid or link the document gives to another story has not gone from the feed.
    others = [one.other for one in found.doubtful if isinstance(one.other, KnownPost)]
    present = {known.post.id for known in (*(one for _, one in found.known), *others)}
    suspicions = find_duplicates(feed, news, present=present, tx=tx)
    waiting = replaced(suspicions, tx=tx)
    for candidate, one in zip(news, suspicions, strict=True):
        if one is None:
            plan.fresh.append(newcomer(candidate))
        elif one.replaces and one.of in waiting:
            plan.edit(_replacement(waiting.pop(one.of), candidate, newcomer))
            plan.aliases[newcomer(candidate).identity] = one.of
        else:
            plan.hold(newcomer(candidate), one.reason, like=one.of)
    return plan


def _title_before(candidate: Candidate, known: KnownPost) -> dict[str, int]:
    """The name that a post had with another title, under which it may have gone out.

    Where guid and link tell nothing, what comes with that title again is no news.
    """
    if is_one_title(candidate.looks.title, known.looks.title):
        return {}
    title = known.looks.title or known.post.title
    return {name_by_title(known.link_key, title): known.post.id}


class _MakeNewcomer(Protocol):
    def __call__(self, candidate: Candidate, identity: str = "") -> Newcomer: ...


def _notes(found: Matched) -> Iterator[str]:
    """What to say of entries for which another one of the document stands, and that say more."""
    lost = [
        one.entry
        for one, other in found.repeats
        if _shown(one.entry) != _shown(other.entry) or one.link_key != other.link_key
    ]
    if lost:
        entries = "1 entry tells" if len(lost) == 1 else f"{len(lost)} entries tell"
        named = quoted(lost[0].title)
        yield f"{entries} what another one there tells, and no post was made: {named}"


def held_sentence(kept: Kept) -> str:
    """What a poll says of those that a person has to look at."""
    of = f"{kept.held} of {kept.held + kept.new} new posts"
    if kept.doubtful:
        return (
            f"{of} held: they may have gone out before the database was put back from a copy - "
            "decide with 'dispatch posts held'"
        )
    hold = "it is" if kept.held == 1 else "they are"
    if kept.reused >= kept.held:
        has = "has the guid" if kept.held == 1 else "have guids"
        return (
            f"{of} {has} of one from before and another link, title and date, {hold} held - "
            "decide with 'dispatch posts held'"
        )
    looks = "looks like one" if kept.held == 1 else "look like ones"
    return (
        f"{of} {looks} from before under another guid and link, {hold} held - "
        "decide with 'dispatch posts held'"
    )


def choose_wanted(
    entries: Sequence[Entry], backfill: Backfill | None, *, now: datetime
) -> set[int]:
    """The `id` of each new entry that is taken, which on first contact the backfill says."""
    # A post dated in the future is news, however long it has been in the feed.
    coming = {id(entry) for entry in entries if entry.published and entry.published > now}
    here = [entry for entry in entries if id(entry) not in coming]
    if backfill is None:
        return coming | set(map(id, here))
    if backfill.since is not None:
        since = backfill.since
        here = [entry for entry in here if entry.published and entry.published >= since]
    here.sort(key=_newest_first)
    return coming | set(map(id, here[: backfill.newest]))


def _newest_first(entry: Entry) -> tuple[bool, float, int]:
    moment = entry.published.timestamp() if entry.published else 0.0
    return (entry.published is None, -moment, entry.position)


def _edit(
    candidate: Candidate,
    known: KnownPost,
    newcomer: Callable[[Candidate], Newcomer],
    *,
    now: datetime,
) -> PostUpdate | None:
    """What the feed has changed about a post; None if nothing that a reader would see.

    The date stays as it was when we met the post, so that setting it anew pushes nothing up; only
    one that keeps a post waiting is corrected.
    """
    post, entry = known.post, candidate.entry
    waits = post.published is not None and post.published > now
    published = entry.published if waits else post.published
    moves = _moves(candidate, known)
    if not moves and published == post.published and _shown(post) == _shown(entry):
        return None
    return PostUpdate(post, newcomer(candidate), known.link_key, moves, published)


def _replacement(
    known: KnownPost, candidate: Candidate, newcomer: Callable[[Candidate], Newcomer]
) -> PostUpdate:
    date = candidate.entry.published
    return PostUpdate(
        known.post, newcomer(candidate), known.link_key, _moves(candidate, known), date
    )


def _moves(candidate: Candidate, known: KnownPost) -> bool:
    return bool(candidate.link_key) and candidate.link_key != known.link_key


def _shown(thing: Post | Entry) -> tuple[object, ...]:
    # Not the rights: a new year in them is no edit of every post.
    return (
        thing.title,
        thing.summary,
        thing.content,
        thing.image,
        thing.comments_link,
        thing.licence_link,
    )
