"""Posts: lists by what has become of them, one post, and the say over those that are held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from starlette.responses import Response

from dispatch.errors import BadInput, NotFound
from dispatch.model.intake.post import Decision
from dispatch.model.intake.post_state import (
    WAITS_AT_MOST,
    ListedPost,
    PostState,
    PostUse,
    Revision,
)
from dispatch.model.text.differences import excerpts, marked, words_of
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.intake.hold_again import hold_again
from dispatch.store.intake.inbox import SEARCHED
from dispatch.web.team.campaign_titles import titles
from dispatch.web.team.held import Sides, cards, moves_and_rest, short
from dispatch.web.team.numbers import number_in
from dispatch.web.team.queries import with_query
from dispatch.web.team.visit import Visit

A_PAGE = 50
CARDS = 10
"""Held posts on one page: each has two texts."""

MOST_UNDONE = 50
LONGEST_TEXT = 600
"""Words of a post's text that its page shows."""

ALL = "all"
TABS = (*PostState, ALL)


@dataclass(frozen=True, slots=True)
class Line:
    """A post in a list: `uses` are the editions that have it, `waits` the campaigns that may."""

    post: ListedPost
    uses: Sequence[PostUse] = ()
    waits: Sequence[tuple[str, str]] = ()  # name and title
    coming: bool = False  # dated in the future

    @property
    def told(self) -> bool:
        """Whether an edition with it has gone out."""
        return any(use.told for use in self.uses)

    @property
    def badge(self) -> str:
        """Its state, as badges know it; empty: it is no news."""
        if self.post.awaits_decision:
            return "held"
        if self.told:
            return "told"
        if self.uses:
            return str(self.uses[0].state)
        if self.post.is_dropped:
            return "dropped"
        return "" if self.post.backlog else "new"


def show(visit: Visit) -> Response:
    """The list, by the tab that is asked for; what is held stands side by side."""
    tab = visit.asked("state", PostState.NEW.value)
    tab = tab if tab in TABS else PostState.NEW.value
    feed = visit.asked("feed")
    feed = feed if feed in visit.app.workspace.feeds else ""
    return _held(visit, feed) if tab == PostState.HELD else _list(visit, tab, feed)


def one(visit: Visit) -> Response:
    """One post: what it says, said before, where it is, and what each run thought of it."""
    post_id = _number(visit.part("id"))
    with visit.app.store.read() as tx:
        found = tx.inbox.some([post_id])
        if not found:
            raise NotFound(f"post {post_id}: is not known")
        [listed], post = found, tx.posts.get(post_id)
        uses = tx.inbox.uses([post_id])
        runs, revisions = tx.inbox.runs(post_id), tx.inbox.revisions(post_id)
        like = tx.inbox.some([listed.like]) if listed.like else []
    whole = post.whole
    text = words_of(whole.content or whole.summary)
    return visit.page(
        "post.html",
        here="posts",
        post=whole,
        line=lines_of(visit, [listed], uses)[0],
        like=like[0] if like else None,
        paragraphs=_paragraphs(whole.content or whole.summary),
        cut=len(text) > LONGEST_TEXT,
        text_words=len(text),
        changes=_changes(whole.title, whole.content or whole.summary, revisions),
        runs=runs,
        title_of=_titles(visit),
        searched=SEARCHED,
        short=short,
    )


def release(visit: Visit) -> Response:
    """Say that held posts are news."""
    return _decide(visit, Decision.RELEASED)


def drop(visit: Visit) -> Response:
    """Say that held posts are none."""
    return _decide(visit, Decision.DROPPED)


def hold(visit: Visit) -> Response:
    """Take back what was just decided."""
    decision = visit.form("seen")
    if decision not in list(Decision):
        raise BadInput([visit.words("errors.bad_form")])
    ids = [_number(text) for text in visit.form.all("ids")]
    app = visit.app
    held = hold_again(ids, Decision(decision), by=visit.by, store=app.store, clock=app.clock)
    return visit.to(f"/posts?state={PostState.HELD}", said="post_held", count=len(held))


def _decide(visit: Visit, decision: Decision) -> Response:
    ids = [_number(text) for text in visit.form.all("ids")]
    if not ids:
        return _held(visit, "", errors={"several": visit.words("posts.choose_some")})
    decided = decide_posts(
        ids,
        decision,
        by=visit.by,
        store=visit.app.store,
        clock=visit.app.clock,
        seen=visit.form("seen"),
    )
    said = f"post_{decision}"
    if visit.form("back") == "post":
        return visit.to(f"/posts/{ids[0]}", said=said, count=len(decided))
    tab = visit.form("back") if visit.form("back") in TABS else PostState.HELD.value
    query: dict[str, str] = {"state": tab}
    if len(ids) <= MOST_UNDONE:
        query |= {"undo": decision.value, "ids": " ".join(map(str, ids))}
    return visit.to(with_query("/posts", query), said=said, count=len(decided))


def _list(visit: Visit, tab: str, feed: str) -> Response:
    state = None if tab == ALL else PostState(tab)
    feeds = visit.app.workspace.feeds
    known = feeds if state is PostState.NEW else None
    text, before = visit.asked("q"), _optional(visit.asked("before"))
    since = visit.now - WAITS_AT_MOST
    with visit.app.store.read() as tx:
        found = tx.inbox.page(
            state, since=since, known=known, feed=feed, text=text, before=before, most=A_PAGE + 1
        )
        uses = tx.inbox.uses([post.id for post in found[:A_PAGE]])
        all_of_it = state and len(found) <= A_PAGE and not (feed or text or before)
        told = {state: len(found)} if state and all_of_it else {}
        counts = tx.inbox.counts(since=since, known=feeds, told=told)
    address = partial(with_query, f"{visit.base}/posts", {"state": tab, "feed": feed, "q": text})
    older = found[A_PAGE - 1].id if len(found) > A_PAGE else 0
    return visit.page(
        "posts.html",
        here="posts",
        tab=tab,
        counts=counts,
        q=text,
        feed=feed,
        lines=lines_of(visit, found[:A_PAGE], uses),
        newer=address() if before else "",
        older=address(before=older) if older else "",
        title_of=_titles(visit),
        searched=SEARCHED,
        undo=_undo(visit),
    )


def _held(visit: Visit, feed: str, errors: Mapping[str, str] | None = None) -> Response:
    text, before = visit.asked("q").casefold(), _optional(visit.asked("before"))
    feeds, since = visit.app.workspace.feeds, visit.now - WAITS_AT_MOST
    with visit.app.store.read() as tx:
        pairs = [
            (post, like)
            for post, like in tx.inbox.held(feed)
            if text in post.title.casefold() or text in post.link.casefold()
        ]
        moves, rest = moves_and_rest(pairs)
        shown = [pair for pair in rest if not before or pair[0].id < before]
        uses = tx.inbox.uses([like.id for _, like in pairs if like])
        found = cards(shown[:CARDS], uses, tx=tx)
        counts = tx.inbox.counts(since=since, known=feeds)
    query = {"state": PostState.HELD.value, "feed": feed, "q": text}
    address = partial(with_query, f"{visit.base}/posts", query)
    older = shown[CARDS - 1][0].id if len(shown) > CARDS else 0
    return visit.page(
        "posts_held.html",
        status_code=422 if errors else 200,
        here="posts",
        errors=errors or {},
        tab=PostState.HELD.value,
        counts=counts,
        q=text,
        feed=feed,
        moves=[] if before else moves,
        cards=found,
        several=shown[:A_PAGE],
        uses=uses,
        newer=address() if before else "",
        older=address(before=older) if older else "",
        title_of=_titles(visit),
        searched=SEARCHED,
        short=short,
        undo=_undo(visit),
    )


def lines_of(
    visit: Visit, found: Sequence[ListedPost], uses: Mapping[int, Sequence[PostUse]]
) -> list[Line]:
    """Posts with the editions that have them, and the campaigns that may."""
    campaigns = visit.app.workspace.campaigns.values()
    return [
        Line(
            post,
            uses.get(post.id, ()),
            [(one.name, one.title) for one in campaigns if post.feed in one.feeds],
            post.published is not None and post.published > visit.now,
        )
        for post in found
    ]


def _titles(visit: Visit) -> Mapping[str, str]:
    """Campaign to its title, for those that are in the file; others are called by their names."""
    return titles(visit)


def _undo(visit: Visit) -> tuple[str, list[str]] | None:
    """What was decided just before and can be taken back, and about which posts."""
    decision = visit.asked("undo")
    ids = [one for one in visit.asked("ids").split() if number_in(one) is not None]
    known = decision in list(Decision) and ids and visit.asked("said")
    return (decision, ids[:MOST_UNDONE]) if known else None


def _changes(
    title: str, html: str, revisions: Sequence[Revision]
) -> list[tuple[Revision, Sides, Sides]]:
    """Each earlier revision beside the one that came after it."""
    found = []
    for revision in revisions:
        before, now = excerpts(words_of(revision.text), words_of(html))
        titles = marked(revision.title.split(), title.split())
        found.append((revision, titles, marked(before, now)))
        title, html = revision.title, revision.text
    return found


def _paragraphs(html: str) -> list[str]:
    """The text as plain paragraphs: a page of ours shows nobody else's markup."""
    left, found = LONGEST_TEXT, []
    for block in _blocks(html):
        words = words_of(block)[:left]
        left -= len(words)
        if words:
            found.append(" ".join(words))
    return found


def _blocks(html: str) -> list[str]:
    for end in ("</p>", "</h2>", "</h3>", "</h4>", "</li>", "</blockquote>", "<br>", "<br />"):
        html = html.replace(end, "\0")
    return html.split("\0")


def _optional(text: str) -> int:
    return _number(text) if text else 0


def _number(text: str) -> int:
    number = number_in(text)
    if number is None:
        raise NotFound(f"post {text[:40]}: is not known")
    return number
