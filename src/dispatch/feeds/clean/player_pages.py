"""The page that shows what an embedded player plays, and what its site is called."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, quote, urlsplit

from dispatch.feeds.web.address import LONGEST_LINK, absolute

_NAMES: Mapping[str, str] = {
    "acast.com": "Acast",
    "archive.org": "Internet Archive",
    "bandcamp.com": "Bandcamp",
    "bsky.app": "Bluesky",
    "codepen.io": "CodePen",
    "dailymotion.com": "Dailymotion",
    "deezer.com": "Deezer",
    "facebook.com": "Facebook",
    "gist.github.com": "GitHub Gist",
    "giphy.com": "GIPHY",
    "instagram.com": "Instagram",
    "jsfiddle.net": "JSFiddle",
    "mixcloud.com": "Mixcloud",
    "music.apple.com": "Apple Music",
    "openstreetmap.org": "OpenStreetMap",
    "podcasts.apple.com": "Apple Podcasts",
    "slideshare.net": "SlideShare",
    "soundcloud.com": "SoundCloud",
    "spotify.com": "Spotify",
    "ted.com": "TED",
    "tiktok.com": "TikTok",
    "twitch.tv": "Twitch",
    "twitter.com": "Twitter",
    "vimeo.com": "Vimeo",
    "x.com": "X",
    "youtu.be": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "youtube.com": "YouTube",
}
_GOOGLE = {"/maps": "Google Maps", "docs.": "Google Docs", "drive.": "Google Drive"}
_GOOGLE |= {"calendar.": "Google Calendar"}

_YOUTUBE = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{6,20})")
_YOUTUBE_LIST = re.compile(r"(?:^|&)list=([\w-]{2,60})(?=&|$)")
_VIMEO = re.compile(r"/video/(\d{1,15})")
_VIMEO_SECRET = re.compile(r"(?:^|&)h=([0-9a-zA-Z]{4,40})(?=&|$)")
_DAILYMOTION = re.compile(r"/embed/video/(\w{1,20})")
_PEERTUBE = re.compile(r"/videos/embed/([\w-]{8,40})/?$")
_PLACE = re.compile(r"!2d(-?\d{1,3}(?:\.\d{1,20})?)!3d(-?\d{1,3}(?:\.\d{1,20})?)")
# Host and beginning of an embedded path, and of the page that shows the same.
_SHORTER: tuple[tuple[str, str, str, str], ...] = (
    ("open.spotify.com", "/embed/", "open.spotify.com", "/"),
    ("open.spotify.com", "/embed-podcast/", "open.spotify.com", "/"),
    ("embed.podcasts.apple.com", "/", "podcasts.apple.com", "/"),
    ("embed.music.apple.com", "/", "music.apple.com", "/"),
    ("archive.org", "/embed/", "archive.org", "/details/"),
    ("embed.ted.com", "/", "www.ted.com", "/"),
    ("widget.deezer.com", "/widget/auto/", "www.deezer.com", "/"),
    ("widget.deezer.com", "/widget/dark/", "www.deezer.com", "/"),
    ("widget.deezer.com", "/widget/light/", "www.deezer.com", "/"),
)
# Custom elements that name a film by its number.
_BY_NUMBER: Mapping[str, tuple[str, str]] = {
    "youtube": ("videoid", "https://www.youtube.com/embed/"),
    "vimeo": ("videoid", "https://player.vimeo.com/video/"),
    "dailymotion": ("videoid", "https://www.dailymotion.com/embed/video/"),
    "soundcloud": (
        "trackid",
        "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/",
    ),
    "gist": ("gistid", "https://gist.github.com/"),
    "instagram": ("shortcode", "https://www.instagram.com/p/"),
    "twitter": ("tweetid", "https://twitter.com/i/status/"),
}
_NUMBER = re.compile(r"[\w-]{3,40}")
_FOR_PROGRAMS = re.compile(
    r"amp-(?:access|ad|analytics|auto-ads|call|consent|embed|geo|install|list|next|pixel|script"
    r"|social-share|state|sticky|user)(?:-|$)"
)
_ADDRESSES = ("data-href", "data-url", "data-src", "src", "href", "url")  # of other elements

SCRIPTS = (
    r"(?:gist\.github\.com|gitlab\.com|asciinema\.org|buzzsprout\.com)/[^\s\"'<>]{1,200}\.js\b"
)
"""The addresses of scripts that write what the page of the same name shows."""

_SCRIPT = re.compile(rf"(?:https?:)?//((?:www\.)?{SCRIPTS})", re.IGNORECASE)


def page_of_frame(frame: str) -> str:
    """The page for people that shows what a frame at this address does; else the address itself.

    >>> page_of_frame("https://www.youtube-nocookie.com/embed/8Fn_30AD7Pk?rel=0")
    'https://www.youtube.com/watch?v=8Fn_30AD7Pk'
    >>> page_of_frame("https://open.spotify.com/embed/episode/abc?theme=0")
    'https://open.spotify.com/episode/abc'
    """
    parts = urlsplit(frame)
    host = (parts.hostname or "").removeprefix("www.")
    page = _OF_SITE.get(host, _shorter)(host, parts.path, parts.query)
    if not page and (found := _PEERTUBE.match(parts.path)):
        page = f"{parts.scheme}://{parts.netloc}/videos/watch/{found[1]}"
    return page or frame


def site_name(url: str) -> str:
    """What people call the site at an address; else its host.

    >>> site_name("https://open.spotify.com/x"), site_name("https://player.example.org/1")
    ('Spotify', 'player.example.org')
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host == "google.com" or host.endswith(".google.com"):
        found = (name for sign, name in _GOOGLE.items() if (host + parts.path).find(sign) >= 0)
        return next(found, "Google")
    labels = host.split(".")
    ends = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((_NAMES[end] for end in ends if end in _NAMES), host)


def frame_of_element(name: str, said: Mapping[str, str]) -> str:
    """The address that a custom element such as `amp-youtube` or `lite-vimeo` shows; or nothing.

    >>> frame_of_element("amp-youtube", {"data-videoid": "8Fn_30AD7Pk"})
    'https://www.youtube.com/embed/8Fn_30AD7Pk'
    """
    kind = name.partition("-")[2]
    attribute, begin = _BY_NUMBER.get(kind, ("", ""))
    number = said.get(f"data-{attribute}", "") or said.get(attribute, "")
    if begin and _NUMBER.fullmatch(number):
        return begin + number
    if _FOR_PROGRAMS.match(name):
        return ""
    found = (said.get(attribute, "") for attribute in _ADDRESSES)
    return next((url for url in found if url.startswith(("https://", "http://", "//"))), "")


def page_of_script(src: str) -> str:
    """The page that shows what a script would write into a post; empty for all other scripts.

    >>> page_of_script("https://gist.github.com/ada/0a1b.js?file=x.py")
    'https://gist.github.com/ada/0a1b'
    """
    found = _SCRIPT.match(src)
    return f"https://{found[1].removesuffix('.js')}" if found else ""


def _youtube(_: str, path: str, query: str) -> str:
    film, several = _YOUTUBE.match(path), _YOUTUBE_LIST.search(query)
    if several and (film is None or film[1] == "videoseries"):
        return f"https://www.youtube.com/playlist?list={several[1]}"
    return f"https://www.youtube.com/watch?v={film[1]}" if film else ""


def _vimeo(_: str, path: str, query: str) -> str:
    found = _VIMEO.match(path)
    secret = _VIMEO_SECRET.search(query)  # of a film that is not listed
    return f"https://vimeo.com/{found[1]}" + (f"/{secret[1]}" if secret else "") if found else ""


def _dailymotion(_: str, path: str, __: str) -> str:
    found = _DAILYMOTION.match(path)
    return f"https://www.dailymotion.com/video/{found[1]}" if found else ""


def _soundcloud(_: str, __: str, query: str) -> str:
    page = absolute(dict(parse_qsl(query)).get("url", ""), "")
    # What its programs call leads people nowhere; the player itself is better.
    return page if page and not (urlsplit(page).hostname or "").startswith("api.") else ""


def _twitch(_: str, __: str, query: str) -> str:
    said = dict(parse_qsl(query))
    if "video" in said:
        return f"https://www.twitch.tv/videos/{quote(said['video'].removeprefix('v'))}"
    return f"https://www.twitch.tv/{quote(said['channel'])}" if "channel" in said else ""


def _google(_: str, path: str, query: str) -> str:
    """A map for people: the embedded one shows them an error outside a frame."""
    if not path.startswith("/maps/embed"):
        return ""
    said = dict(parse_qsl(query))
    wanted = said.get("q", "") or said.get("center", "")
    place = _PLACE.search(said.get("pb", ""))
    wanted = wanted or (f"{place[2]},{place[1]}" if place else "")
    return f"https://www.google.com/maps?q={quote(wanted, safe=',')}" if wanted else ""


def _openstreetmap(_: str, __: str, query: str) -> str:
    west, south, east, north, *_rest = [
        *dict(parse_qsl(query)).get("bbox", "").split(","),
        *[""] * 4,
    ]
    try:
        lat, lon = (float(south) + float(north)) / 2, (float(west) + float(east)) / 2
    except ValueError:
        return ""
    return f"https://www.openstreetmap.org/#map=14/{lat:.5f}/{lon:.5f}"


def _shorter(host: str, path: str, _: str) -> str:
    for of_host, begin, other_host, other in _SHORTER:
        if host == of_host and path.startswith(begin) and len(path) < LONGEST_LINK:
            return f"https://{other_host}{other}{path.removeprefix(begin)}"
    return ""


_OF_SITE: Mapping[str, Callable[[str, str, str], str]] = {
    "youtube.com": _youtube,
    "youtube-nocookie.com": _youtube,
    "player.vimeo.com": _vimeo,
    "dailymotion.com": _dailymotion,
    "w.soundcloud.com": _soundcloud,
    "player.twitch.tv": _twitch,
    "google.com": _google,
    "openstreetmap.org": _openstreetmap,
}
