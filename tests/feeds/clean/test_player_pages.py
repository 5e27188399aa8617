"""Which page shows what a player plays, and how people call its site."""

import pytest

from dispatch.feeds.clean.player_pages import frame_of_element, page_of_frame, site_name
from dispatch.feeds.web.address import LONGEST_LINK

FILM = "8Fn_30AD7Pk"
WATCH = f"https://www.youtube.com/watch?v={FILM}"
MAPS = "https://www.google.com/maps"
OSM = "https://www.openstreetmap.org"


@pytest.mark.parametrize(
    ("frame", "page"),
    [
        (f"https://youtube.com/embed/{FILM}", WATCH),
        (f"https://www.youtube.com/shorts/{FILM}?x=1", WATCH),
        (f"http://www.youtube.com/live/{FILM}", WATCH),
        (f"https://www.youtube-nocookie.com/v/{FILM}", WATCH),
        (f"https://www.youtube.com/embed/{FILM}?list=PL1", WATCH),
        (
            "https://www.youtube.com/embed/zebra123?list=PL1",
            "https://www.youtube.com/watch?v=zebra123",
        ),
        (
            "https://www.youtube.com/embed/?list=PL1&x=2",
            "https://www.youtube.com/playlist?list=PL1",
        ),
        (
            "https://www.youtube.com/embed/videoseries?a=b&list=PL1",
            "https://www.youtube.com/playlist?list=PL1",
        ),
        (
            "https://www.youtube.com/embed/videoseries?mylist=PL1",
            "https://www.youtube.com/watch?v=videoseries",
        ),
        ("https://player.vimeo.com/video/35", "https://vimeo.com/35"),
        ("https://player.vimeo.com/video/35?a=1&h=0a1b", "https://vimeo.com/35/0a1b"),
        ("https://www.dailymotion.com/embed/video/x8", "https://www.dailymotion.com/video/x8"),
        (
            "http://tube.example:81/videos/embed/9c9de5e8/",
            "http://tube.example:81/videos/watch/9c9de5e8",
        ),
        (
            "https://w.soundcloud.com/player/?a=1&url=https%3A//soundcloud.com/a/b",
            "https://soundcloud.com/a/b",
        ),
        ("https://player.twitch.tv/?video=v123", "https://www.twitch.tv/videos/123"),
        ("https://player.twitch.tv/?video=1/2&channel=ana", "https://www.twitch.tv/videos/1/2"),
        ("https://player.twitch.tv/?channel=ana%3Fx", "https://www.twitch.tv/ana%3Fx"),
        (f"{MAPS}/embed/v1/place?q=Porto,%20Ribeira", f"{MAPS}?q=Porto,%20Ribeira"),
        (f"{MAPS}/embed/v1/view?center=1,2", f"{MAPS}?q=1,2"),
        (f"{MAPS}/embed/v1/view?q=a&center=1,2", f"{MAPS}?q=a"),
        (f"{MAPS}/embed?pb=!1m2!2d-8.61!3d41.1579", f"{MAPS}?q=41.1579,-8.61"),
        (
            f"{OSM}/export/embed.html?bbox=1,10,3,20&layer=mapnik",
            f"{OSM}/#map=14/15.00000/2.00000",
        ),
        ("https://open.spotify.com/embed-podcast/show/1", "https://open.spotify.com/show/1"),
        ("https://embed.ted.com/talks/a", "https://www.ted.com/talks/a"),
        ("https://widget.deezer.com/widget/dark/album/1", "https://www.deezer.com/album/1"),
    ],
)
def test_a_frame_of_a_site_we_know_leads_to_its_page(frame, page):
    assert page_of_frame(frame) == page


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "https://www.youtube.com/about",
        "https://player.vimeo.com/video/x",
        "https://player.vimeo.com/video/x?h=0a1b",
        "https://vimeo.com/video/35",
        "https://a.example/video/35",
        "https://a.example/embed/video/x8",
        "https://www.dailymotion.com/x8",
        "https://geo.dailymotion.com/embed/video/x8",
        "https://tube.example/videos/embed/9c9de5e8/more",
        "https://w.soundcloud.com/player/",
        "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1",
        "https://w.soundcloud.com/player/?url=/a/b",
        "https://player.twitch.tv/?clip=1",
        f"{MAPS}/d/embed?mid=1",
        f"{MAPS}/embed?pb=!1m2",
        f"{OSM}/export/embed.html?bbox=1,10,3",
        f"{OSM}/export/embed.html?bbox=a,b,c,d",
        f"{OSM}/export/embed.html",
        "https://open.spotify.com/show/1",
        "https://a.example/embed/1",
    ],
)
def test_any_other_frame_is_its_own_page(frame):
    assert page_of_frame(frame) == frame


@pytest.mark.parametrize(("letters", "is_shorter"), [(-1, True), (0, False)])
def test_a_path_that_no_link_holds_stays_as_it_is(letters, is_shorter):
    path = "/embed/".ljust(LONGEST_LINK + letters, "x")

    page = page_of_frame(f"https://open.spotify.com{path}")

    assert ("/embed/" not in page) is is_shorter


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.youtube.com/x", "YouTube"),
        ("https://youtu.be/x", "YouTube"),
        ("https://a.b.bandcamp.com/x", "Bandcamp"),
        ("https://music.apple.com/x", "Apple Music"),
        ("https://apple.com/x", "apple.com"),
        ("https://www.google.com/maps/embed", "Google Maps"),
        ("https://maps.google.com/maps?q=a", "Google Maps"),
        ("https://docs.google.com/forms/1", "Google Docs"),
        ("https://calendar.google.com/x", "Google Calendar"),
        ("https://google.com/x", "Google"),
        ("https://notgoogle.com/maps", "notgoogle.com"),
        ("https://www.player.example/1", "player.example"),
        ("https://tube.example:81/1", "tube.example"),
        ("https://com/x", "com"),
        ("", ""),
    ],
)
def test_a_site_is_called_as_people_call_it_else_by_its_host(url, name):
    assert site_name(url) == name


@pytest.mark.parametrize(
    ("name", "said", "frame"),
    [
        ("amp-youtube", {"data-videoid": FILM}, f"https://www.youtube.com/embed/{FILM}"),
        ("lite-vimeo", {"videoid": "3500"}, "https://player.vimeo.com/video/3500"),
        (
            "lite-vimeo",
            {"videoid": "3500", "data-videoid": "3600"},
            "https://player.vimeo.com/video/3600",
        ),
        ("amp-instagram", {"data-shortcode": "a_b-c"}, "https://www.instagram.com/p/a_b-c"),
        ("amp-facebook", {"data-href": "https://a.example/1"}, "https://a.example/1"),
        ("amp-facebook", {"data-": "12345"}, ""),
        ("amp-facebook", {"data-href": "/c"}, ""),
        ("amp-youtube", {"data-videoid": "a/../b", "data-href": "//c.example/"}, "//c.example/"),
        (
            "amp-youtube",
            {"data-videoid": FILM, "data-href": "/c"},
            f"https://www.youtube.com/embed/{FILM}",
        ),
        ("amp-youtube", {}, ""),
        ("youtube", {"videoid": FILM}, ""),
    ],
)
def test_an_element_that_names_its_film_by_a_number_has_a_frame_s_address(name, said, frame):
    assert frame_of_element(name, said) == frame
