"""Where an image really is that its page shows late, and what stands in for it until then."""

import pytest

from dispatch.feeds.clean.late_images import (
    MOST_CANDIDATES,
    MOST_NAMES,
    PICTURE,
    WIDEST,
    best_of,
    data_names,
    is_late,
    is_placeholder,
    late_source,
    src_of,
)

BASE = "https://blog.example/posts/1"
HOME = "https://blog.example"


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


@pytest.mark.parametrize(
    ("srcset", "best"),
    [
        (f"/a.jpg {2 * WIDEST - 1}w, /b.jpg {2 * WIDEST}w, /c.jpg {2 * WIDEST + 1}w", "/b.jpg"),
        ("/a.jpg 1x, /b.jpg 0.5x", "/a.jpg"),
        ("/a.jpg 0.5x, /b.jpg 0.9x", "/b.jpg"),
        ("/a.jpg 300w, /b.jpg", "/b.jpg"),
        ("/a.jpg 2x, /b.jpg 1300w", "/a.jpg"),
        ("/a.jpg 2x,/b.jpg 1x", "/a.jpg"),
        ("/a.jpg 100w,/b.jpg", "/b.jpg"),
        ("/a,b.jpg", "/a,b.jpg"),
        (",/a.jpg,", "/a.jpg"),
        ("/a.jpg x", "/a.jpg"),
        ("/a.jpg 9h, /b.jpg 1300w", "/b.jpg"),
        (", , ,", ""),
        ("/s.jpg 300w, /m.jpg 1200w, /l.jpg 2400w", "/m.jpg"),
        ("/l.jpg 1200w,/s.jpg 300w", "/l.jpg"),
        ("/s.jpg 100w, /m.jpg 320w", "/m.jpg"),
        ("/w_9,h_9/a.jpg 1400w, /b,c.jpg 9000w", "/w_9,h_9/a.jpg"),
        ("/b.jpg 2x, /a.jpg 1x, /c.jpg 3x", "/b.jpg"),
        ("/a.jpg", "/a.jpg"),
        (" , /a.jpg nonsense", "/a.jpg"),
        ("", ""),
    ],
)
def test_the_narrowest_that_is_sharp_over_the_column_is_taken(srcset, best):
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
    ("src", "base", "found"),
    [
        ("/a.jpg", BASE, f"{HOME}/a.jpg"),
        ("", BASE, ""),
        ("", f"{HOME}/p/#top", ""),
        (f"{BASE}/", BASE, ""),
        ("data:,x", BASE, ""),
        ("/a.jpg", "", ""),
        ("https://x.example/a.jpg", "", "https://x.example/a.jpg"),
    ],
)
def test_an_address_that_is_the_page_s_own_names_no_image(src, base, found):
    assert src_of({"src": src}, base=base) == found


@pytest.mark.parametrize(
    ("said", "late"),
    [
        ({"src": "/a.jpg"}, False),
        ({}, True),
        ({"src": "/blank.gif"}, True),
        ({"src": "/lqip/a.jpg"}, True),
        ({"src": "/a-blur.jpg"}, True),
        ({"src": "/a.jpg?w=20"}, True),
        ({"src": "/a.jpg?w=200"}, False),
        ({"src": "/w_40,h_30/a.jpg"}, True),
        ({"src": "/a-20x12.jpg"}, True),
        ({"src": "/a-200x120.jpg"}, False),
        ({"src": "/thumb_20/a.jpg"}, True),
        ({"src": "/thumbs/a.jpg"}, False),
        ({"src": "/a.jpg", "class": "lazyload"}, True),
        ({"src": "/a.jpg", "class": "big blur-up"}, True),
        ({"src": "/a.jpg", "class": "unlazy"}, False),
        ({"src": "/a.jpg", "data-original": "/b.jpg"}, True),
        ({"src": "/a.jpg", "data-hi-res": " /b.jpg "}, True),
        ({"src": "/a.jpg", "data-original": "yes, it is"}, False),
        ({"src": "/a.jpg", "data-src": "/b.jpg"}, False),
        ({"src": "/a.jpg", "original": "/b.jpg"}, False),
    ],
)
def test_which_images_are_late(said, late):
    assert is_late(said, base=BASE) is late


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ({"data-foo": "/a.jpg"}, "/a.jpg"),
        ({"data-foo": "/a.html"}, ""),
        ({"data-foo": "/a.jpg?x=1"}, "/a.jpg?x=1"),
        ({"data-foo": "/a.html", "data-x-src": "/a"}, "/a"),
        ({"data-foo": "/a.jpg", "data-x-src": "/b"}, "/b"),
        ({"data-a-src": "/a.jpg", "data-src": "/b.jpg"}, "/b.jpg"),
        ({"data-src-thumb": "/a.jpg", "data-src-x": "/b.jpg"}, "/b.jpg"),
        ({"data-thumb": "/a.jpg", "data-x": "/b.jpg"}, "/b.jpg"),
        ({"data-x": "/a.jpg", "srcset": "/b.jpg"}, "/b.jpg"),
        ({"data-bgset": "/a.jpg 700w", "data-x": "/b.jpg"}, "/a.jpg"),
        ({"data-bgset": "/a.jpg 700w", "srcset": "/b.jpg"}, "/b.jpg"),
        ({PICTURE: "/a.jpg", "data-x": "/b.jpg"}, "/a.jpg"),
        ({"data-src": "/blank.gif", "data-x-src": "/b.jpg"}, "/b.jpg"),
        ({"data-src": "/lqip/a.jpg", "data-x-src": "/b.jpg"}, "/b.jpg"),
        ({"data-src": "/lqip/a.jpg"}, "/lqip/a.jpg"),
        ({"data-src": "/lqip/a.jpg", "data-x-src": "/blank.gif"}, "/lqip/a.jpg"),
        ({"data-src": "data:,", "data-x-src": "/b.jpg"}, "/b.jpg"),
        ({"x-src": "/b.jpg"}, ""),
    ],
)
def test_of_several_addresses_the_likeliest_is_taken(said, source):
    assert late_source(said, base=BASE) == (HOME + source if source else "")


def test_names_of_data_are_gathered_from_anywhere_but_not_without_end():
    html = "<img DATA-Src=a><i data-b-2>data-c data-3 a-data-d</i>"
    many = "".join(f"<img data-a{number:03}>" for number in range(MOST_NAMES + 9))

    assert data_names("<img src=a>") == frozenset()
    assert data_names(html) >= {"data-src", "data-b-2"}
    assert "data-3" not in data_names(html)
    assert data_names(many) == {f"data-a{number:03}" for number in range(MOST_NAMES)}
    assert MOST_NAMES == 50
