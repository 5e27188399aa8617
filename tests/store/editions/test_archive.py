"""Which editions anybody may read, and what their pages are called."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatch.model.campaigns.archive import page_names
from dispatch.model.editions.amendment import Amendment
from dispatch.model.editions.edition import Edition, EditionState, fingerprint
from dispatch.store.database.schema import editions
from dispatch.store.editions.content import to_json
from dispatch.testing.samples import a_post
from render.render_samples import PLAIN, an_edition

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("slots", "names"),
    [
        ([], []),
        (["2026-11-17T09:00[Europe/Paris]"], ["2026-11-17"]),
        (["2026-11-17T09:00[UTC]", "2026-11-17T09:00[Europe/Paris]"],
         ["2026-11-17", "2026-11-17-0900"]),
        (["2026-11-17T17:30[UTC]", "2026-11-17T09:00[UTC]", "2026-11-17T09:00:07[UTC]"],
         ["2026-11-17", "2026-11-17-0900", "2026-11-17-090007"]),
        (["2026-11-17T09:00:07.5[UTC]", "2026-11-17T09:00:07.6[UTC]", "2026-11-17T09:00:08[UTC]",
          "2026-11-17T09:00:07.7[UTC]"],
         ["2026-11-17", "2026-11-17-0900", "2026-11-17-090008", "2026-11-17-090007"]),
    ],
)  # fmt: skip
def test_a_page_is_called_by_its_day_and_by_more_where_that_is_taken(slots, names):
    assert page_names(slots) == names
    assert all(page_names(slots[:n]) == names[:n] for n in range(len(slots)))  # for good


def test_what_has_gone_out_is_there_and_nothing_else(store):
    with store.begin() as tx:
        kept = [
            _keep(tx, number, state)
            for number, state in enumerate([EditionState.FINISHED, *EditionState], start=1)
        ]
        _keep(tx, 1, EditionState.FINISHED, welcome_of=kept[0])
        tx.archive.amend(kept[0], Amendment("a typo", "marie", NOW, subject="Better"))

    with store.read() as tx:
        found = tx.archive.of("weekly")
        content, amendments = tx.archive.content(found[0])
        days = tx.archive.slots_of_day("weekly", "2026-11-01T18:00[UTC]")
        others = tx.archive.of("bulletin")
    states = [EditionState.FINISHED, *EditionState]
    shown = {EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED}
    assert [one.id for one in found] == [
        one for one, state in zip(kept, states, strict=True) if state in shown
    ]
    assert found[0].name == "2026-11-01"
    assert (found[0].amendments, found[0].corrected, found[0].changed) == (1, NOW, NOW)
    assert (found[1].amendments, found[1].corrected) == (0, None)
    assert content.subject == ""
    assert amendments[0].subject == "Better"
    assert days == ["2026-11-01T09:00[UTC]"]
    assert others == []


def test_a_content_without_a_page_is_written_as_before_there_were_pages():
    content = an_edition(posts=[a_post()])

    assert '"page"' not in to_json(content)


def _keep(tx, number: int, state: EditionState, *, welcome_of: str = "") -> str:
    made = Edition(
        id=f"{number:016x}{len(welcome_of):016x}",
        campaign="weekly",
        slot_key=f"2026-11-{number:02}T09:00[UTC]",
        welcome_of=welcome_of,
        state=EditionState.IN_REVIEW,
        content=replace(an_edition(PLAIN), posts=()),
        fingerprint="",
        created=NOW,
    )
    tx.editions.add(made)
    mark = fingerprint(to_json(made.content))
    tx._connection.execute(
        editions.update()
        .where(editions.c.id == made.id)
        .values(state=state.value, approved_fingerprint=mark, addressed_at=NOW)
    )
    return made.id
