"""A picture that somebody uploads is kept once, as long as a piece may show it."""

from datetime import timedelta

import pytest

from dispatch.errors import BadInput
from dispatch.feeds.pictures.reader import NotRead, TakesTooMuch, needs_extra
from dispatch.model.editions.card import keep
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.model.editions.uploaded import (
    ADVICE,
    MOST_BYTES,
    MOST_NAME,
    PictureRefused,
    Unfit,
    address_of,
)
from dispatch.pipeline.editions.keep_pictures import UPLOADED_KEPT_FOR, forget_uploaded
from dispatch.pipeline.editions.take_picture import take_picture
from on_sqlite import on_sqlite

RED = keep("image/png", 400, 300, b"red")
LATER = UPLOADED_KEPT_FOR + timedelta(days=1)


@pytest.fixture
def take(store, clock):
    def take(name="red.png", data=b"as it came", *, read=lambda _: RED):
        return take_picture(name, data, by="ines", read=read, store=store, clock=clock)

    return take


def kept(store, mark=RED.mark):
    with store.read() as tx:
        return tx.uploaded_pictures.find(mark)


def test_the_same_picture_twice_is_one_row(store, clock, take):
    first = take()
    clock.advance(timedelta(days=20))

    assert take("again.png", b"another file of it") == first
    assert kept(store) == RED
    with store.read() as tx:
        assert tx.uploaded_pictures.of([RED.mark, "other"]) == {RED.mark: first}
    assert address_of(first, "https://x.example/p").endswith(f"/p/pictures/{RED.mark}.png")


def raising(problem):
    def read(_data):
        raise problem

    return read


@pytest.mark.parametrize(
    ("data", "read", "why"),
    [
        pytest.param(b"", None, Unfit.EMPTY, id="empty"),
        pytest.param(b"x" * (MOST_BYTES + 1), None, Unfit.TOO_LARGE, id="large"),
        pytest.param(b"x", raising(ValueError("damaged")), Unfit.DAMAGED, id="damaged"),
        pytest.param(b"x", raising(TakesTooMuch("x")), Unfit.TOO_MUCH_WORK, id="work"),
        pytest.param(b"x", raising(NotRead("x")), Unfit.NOT_READ, id="stopping"),
        pytest.param(b"x", needs_extra, Unfit.NEEDS_EXTRA, id="no-extra"),
    ],
)
@on_sqlite
def test_what_is_refused_says_what_to_do(store, take, data, read, why):
    with pytest.raises(PictureRefused) as raised:
        take("C:\\mine\\red.png", data, read=read)

    assert isinstance(raised.value, BadInput)
    assert raised.value.why is why
    assert str(raised.value) == f"red.png: {ADVICE[why]}"
    assert " - " in ADVICE[why]
    assert kept(store) is None


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\0b\n.png", "ab.png"),
        ("x" * 500, "x" * MOST_NAME),
        ("", "picture"),
        ("pictures/", "picture"),
    ],
)
@on_sqlite
def test_a_name_is_only_ever_shown_in_a_line(take, name, called):
    with pytest.raises(PictureRefused, match=f"^{called}: is empty"):
        take(name, b"")


def standing(store, picture, clock):
    piece = Piece(id="p1", kind=PieceKind.PICTURE, picture=picture, decorates=True)
    with store.begin() as tx:
        return tx.standing.add(
            piece, ["weekly"], after=0, until=clock().date(), by="ines", now=clock()
        )


def test_one_that_nothing_shows_is_forgotten_after_a_month(store, clock, take):
    take()
    clock.advance(LATER - timedelta(days=2))
    assert forget_uploaded(store=store, clock=clock) == 0
    clock.advance(timedelta(days=2))

    assert forget_uploaded(store=store, clock=clock) == 1
    assert kept(store) is None


def test_one_that_is_shown_stays_and_is_not_looked_for_each_time(store, clock, take):
    standing(store, take(), clock)
    clock.advance(LATER)

    assert forget_uploaded(store=store, clock=clock) == 0
    with store.read() as tx:
        assert tx.uploaded_pictures.older(clock(), most=5) == []


def test_one_that_is_used_just_then_stays(store, clock, take):
    take()
    clock.advance(LATER)
    with store.begin() as tx:
        assert tx.uploaded_pictures.use([RED.mark, "other"], now=clock()) == {RED.mark}

    with store.begin() as tx:
        assert tx.uploaded_pictures.forget([RED.mark], before=clock() - UPLOADED_KEPT_FOR) == 0
