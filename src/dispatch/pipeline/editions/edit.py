"""Edit an edition by hand before anything of it has left: its posts, their order, its texts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.channels.takes import TakesOf, anything
from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict, NothingChanges
from dispatch.model.campaigns.campaign import Each
from dispatch.model.editions.card import cards_of
from dispatch.model.editions.difference import difference
from dispatch.model.editions.edition import (
    Edition,
    EditionContent,
    EditionState,
    OwnSnippet,
    check_editable,
)
from dispatch.model.editions.piece import Part, apart
from dispatch.model.text.plain_text import one_line, printable
from dispatch.pipeline.editions.change_standing import have_come_again
from dispatch.pipeline.editions.edit_pieces import (
    WrittenPiece,
    in_given_order,
    with_put_back,
    with_written,
    without_pieces,
)
from dispatch.pipeline.editions.edit_posts import (
    edits_of_posts,
    parts_after,
    pinned,
    reordered,
)
from dispatch.pipeline.editions.try_out import (
    Gather,
    Tried,
    TryOut,
    gather_nothing,
    with_trial,
)
from dispatch.pipeline.letters.posts import feeds_of
from dispatch.pipeline.messages.snippets import characters_too_many
from dispatch.pipeline.reviews.queue_review_mails import queue_for_edited
from dispatch.render.templates.files import shows_parts
from dispatch.render.texts import MOST_PREHEADER, MOST_SUBJECT
from dispatch.render.trials.proof import proof
from dispatch.store.transactions import Store, Transaction

MOST_TEXT = 10_000
"""In code points, of an intro or a snippet: they are stored and rendered with each preview."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different; posts are named by their ids.

    The post `pin` comes first of the posts, then those of `order`, in that order. The others
    follow as they were, and pieces stay where they stand. `parts` are keys of posts and pieces
    (`key_of`) as they are read from now on, all of them; what it does not name follows. `take_out`
    are ids of pieces, and `put_back` those of some that somebody took out. A text of None stays.
    An empty text is left to the template again.
    """

    order: tuple[int, ...] = ()
    pin: int | None = None
    drop: tuple[int, ...] = ()
    add: tuple[int, ...] = ()
    subject: str | None = None
    preheader: str | None = None
    intro: str | None = None
    snippets: tuple[OwnSnippet, ...] = ()
    parts: tuple[str, ...] = ()
    write: tuple[WrittenPiece, ...] = ()
    take_out: tuple[str, ...] = ()
    put_back: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """An edition after an edit.

    `before` is what it was in the same transaction. `voided` says whether an approval was lost by
    it. `open_ended` says whether its deadline was, because it had passed.
    """

    edition: Edition
    before: Edition
    voided: bool
    open_ended: bool


def edit_edition(
    edition_id: str,
    changes: Changes,
    *,
    by: str,
    store: Store,
    clock: Clock,
    try_out: TryOut = proof,
    gather: Gather = gather_nothing,
    takes_of: TakesOf = anything,
    ready: bool = True,
    seen: str = "",
) -> Edited:
    """Edit what is in an edition, and have it reviewed again if its campaign needs approval.

    `by` is its author from now on. Where changes were requested, an edit that changes nothing says
    that it is fine as it is, and puts it back to review. With `ready` false there is more to come:
    then it stays there, and nobody is told. `seen` is the fingerprint of what the edit was made
    from, or empty: raises ChangedMeanwhile where it says something else by now.
    Raises Conflict where the edition does not allow it, NothingChanges, BadInput, also for a
    snippet longer than its channel takes, and TemplateFailed if the templates cannot say it any
    more.
    """

    def work(tried: Tried) -> Edited:
        with store.begin() as tx:
            edition = tx.editions.get(edition_id, lock=True)
            check_editable(edition, seen)
            _check_lengths(edition.content, changes.snippets, takes_of)
            content = _changed(edition, changes, tx, now=clock())
            asked = edition.state is EditionState.CHANGES_REQUESTED
            if content != edition.content or (asked and ready):
                content = tried.check(content)
            # Only now, as a trial takes back what comes before it, and numbers are not used twice.
            again = {one.piece.id: one.again for one in changes.write if one.again}
            content, stood = have_come_again(content, again, tx=tx, by=by, now=clock())
            if content == edition.content and not (asked and ready):
                if stood:
                    return Edited(edition, edition, voided=False, open_ended=False)
                advice = "see 'dispatch editions edit --help'"
                raise NothingChanges(f"edition {edition.id}: this changes nothing - {advice}")
            return _keep(edition, content, changes, tx, by=by, now=clock(), ready=ready)

    return with_trial(work, try_out, gather)


def _keep(
    edition: Edition,
    content: EditionContent,
    changes: Changes,
    tx: Transaction,
    *,
    by: str,
    now: datetime,
    ready: bool,
) -> Edited:
    deadline = edition.review.deadline
    passed = deadline is not None and deadline <= now
    asked = edition.state is EditionState.CHANGES_REQUESTED
    tx.editions.edit(
        edition,
        content,
        deadline=None if passed else deadline,
        to=_state_after(edition.state, ready=ready),
        author=by if content != edition.content else edition.author,
    )
    edited = tx.editions.get(edition.id)
    _note(edition, edited, changes, tx, by=by, now=now)
    approved = edition.state is EditionState.APPROVED
    by_itself = approved and edition.needed_nobody
    if by_itself:
        tx.editions.approve(edited, by=edition.approved_by, now=now)
        edited = tx.editions.get(edition.id)
    elif edited.state is EditionState.IN_REVIEW:
        queue_for_edited(edited, tx, back=approved or asked, now=now)
    return Edited(edited, edition, approved and not by_itself, passed)


def _state_after(state: EditionState, *, ready: bool) -> EditionState:
    """A draft stays one until somebody asks for approval, and so does what needs more changes."""
    if state is EditionState.DRAFT or (state is EditionState.CHANGES_REQUESTED and not ready):
        return state
    return EditionState.IN_REVIEW


def _note(
    edition: Edition, edited: Edition, changes: Changes, tx: Transaction, *, by: str, now: datetime
) -> None:
    """Write down what was done: for the run log, the edition's history and the audit log."""
    done = edits_of_posts(edition.content, edited.content, changes.pin)
    tx.runs.note_edits(edition.id, done, by=by, now=now)
    found = difference(edition.content, edited.content)
    if edition.content != edited.content:
        was, is_now = edition.fingerprint, edited.fingerprint
        tx.edition_edits.add(edition.id, found, by=by, now=now, was=was, fingerprint=is_now)
    told = {
        "texts": sorted({one.name for one in found.texts}),
        "added": len(found.added),
        "dropped": len(found.dropped),
        "moved": bool(found.order),
        "pieces": len(found.pieces),
    }
    detail = {name: value for name, value in told.items() if value}
    tx.audit.add("edition.edit", by=by, now=now, kind="edition", subject=edition.id, **detail)


def _changed(
    edition: Edition, changes: Changes, tx: Transaction, *, now: datetime
) -> EditionContent:
    before = edition.content
    posts, pieces = apart(_parts(edition, changes, tx, now))
    if before.posts and not posts and before.letter is None:
        raise Conflict(
            f"edition {edition.id}: would be left without a post - reject it with "
            f"'dispatch editions reject {edition.id[:8]}'"
        )
    ids = {post.id for post in posts}
    changed = replace(
        before,
        feeds=before.feeds if before.letter is None else feeds_of(before, posts, tx),
        posts=posts,
        pieces=pieces,
        cards=cards_of(before.cards, ids),
        subject=checked_line("subject", changes.subject, before.subject, MOST_SUBJECT),
        preheader=checked_line("preheader", changes.preheader, before.preheader, MOST_PREHEADER),
        intro=checked_text("intro", before.intro if changes.intro is None else changes.intro),
        snippets=_snippets(before, changes.snippets, {str(one) for one in ids}),
    )
    check_shown(changed)
    return changed


def _parts(edition: Edition, changes: Changes, tx: Transaction, now: datetime) -> list[Part]:
    parts = parts_after(edition, drop=changes.drop, add=changes.add, tx=tx)
    parts = reordered(parts, changes.order)
    if changes.pin is not None:
        parts = pinned(parts, changes.pin)
    parts = without_pieces(parts, changes.take_out)
    parts = with_put_back(parts, changes.put_back, edition.id, tx, now=now)
    parts = with_written(parts, changes.write, tx, now=now)
    return in_given_order(parts, changes.parts)


def checked_line(name: str, text: str | None, before: str, most: int) -> str:
    """The text as one line, or what was before where there is none. Raises BadInput."""
    if text is None:
        return before
    line = one_line(text)
    if len(line) > most:
        raise BadInput([f"{name}: has {len(line)} characters - write {most} at most"])
    return line


def checked_text(name: str, text: str) -> str:
    """The text with its lines, clean and not too long. Raises BadInput."""
    clean = printable(text.replace("\r\n", "\n")).strip()
    if len(clean) > MOST_TEXT:
        raise BadInput([f"{name}: has {len(clean)} characters - write {MOST_TEXT} at most"])
    return clean


def _snippets(
    content: EditionContent, own: Iterable[OwnSnippet], posts: Collection[str]
) -> tuple[OwnSnippet, ...]:
    texts = {(one.channel, one.part): one.text for one in content.snippets}
    for one in own:
        _check_snippet(content, one, posts)
        texts[one.channel, one.part] = checked_text(f"snippet {one.channel}", one.text)
    return tuple(
        OwnSnippet(channel, part, text)
        for (channel, part), text in sorted(texts.items())
        if text and (not part or part in posts)
    )


def _check_lengths(content: EditionContent, own: Iterable[OwnSnippet], takes_of: TakesOf) -> None:
    """Raise BadInput for a text that its channel would refuse, whichever post of a thread it is."""
    plans = {plan.via: plan for plan in content.social}
    for one in own:
        if one.channel not in plans:
            continue  # which is told by whoever looks at what else is said of it
        takes = takes_of(one.channel).for_plan(plans[one.channel])
        if too_many := takes.too_many(checked_text(f"snippet {one.channel}", one.text)):
            problem = f"{characters_too_many(too_many)}, as it counts links and all"
            advice = f"write {takes.max_text} at most" if takes.max_text else "write less"
            raise BadInput([f"snippet {one.channel}: {problem} - {advice}"])


def _check_snippet(content: EditionContent, own: OwnSnippet, posts: Collection[str]) -> None:
    plan = next((plan for plan in content.social if plan.via == own.channel), None)
    if plan is None:
        channels = ", ".join(plan.via for plan in content.social) or "none"
        problem = f"the edition has no snippets on '{own.channel}' - its channels: {channels}"
    elif plan.each is Each.EDITION and own.part:
        problem = f"it has one snippet for the whole edition - write {own.channel}=TEXT"
    elif plan.each is Each.POST and not own.part:
        problem = f"it has one for each post - write {own.channel}:POST=TEXT"
    elif own.part and own.part not in posts:
        problem = f"post {own.part} is not in the edition - see 'dispatch editions show'"
    else:
        return
    raise BadInput([f"snippet {own.channel}: {problem}"])


def check_shown(content: EditionContent) -> None:
    """Raise BadInput if a text would be shown nowhere: the templates have no place for it."""
    if content.email is None and (content.subject or content.preheader):
        raise BadInput([f"campaign {content.campaign}: has no email - only that has a subject"])
    for text, word in ((content.intro, "edition.intro"), (content.preheader, "preheader")):
        sources = [one for files in content.templates.values() for one in files.values()]
        if text and not any(word in source for source in sources):
            where = ", ".join(content.templates)
            advice = f"print {{{{ {word} }}}} in its digest, and run the campaign again"
            raise BadInput([f"template {where}: has no place for that text - {advice}"])
    if content.pieces:
        _check_pieces_shown(content)


def _check_pieces_shown(content: EditionContent) -> None:
    if content.email is None:
        raise BadInput([f"campaign {content.campaign}: has no email - only that has pieces"])
    files = content.templates.get(content.email.template, {})
    if not shows_parts(files):
        advice = "loop over edition.parts in its digest, and run the campaign again"
        raise BadInput([f"template {content.email.template}: has no place for pieces - {advice}"])


def checked_snippets(
    content: EditionContent, own: Iterable[OwnSnippet], takes_of: TakesOf
) -> tuple[OwnSnippet, ...]:
    """Snippets that somebody wrote for an edition, clean. Raises BadInput, also for length."""
    own = tuple(own)
    posts = {str(post.id) for post in content.posts}
    for one in own:
        _check_snippet(content, one, posts)
    _check_lengths(content, own, takes_of)
    return tuple(replace(one, text=checked_text(f"snippet {one.channel}", one.text)) for one in own)
