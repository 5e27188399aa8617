"""Names that a story had once, and that it or another one has when it comes again."""

from datetime import timedelta

import pytest

from dispatch.pipeline.intake.keep import Kept, keep_entries
from shared_names_stage import DAY, HOME, NAMES, NOW, story


@pytest.fixture
def poll(store):
    """Keep a document, and find it known in the next poll; what came of it at first."""

    def poll(*document, after=timedelta(0)):
        with store.begin() as tx:
            came = keep_entries("blog", document, backfill=None, tx=tx, now=NOW + after)
        with store.begin() as tx:
            again = keep_entries("blog", document, backfill=None, tx=tx, now=NOW + after)
        assert again == Kept(known=len(document))
        return came

    return poll


def test_a_guid_under_which_a_post_came_by_its_title_and_link_is_remembered(poll):
    others = [story(number) for number in (1, 2, 3)]
    reused = {"guid": "guid-0", "link": f"{HOME}other", "title": "Weekly update"}
    poll(story(0, published=None), *others)
    poll(*others, story(0, **reused, published=None, content=""))
    poll(*others, story(0, **(reused | {"guid": "guid-0b"}), published=None, content=""))

    came = poll(*others, story(0, guid="guid-0b", link="", title="Renamed", published=None))

    assert came.new == 0


def test_a_post_whose_guid_another_story_has_got_is_not_replaced(poll):
    same_text = "The same words, in both of them, and enough of them to tell. " * 5
    poll(story(0, link="", content=same_text))

    came = poll(
        story(1, link=f"{HOME}1", published=None, content=same_text),
        story(2, published=None, content=""),
        story(3, published=None, content=""),
        story(0, link="", title="Weekly update", content="", published=NOW + 9 * DAY),
    )

    assert (came.new, came.held, came.revised) == (2, 2, 0)


def test_what_a_post_was_called_before_an_edit_is_no_news_again(poll):
    one_name = {"guid": "N/A", "link": HOME, "published": NOW}
    poll(story(0, **one_name))
    edited = poll(story(2, **one_name))

    came = poll(*(story(number, **one_name) for number in range(4)))

    assert edited.revised == 1
    assert (came.new, came.held) == (2, 1), NAMES
