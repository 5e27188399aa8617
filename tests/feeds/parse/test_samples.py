"""The feeds that people see first hold what the demo promises."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.feeds.parse.document import parse

SAMPLES = Path(__file__).parents[3] / "samples"
TODAY = datetime(2026, 11, 22, tzinfo=UTC)

BLOGS = [
    ("atelier.rss.xml", "L'Atelier des images", "https://atelier.example/", "fr"),
    ("notebook.atom.xml", "The Night Notebook", "https://notebook.example/", "en"),
]


@pytest.mark.parametrize(("name", "title", "link", "language"), BLOGS)
def test_each_blog_is_whole(name, title, link, language):
    document = parse((SAMPLES / name).read_bytes(), url=f"file:samples/{name}")

    assert (document.title, document.link, document.language) == (title, link, language)
    assert document.skipped == ()
    assert len(document.entries) == 11
    for entry in document.entries:
        assert entry.summary
        assert entry.authors
        assert entry.topics
        assert entry.image.alt
        assert entry.content.count("<p>") > 1
        assert entry.link.startswith(link)


@pytest.mark.parametrize("name", [blog[0] for blog in BLOGS])
def test_each_blog_has_one_post_to_come_one_edited_and_one_link_twice(name):
    entries = parse((SAMPLES / name).read_bytes(), url=f"file:samples/{name}").entries

    coming = [entry for entry in entries if entry.published > TODAY]
    edited = [entry for entry in entries if entry.updated and entry.updated > entry.published]

    assert len(coming) == len(edited) == 1
    assert len({entry.link for entry in entries}) == len(entries) - 1
    assert len({entry.guid for entry in entries}) == len(entries)


@pytest.mark.parametrize("name", [blog[0] for blog in BLOGS])
def test_every_picture_has_its_file_and_is_light(name):
    entries = parse((SAMPLES / name).read_bytes(), url=f"file:samples/{name}").entries
    folder = SAMPLES / "images" / name.partition(".")[0]

    wanted = {entry.image.url.rpartition("/")[2] for entry in entries}

    assert wanted == {path.name for path in folder.iterdir()}
    assert max(path.stat().st_size for path in folder.iterdir()) < 25_000
