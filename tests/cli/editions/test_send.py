"""`dispatch editions send`, and what a run does after an approval."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from dispatch.errors import Conflict
from dispatch.model.campaigns.approval import BY_DEADLINE, BY_LATENESS
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.pipeline.delivery.may_go_out import check_may_go_out

CONTENT = SimpleNamespace(letter=None)
FRENCH = {"amina.diallo@readers.example": 1, "camille.moreau@readers.example": 1}


def test_an_edition_goes_out_once_it_is_approved_and_nothing_else_does(dispatch, waiting):
    too_early = dispatch("editions", "send", waiting)
    dispatch("editions", "approve", waiting)
    sent = dispatch("editions", "send", waiting[:6])
    again = dispatch("editions", "send", waiting, "--json")

    made = waiting[:8]
    advice = f"'dispatch editions approve {made}' lets it go out"
    assert (too_early.code, too_early.err) == (
        1,
        f"edition {made} waits for approval - {advice}\n",
    )
    assert (sent.code, again.code) == (0, 0)
    assert f"Le Bulletin: edition {made} is finished" in sent.out
    assert again.json["deliveries"][0]["counts"] == {"accepted": 2}
    assert "nothing is left to send" in dispatch("editions", "send", waiting).out
    assert dispatch.copies() == FRENCH
    assert len(dispatch("runs", "list", "--json").json) == 1


def test_a_missing_secret_stops_it_before_anybody_is_addressed(dispatch, waiting):
    dispatch("editions", "approve", waiting)
    dispatch.edit("# channels:", "channels: {outbox: {provider: outbox, options: {foldr: x}}}\n#")

    ended = dispatch("editions", "send", waiting)

    assert ended.code == 2
    assert "channels.outbox.options.foldr: unknown key" in ended.err
    assert dispatch("deliveries", "list", "--json").json == []


def test_a_run_after_an_approval_sends_that_and_makes_no_other_edition(dispatch, waiting):
    dispatch("editions", "approve", waiting)
    title = dispatch("editions", "show", waiting, "--json").json["content"][0]["title"]
    dry = dispatch("run", "bulletin", "--dry-run")
    shown = dispatch("preview", "bulletin", "--as", "camille.moreau@readers.example")

    ended = dispatch("run", "bulletin")

    assert "what was approved comes first, and no slot has come due since" in ended.out
    assert "run it again for the next edition" in ended.out
    assert f"edition {waiting[:8]} would be gone on with first: 2 deliveries" in dry.out
    assert f"edition {waiting[:8]} was approved, and is what a run sends" in shown.out
    subjects = {mail["Subject"] for mail in dispatch.mails()}
    assert f"Subject: {title}" in dry.out
    assert [line for line in shown.out.splitlines() if line.startswith("Subject: ")] == [
        f"Subject: {subject}" for subject in subjects
    ]
    assert dispatch.copies() == FRENCH
    assert len(dispatch("runs", "list", "--json").json) == 1


@pytest.mark.parametrize(
    ("state", "others", "said"),
    [
        (EditionState.IN_REVIEW, {}, "waits for approval - 'dispatch editions approve 4f2a"),
        (
            EditionState.CHANGES_REQUESTED,
            {"note": "ada: too long"},
            "waits for changes, requested by ada: too long - make them with",
        ),
        (EditionState.PAUSED, {"reason": "a dead link"}, "is paused: a dead link - 'dispatch edit"),
        (
            EditionState.CANCELLED,
            {"reason": "wrong people", "ended_by": "ada"},
            "was cancelled by ada: wrong people - nothing more of it goes out",
        ),
        (EditionState.REJECTED, {"ended_by": "ada"}, "was rejected by ada - its posts are free"),
        (
            EditionState.REJECTED,
            {"ended_by": BY_LATENESS, "reason": "could not go out within 6 h"},
            "was skipped: could not go out within 6 h - its posts are free: 'dispatch run weekly'",
        ),
        (EditionState.REJECTED, {"ended_by": BY_DEADLINE}, "was skipped - its posts are free"),
        (EditionState.APPROVED, {}, ""),
        (EditionState.SENDING, {}, ""),
        (EditionState.FINISHED, {}, ""),
    ],
)
def test_what_is_not_for_sending_is_said_with_what_to_do(clock, state, others, said):
    edition = Edition("4f2a1b2c3d", "weekly", "slot", state, CONTENT, "", clock(), **others)

    with pytest.raises(Conflict) if said else nullcontext() as raised:
        check_may_go_out(edition)

    assert not said or str(raised.value).startswith(f"edition 4f2a1b2c {said}")
