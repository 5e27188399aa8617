"""What a post on a network tells: the same for everybody who tells it."""

from dispatch.model.delivery.published import told_by
from dispatch.model.intake.post import Post
from dispatch.testing.clock import FakeClock

PLAIN = {
    "id": 1, "feed": "blog", "guid": "1", "link": "https://blog.example/one", "title": "One",
    "summary": "", "content": "", "authors": (), "topics": (), "image": None, "language": "",
    "published": None, "updated": None, "first_seen": FakeClock()(),
}  # fmt: skip


def told(**values):
    return told_by(Post(**{**PLAIN, **values}), "e1")


def test_a_post_is_the_same_by_two_feeds_and_in_two_databases():
    again = told(id=7, feed="other", guid="x", link="http://www.blog.example/one?utm_source=rss")

    assert again == told() == "post://blog.example/one"


def test_posts_without_a_page_of_their_own_go_by_their_names_in_their_feeds():
    assert told(link="") == told(link="", id=7)
    assert told(link="") != told(link="", guid="2")
    assert told(link_shared=True) != told(link_shared=True, guid="2")


def test_a_snippet_of_no_post_tells_its_edition():
    assert told_by(None, "e1") == "edition:e1"
