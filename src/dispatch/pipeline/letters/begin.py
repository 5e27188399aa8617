"""Begin a letter: empty, or with the words and pieces of an edition that there was."""

from dataclasses import replace
from datetime import datetime

from dispatch.clock import Clock
from dispatch.errors import BadInput, RenderingStopped, TemplateFailed
from dispatch.ids import Ids
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.edition import (
    Edition,
    EditionContent,
    EditionState,
    fingerprint,
)
from dispatch.model.editions.letter import LETTERS, Letter, letter_key
from dispatch.model.editions.piece import MOST_PIECES
from dispatch.pipeline.editions.come_again import has_place, standing_for
from dispatch.pipeline.editions.compose import Materials
from dispatch.pipeline.editions.edit import check_shown
from dispatch.pipeline.editions.try_out import Gather, Tried, TryOut, gather_nothing, with_trial
from dispatch.pipeline.letters.plan import Plan, plan_of, with_plan
from dispatch.render.trials.proof import proof
from dispatch.store.editions.content import to_json
from dispatch.store.transactions import Store, Transaction

WITHOUT_POSTS = "a letter begins without posts; 'letters:' in schedules.yaml names its template"


def begin_letter(
    usual: Plan,
    *,
    by: str,
    store: Store,
    materials: Materials,
    clock: Clock,
    ids: Ids,
    copy_of: str = "",
    try_out: TryOut = proof,
    gather: Gather = gather_nothing,
) -> Edition:
    """Keep a new draft. `copy_of` is the id of an edition whose words and pieces it begins with.

    A copy is for the same readers as far as that was a mail, and leaves when somebody says so; the
    posts are told, and are picked anew. Pieces that come again in letters are in it as they are by
    now. One that they have begun so and left untouched is given again: who clicks twice, or comes
    back to the page and clicks once more, does not want a second one. Raises BadInput where nothing
    can be written to readers, or the template has no place for it, NotFound, and TemplateFailed
    where the template cannot say it.
    """
    publisher = materials.publisher
    missing = {"sender": publisher.sender.email, "public_url": publisher.public_url}
    if lacking := [name for name, value in missing.items() if not value]:
        raise BadInput(
            [f"schedules.yaml: has no {name}, which a letter needs - add it" for name in lacking]
        )

    now = clock()  # once: what is tried is what is kept

    def work(tried: Tried) -> Edition:
        with store.begin() as tx:
            content = _empty(materials, now)
            plan = usual
            if copy_of:
                content, plan = _copied(content, tx.editions.get(copy_of), usual, materials)
            content = with_plan(content, plan, tx=tx, materials=materials, begun=now, now=now)
            content = _with_standing(content, tx)
            check_shown(content)
            content = tried.check(content)
            tx.letters.take_turn()
            return _untouched(content, tx, by=by) or _keep(content, ids(), tx, by=by, now=now)

    def try_begun(content: EditionContent) -> None:
        try:
            try_out(content)
        except RenderingStopped:
            raise
        except TemplateFailed as error:
            raise TemplateFailed(f"{error} ({WITHOUT_POSTS})") from error

    return with_trial(work, try_begun, gather, without=_without_standing)


def _empty(materials: Materials, now: datetime) -> EditionContent:
    publisher = materials.publisher
    return EditionContent(
        campaign=LETTERS,
        title=publisher.sender.name or publisher.sender.email,
        slot=slot_at(now, publisher.timezone).local,
        publisher=publisher,
        feeds=(),
        posts=(),
        templates={},
        letter=Letter(),
    )


def _copied(
    content: EditionContent, original: Edition, usual: Plan, materials: Materials
) -> tuple[EditionContent, Plan]:
    before = original.content
    plan = usual
    if before.email is not None:
        kept = plan_of(before)
        plan = replace(usual, audience=kept.audience, via=kept.via, segment=kept.segment)
        if original.campaign == LETTERS:
            plan = replace(plan, template=kept.template, social=kept.social)
            content = _with_lost_template(content, before, kept.template, materials)
    copied = replace(
        content,
        subject=before.subject,
        preheader=before.preheader,
        intro=before.intro if original.campaign == LETTERS else "",
        pieces=tuple(replace(one, after=0) for one in before.pieces),
        letter=Letter(copy_of=original.id),
    )
    return copied, plan


def _with_lost_template(
    content: EditionContent, before: EditionContent, template: str, materials: Materials
) -> EditionContent:
    """With the template as it was frozen, where its folder is gone since."""
    try:
        materials.load_template(template)
    except TemplateFailed:
        frozen = {template: before.templates[template]}
        return replace(content, templates=frozen, pictures=before.pictures)
    return content


def _with_standing(content: EditionContent, tx: Transaction) -> EditionContent:
    """With those that come again in letters; what was copied of one is it, as it is by now."""
    comes = {}
    if has_place(content):
        day = content.slot.date()
        comes = {one.standing: replace(one, after=0) for one in standing_for(LETTERS, day, tx)}
    pieces = [comes.pop(one.standing, replace(one, standing=0)) for one in content.pieces]
    ids = {one.id for one in pieces}
    new = [one for one in comes.values() if one.id not in ids]
    return replace(content, pieces=tuple([*pieces, *new][: max(MOST_PIECES, len(pieces))]))


def _without_standing(content: EditionContent) -> EditionContent | None:
    """What is begun where its texts cannot be made: none that comes again is to stop it."""
    pieces = tuple(one for one in content.pieces if not one.standing)
    return replace(content, pieces=pieces) if pieces != content.pieces else None


def _untouched(content: EditionContent, tx: Transaction, *, by: str) -> Edition | None:
    """A draft of theirs that says the same, whenever they began it."""
    for edition_id, _, _ in tx.letters.drafts():
        draft = tx.editions.get(edition_id)
        if draft.author == by and replace(draft.content, slot=content.slot) == content:
            return draft
    return None


def _keep(
    content: EditionContent, edition_id: str, tx: Transaction, *, by: str, now: datetime
) -> Edition:
    slot = slot_at(now, content.publisher.timezone)
    edition = Edition(
        id=edition_id,
        campaign=LETTERS,
        slot_key=letter_key(slot, edition_id),
        state=EditionState.DRAFT,
        content=content,
        fingerprint=fingerprint(to_json(content)),
        created=now,
        author=by,
    )
    tx.editions.add(edition)
    tx.letters.add(edition_id, slot, now=now)
    copy_of = content.letter.copy_of if content.letter else ""
    tx.audit.add(
        "letter.begin", by=by, now=now, kind="edition", subject=edition_id, copy_of=copy_of[:8]
    )
    return tx.editions.get(edition_id)
