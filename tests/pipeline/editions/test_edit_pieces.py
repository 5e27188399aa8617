"""What an editor writes among the posts, and what happens where two do at once."""

from dataclasses import replace

import pytest

from dispatch.errors import BadInput, ChangedMeanwhile, Conflict, NothingChanges
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.difference import Did
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.piece import MOST_PIECES, Piece, PieceKind, key_of
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.editions.edit_pieces import WrittenPiece
from dispatch.pipeline.reviews.decide import approve_edition
from on_sqlite import on_sqlite
from pipeline_samples import (
    FEEDS,
    PUBLISHER,
    REVIEWED,
    TEMPLATE,
    compose,
    entry,
    keep,
    subscribe,
)

pytestmark = on_sqlite

WITH_PARTS = {**TEMPLATE, "digest.mjml": TEMPLATE["digest.mjml"] + "{# edition.parts #}"}
HEADING = Piece(id="p1", kind=PieceKind.HEADING, text="From the notebook")
TEXT = Piece(id="p2", kind=PieceKind.TEXT, text="Doors open at **seven**.")
LINK = Piece(id="p3", kind=PieceKind.LINK, text="Keep a seat", address="https://a.example/seats")


@pytest.fixture
def three(store, clock):
    """An edition of three posts, in review."""
    for name in ("one", "two", "three"):
        keep(store, entry(name), now=clock())
    subscribe(store, clock, "somebody@example.org")
    return compose_edition(
        REVIEWED,
        slot_at(clock(), "UTC"),
        store=store,
        materials=Materials(PUBLISHER, FEEDS, lambda _: WITH_PARTS),
        clock=clock,
        ids=lambda: "e1",
    ).edition


@pytest.fixture
def edit(store, clock):
    def edit(edition, by="ada", **changes):
        return edit_edition(edition.id, Changes(**changes), by=by, store=store, clock=clock).edition

    return edit


def new(piece: Piece, below: str = "") -> WrittenPiece:
    return WrittenPiece(piece, below=below)


def keys(edition) -> list[str]:
    return [key_of(part) for part in edition.content.parts]


def test_a_piece_stands_below_the_part_that_was_named_or_at_the_end(three, edit):
    first, second, third = keys(three)

    edited = edit(three, write=(new(TEXT, first), new(HEADING), new(LINK, "p2")))

    assert keys(edited) == [first, "p2", "p3", second, third, "p1"]
    assert edited.fingerprint != three.fingerprint
    assert edited.author == "ada"


def test_two_people_in_two_pieces_do_not_clash_and_in_one_they_do(three, edit):
    edit(three, write=(new(TEXT), new(HEADING)))
    seen = {one.id: one.fingerprint for one in (TEXT, HEADING)}

    edit(three, write=(WrittenPiece(replace(TEXT, text="Eight"), seen["p2"]),))
    both = edit(three, by="marie", write=(WrittenPiece(replace(HEADING, text="News"), seen["p1"]),))

    assert [piece.text for piece in both.content.pieces] == ["Eight", "News"]
    with pytest.raises(ChangedMeanwhile, match="written meanwhile"):
        edit(three, write=(WrittenPiece(replace(TEXT, text="Nine"), seen["p2"]),))
    edit(three, take_out=("p1",))
    with pytest.raises(ChangedMeanwhile, match="taken out meanwhile"):
        edit(three, write=(WrittenPiece(replace(HEADING, text="Olds"), seen["p1"]),))


def test_a_form_that_is_posted_twice_makes_one_piece(three, edit):
    edited = edit(three, write=(new(TEXT),))

    with pytest.raises(NothingChanges):
        edit(three, write=(new(TEXT),))
    with pytest.raises(ChangedMeanwhile):
        edit(three, write=(new(replace(TEXT, text="something else")),))

    assert keys(edited).count("p2") == 1


def test_pieces_keep_their_neighbours_when_posts_are_dropped_pinned_and_ordered(three, edit):
    first, second, third = keys(three)
    edit(three, write=(new(HEADING, second), new(TEXT), new(LINK, first)))
    edit(three, parts=("p3", first, second, "p1", third, "p2"))

    assert keys(edit(three, pin=int(third))) == ["p3", third, first, second, "p1", "p2"]
    assert keys(edit(three, drop=(int(second),))) == ["p3", third, first, "p1", "p2"]
    assert keys(edit(three, order=(int(first),))) == ["p3", first, third, "p1", "p2"]
    assert keys(edit(three, add=(int(second),)))[-3:] == [second, "p1", "p2"]


def test_a_template_that_shows_no_pieces_says_what_to_do(store, clock, edit):
    keep(store, entry("one"), now=clock())
    edition = compose(store, clock, REVIEWED).edition

    with pytest.raises(BadInput, match=r"has no place for pieces - loop over edition\.parts"):
        edit(edition, write=(new(TEXT),))


def test_an_approval_holds_for_no_other_piece(three, edit, store, clock):
    edit(three, write=(new(TEXT),))
    approve_edition(three.id, by="marie", store=store, clock=clock)

    edited = edit(three, write=(WrittenPiece(replace(TEXT, text="Eight"), TEXT.fingerprint),))

    assert edited.state is EditionState.IN_REVIEW


def test_history_tells_what_was_written_changed_moved_and_taken_out(three, edit, store):
    first, *_ = keys(three)
    edit(three, write=(new(TEXT), new(HEADING), new(LINK)))
    now = edit(three, write=(WrittenPiece(replace(TEXT, text="Eight"), TEXT.fingerprint),))
    edit(three, parts=("p1", *[key for key in keys(now) if key != "p1"]))
    edit(three, take_out=("p3",))
    edit(three, parts=(keys(three)[1], first))

    with store.read() as tx:
        edits = tx.edition_edits.of(three.id)
        told = tx.audit.about("edition", three.id, most=9)
    assert [[(one.id, one.what) for one in edit.changes.pieces] for edit in edits] == [
        [],
        [("p3", Did.TAKEN_OUT)],
        [("p1", Did.MOVED)],
        [("p2", Did.CHANGED)],
        [("p2", Did.WRITTEN), ("p1", Did.WRITTEN), ("p3", Did.WRITTEN)],
    ]
    assert edits[3].changes.pieces[0].before == "Doors open at **seven**."
    assert edits[1].changes.pieces[0].before == "Keep a seat\nhttps://a.example/seats"
    assert {"pieces": 3} in [dict(one.detail) for one in told]


def test_what_was_taken_out_is_put_back_whole_where_it_stood(three, edit, store):
    first, *others = keys(three)
    copy = replace(TEXT, standing=0)
    edit(three, write=(new(copy, below=first), new(HEADING), new(LINK)))
    now = edit(three, parts=("p2", first, "p1", *others))
    edit(three, take_out=("p2", "p1"))
    edit(three, drop=(int(first),))

    edited = edit(three, put_back=("p2", "p1"))

    assert keys(edited) == ["p2", others[0], "p1", *others[1:], "p3"]  # behind as many posts
    assert [one.fingerprint for one in edited.content.pieces] == [
        one.fingerprint for one in now.content.pieces
    ]
    with pytest.raises(NothingChanges):
        edit(three, put_back=("p1",))
    with pytest.raises(Conflict, match="piece p9: was not taken out"):
        edit(three, put_back=("p9",))


@pytest.mark.parametrize(
    ("piece", "problem"),
    [
        (replace(HEADING, text=" \n "), "text: is empty"),
        (replace(HEADING, text="x" * 301), "text: has 301 characters - write 300"),
        (replace(TEXT, text="x" * 500_000), "text: has 500000 characters - write 20000"),
        (replace(LINK, address=""), "address: is empty"),
        (replace(LINK, address="javascript:alert(1)"), "address: leads nowhere"),
        (replace(LINK, address="java\nscript:alert(1)"), "address: leads nowhere"),
        (replace(LINK, address="https://"), "address: leads nowhere"),
        (replace(LINK, address="https://[::1"), "address: leads nowhere"),
        (replace(LINK, address='https://a.example/"><b>'), "address: leads nowhere"),
        (replace(LINK, address="mailto:nobody"), "address: leads nowhere"),
        (replace(LINK, address="mailto:@"), "address: leads nowhere"),
        (replace(LINK, address="https://a.example:99999/"), "address: leads nowhere"),
        (replace(LINK, address="https://a.example/" + "x" * 2000), "address: has 2018"),
        (Piece(id="p4", kind=PieceKind.PICTURE), "picture: there is none"),
        (replace(TEXT, id="7"), "no id of one"),
        (replace(TEXT, id="../p"), "no id of one"),
    ],
)
def test_what_cannot_be_in_a_piece_is_refused(three, edit, piece, problem):
    with pytest.raises(BadInput, match=problem):
        edit(three, write=(new(piece),))


def test_control_characters_surrogates_and_line_ends_of_others_are_put_right(three, edit):
    written = replace(TEXT, text="a\x00b\ud800c\r\nשלום\r\n")

    edited = edit(three, write=(new(written), new(replace(HEADING, text="one\ntwo\u202e"))))

    assert [piece.text for piece in edited.content.pieces] == ["abc\nשלום", "one two"]


def test_what_is_no_part_cannot_be_moved_or_taken_out(three, edit):
    with pytest.raises(Conflict, match="piece p9: is not in the edition"):
        edit(three, take_out=("p9",))
    with pytest.raises(Conflict, match="part p9: is not in the edition"):
        edit(three, parts=("p9",))


def test_an_edition_has_room_for_so_many_pieces(three, edit):
    many = tuple(new(replace(TEXT, id=f"p{number}")) for number in range(MOST_PIECES))
    edit(three, write=many)

    with pytest.raises(BadInput, match="pieces: an edition has 100 at most"):
        edit(three, write=(new(replace(TEXT, id="more")),))
