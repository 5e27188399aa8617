"""What a row of a post may become: what is known of it is not forgotten by who comes late."""

from datetime import timedelta

import pytest

from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.published import Published, PublishedRow, PublishedState
from on_sqlite import on_sqlite

pytestmark = on_sqlite

KEY = 7


@pytest.fixture
def row(store, clock):
    """A reserved row, and how it reads now."""
    new = PublishedRow(
        KEY, 1, "toots", "a" * 64, "post:x", PublishedState.RESERVED, Published((), text="One"),
        clock(),
    )  # fmt: skip
    with store.begin() as tx:
        tx.published.reserve(new)
    return new


@pytest.fixture
def change(store, row):
    def change(do):
        with store.begin() as tx:
            do(tx.published)
            return tx.published.of_delivery(KEY)

    return change


def test_an_answer_that_is_written_down_again_does_not_undo_a_correction(change, clock):
    accepted = Accepted("1", "https://social.example/1")
    change(lambda posts: posts.note_accepted(KEY, accepted, now=clock()))
    change(lambda posts: posts.note_edited(KEY, "Two", now=clock()))
    edited = change(lambda posts: posts.note_accepted(KEY, accepted, now=clock()))
    change(lambda posts: posts.note_deleted(KEY, now=clock()))
    deleted = change(lambda posts: posts.note_accepted(KEY, accepted, now=clock()))

    assert (edited.state, edited.post.text) == (PublishedState.EDITED, "Two")
    assert deleted.state is PublishedState.DELETED


@pytest.mark.parametrize("edited", [False, True])
def test_what_is_there_is_not_reserved_again_and_nobody_may_allow_it(change, row, clock, edited):
    change(lambda posts: posts.note_accepted(KEY, Accepted("1"), now=clock()))
    if edited:
        change(lambda posts: posts.note_edited(KEY, "Two", now=clock()))
    before = change(lambda _: None)

    reserved = change(lambda posts: posts.reserve(row))
    allowed = change(lambda posts: posts.allow([KEY], now=clock() + timedelta(days=1)))

    assert reserved == allowed == before


def test_what_is_reserved_cannot_have_been_edited(change, clock):
    kept = change(lambda posts: posts.note_edited(KEY, "Two", now=clock()))

    assert (kept.state, kept.post.text) == (PublishedState.RESERVED, "One")


def test_a_post_without_a_name_has_none(change, clock):
    kept = change(lambda posts: posts.note_accepted(KEY, Accepted("", others=("2",)), now=clock()))

    assert kept.post.ids == ("2",)
