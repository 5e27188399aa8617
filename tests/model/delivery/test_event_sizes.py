"""Whatever a mail server has written, both databases can keep it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.delivery.event_sizes import fitted

NOW = datetime(2026, 11, 30, tzinfo=UTC)
TEXTS = [
    "plain",
    "with\x00nothing",
    "half a pair \ud83d",
    "é" * 50_000,
    "\x00" * 9,
    "",
    "😀" * 3000,
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_cut_and_have_no_characters_that_are_none(text):
    names = ("id", "delivery", "provider_id", "recipient", "said", "reason", "url")

    event = fitted(Event(kind=EventKind.OTHER, **dict.fromkeys(names, text)))

    for name in names:
        kept = getattr(event, name)
        kept.encode()
        assert "\x00" not in kept
        assert len(kept) <= 2_000
    assert fitted(event) == event


def test_an_id_that_is_cut_is_still_that_of_one_event():
    one, other = (fitted(Event(kind=EventKind.OTHER, id="x" * 5_000 + end)).id for end in "ab")

    assert one != other
    assert len(one) < 100


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (None, None),
        (NOW, NOW),
        (NOW.replace(tzinfo=None), NOW),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), None),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
        (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_moment_has_a_zone_and_is_one_of_this_century(said, kept):
    assert fitted(Event(kind=EventKind.OTHER, at=said)).at == kept
