"""What lists tell of an edition beside its subject: what else is in it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatch.pipeline.archive.told import Told, ToldPost, told
from render.piece_samples import PICTURE, heading, link, picture, text
from render.render_samples import an_edition

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
        ({"subject": "Doors open", "beginning": "Come!"}, (), "Come!", 0),
    ],
)
def test_a_list_says_what_the_subject_does_not(said, titles, summary, more):
    posts = tuple(ToldPost(title, "", f"About {title}", "", "en") for title in titles)
    slot = datetime(2026, 11, 24, 8, tzinfo=UTC)

    told = Told(**{"preheader": "", "intro": ""} | said, language="en", slot=slot, parts=posts)

    assert (told.summary, told.more) == (summary, more)


def test_feeds_tell_what_the_team_has_written_among_the_posts():
    pieces = (
        heading("For {{ subscriber.name or '<you>' }}"),
        text("Come *soon*."),
        picture(alt='A "harbour"', after=1),
        link(after=1),
    )

    html = told(replace(an_edition(), pieces=pieces), "Doors open").html

    first, *_, last = html.splitlines()
    assert first == '<div dir="ltr"><h2>For &lt;you&gt;</h2></div>'
    assert '<div dir="ltr"><p>Come <em>soon</em>.</p></div>' in html
    assert f'/pictures/{PICTURE.mark}.png" alt="A &#34;harbour&#34;">' in html
    assert last == (
        '<div dir="ltr"><p><a href="https://example.org/a?b=1&amp;c=2">Come</a></p></div>'
    )
