"""A piece comes again in each edition of its campaigns until a day, that day included."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.errors import BadInput, ChangedMeanwhile, Conflict, NotFound
from dispatch.model.editions.letter import LETTERS
from dispatch.model.editions.piece import MOST_PIECES, Piece, PieceKind
from dispatch.model.editions.standing import MOST_DAYS, Again
from dispatch.pipeline.editions.change_standing import (
    Changed,
    change_standing,
    checked_again,
    end_standing,
    stand_piece,
)
from dispatch.pipeline.editions.come_again import standing_for
from on_sqlite import on_sqlite

TODAY = date(2026, 11, 23)
UNTIL = date(2026, 12, 9)
CHAIRS = Piece(id="p1", kind=PieceKind.TEXT, text="Twenty-two chairs are left.", after=2)
WEEKLY = Again(UNTIL, ("weekly",))


@pytest.fixture
def stand(store, clock):
    def stand(piece=CHAIRS, again=WEEKLY, *, after=2):
        with store.begin() as tx:
            return stand_piece(piece, again, after=after, tx=tx, by="ines", now=clock())

    return stand


@pytest.fixture
def change(store, clock):
    def change(was, *, seen=None, checked=lambda piece, _: piece, **values):
        wanted = Changed(
            values.get("piece", was.piece),
            Again(values.get("until", was.until), values.get("campaigns", was.campaigns)),
            values.get("after", was.after),
        )
        return change_standing(
            was.id,
            wanted,
            seen=was.fingerprint if seen is None else seen,
            by="marie",
            store=store,
            clock=clock,
            checked=checked,
        )

    return change


def coming(store, campaign="weekly", day=TODAY):
    with store.read() as tx:
        return standing_for(campaign, day, tx)


def acts(store):
    with store.read() as tx:
        return [one.act for one in reversed(tx.audit.page(kind="standing"))]


def test_it_comes_until_its_last_day_that_day_included(store, stand):
    made = stand(again=Again(UNTIL, ("weekly", LETTERS)))

    [copy] = coming(store, day=UNTIL)
    assert copy == replace(CHAIRS, id=f"s{made.id}", standing=made.id)
    assert coming(store, LETTERS, UNTIL) == (copy,)
    assert coming(store, day=UNTIL + timedelta(days=1)) == ()
    assert coming(store, "monthly", UNTIL) == ()


def test_several_come_in_the_order_of_their_places(store, stand):
    late, first, second = stand(after=5), stand(after=0), stand(after=0)

    assert [one.standing for one in coming(store)] == [first.id, second.id, late.id]


@on_sqlite
def test_no_more_come_than_an_edition_holds(store, stand):
    for _ in range(MOST_PIECES + 1):
        stand()

    assert len(coming(store)) == MOST_PIECES


def test_saving_a_copy_with_the_tick_changes_what_comes_from_now_on(store, stand):
    made = stand()
    [copy] = coming(store)

    again = stand(replace(copy, text="Ten are left."), Again(TODAY, ("weekly",)), after=0)

    assert again.id == made.id
    [now] = coming(store)
    assert (now.text, now.after) == ("Ten are left.", 0)
    assert (again.changed_by, again.by) == ("ines", "ines")
    stand(now, Again(TODAY, ("weekly",)), after=0)
    assert acts(store) == ["standing.make", "standing.change"]


def test_it_is_ended_and_taken_up_anew(store, stand, change):
    made = stand()

    ended = end_standing(made.id, today=TODAY, by="ines", store=store, clock=lambda: made.at)
    assert coming(store) == ()
    with pytest.raises(Conflict, match="rests since 2026-11-22"):
        end_standing(made.id, today=TODAY, by="ines", store=store, clock=lambda: made.at)

    change(ended, until=UNTIL)
    assert len(coming(store)) == 1
    assert acts(store) == ["standing.make", "standing.end", "standing.change"]


@on_sqlite
def test_two_who_change_it_lose_nothing(stand, change):
    made = stand()
    change(made, after=7)

    with pytest.raises(ChangedMeanwhile):
        change(made, after=8)
    with pytest.raises(ChangedMeanwhile):
        change(made, seen="")


@on_sqlite
@pytest.mark.parametrize("after", [-1, 1_001])
def test_a_place_is_a_number_of_posts(stand, change, after):
    with pytest.raises(BadInput, match=r"^after: "):
        change(stand(), after=after)


@on_sqlite
def test_it_stays_what_it_is(stand, change):
    with pytest.raises(BadInput, match="cannot become a heading"):
        change(stand(), piece=replace(CHAIRS, kind=PieceKind.HEADING))


@on_sqlite
def test_one_that_is_not_there_is_not_found(stand, change):
    with pytest.raises(NotFound):
        change(replace(stand(), id=99))


@pytest.mark.parametrize(
    ("again", "problem"),
    [
        (Again(UNTIL, ()), "campaigns: none is ticked"),
        (Again(UNTIL, ("nightly",)), "campaigns: there is no 'nightly'"),
        (Again(UNTIL, ("weekly",) * 300 + ("<b>" * 300,)), "campaigns: there is no '<b>"),
        (Again(TODAY - timedelta(days=1), ("weekly",)), "until: 2026-11-22 is over"),
        (Again(TODAY + timedelta(days=MOST_DAYS + 1), ("weekly",)), "until: .* too far"),
    ],
)
def test_what_cannot_be_asked_for_says_why(again, problem):
    with pytest.raises(BadInput, match=f"^{problem}"):
        checked_again(again, known={"weekly"}, today=TODAY)


def test_names_count_once():
    again = Again(TODAY, ("weekly", "weekly", LETTERS))

    asked = checked_again(again, known={"weekly", LETTERS}, today=TODAY)

    assert asked.campaigns == ("weekly", LETTERS)
