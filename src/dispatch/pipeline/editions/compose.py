"""An edition is composed: new posts are chosen, and all that its texts are made of is frozen."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.clock import Clock
from dispatch.ids import Ids
from dispatch.model.campaigns.approval import NOBODY_NEEDED
from dispatch.model.campaigns.archive import Archive, page_names
from dispatch.model.campaigns.brand import Brand
from dispatch.model.campaigns.campaign import Campaign, Publisher
from dispatch.model.campaigns.schedule import Slot
from dispatch.model.editions.catch_up import REACH
from dispatch.model.editions.edition import (
    Edition,
    EditionContent,
    EditionState,
    FeedTitle,
    fingerprint,
)
from dispatch.model.editions.picture import Picture
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.post import Choice, Post, choose, published_before, too_few
from dispatch.pipeline.editions.come_again import has_place, standing_for
from dispatch.pipeline.editions.known_limits import known_limits
from dispatch.pipeline.editions.look_for_news import look_for_news
from dispatch.pipeline.editions.try_out import (
    Gather,
    Tried,
    TryOut,
    gather_nothing,
    with_trial,
)
from dispatch.pipeline.editions.why_no_edition import nobody_in, why_no_edition
from dispatch.pipeline.people.readers import count_recipients
from dispatch.pipeline.reviews.queue_review_mails import queue_for_new
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.render.trials.proof import proof
from dispatch.store.editions.content import to_json
from dispatch.store.transactions import Store, Transaction

_FOR_NOBODY = f"came more than {REACH.days} days ago, when nobody had this cadence"

LoadTemplate = Callable[[str], Mapping[str, str]]
"""Template name to its files; raises TemplateFailed."""

LoadPictures = Callable[[str, Brand], Mapping[str, Picture]]
"""Template name and brand to the pictures that go with its digest; raises TemplateFailed."""


def no_pictures(template: str, brand: Brand) -> Mapping[str, Picture]:  # noqa: ARG001
    """For editions without any."""
    return {}


@dataclass(frozen=True, slots=True)
class Materials:
    """What the editions of a workspace are made from, besides its posts."""

    publisher: Publisher
    feeds: Mapping[str, Feed]
    load_template: LoadTemplate
    load_pictures: LoadPictures = no_pictures


@dataclass(frozen=True, slots=True)
class EditionDraft:
    """What would go out. `content` is None where `skipped` says why nothing would.

    `unread` is what would go out if there was somebody to read it.
    """

    choices: tuple[Choice, ...]
    content: EditionContent | None
    skipped: str = ""
    unread: EditionContent | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """What a run came to: an edition, or the reason in the draft why there is none."""

    draft: EditionDraft
    edition: Edition | None


def skip_slots(
    campaign: str, passed: Sequence[tuple[Slot, str]], *, store: Store, clock: Clock
) -> list[tuple[Slot, str]]:
    """Record that slots have passed without a run, and why; returns those that were new."""
    with store.begin() as tx:
        new = tx.runs.skip(campaign, passed, now=clock())
    return [(slot, reason) for slot, reason in passed if slot.key in new]


def choose_posts(
    campaign: Campaign, *, tx: Transaction, now: datetime, first: Collection[int] = ()
) -> list[Choice]:
    """Decide for each post that was never used whether an edition would have it now, and why.

    The posts with the ids `first` come before others where not all find a place.
    """
    candidates = tx.posts.unused(campaign.name, campaign.feeds)
    if missing := {*first} - {post.id for post in candidates}:  # among very many others
        candidates += tx.posts.unused(campaign.name, campaign.feeds, among=missing)
    choices = choose_among(candidates, campaign, tx=tx, now=now, first=first)
    return _with_what_is_over(choices, campaign, tx, now=now)


def choose_among(
    candidates: Sequence[Post],
    campaign: Campaign,
    *,
    tx: Transaction,
    now: datetime,
    first: Collection[int] = (),
) -> list[Choice]:
    """The same for these posts, none of which any edition has."""
    since = tx.feeds.followed_since(campaign.name)
    over: set[int] = set()
    if campaign.family:  # others told them; who comes to a cadence that nobody had gets no archive
        over = tx.runs.for_nobody(campaign.name, before=now - REACH)
    choices = choose(
        [post for post in candidates if post.id not in over],
        campaign.posts,
        now=now,
        since={n: since.get(n, now) for n in campaign.feeds},
        first=first,
    )
    over_too = [one for one in candidates if one.id in over]
    return choices + [Choice(one, False, _FOR_NOBODY, past=True) for one in over_too]


def draft_edition(
    campaign: Campaign,
    slot: Slot,
    *,
    tx: Transaction,
    materials: Materials,
    now: datetime,
    first: Collection[int] = (),
    manual: bool = False,
    check: Callable[[EditionContent], EditionContent] = lambda content: content,
    renderer: Renderer = HERE,
) -> EditionDraft:
    """Decide what an edition would hold now, without keeping anything.

    The posts with the ids `first` come before others where not all find a place. Raises
    TemplateFailed where a template cannot be read, or the segment cannot be answered for somebody.
    Whether the texts can be rendered is for `check` to say, which gives what stands beside them.
    """
    choices = choose_posts(campaign, tx=tx, now=now, first=first)
    chosen = [choice.post for choice in choices if choice.included]
    held = sum(choice.post.awaits_decision for choice in choices if not choice.past)
    if reason := too_few(len(chosen), campaign.posts, held=held):
        reason = why_no_edition(campaign, reason, tx=tx, feeds=materials.feeds, renderer=renderer)
        return EditionDraft(tuple(choices), None, reason)
    content = freeze(campaign, chosen, slot, tx=tx, materials=materials, manual=manual)
    content = check(content)
    # Counted here, so that a segment that cannot be answered for somebody fails before it is kept.
    if not sum(count_recipients(content, tx, renderer).values()):
        reason = nobody_in(content.email)
        return EditionDraft(tuple(choices), None, reason, unread=content)
    return EditionDraft(tuple(choices), content)


def compose_edition(
    campaign: Campaign,
    slot: Slot | None,
    *,
    store: Store,
    materials: Materials,
    clock: Clock,
    ids: Ids,
    try_out: TryOut = proof,
    gather: Gather = gather_nothing,
    renderer: Renderer = HERE,
    manual: bool = False,
    by: str = "",
) -> Composed | None:
    """Run a campaign for a slot: make its edition, or record the reason why there is none.

    Without a slot the run is for this moment, if new posts call for an edition. An edition is
    approved at once where the campaign needs no approval. `manual` says that a person started the
    run, which answers for no slot of the schedule; `by` who, for the audit log. Returns None where
    nothing calls for an edition, and where the slot has run before: one slot, one edition. Where
    the templates fail nothing is recorded, so that the slot can run once they are mended.
    """

    def work(tried: Tried) -> Composed | None:
        with store.begin() as tx:
            return _compose(
                campaign,
                slot,
                tx=tx,
                materials=materials,
                clock=clock,
                ids=ids,
                tried=tried,
                renderer=renderer,
                manual=manual,
                by=by,
            )

    return with_trial(work, try_out, gather, without=without_pieces)


def without_pieces(content: EditionContent) -> EditionContent | None:
    """What is made of an edition whose template cannot show its pieces; None: it has none.

    Only those that come again are in a new one, and none of them is to stop it.
    """
    return replace(content, pieces=()) if content.pieces else None


def _compose(
    campaign: Campaign,
    slot: Slot | None,
    *,
    tx: Transaction,
    materials: Materials,
    clock: Clock,
    ids: Ids,
    tried: Tried,
    renderer: Renderer,
    manual: bool,
    by: str,
) -> Composed | None:
    tx.feeds.followed_since(campaign.name, lock=True)
    now = clock()  # only now, as another run may have taken long
    tx.posts.meet_again(now=now)  # a poll under way when a clock is set right ends after that
    first: Collection[int] = ()
    if slot is None:
        call = look_for_news(campaign, tx=tx, now=now)
        if call.ready > now:
            return None
        slot, first = call.slot(now), call.posts
    run_id = tx.runs.start(campaign.name, slot, now=now, manual=manual)
    if run_id is None:
        return None
    draft = draft_edition(
        campaign,
        slot,
        tx=tx,
        materials=materials,
        now=now,
        first=first,
        manual=manual,
        check=tried.check,
        renderer=renderer,
    )
    edition = None
    if draft.content is not None:
        edition = _keep(campaign, slot, draft.content, tx, edition_id=ids(), now=now)
    tx.runs.end(
        run_id,
        draft.choices,
        edition_id=edition.id if edition else None,
        skipped=draft.skipped,
    )
    if by:
        made = edition.id if edition else ""
        tx.audit.add(
            "campaign.run", by=by, now=now, kind="campaign", subject=campaign.name, edition=made
        )
    return Composed(draft, edition)


def freeze(
    campaign: Campaign,
    chosen: Sequence[Post],
    slot: Slot,
    *,
    tx: Transaction,
    materials: Materials,
    manual: bool = False,
) -> EditionContent:
    """Freeze all that an edition of these posts is made of; the posts come feed by feed.

    So are the pieces that come again, where its digest has a place for them.
    """
    order = {name: place for place, name in enumerate(campaign.feeds)}
    reach = slot.moment - REACH
    earlier = tx.editions.earlier(campaign.name, since=reach) if campaign.family else []
    content = EditionContent(
        campaign=campaign.name,
        title=campaign.title,
        slot=slot.local,
        publisher=materials.publisher,
        feeds=tuple(_feed_title(materials.feeds[name], tx) for name in campaign.feeds),
        posts=tuple(post.whole for post in sorted(chosen, key=lambda post: order[post.feed])),
        templates={name: dict(materials.load_template(name)) for name in campaign.templates},
        email=campaign.email,
        social=known_limits(campaign.social, tx),
        earlier=tuple(earlier),
        sending=campaign.sending.plan(slot, manual=manual),
        pictures=_pictures(campaign, materials),
        page=_page(campaign, slot, tx),
    )
    if not has_place(content):
        return content
    return replace(content, pieces=standing_for(campaign.name, slot.local.date(), tx))


def _page(campaign: Campaign, slot: Slot, tx: Transaction) -> str:
    """The name of its page in the archive, which mails say before it stands there."""
    if campaign.archive is Archive.OFF:
        return ""
    return page_names([*tx.archive.slots_of_day(campaign.name, slot.key), slot.key])[-1]


def _pictures(campaign: Campaign, materials: Materials) -> Mapping[str, Picture]:
    if campaign.email is None:
        return {}
    return dict(materials.load_pictures(campaign.email.template, materials.publisher.brand))


def _keep(
    campaign: Campaign,
    slot: Slot,
    content: EditionContent,
    tx: Transaction,
    *,
    edition_id: str,
    now: datetime,
) -> Edition:
    """Keep the edition: approved, or in review with its reviewers' mails queued."""
    needed = campaign.approval_needed
    edition = Edition(
        id=edition_id,
        campaign=campaign.name,
        slot_key=slot.key,
        state=EditionState.IN_REVIEW,
        content=content,
        fingerprint=fingerprint(to_json(content)),
        created=now,
        review=campaign.approval.review(needed=needed, moment=slot.moment, now=now),
    )
    tx.editions.add(edition)
    if not needed:
        # Here and not later: an edition that a crash left in review would wait for nobody.
        tx.editions.approve(edition, by=NOBODY_NEEDED, now=now)
    kept = tx.editions.get(edition.id)
    if needed:
        queue_for_new(kept, tx, now=now)
    return kept


def _with_what_is_over(
    choices: list[Choice], campaign: Campaign, tx: Transaction, *, now: datetime
) -> list[Choice]:
    """The choices, and those about posts that since the last run will never be used.

    The run log has each of those once.
    """
    last = tx.runs.last_start(campaign.name, before=now)
    if last is None:
        return choices
    found = tx.posts.with_published_stories(campaign.name, campaign.feeds, after=last)
    # A letter that tells one of them may have been handed in since they were chosen.
    chosen = {one.post.id for one in choices}
    return [
        *(replace(one, fresh=one.past and _dropped_after(last, one.post)) for one in choices),
        *(
            Choice(post, False, published_before(feed), past=True, fresh=True)
            for post, feed in found
            if post.id not in chosen
        ),
    ]


def _dropped_after(moment: datetime, post: Post) -> bool:
    return post.hold is not None and post.hold.at is not None and post.hold.at > moment


def _feed_title(feed: Feed, tx: Transaction) -> FeedTitle:
    memory = tx.feeds.memory(feed.name, feed.url)
    return FeedTitle(feed.name, feed.title or memory.title or feed.name, memory.link)
