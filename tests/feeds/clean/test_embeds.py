"""Players become links, and what a page hides is not shown."""

import pytest

from dispatch.feeds.clean.html import clean, text_of

BASE = "https://blog.example/posts/1"
YOUTUBE = "https://www.youtube.com/watch?v=8Fn_30AD7Pk"


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
            (
                '<iframe srcdoc="<style>*{margin:0}</style><a href=/x><img src=/y></a>" '
                'src="https://www.youtube.com/embed/8Fn_30AD7Pk"></iframe>'
            ),
            "https://www.youtube.com/watch?v=8Fn_30AD7Pk",
            "YouTube",
        ),
        (
            '<youtube-video src="https://www.youtube.com/embed/8Fn_30AD7Pk"></youtube-video>',
            "https://www.youtube.com/watch?v=8Fn_30AD7Pk",
            "YouTube",
        ),
        (
            '<amp-pinterest data-url="https://pins.example/pin/1"></amp-pinterest>',
            "https://pins.example/pin/1",
            "pins.example",
        ),
        (
            '<amp-gist data-gistid="0a1b2c"></amp-gist>',
            "https://gist.github.com/0a1b2c",
            "GitHub Gist",
        ),
        (
            '<script src="https://gist.github.com/ada/0a1b2c.js?file=x.py"></script>',
            "https://gist.github.com/ada/0a1b2c",
            "GitHub Gist",
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
        '<iframe src="https://www.googletagmanager.com/ns.html?id=1" height="0"></iframe>',
        '<noscript><iframe src="https://x.example/" style="display:none"></iframe></noscript>',
        '<iframe src="https://x.example/1" style="position:absolute;width:0;height:0"></iframe>',
        '<iframe src="https://www.facebook.com/plugins/like.php?href=x"></iframe>',
        '<iframe src="about:blank"></iframe>',
        '<object data="/film.swf"></object>',
        '<amp-ad src="https://x.example/a"></amp-ad>',
        '<video src="blob:https://x.example/1"></video>',
        "<audio>old</audio>",
    ],
)
def test_what_is_not_to_be_seen_or_has_no_address_is_dropped(player):
    assert clean(f"a{player}b", base=BASE) == "ab"


SPOTIFY = "https://open.spotify.com/"
MAP = "!1m18!1m12!1m3!1d2624.9!2d2.2922!3d48.8583!2m3"


@pytest.mark.parametrize(
    ("frame", "url", "words"),
    [
        (
            'src="https://player.example/1" title="Episode 1"',
            "https://player.example/1",
            "Episode 1",
        ),
        ('src="https://www.player.example/1"', "https://www.player.example/1", "player.example"),
        (f'src="{SPOTIFY}embed/episode/abc?t=0"', f"{SPOTIFY}episode/abc", "Spotify"),
        (
            'src="https://embed.podcasts.apple.com/fr/podcast/x/id1"',
            "https://podcasts.apple.com/fr/podcast/x/id1",
            "Apple Podcasts",
        ),
        (
            'src="https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b&color=red"',
            "https://soundcloud.com/a/b",
            "SoundCloud",
        ),
        (
            'src="https://archive.org/embed/night-1931"',
            "https://archive.org/details/night-1931",
            "Internet Archive",
        ),
        (
            f'src="https://www.google.com/maps/embed?pb={MAP}"',
            "https://www.google.com/maps?q=48.8583,2.2922",
            "Google Maps",
        ),
        (
            'src="https://www.google.com/maps/embed/v1/place?key=secret&q=Porto"',
            "https://www.google.com/maps?q=Porto",
            "Google Maps",
        ),
        (
            'src="https://www.openstreetmap.org/export/embed.html?bbox=2.0,48.0,3.0,49.0"',
            "https://www.openstreetmap.org/#map=14/48.50000/2.50000",
            "OpenStreetMap",
        ),
        ('src="about:blank" data-lazy-src="/form"', "https://blog.example/form", "blog.example"),
        ('data-cmplz-src="https://maps.example/x"', "https://maps.example/x", "maps.example"),
    ],
)
def test_a_frame_of_any_site_becomes_a_link(frame, url, words):
    assert (
        clean(f"<p>a</p><iframe {frame}>old</iframe>", base=BASE) == f"<p>a</p>{link(url, words)}"
    )


@pytest.mark.parametrize(
    ("html", "url", "words"),
    [
        ('<embed src="https://www.youtube.com/v/8Fn_30AD7Pk">', YOUTUBE, "YouTube"),
        (
            (
                '<object><param name="movie" value="//www.youtube.com/v/8Fn_30AD7Pk">'
                '<embed src="//www.youtube.com/v/8Fn_30AD7Pk">Get Flash</object>'
            ),
            YOUTUBE,
            "YouTube",
        ),
        (
            '<object data="/a/map.pdf" type="application/pdf"><a href="/x">Download</a></object>',
            "https://blog.example/a/map.pdf",
            "map.pdf",
        ),
        ('<amp-youtube data-videoid="8Fn_30AD7Pk"></amp-youtube>', YOUTUBE, "YouTube"),
        ('<lite-youtube videoid="8Fn_30AD7Pk" title="Boats"></lite-youtube>', YOUTUBE, "Boats"),
        (
            '<amp-iframe src="https://x.example/1"><p>old</p></amp-iframe>',
            "https://x.example/1",
            "x.example",
        ),
        ('<amp-video src="/v.mp4"><p>old</p></amp-video>', "https://blog.example/v.mp4", "v.mp4"),
        (
            '<noscript><iframe src="//www.youtube.com/embed/8Fn_30AD7Pk"></iframe></noscript>',
            YOUTUBE,
            "YouTube",
        ),
        (
            (
                '<iframe src="https://bandcamp.com/EmbeddedPlayer/album=1">'
                '<a href="https://ana.bandcamp.com/album/sea">Sea by Ana</a></iframe>'
            ),
            "https://ana.bandcamp.com/album/sea",
            "Sea by Ana",
        ),
    ],
)
def test_other_ways_to_embed_a_film_become_a_link_too(html, url, words):
    assert link(url, words) in clean(html, base=BASE).replace("<p>old</p>", "")
    assert clean(html, base=BASE).count("<a ") == 1


def test_an_object_that_leads_nowhere_leaves_what_its_author_put_into_it():
    html = '<object type="image/svg+xml" data="/c.svg"><img src="/c.png" alt="Sales"></object>'

    assert clean(html, base=BASE) == '<img src="https://blog.example/c.png" alt="Sales">'


def test_a_frame_that_is_never_closed_takes_nothing_with_it():
    html = '<p>a</p><iframe src="https://x.example/1"><p>b</p>'

    assert clean(html, base=BASE).endswith("<p>b</p>")


@pytest.mark.parametrize(
    "player",
    [
        '<iframe src="/1" title="One"></iframe>',
        '<iframe src="/1" title="One">old</iframe>',
        '<audio src="/1.mp3" title="One"></audio>',
        '<video title="One"><source src="/1.mp4">old</video>',
        '<object data="/1.pdf" title="One"></object>',
        '<object data="/1.pdf" title="One">old</object>',
        '<embed src="/1.mp3" title="One">',
        '<amp-audio src="/1.mp3" title="One"></amp-audio>',
        '<lite-vimeo videoid="35000" title="One"></lite-vimeo>',
    ],
)
def test_links_in_place_of_players_stand_apart(player):
    text = text_of(clean(f"Listen:{player}{player}and more, or not {player}.", base=BASE))

    assert text.replace("▶ One .", "▶ One.") == "Listen: ▶ One ▶ One and more, or not ▶ One."


def test_what_is_written_into_a_frame_is_told_where_it_leads_nowhere():
    frame = """<iframe srcdoc="<p>Hello <a href='https://x.example/'>there</a></p>"></iframe>"""

    assert text_of(clean(f"<p>a</p>{frame}<p>b</p>", base=BASE)) == "a Hello there b"


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
