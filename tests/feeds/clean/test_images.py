"""Images in posts: found where scripts would look for them, and dropped where they spy."""

import pytest

from dispatch.feeds.clean.html import clean

BASE = "https://blog.example/posts/1"
A = '<img src="https://blog.example/a.jpg" alt="A">'


@pytest.mark.parametrize(
    "late",
    [
        '<img data-src="/a.jpg" alt="A">',
        '<img src="data:image/gif;base64,R0lGOD" data-lazy-src="/a.jpg" alt="A">',
        '<img src="/i/blank.gif" data-original="/a.jpg" alt="A" width="1" height="1">',
        '<img src="" data-srcset="/a.jpg 1240w, /a-big.jpg 2000w" alt="A" style="display:none">',
        '<img srcset="/a.jpg 2x, /a2.jpg 3x" alt="A">',
        '<img alt="A"><noscript><img src="/a.jpg" alt="A"></noscript>',
        '<img src="data:," data-src="/a.jpg" alt="A"><noscript><img src="/a.jpg"></noscript>',
        '<noscript><img src="/a.jpg" alt="A"></noscript> <img data-src="/a.jpg?w=1" alt="A">',
        '<picture><source type="image/webp" srcset="/a.webp"><source srcset="/a.jpg"><img alt="A">',
        '<picture><source srcset="/a.webp" type="image/webp"><img src="/a.jpg" alt="A"></picture>',
    ],
)
def test_late_images_are_shown_once(late):
    assert clean(late, base=BASE).strip() == A


@pytest.mark.parametrize(
    "shown",
    [
        '<img src="/a.jpg" data-original-title="photo.png" alt="A">',
        '<img src="/a.jpg" data-lazy-fallback="/none.jpg" alt="A">',
        '<img src="/a.jpg" data-fullsize-url="/gallery/1" alt="A">',
        '<img src="/a.jpg" width="0" height="0" style="width:100%;height:auto" alt="A">',
        '<amp-img src="/a.jpg" width="16" height="9" layout="responsive" alt="A"></amp-img>',
        '<img data-image="/a.jpg" alt="A">',
        '<img src="/resize:fit:60/a.jpg"><noscript><img src="/a.jpg" alt="A"></noscript>',
    ],
)
def test_what_is_said_beside_the_address_leads_to_no_other_image(shown):
    assert clean(shown, base=BASE) == A


PIXEL = "data:image/gif;base64,R0lGOD"


@pytest.mark.parametrize(
    "late",
    [
        f'<img src="{PIXEL}" data-lazyload="https://blog.example/a.jpg" alt="A">',
        f'<img src="{PIXEL}" data-actualsrc="/a.jpg" alt="A">',
        f'<img src="{PIXEL}" data-orig-file="/a.jpg" data-permalink="/p/1" alt="A">',
        f'<img src="{PIXEL}" data-src-small="/a-thumb.jpg" data-src-full="/a.jpg" alt="A">',
        f'<img src="{PIXEL}" data-ll-srcset="/a.jpg 640w, /s.jpg 100w" data-sizes="auto" alt="A">',
        '<img src="/a-20x12.jpg" data-srcset="/s.jpg 360w, /a.jpg 720w" data-lazy="true" alt="A">',
        '<img src="/a.jpg?w=20&q=10" data-hires="/a.jpg" alt="A">',
        '<img src="/a-blur.jpg" srcset="/a.jpg 700w" alt="A">',
        '<img src="/i/lqip/a.jpg" data-full-src="/a.jpg" alt="A">',
        '<img class="lazyload" src="/a-small.jpg" data-src="/a.jpg" alt="A">',
        '<img src="/ph.svg" data-flickity-lazyload="/a.jpg" alt="A">',
        '<img src="/max/60/a.jpg" alt="A"><noscript><img src="/a.jpg" alt="A"></noscript>',
        '<amp-img src="/a.jpg" alt="A"><noscript><img src="/a.jpg" alt="A"></noscript></amp-img>',
        '<amp-img srcset="/a.jpg 1240w, /b.jpg 2000w" alt="A"></amp-img>',
    ],
)
def test_late_images_are_found_whatever_their_page_calls_the_address(late):
    assert clean(late, base=BASE) == A


@pytest.mark.parametrize(
    "html",
    [
        '<img src="/a.jpg" data-link="https://blog.example/p.html" alt="A">',
        '<img src="/a.jpg" data-original-title="Our boat" alt="A">',
        '<img src="/a.jpg" class="lazyload" data-src="true" alt="A">',
        '<img src="/a.jpg" class="lazy" data-attrs=\'{"src": "/b.jpg"}\' alt="A">',
        '<img src="/a.jpg" loading="lazy" data-id="12" alt="A">',
    ],
)
def test_other_data_of_an_image_are_no_addresses(html):
    assert clean(html, base=BASE) == A


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        (
            '<p>It is <img src="data:,x" alt="5 km"> away.</p>',
            "<p>It is 5 km away.</p>",
        ),
        ('<p>Press <img src="cid:1" alt="F5">.</p>', "<p>Press F5.</p>"),
        ('<p>Hi <img class="emoji" src="/1f600.png" alt="😀"></p>', "<p>Hi 😀</p>"),
        (
            '<p>E is <img src="https://w.example/math/render/svg/1" alt="{mc^2}"> here</p>',
            "<p>E is {mc^2} here</p>",
        ),
        ('<p>a <img src="data:,x" alt="counter" width="1" height="1">b</p>', "<p>a b</p>"),
    ],
)
def test_an_image_that_cannot_be_shown_leaves_its_words(html, cleaned):
    assert clean(html, base=BASE) == cleaned


@pytest.mark.parametrize(
    ("said", "width"),
    [
        ('class="emoji"', 20),
        ('class="wp-smiley" style="height: 1em; max-height: 1em"', 16),
        ('width="18"', 18),
    ],
)
def test_an_emoji_stays_as_small_as_its_line(said, width):
    cleaned = clean(f'<p>Hi <img src="/smile.png" alt=":smile:" {said}> you</p>', base=BASE)

    assert f'width="{width}"' in cleaned


def test_an_image_that_is_there_stays_whatever_else_is_said():
    html = '<img src="/a.jpg" data-src="/tiny.jpg" srcset="/b.jpg 2x" alt="A">'

    assert clean(html, base=BASE) == A


def test_a_picture_named_like_a_placeholder_stays_if_there_is_no_other():
    html = '<img src="/press/transparent-state.jpg" alt="">'

    assert clean(html, base=BASE).startswith('<img src="https://blog.example/press/transparent')


def test_late_addresses_are_no_safer_than_others():
    html = '<img data-src="javascript:x()"><img data-src="data:text/html,x"><img srcset="cid:1 2x">'

    assert clean(html, base=BASE) == ""


@pytest.mark.parametrize(
    "pixel",
    [
        '<img src="/t.gif" width="1" height="1">',
        '<img src="/t.gif" width="0">',
        '<img src="/t.gif" style="width:1px; height: 1px">',
        '<img src="/t.gif" style="border:0;height:0!important">',
        '<img src="/t.gif" style="display:none">',
        '<img src="/t.gif" style="VISIBILITY: hidden">',
        '<img src="/t.gif" hidden>',
        '<img src="http://feeds.feedburner.com/~r/Blog/~4/x1" alt="">',
        '<img src="https://pixel.wp.com/b.gif?host=blog.example">',
        '<img src="https://stats.wordpress.com/b.gif?blog=1">',
        '<img src="https://blogger.googleusercontent.com/tracker/1-2?l=blog.example">',
        '<img src="https://medium.com/_/stat?event=post.clientViewed">',
        '<noscript><img src="https://www.facebook.com/tr?id=1&ev=PageView"></noscript>',
    ],
)
def test_what_counts_readers_is_dropped(pixel):
    assert clean(f"<p>a {pixel}b</p>", base=BASE) == "<p>a b</p>"


def test_a_pixel_for_those_without_scripts_replaces_no_picture():
    html = f'{A}<noscript><img height="1" width="1" src="https://www.facebook.com/tr"></noscript>'

    assert clean(html, base=BASE) == A


def test_usual_sizes_are_no_pixels():
    html = '<img src="/a.jpg" alt="A" style="max-width:100%;height:auto;width:1em;margin:0 1px">'

    assert clean(html, base=BASE) == A


def test_rows_of_share_buttons_leave_nothing_behind():
    flare = "http://feeds.feedburner.com/~ff/Blog"
    button = f'<a href="{flare}?a=1"><img src="{flare}?d=1" border="0"></a>'
    wordpress = (
        '<a rel="nofollow" href="http://feeds.wordpress.com/1.0/gocomments/b.wordpress.com/1/">'
        '<img src="http://feeds.wordpress.com/1.0/comments/b.wordpress.com/1/" /></a>'
    )
    html = f'<p>a</p><div class="feedflare">{button} {button}</div><p>{wordpress}</p>'

    assert clean(html, base=BASE) == "<p>a</p>"


def test_emoji_that_wordpress_made_pictures_of_are_characters_again():
    html = '<p>Hi <img src="https://s.w.org/images/core/emoji/14.0.0/72x72/1f600.png" alt="😀"></p>'

    assert clean(html, base=BASE) == "<p>Hi 😀</p>"
