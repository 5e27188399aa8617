"""One image by its attributes: where it really is, how wide, and whether it may be shown."""

import pytest

from dispatch.feeds.clean.inline_images import (
    MOST_CANDIDATES,
    PICTURE,
    WIDEST,
    best_of,
    is_placeholder,
    late_source,
    mail_image,
)
from dispatch.feeds.clean.trackers import counts_readers

BASE = "https://blog.example/posts/1"
HOME = "https://blog.example"


def shown(**attributes):
    return mail_image(
        {name.replace("_", "-"): text for name, text in attributes.items()}, base=BASE
    )


def img(src, more=""):
    return f'<img src="{HOME}{src}" alt=""{more}>'


@pytest.mark.parametrize(
    ("width", "written"),
    [
        ("2", "2"),
        ("1.9", None),
        (" 300 px ", "300"),
        ("300.5", "300"),
        (str(WIDEST), "600"),
        (str(WIDEST + 1), "600"),
        ("99999", "600"),
        ("999999", "600"),
        ("9999999", None),
        ("50%", None),
        ("auto", None),
        ("", None),
    ],
)
def test_its_width_is_that_of_the_column_at_most(width, written):
    more = f' width="{written}"' if written else ""
    expected = "" if width == "1.9" else img("/a.jpg", more)

    assert shown(src="/a.jpg", width=width) == expected


@pytest.mark.parametrize("size", ["0", "1", "1px", "0.5", " 1 "])
@pytest.mark.parametrize("side", ["width", "height"])
def test_a_pixel_is_no_image_unless_it_is_only_there_until_the_image_is(size, side):
    assert shown(**{"src": "/a.jpg", side: size}) == ""
    assert shown(**{"src": "/blank.gif", "data-src": "/a.jpg", side: size}) == img("/a.jpg")


@pytest.mark.parametrize("height", ["2", "600", "auto"])
def test_its_height_is_not_kept(height):
    assert shown(src="/a.jpg", height=height) == img("/a.jpg")


def test_what_it_says_of_itself_is_kept_and_nothing_else():
    said = {"title": 'a "b"', "dir": "rtl", "lang": "ar", "style": "color:red", "class": "x"}

    kept = mail_image({"src": "/a.jpg", "alt": "<c>", **said}, base=BASE)

    assert kept == (
        f'<img src="{HOME}/a.jpg" alt="&lt;c&gt;" dir="rtl" lang="ar" title="a &quot;b&quot;">'
    )


@pytest.mark.parametrize(
    "style",
    ["display:none", "visibility : hidden", "width:0", "a:b;max-height:1px;", "height: 0.0em",
     "width:1.5px", "width:1", "height:0%", "width:0px!important", "WIDTH:0"],
)  # fmt: skip
def test_what_its_style_hides_is_not_shown(style):
    assert shown(src="/a.jpg", style=style) == ""
    assert shown(style=style, data_src="/a.jpg") == img("/a.jpg")


@pytest.mark.parametrize(
    "style", ["display:block", "width:10px", "width:1em", "min-width:0", "border-width:0", "x:1px"]
)
def test_other_styles_hide_nothing(style):
    assert shown(src="/a.jpg", style=style) == img("/a.jpg")


def test_one_that_says_so_is_hidden():
    assert shown(src="/a.jpg", hidden="") == ""


@pytest.mark.parametrize(
    ("attributes", "source"),
    [
        ({}, ""),
        ({"src": "/a.jpg"}, ""),
        ({"data-src": "/a.jpg", "data-lazy-src": "/b.jpg"}, "/a.jpg"),
        ({"data-lazy-src": "/b.jpg", "data-original": "/c.jpg"}, "/b.jpg"),
        ({"data-original": "/c.jpg", "data-lazy": "/d.jpg"}, "/c.jpg"),
        ({"data-lazy": "/d.jpg", "srcset": "/e.jpg"}, "/d.jpg"),
        ({"data-src": "", "srcset": "/e.jpg 2x"}, "/e.jpg"),
        ({"data-src": "javascript:x", "data-srcset": "/f.jpg"}, "/f.jpg"),
        ({"data-lazy-srcset": "/g.jpg", PICTURE: "/h.jpg"}, "/g.jpg"),
        ({PICTURE: "/h.jpg"}, "/h.jpg"),
    ],
)
def test_where_a_script_would_look_for_it(attributes, source):
    assert late_source(attributes, base=BASE) == (HOME + source if source else "")


@pytest.mark.parametrize(
    "src",
    ["", "data:,", "javascript:x", BASE, f"{BASE}/", "/blank.gif", "/i/1x1.png", "/spacer.gif?x=1",
     "/a_loading.svg#x", "/lazyload-x.webp", "/gray.jpeg", "/grey.jpg", "/trans.gif"],
)  # fmt: skip
def test_what_is_there_until_the_image_is(src):
    assert is_placeholder({"src": src}, base=BASE)


@pytest.mark.parametrize(
    "src", ["/a.jpg", "/ablank.gif", "/blank/a.gif", "/blank.html", "/pixels/2.png", "/posts/"]
)
def test_what_is_the_image(src):
    assert not is_placeholder({"src": src}, base=BASE)


def test_the_page_itself_is_no_image_whatever_its_end():
    assert is_placeholder({"src": "https://blog.example/p"}, base="https://blog.example/p/#top")
    assert shown(src="") == ""


@pytest.mark.parametrize(
    ("src", "late", "result"),
    [
        ("/a.jpg", "/b.jpg", "/a.jpg"),
        ("/blank.gif", "/b.jpg", "/b.jpg"),
        ("/blank.gif", "", "/blank.gif"),
        ("", "/b.jpg", "/b.jpg"),
    ],
)
def test_a_late_one_stands_in_for_a_placeholder_alone(src, late, result):
    assert shown(src=src, data_src=late) == img(result)


def test_what_counts_readers_is_not_shown_late_or_not():
    pixel = "https://www.facebook.com/tr?id=1"

    assert shown(src=pixel) == ""
    assert shown(src="/blank.gif", data_src=pixel) == ""


@pytest.mark.parametrize(("alt", "written"), [("😀", "😀"), ('"<&', '"&lt;&amp;')])
def test_a_picture_of_a_character_is_the_character(alt, written):
    emoji = "https://s.w.org/images/core/emoji/14.0.0/72x72/1f600.png"

    assert shown(src=emoji, alt=alt) == written
    assert shown(src=emoji) == f'<img src="{emoji}" alt="">'


@pytest.mark.parametrize(
    ("srcset", "best"),
    [
        (f"/a.jpg {WIDEST - 1}w, /b.jpg {WIDEST}w, /c.jpg {WIDEST + 1}w", "/b.jpg"),
        ("/a.jpg 1x, /b.jpg 0.5x", "/a.jpg"),
        ("/a.jpg 0.5x, /b.jpg 0.9x", "/b.jpg"),
        ("/a.jpg 300w, /b.jpg", "/b.jpg"),
        ("/a.jpg, /b.jpg 700w", "/a.jpg"),
        ("/a.jpg 2x,/b.jpg 1x", "/b.jpg"),
        ("/a.jpg 100w,/b.jpg", "/b.jpg"),
        ("/a,b.jpg", "/a,b.jpg"),
        (",/a.jpg,", "/a.jpg"),
        ("/a.jpg x", "/a.jpg"),
        ("/a.jpg 9h, /b.jpg 700w", "/b.jpg"),
        (", , ,", ""),
    ],
)
def test_the_narrowest_that_fills_the_column_is_taken(srcset, best):
    assert best_of(srcset) == best


@pytest.mark.parametrize(
    ("place", "best"), [(MOST_CANDIDATES - 1, "/good.jpg"), (MOST_CANDIDATES, "/small.jpg")]
)
def test_no_more_candidates_are_looked_at_than_pages_offer(place, best):
    assert MOST_CANDIDATES == 50
    offers = ["/small.jpg 10w"] * (MOST_CANDIDATES + 5)
    offers[place] = "/good.jpg 700w"

    assert best_of(", ".join(offers)) == best


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        ("http://feeds.feedburner.com/~r/Blog/~4/x", True),
        ("https://feeds2.feedburner.com/~ff/Blog", True),
        ("http://feedproxy.google.com/~f/Blog", True),
        ("http://feeds.feedburner.com/Blog.png", False),
        ("http://rss.feedsportal.com/c/1", True),
        ("http://feeds.feedblitz.com/~/1", True),
        ("http://feeds.feedblitz.com/-/1", True),
        ("http://feeds.feedblitz.com/a.png", False),
        ("https://pixel.wp.com/g.gif", True),
        ("https://g.wordpress.com/g.gif", True),
        ("https://i0.wp.com/a.jpg", False),
        ("https://feeds.wordpress.com/1.0/comments/x/1/", True),
        ("https://blogger.googleusercontent.com/tracker/1", True),
        ("https://blogger.googleusercontent.com/img/a.jpg", False),
        ("https://www.blogger.com/tracker/1", True),
        ("https://medium.com/_/stat?event=x", True),
        ("https://medium.com/_/statistics.png", False),
        ("https://x.us1.list-manage.com/track/open.php", True),
        ("https://eotrx.substackcdn.com/open?token=1", True),
        ("https://u1.ct.sendgrid.net/wf/open?upn=1", True),
        ("https://ssl.google-analytics.com/__utm.gif", True),
        ("https://ad.doubleclick.net/x", True),
        ("https://b.scorecardresearch.com/p", True),
        ("https://www.facebook.com/tr?id=1", True),
        ("https://www.facebook.com/trees.jpg", False),
        ("https://api.flattr.com/button.png", True),
        ("HTTP://FEEDS.FEEDBURNER.COM/~r/x", True),
        ("https://a.example/?u=http://feeds.feedburner.com/~r/x", False),
        ("", False),
    ],
)
def test_who_counts_readers(url, counts):
    assert counts_readers(url) is counts
