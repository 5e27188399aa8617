"""Finding feeds, and taking lists of them in and out, as people type it."""

RSS = b"""<rss version="2.0"><channel><title>The Sea Blog</title>
<item><title>One</title><link>https://blog.example/1</link></item></channel></rss>"""
PAGE = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'


def test_a_page_leads_to_the_lines_for_schedules_yaml(dispatch, server):
    server.gives(RSS, "/feed")
    page = server.gives(PAGE, "/")

    ended = dispatch("feeds", "find", page)

    assert ended.code == 0
    assert f'feeds:\n  the-sea-blog: {{url: "{server.url("/feed")}"}}' in ended.out


def test_what_is_there_already_is_said(dispatch, server):
    feed = server.gives(RSS, "/feed")
    dispatch.edit("file:samples/atelier.rss.xml", feed)

    ended = dispatch("feeds", "find", feed)
    [row] = dispatch("feeds", "find", feed, "--json").json

    assert "they are all in schedules.yaml already" in ended.out
    assert (row["feed"], row["title"], row["entries"]) == ("atelier", "The Sea Blog", 1)


def test_without_a_feed_it_fails_with_a_sentence(dispatch, server):
    ended = dispatch("feeds", "find", server.gives(b"<html></html>", "/"))

    assert ended.code == 1
    assert ended.err.startswith(f"{server.url('/')}: no feed was found there - ask")


def test_a_page_in_place_of_a_feed_is_told_how_to_find_it(dispatch, server):
    page = server.gives(PAGE, "/")
    dispatch.edit("file:samples/atelier.rss.xml", page)

    [atelier, _] = dispatch("feeds", "poll", "--json").json

    assert atelier["problem"] == (
        f"{page}: this is a web page, not a feed - try 'dispatch feeds find {page}'"
    )


def test_a_list_is_brought_in_once_and_the_rest_of_the_file_stays(dispatch):
    before = (dispatch.folder / "schedules.yaml").read_text(encoding="utf-8")
    dispatch.write(
        """<opml version="2.0"><body><outline text="Sea">
        <outline type="rss" text="The Sea Blog" xmlUrl="https://sea.example/feed"/>
        <outline type="rss" text="The Sea Blog" xmlUrl="https://sea.example/comments"/>
        <outline type="rss" text="Again" xmlUrl="http://SEA.example/feed/"/>
        </outline></body></opml>""",
        "feeds.opml",
    )
    opml = str(dispatch.folder / "feeds.opml")

    rehearsed = dispatch("feeds", "import", opml, "--dry-run", "--json").json
    untouched = (dispatch.folder / "schedules.yaml").read_text(encoding="utf-8")
    ended = dispatch("feeds", "import", opml)
    again = dispatch("feeds", "import", opml)

    after = (dispatch.folder / "schedules.yaml").read_text(encoding="utf-8")
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert untouched == before
    assert [row["feed"] for row in rehearsed] == ["the-sea-blog", "the-sea-blog-2"]
    assert (ended.code, again.code) == (0, 0)
    assert "2 added, 1 were there already" in ended.out
    assert "0 added, 3 were there already" in again.out
    assert [line.split(":")[0].strip() for line in added] == ["the-sea-blog", "the-sea-blog-2"]
    assert [line for line in after.splitlines() if line not in added] == before.splitlines()
    assert dispatch("check").code == 0


def test_bad_outlines_are_told_and_the_others_are_added(dispatch):
    dispatch.write(
        '<opml>\n<outline type="rss" text="No"/>\n<outline xmlUrl="https://a.example/"/></opml>',
        "feeds.opml",
    )

    ended = dispatch("feeds", "import", str(dispatch.folder / "feeds.opml"))

    assert ended.code == 2
    assert "feeds.opml:2: No: has no xmlUrl - add the feed by hand" in ended.err
    assert "a-example: {url" in (dispatch.folder / "schedules.yaml").read_text(encoding="utf-8")


def test_feeds_go_out_as_a_list_that_can_be_brought_in(dispatch, tmp_path):
    dispatch.edit("file:samples/atelier.rss.xml", "https://atelier.example/feed")
    opml = tmp_path / "out.opml"

    ended = dispatch("feeds", "export", str(opml))

    assert ended.code == 0
    assert ended.err == "left out: 1 that are files of this workspace, which nobody else has\n"
    assert 'xmlUrl="https://atelier.example/feed"' in opml.read_text(encoding="utf-8")
    assert dispatch("feeds", "export").out == opml.read_text(encoding="utf-8")
    assert "1 were there already" in dispatch("feeds", "import", str(opml)).out


def test_full_text_without_its_extra_is_a_problem(dispatch, monkeypatch):
    monkeypatch.setattr("dispatch.feeds.pages.main_text.is_available", lambda: False)
    dispatch.edit("backfill: 5}\n  notebook", "backfill: 5, fulltext: true}\n  notebook")

    ended = dispatch("check")

    assert ended.code == 2
    assert (
        "feeds.atelier.fulltext: needs trafilatura, which is not installed" in ended.out + ended.err
    )
