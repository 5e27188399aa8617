"""Lists of feeds as feed readers exchange them, in and out."""

import pytest

from dispatch.config.intake.opml import Outline, read_opml, write_opml
from dispatch.errors import BadInput

FOLDERS = """<?xml version="1.0"?>
<opml version="1.0"><head><title>My feeds</title></head><body>
<outline text="News">
  <outline text="Deep">
    <outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed?x=1&amp;y=2" htmlUrl="https://a.example/"/>
  </outline>
  <outline type="rss" text="Nothing"/>
</outline>
<outline type="link" text="A link" url="https://b.example/"/>
<outline text="Plain" title="Titled" XMLURL=" https://c.example/rss "/>
<outline type="rss" text="Local" xmlUrl="file:///etc/passwd"/>
<outline type="rss" text="Secret" xmlUrl="https://ada:s3cret@d.example/"/>
</body></opml>"""


@pytest.fixture
def read(tmp_path):
    def read(content):
        path = tmp_path / "feeds.opml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_opml(path)

    return read


def test_folders_are_flattened_and_what_is_no_feed_is_passed_over(read):
    found = read(FOLDERS)

    assert found.outlines == (
        Outline("https://a.example/feed?x=1&y=2", "A & B", "https://a.example/", 5),
        Outline("https://c.example/rss", "Titled", "", 10),
    )


def test_bad_outlines_are_named_by_line(read):
    said = [str(problem) for problem in read(FOLDERS).problems]

    assert said[0] == "feeds.opml:7: Nothing: has no xmlUrl - add the feed by hand"
    assert said[1].startswith("feeds.opml:11: xmlUrl: 'file:///etc/passwd' is not a web address")
    assert said[2].startswith("feeds.opml:12: xmlUrl: the address contains a user name")
    assert "s3cret" not in "".join(said)


def test_what_is_written_is_read_again(read):
    outlines = [
        Outline("https://a.example/?a=1&b=2", 'Say "yes" & <no>', "https://a.example/"),
        Outline("https://b.example/"),
    ]

    found = read(write_opml(outlines, title="Feeds & more"))

    assert [(one.url, one.title, one.site) for one in found.outlines] == [
        ("https://a.example/?a=1&b=2", 'Say "yes" & <no>', "https://a.example/"),
        ("https://b.example/", "https://b.example/", ""),
    ]


def test_other_encodings_are_read(read):
    text = '<?xml version="1.0" encoding="{}"?><opml><outline text="é" xmlUrl="https://a.example/"/></opml>'

    for encoding in ("windows-1252", "utf-16", "iso-8859-15"):
        assert read(text.format(encoding).encode(encoding)).outlines[0].title == "é"


BOMB = """<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<opml><outline text="&b;" xmlUrl="https://a.example/"/></opml>"""
XXE = """<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<opml><outline text="&a;" xmlUrl="https://a.example/"/></opml>"""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "feeds.opml:1: is not valid XML from here on - export it again"),
        ("<opml><body>\n<outline text='a & b'/>", "feeds.opml:2: is not valid XML"),
        ("<rss/>", "feeds.opml:1: is not OPML - export a list of feeds"),
        ("<?xml version='1.0' encoding='klingon'?><opml/>", "feeds.opml:1: "),
        (BOMB, "feeds.opml:1: declares entities, which no list of feeds needs"),
        (XXE, "feeds.opml:1: declares entities"),
        (b"<opml>" + b" " * 5_000_000, "feeds.opml: is larger than 5 MB - is it the right file?"),
        ("<opml>" + "<outline xmlUrl='http://a.b/'/>" * 2_001, "has more than 2000 feeds"),
    ],
    ids=["empty", "broken", "RSS", "encoding", "bomb", "XXE", "large", "many"],
)
def test_what_is_no_list_of_feeds_is_refused(read, content, problem):
    with pytest.raises(BadInput) as refused:
        read(content)

    assert problem in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadInput, match=r"none.opml: cannot be read \(No such file"):
        read_opml(tmp_path / "none.opml")
