"""Players become links, and what a page hides is not shown."""

import pytest

from dispatch.feeds.clean.html import clean

BASE = "https://blog.example/posts/1"


def link(url, words):
    return f'<a href="{url}" rel="noopener">▶ {words}</a>'


@pytest.mark.parametrize(
    ("player", "url", "words"),
    [
        (
            '<iframe title="A &quot;b&quot;" src="http://youtube.com/embed/8Fn_30AD7Pk?rel=0">',
            "https://www.youtube.com/watch?v=8Fn_30AD7Pk",
            'A "b"',
        ),
        (
            "<iframe data-src=//www.youtube-nocookie.com/embed/8Fn_30AD7Pk></iframe>",
            "https://www.youtube.com/watch?v=8Fn_30AD7Pk",
            "YouTube",
        ),
        (
            '<iframe src="https://www.youtube.com/embed/videoseries?si=x&amp;list=PL12345"></iframe>',
            "https://www.youtube.com/playlist?list=PL12345",
            "YouTube",
        ),
        (
            '<IFRAME SRC="https://player.vimeo.com/video/35477260?h=0a1b&app_id=1"></IFRAME>',
            "https://vimeo.com/35477260/0a1b",
            "Vimeo",
        ),
        (
            '<iframe src="https://www.dailymotion.com/embed/video/x8abc"></iframe>',
            "https://www.dailymotion.com/video/x8abc",
            "Dailymotion",
        ),
        (
            '<iframe src="https://video.example/videos/embed/9c9de5e8-0a1e-484a"></iframe>',
            "https://video.example/videos/watch/9c9de5e8-0a1e-484a",
            "video.example",
        ),
        (
            '<video controls><source src="/v/clip%20one.mp4"><a href="/x">old</a></video>',
            "https://blog.example/v/clip%20one.mp4",
            "clip one.mp4",
        ),
        (
            '<audio src="https://cdn.example/1.mp3?a=1&amp;b=2" title="Episode 1"></audio>',
            "https://cdn.example/1.mp3?a=1&amp;b=2",
            "Episode 1",
        ),
    ],
)
def test_a_player_becomes_a_link(player, url, words):
    assert clean(f"<p>a</p>{player}", base=BASE) == f"<p>a</p>{link(url, words)}"


@pytest.mark.parametrize(
    "player",
    [
        '<iframe src="https://ads.example/frame"></iframe>',
        '<iframe src="javascript:alert(1)//youtube.com/embed/8Fn_30AD7Pk"></iframe>',
        '<iframe src="https://youtube.com.evil.example/embed/8Fn_30AD7Pk"></iframe>',
        '<video src="blob:https://x.example/1"></video>',
        "<audio>old</audio>",
    ],
)
def test_other_frames_and_players_without_a_file_are_dropped(player):
    assert clean(f"a{player}b", base=BASE) == "ab"


def test_what_looks_like_a_player_inside_an_attribute_stays_there():
    html = '<p title="<iframe src=https://www.youtube.com/embed/8Fn_30AD7Pk>">a</p>'

    cleaned = clean(html, base=BASE)

    assert cleaned.count("<a ") == 0
    assert cleaned.endswith(">a</p>")


def test_a_noscript_in_a_program_hides_nothing():
    html = '<script>x("<noscript>")</script><p>a</p><noscript>Scripts, please</noscript><p>b</p>'

    assert clean(html, base=BASE) == "<p>a</p><p>b</p>"


def test_what_its_page_hides_is_not_shown():
    html = (
        '<div style="display: none"><p>a preview <br>for inboxes</p></div>'
        "<section hidden><div>b</div></section><p style='color:red'>c<b hidden>d</b>e</p>"
        "<article><p>f</p></article>"
    )

    assert clean(html, base=BASE) == "<p>ce</p><p>f</p>"


def test_footnotes_lead_to_the_page_of_the_post():
    html = '<a href="#fn1">1</a><a href="/about">2</a>'

    cleaned = clean(html, base="https://blog.example/", page="https://blog.example/posts/1")

    assert 'href="https://blog.example/posts/1#fn1"' in cleaned
    assert 'href="https://blog.example/about"' in cleaned


def test_links_stay_as_they_were_written():
    html = '<a href="https://shop.example/?utm_source=blog&id=1">a</a>'

    assert 'href="https://shop.example/?utm_source=blog&amp;id=1"' in clean(html, base=BASE)
