"""What lists tell of an edition beside its subject: what else is in it."""

from datetime import UTC, datetime

import pytest

from dispatch.pipeline.archive.told import Told, ToldPost

FOUR = ("Margins", "Blues", "Posters", "Signs", "Machines")


@pytest.mark.parametrize(
    ("said", "titles", "summary", "more"),
    [
        ({"subject": "Margins, and 4 more"}, FOUR, "Blues · Posters · Signs", 1),
        ({"subject": "The Letter"}, FOUR[:2], "Margins · Blues", 0),
        ({"subject": "Margins"}, FOUR[:1], "About Margins", 0),
        ({"subject": "Margins", "intro": "Hello."}, FOUR[:1], "Hello.", 0),
        ({"subject": "Margins", "preheader": "All signs"}, FOUR, "All signs", 0),
        ({"subject": "Nothing new"}, (), "", 0),
    ],
)
def test_a_list_says_what_the_subject_does_not(said, titles, summary, more):
    posts = tuple(ToldPost(title, "", f"About {title}", "", "en") for title in titles)
    slot = datetime(2026, 11, 24, 8, tzinfo=UTC)

    told = Told(**{"preheader": "", "intro": ""} | said, language="en", slot=slot, posts=posts)

    assert (told.summary, told.more) == (summary, more)
