"""A feed that asks for its posts' pages, from the file to what a campaign would use."""

import pytest

from dispatch.app import open_app

TEXT = "<p>The {} paragraph of a story that the feed has only begun to tell its readers.</p>"
PAGE = """<!doctype html><html><head><meta property="og:image" content="/sea.jpg"></head>
<body><nav>Home</nav><article>{}</article></body></html>"""


@pytest.fixture
def blog(server):
    """A feed of one post, and the post's page."""
    words = "".join(map(TEXT.format, ("first", "second", "third", "fourth", "fifth")))
    server.gives(PAGE.format(words).encode(), "/one", Content_Type="text/html")
    return server.gives(
        f"""<rss version="2.0"><channel><title>Sea</title><item><title>One</title>
        <link>{server.url("/one")}</link><description>It begins</description></item>
        </channel></rss>""".encode()
    )


@pytest.fixture
def poll(dispatch, blog):
    dispatch.edit(
        '"file:samples/atelier.rss.xml", backfill: 5',
        f'"{blog}", backfill: all, fulltext: true, page_images: true',
    )

    def poll():
        [report] = dispatch("feeds", "poll", "atelier", "--json").json
        with open_app(dispatch.folder) as app, app.store.read() as tx:
            [post] = tx.posts.latest(feed="atelier")
        return report, post.whole

    return poll


def test_a_new_post_has_the_text_and_the_picture_of_its_page(poll, server):
    report, post = poll()
    again, same = poll()

    assert (report["new"], report["problem"]) == (1, "")
    assert (again["edited"], again["unchanged"]) == (0, True)
    assert post == same
    assert "fifth paragraph" in post.content
    assert "Home" not in post.content
    assert post.image.url == server.url("/sea.jpg")


def test_a_site_that_says_no_is_heeded_and_told_of(poll, server):
    server.gives(b"User-agent: *\nDisallow: /", "/robots.txt")

    report, post = poll()

    assert "fifth paragraph" not in post.content
    assert post.image is None
    assert "1 page of a new post was not read" in report["notes"]
    assert "(robots.txt) - the feed's own text stays" in report["notes"]
