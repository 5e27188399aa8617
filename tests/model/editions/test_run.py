"""What became of a slot, as a sentence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.model.campaigns.approval import BY_DEADLINE, NOBODY_NEEDED
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.run import ChoiceEdit, Edit, MadeEdition, Run, RunPost

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)
COUNTS = {
    DeliveryState.UNKNOWN: 1,
    DeliveryState.ACCEPTED: 1203,
    DeliveryState.REFUSED: 3,
}
MADE = MadeEdition(
    "836fbda9c0ffee",
    EditionState.FINISHED,
    posts=8,
    reason="",
    note="",
    author="",
    approved_by=NOBODY_NEEDED,
    approved_at=NINE,
    ended_by="",
    finished_at=NINE + timedelta(minutes=5),
    deliveries={DeliveryState.ACCEPTED: 16},
)
RUN = Run(1, "weekly", "2026-11-24T09:00[Europe/Paris]", NINE, NINE, manual=False, edition=MADE)


def with_edition(**values) -> Run:
    return replace(RUN, edition=replace(MADE, **values))


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (RUN, "finished; edition 836fbda9, 8 posts, 16 accepted; done 09:05"),
        (
            with_edition(deliveries=COUNTS),
            (
                "partly failed; edition 836fbda9, 8 posts, 1,203 accepted, 3 refused, 1 unknown; "
                "done 09:05"
            ),
        ),
        (
            replace(with_edition(finished_at=NOW + timedelta(days=1)), manual=True),
            (
                "finished; edition 836fbda9, 8 posts, 16 accepted; started by hand, "
                "done 2026-11-25 13:00"
            ),
        ),
        (
            replace(RUN, started=NINE + timedelta(minutes=125)),
            "finished; edition 836fbda9, 8 posts, 16 accepted; started 2 h 5 min late, done 09:05",
        ),
        (
            replace(RUN, started=NINE + timedelta(seconds=20)),
            "finished; edition 836fbda9, 8 posts, 16 accepted; done 09:05",
        ),
        (
            replace(RUN, edition=None, skipped="there is no new post"),
            "skipped: there is no new post",
        ),
        (
            replace(RUN, edition=None, skipped="there is no new post", manual=True),
            "skipped: there is no new post; started by hand",
        ),
    ],
)
def test_a_sentence_says_what_happened(run, sentence):
    assert run.sentence(NOW) == sentence


@pytest.mark.parametrize(
    ("state", "facts", "beginning"),
    [
        (EditionState.IN_REVIEW, {}, "in review; edition"),
        (EditionState.APPROVED, {}, "approved; edition"),
        (EditionState.APPROVED, {"approved_by": "marie"}, "approved by marie; edition"),
        (
            EditionState.CHANGES_REQUESTED,
            {"note": "marie: the lead is stale"},
            "changes requested by marie: the lead is stale; edition",
        ),
        (
            EditionState.REJECTED,
            {"ended_by": "marie", "reason": "wrong lead"},
            "rejected by marie: wrong lead; edition",
        ),
        (EditionState.REJECTED, {"ended_by": "marie"}, "rejected by marie; edition"),
        (
            EditionState.REJECTED,
            {"ended_by": BY_DEADLINE, "reason": "was not approved by 13:00"},
            "skipped: was not approved by 13:00; edition",
        ),
        (
            EditionState.CANCELLED,
            {"ended_by": "ada", "reason": "wrong people"},
            "cancelled by ada: wrong people; edition",
        ),
        (
            EditionState.PAUSED,
            {"reason": "the first link is dead"},
            "paused: the first link is dead; edition",
        ),
    ],
)
def test_a_sentence_says_where_the_edition_stands_and_by_whom(state, facts, beginning):
    run = with_edition(state=state, finished_at=None, deliveries={}, **facts)

    assert run.sentence(NOW) == f"{beginning} 836fbda9, 8 posts"


def test_an_edition_that_waits_for_its_time_is_scheduled():
    waiting = {"deliveries": {DeliveryState.PENDING: 2}, "finished_at": None}
    run = with_edition(state=EditionState.SENDING, due=NOW + timedelta(hours=1), **waiting)

    assert run.outcome(NOW) == "scheduled"
    assert run.outcome(NOW + timedelta(hours=1)) == "sending"


def test_edits_are_told_after_the_runs_own_reason():
    post = RunPost(
        7,
        "blog",
        "Title",
        "https://blog.example/7",
        chosen=True,
        reason="new",
        edits=(ChoiceEdit(Edit.DROPPED, "marie", NINE), ChoiceEdit(Edit.ADDED, "ada", NOW)),
    )

    assert (
        post.why
        == "new; dropped by marie (2026-11-24 08:00 UTC); added by ada (2026-11-24 12:00 UTC)"
    )
    assert post.included
    assert not replace(post, edits=post.edits[:1]).included
