"""Which picture stands for a post: what is said of each decides, not its place."""

import pytest

from dispatch.feeds.clean.html import clean_post
from dispatch.feeds.clean.pictures import Picture
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
