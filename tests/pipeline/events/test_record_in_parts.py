"""One event that cannot be kept costs no other, and few are kept at a time."""

import pytest

from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.event import Event, EventKind
from dispatch.pipeline.events.record import Recorded
from dispatch.pipeline.events.record_in_parts import AT_ONCE, record_in_parts


class Book:
    """Keeps groups whole or not at all."""

    def __init__(self, *bad):
        self.kept = []
        self.sizes = []
        self._bad = bad

    def __call__(self, events):
        self.sizes.append(len(events))
        ids = [int(one.id) for one in events]
        for one in ids:
            if one in self._bad:
                raise ValueError(one)
        self.kept += ids
        return Recorded(len(ids), strangers=1)


def events(number):
    return [Event(kind=EventKind.DELIVERED, id=str(one)) for one in range(number)]


def test_few_are_kept_at_a_time_and_all_in_order():
    book = Book()

    recorded = record_in_parts(events(2 * AT_ONCE + 1), record=book)

    assert book.sizes == [AT_ONCE, AT_ONCE, 1]
    assert book.kept == [*range(2 * AT_ONCE + 1)]
    assert recorded == Recorded(2 * AT_ONCE + 1, strangers=3)


@pytest.mark.parametrize("bad", [(0,), (499,), (250, 251), (3, 500, 700)])
def test_a_bad_one_among_good_ones_is_left_out_and_told(bad):
    book = Book(*bad)

    with pytest.raises(ValueError, match=f"^{bad[0]}$"):
        record_in_parts(events(701), record=book)

    assert book.kept == [one for one in range(701) if one not in bad]
    assert len(book.sizes) < 80


def test_a_database_that_is_away_is_not_asked_for_each():
    tried = []

    def away(some):
        tried.append(some)
        raise StoreUnavailable("database: away - come back")

    with pytest.raises(StoreUnavailable):
        record_in_parts(events(700), record=away)

    assert len(tried) == 1
