"""Letters in a database that was put back: drafts are drafts, and say that they may be out."""

from dataclasses import replace

import pytest

from dispatch.errors import Conflict
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.letter import LETTERS, Letter, letter_key
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.reviews.decide import approve_edition
from on_sqlite import on_sqlite
from pipeline_samples import compose, entry, keep


@on_sqlite
@pytest.mark.parametrize("sent_since", [False, True])
def test_a_draft_is_one_still_and_nobody_approves_it_who_was_not_asked(
    workspace, clock, sent_since
):
    store = workspace.store
    keep(store, entry("one"), now=clock())
    made = compose(store, clock).edition
    slot = slot_at(clock(), "UTC")
    draft = replace(
        made,
        id="l1",
        campaign=LETTERS,
        slot_key=letter_key(slot, "l1"),
        state=EditionState.DRAFT,
        content=replace(made.content, campaign=LETTERS, letter=Letter(tells=True)),
    )
    with store.begin() as tx:
        tx.editions.add(draft)
        tx.letters.add("l1", slot, now=clock())
    copy = workspace.back_up()
    if sent_since:
        keep(store, entry("two"), now=clock())

    taken = workspace.restore(copy)

    with workspace.store.read() as tx:
        restored = tx.editions.get("l1")
    assert (restored.state, restored.is_in_doubt) == (EditionState.DRAFT, True)
    assert [one.id for one in taken.doubts.drafts] == ["l1"]
    assert "l1" not in [one.id for one in taken.doubts.reviews]
    with pytest.raises(Conflict, match="is draft"):
        approve_edition("l1", by="ada", store=workspace.store, clock=clock)
    changed = Changes(subject="Another")
    edit_edition("l1", changed, by="ada", store=workspace.store, clock=clock, try_out=print)
    with workspace.store.read() as tx:
        assert tx.editions.get("l1").is_in_doubt
