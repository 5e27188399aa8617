"""One image by its attributes: how wide, in which words, and whether it may be shown."""

import pytest

from dispatch.feeds.clean.inline_images import EMOJI_WIDTH, is_unseen, mail_image
from dispatch.feeds.clean.late_images import WIDEST
from dispatch.feeds.clean.pictures import Picture

BASE = "https://blog.example/posts/1"
HOME = "https://blog.example"


def shown(**attributes):
    said = {name.replace("_", "-"): text for name, text in attributes.items()}
    return mail_image(said, base=BASE)[0]


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

    kept, _ = mail_image({"src": "/a.jpg", "alt": "<c>", **said}, base=BASE)

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


EMOJI = "https://s.w.org/images/core/emoji/14.0.0/72x72/1f600.png"


@pytest.mark.parametrize("alt", ["😀", " 😀\n", "👍🏽👍🏽"])
def test_a_picture_of_a_character_is_the_character(alt):
    assert shown(src=EMOJI, alt=alt) == alt
    assert shown(src="/a.jpg", alt=alt) == alt
    assert shown(src="/a.jpg", alt=f"{alt} we are back") != f"{alt} we are back"


@pytest.mark.parametrize(
    ("sizes", "width"),
    [
        ({}, EMOJI_WIDTH),
        ({"width": "18"}, 18),
        ({"height": "16"}, 16),
        ({"width": "18", "height": "16"}, 18),
        ({"width": "auto"}, EMOJI_WIDTH),
        ({"style": "height:2em"}, 32),
    ],
)
@pytest.mark.parametrize("alt", ["", ":grin:", '"<&'])
def test_one_that_no_character_is_said_of_is_as_small_as_its_line(sizes, width, alt):
    written = {"": "", ":grin:": ":grin:", '"<&': "&quot;&lt;&amp;"}[alt]

    assert shown(src=EMOJI, alt=alt, **sizes) == (
        f'<img src="{EMOJI}" alt="{written}" width="{width}">'
    )
    assert EMOJI_WIDTH == 20


def test_a_sign_that_is_no_emoji_keeps_its_width():
    assert shown(src="/icons/a.png") == img("/icons/a.png")
    assert shown(src="/a.png", style="width:40px", **{"class": "icon"}) == img("/a.png")


@pytest.mark.parametrize(
    ("src", "is_formula"),
    [
        ("https://w.example/math/render/svg/1", True),
        ("https://w.example/MATH/render/svg/1", True),
        (f"{HOME}/latex.svg", True),
        (f"{HOME}/a?tex=b.svg", True),
        (f"{HOME}/aftermath.svg", False),
        (f"{HOME}/math/a.svg", False),
        (f"{HOME}/latex.png", False),
    ],
)
def test_a_drawing_of_a_formula_is_its_words(src, is_formula):
    assert (shown(src=src, alt='"a" < b') == '"a" &lt; b') is is_formula
    assert shown(src=src, alt="") == f'<img src="{src}" alt="">'


@pytest.mark.parametrize("src", ["", "data:,x", "cid:1", "javascript:x()"])
def test_of_what_cannot_be_had_its_words_are_left(src):
    assert shown(src=src, alt='<b> & "c"') == '&lt;b&gt; &amp; "c"'
    assert shown(src=src, alt="a", width="1") == ""
    assert shown(src=src) == ""


def test_a_picture_that_is_shown_is_told_of_as_it_was_said_to_be():
    said = {"src": "/a.jpg", "alt": "A", "width": "900", "height": "50", "class": "logo"}

    _, picture = mail_image(said, base=BASE)

    assert picture == Picture(url=f"{HOME}/a.jpg", alt="A", width=900, height=50, is_sign=True)
    assert mail_image({**said, "src": "data:,"}, base=BASE)[1] is None
    assert mail_image({**said, "hidden": ""}, base=BASE)[1] is None
    assert mail_image({**said, "alt": "😀", "class": "emoji"}, base=BASE)[1] is None


@pytest.mark.parametrize(
    ("said", "unseen"),
    [
        ({}, False),
        ({"width": "2", "height": "2"}, False),
        ({"width": "1", "height": "200"}, True),
        ({"height": "0"}, True),
        ({"style": "display:none"}, True),
        ({"style": ""}, False),
        ({"hidden": ""}, True),
        ({"title": "hidden"}, False),
    ],
)
def test_what_a_page_shows_nothing_of(said, unseen):
    assert is_unseen(said) is unseen
