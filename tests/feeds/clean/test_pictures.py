"""Which picture stands for a post: what is said of each decides, not its place."""

import pytest

from dispatch.feeds.clean.html import clean_post
from dispatch.feeds.clean.pictures import (
    ENOUGH,
    SMALL_HEIGHT,
    SMALL_WIDTH,
    Picture,
    choose,
    is_character,
    is_emoji,
    is_sign,
    picture_of,
    pixels,
    sides,
    stands_for_character,
)
from dispatch.feeds.parse.images import choose_image

BASE = "https://blog.example/posts/1"
PHOTO = '<p><img src="/harbour.jpg" alt="The harbour"></p>'


def chosen(html, named=()):
    image = choose_image(named, clean_post(html, base=BASE).pictures, base=BASE)
    return image and image.url.removeprefix("https://blog.example")


@pytest.mark.parametrize(
    "first",
    [
        '<img src="https://ci.example/a.svg?branch=main">',
        '<img src="/img/githubbutton_sm.png">',
        '<img src="/en_US/btn_donate_LG.gif">',
        '<img src="/rss-icon.png">',
        '<img src="https://cdn.example/fetch/w_36,h_36,c_fill/ada.jpg">',
        '<a href="https://twitter.com/intent/tweet?url=x"><img src="/i/tw.png"></a>',
        '<a href="https://www.facebook.com/sharer/sharer.php?u=x"> <img src="/i/fb.png"> </a>',
        '<img src="https://stats.blog.example/matomo.php?idsite=1">',
        '<p>Hi <img src="/a.png" width="20" height="20"> you</p>',
        '<p><img src="/a.png" width="72" height="72"></p>',
        '<p><img class="emoji" src="/a.png"></p>',
        '<p><img class="wp-smiley" src="/a.png" style="height:1em"></p>',
        '<p><img class="avatar avatar-96" src="/a.png"></p>',
        '<p><img class="badge" src="/a.png"></p>',
        '<p><img class="social-icon" src="/a.png"></p>',
        '<p><img role="presentation" src="/a.png"></p>',
        '<p><img src="/a.png" alt=":smile:"></p>',
        '<p><img src="https://secure.gravatar.com/avatar/1?s=300"></p>',
        '<p><img src="https://img.shields.io/badge/a-b.svg"></p>',
        '<p><img src="/smilies/wink.gif"></p>',
        '<p><img src="/latex.php?latex=e%5Ex" alt="e^x"></p>',
        '<p><img src="/a.png" style="width: 24px"></p>',
        '<p>The sign <img src="/a.png"> means stop.</p>',
        '<p><img src="/a.png" width="1" height="1"></p>',
    ],
)
def test_a_sign_or_a_small_picture_gives_way_to_the_photograph(first):
    assert chosen(first + PHOTO) == "/harbour.jpg"
    assert chosen(PHOTO + first) == "/harbour.jpg"


def test_a_post_with_nothing_but_signs_has_no_picture():
    assert chosen('<p>Hi <img class="emoji" src="/a.png" width="20"> you</p>') is None


def test_what_is_said_to_be_large_leads_whatever_it_is_called():
    assert chosen('<p><img class="logo" src="/a.png" width="800"></p>') == "/a.png"


def test_a_picture_at_the_beginning_of_its_paragraph_leads():
    html = '<p><img src="/a.jpg" align="left">Long ago</p>' + PHOTO

    assert chosen(html) == "/a.jpg"


def test_a_picture_wider_than_half_a_column_comes_before_a_narrow_one():
    html = '<p><img src="/s.jpg" width="150" height="100"></p><p><img src="/l.jpg" width="900"></p>'

    assert chosen(html) == "/l.jpg"


@pytest.mark.parametrize(
    ("named", "url"),
    [
        ([Picture(url="/n.jpg")], "/n.jpg"),
        ([Picture(url="/n.jpg", width=72, height=72)], "/harbour.jpg"),
        ([Picture(url="/s.jpg", width=140), Picture(url="/n.jpg", width=700)], "/n.jpg"),
        ([Picture(url="/s.jpg", width=140), Picture(url="/n.jpg", width=200)], "/n.jpg"),
        ([Picture(url="https://0.gravatar.com/avatar/1"), Picture(url="/n.jpg")], "/n.jpg"),
    ],
)
def test_what_a_feed_names_is_chosen_by_the_same_rule(named, url):
    assert chosen(PHOTO, named) == url


def test_a_small_picture_that_the_feed_names_is_better_than_none():
    assert chosen("<p>a</p>", [Picture(url="/n.jpg", width=72, height=72)]) == "/n.jpg"


@pytest.mark.parametrize(
    ("size", "is_small", "is_large"),
    [
        ({}, False, False),
        ({"width": SMALL_WIDTH - 1}, True, False),
        ({"width": SMALL_WIDTH}, False, False),
        ({"height": SMALL_HEIGHT - 1}, True, False),
        ({"height": SMALL_HEIGHT}, False, False),
        ({"width": ENOUGH - 1}, False, False),
        ({"width": ENOUGH}, False, True),
        ({"width": ENOUGH, "height": SMALL_HEIGHT}, False, True),
        ({"width": ENOUGH, "height": SMALL_HEIGHT - 1}, True, False),
        ({"width": SMALL_WIDTH - 1, "height": 900}, True, False),
    ],
)
def test_what_is_small_and_what_is_large(size, is_small, is_large):
    picture = Picture(url="/a.jpg", **size)

    assert (picture.is_small, picture.is_large, picture.may_lead) == (
        is_small,
        is_large,
        not is_small,
    )
    assert Picture(url="/a.jpg", is_sign=True, **size).may_lead is is_large
    assert (ENOUGH, SMALL_WIDTH, SMALL_HEIGHT) == (300, 100, 60)


def test_what_is_said_of_a_picture_is_kept():
    said = {"alt": "A", "width": "200", "style": "height:80px", "class": "badge"}

    assert picture_of(said, "/a.jpg") == Picture(
        url="/a.jpg", alt="A", width=200, height=80, is_sign=True
    )
    assert picture_of({}, "/a.jpg") == Picture(url="/a.jpg")


N, M = Picture(url="/n.jpg"), Picture(url="/m.jpg")
SMALL = Picture(url="/s.jpg", width=72)
HALF = Picture(url="/h.jpg", width=200)
HALF_2 = Picture(url="/h2.jpg", width=201)
LARGE = Picture(url="/l.jpg", width=700)
LINE = Picture(url="/i.jpg", in_line=True)
LARGE_LINE = Picture(url="/li.jpg", width=700, in_line=True)
SIGN = Picture(url="/sign.jpg", is_sign=True)


@pytest.mark.parametrize(
    ("named", "shown", "best"),
    [
        ([], [], None),
        ([N, M], [], N),
        ([N], [M], N),
        ([N, LARGE], [], N),
        ([HALF, LARGE], [], LARGE),
        ([HALF, N], [], N),
        ([HALF, HALF_2], [N], HALF_2),
        ([HALF_2, HALF], [N], HALF_2),
        ([SMALL], [N], N),
        ([SMALL], [SMALL], SMALL),
        ([SIGN], [], None),
        ([SIGN, SMALL], [SIGN], SMALL),
        ([Picture(url="/p", width=1)], [], None),
        ([Picture(url="/p", width=0)], [], None),
        ([Picture(url="/p", width=2)], [], Picture(url="/p", width=2)),
        ([], [SMALL], None),
        ([], [N, M], N),
        ([], [LINE, N], N),
        ([], [LINE, HALF], HALF),
        ([], [HALF, N], N),
        ([], [HALF, LINE], HALF),
        ([], [LINE], LINE),
        ([], [Picture(url="/x", width=200, in_line=True), LINE], LINE),
        ([], [N, LARGE], N),
        ([], [HALF, LARGE_LINE], LARGE_LINE),
        ([], [LARGE_LINE, N], LARGE_LINE),
    ],
)
def test_which_of_several_stands_for_a_post(named, shown, best):
    assert choose(named, shown) == best


@pytest.mark.parametrize(
    ("attributes", "url", "sign", "emoji"),
    [
        ({}, "https://a.example/a.jpg", False, False),
        ({"class": "wp-smiley"}, "/a.jpg", True, True),
        ({"class": "big emoji1"}, "/a.jpg", True, True),
        ({"class": "twemoji"}, "/a.jpg", True, True),
        ({"class": "AVATAR"}, "/a.jpg", True, False),
        ({"class": "gravatar-x"}, "/a.jpg", True, False),
        ({"class": "lexicon"}, "/a.jpg", False, False),
        ({"class": "iconic"}, "/a.jpg", False, False),
        ({"role": "presentation"}, "/a.jpg", True, False),
        ({"role": "none"}, "/a.jpg", True, False),
        ({"role": "img"}, "/a.jpg", False, False),
        ({"alt": ":-)"}, "/a.jpg", True, True),
        ({"alt": "😀"}, "/a.jpg", True, True),
        ({}, "https://s.w.org/images/core/emoji/14/1f600.png", True, True),
        ({}, "https://a.example/emoji/1.png", True, True),
        ({}, "https://a.example/icons/1.png", True, False),
        ({}, "https://a.example/icon-32.png", True, False),
        ({}, "https://a.example/favicon.ico", True, False),
        ({}, "https://a.example/the-icons-of-oslo.jpg", False, False),
        ({}, "https://github.com/a/workflows/ci/badge.svg", True, False),
    ],
)
def test_which_pictures_say_of_themselves_that_they_are_signs(attributes, url, sign, emoji):
    assert (is_sign(attributes, url), is_emoji(attributes, url)) == (sign, emoji)


@pytest.mark.parametrize(
    ("alt", "stands"),
    [
        ("", False),
        (" ", False),
        (":smile:", True),
        (" :+1: ", True),
        (":-)", True),
        ("8)", False),
        (":two words:", False),
        ("Smile :-)", False),
        ("smile", False),
        ("😀", True),
        ("…", False),
    ],
)
def test_which_words_are_those_of_an_emoji(alt, stands):
    assert stands_for_character(alt) is stands


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("", False),
        ("a", False),
        ("é", False),
        ("😀", True),
        ("😀😀", True),
        ("👍🏽", True),
        ("👩\u200d🚀", True),
        ("❤\ufe0f", True),
        ("😀a", False),
        ("\u0301", False),
        ("😀" * 16, True),
        ("😀" * 17, False),
    ],
)
def test_which_texts_are_an_emoji_or_a_few(text, is_one):
    assert is_character(text) is is_one


@pytest.mark.parametrize(
    ("attributes", "width", "height"),
    [
        ({}, None, None),
        ({"width": "20", "height": "30"}, 20, 30),
        ({"width": "0", "height": "1"}, None, None),
        ({"width": "2", "style": "height:2px"}, 2, 2),
        ({"style": "width:24px;height:36PX"}, 24, 36),
        ({"style": "a:b; width : 24.6px !important"}, 25, None),
        ({"style": "width:.5em"}, 8, None),
        ({"style": "width:2rem;height:3ex"}, 32, 24),
        ({"style": "height:30pt"}, None, 40),
        ({"style": "width:50%"}, None, None),
        ({"style": "min-width:20px;border-width:30px"}, None, None),
        ({"style": "max-width:59px"}, 59, None),
        ({"style": "max-width:60px"}, None, None),
        ({"style": "max-width:600px;width:100px"}, 100, None),
        ({"width": "200", "style": "width:100px"}, 100, None),
        ({"width": "100", "style": "width:200px"}, 100, None),
        ({"width": "100", "style": "width:1px"}, None, None),
        ({"width": "50%", "style": "width:200px"}, 200, None),
    ],
)
def test_its_sides_are_what_it_says_in_pixels(attributes, width, height):
    assert sides(attributes) == (width, height)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (None, None),
        ("", None),
        ("7", 7),
        (" 7 px ", 7),
        ("7.9", 7),
        ("7em", None),
        ("50%", None),
        ("-7", None),
        ("9999999", None),
        ("x7", None),
    ],
)
def test_a_number_of_pixels_is_read_as_browsers_read_it(value, number):
    assert pixels(value) == number


def sizes(*said):
    """Pictures of these addresses and sides: `a.jpg 1600 900`."""
    found = [(url, [*map(int, rest)]) for url, *rest in (one.split() for one in said)]
    return [
        Picture(
            url=f"https://blog.example/{url}",
            width=numbers[0] if numbers else None,
            height=numbers[1] if numbers[1:] else None,
        )
        for url, numbers in found
    ]


@pytest.mark.parametrize(
    ("named", "shown", "best"),
    [
        (["a.jpg?w=140 140", "a.jpg?w=1300 1300", "a.jpg?w=4000 4000"], [], "a.jpg?w=1300"),
        (["500.jpg 500", "1000.jpg 1000", "2000.jpg 2000", "4000.jpg 4000"], [], "2000.jpg"),
        (["a.jpg 4000 3000", "a-1536x1152.jpg 1536 1152"], [], "a-1536x1152.jpg"),
        (["a-scaled.jpg 2560 1707", "a-150x150.jpg 150 150"], [], "a-scaled.jpg"),
        (["a-300x200.jpg 300 200", "a-1024x683.jpg 1024 683"], [], "a-1024x683.jpg"),
        (["x/s4000/a.jpg 4000", "x/s1600/a.jpg 1600"], [], "x/s1600/a.jpg"),
        (["a.jpg"], ["a-1536x1024.jpg 1536 1024"], "a-1536x1024.jpg"),
        (["a.jpg"], ["b-1536x1024.jpg 1536 1024"], "a.jpg"),
        (["a.jpg 4000 3000", "b.jpg 1600 1200"], [], "a.jpg"),  # two pictures
        (["12.jpg 1600", "13.jpg 1300"], [], "12.jpg"),
        (["a.jpg 4000 3000", "a-1300x1300.jpg 1300 1300"], [], "a.jpg"),  # a part of it
    ],
)
def test_of_the_sizes_of_one_picture_the_smallest_that_is_sharp_leads(named, shown, best):
    found = choose(sizes(*named), sizes(*shown))

    assert found.url == f"https://blog.example/{best}"


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ('src="/a.jpg" srcset="/a.jpg 4000w, /a-1536x1024.jpg 1536w, /a-300x200.jpg 300w"', 1536),
        ('src="/a-1024x683.jpg" width="1024" srcset="/a-1024x683.jpg 1024w, /a-1536x9.jpg 1536w"', 1536),  # noqa: E501
        ('src="/a.jpg" width="300" srcset="/a.jpg 4000w, /a-768x512.jpg 768w"', 768),
        ('src="/a.jpg" srcset="/a-300x200.jpg 300w, /a-768x512.jpg 768w"', 768),
        ('src="/a-900x600.jpg" srcset="/a-900x600.jpg 1x, /a-1800x1200.jpg 2x"', 900),
    ],
)  # fmt: skip
def test_no_original_is_taken_where_a_post_offers_sizes(said, taken):
    html = clean_post(f"<p><img {said} alt='A'></p>", base=BASE).html

    assert f"/a-{taken}x" in html
