"""Sites whose feeds can be told from an address: no page has to be read, or the page hides them."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

_YOUTUBE = "https://www.youtube.com/feeds/videos.xml?"
_CHANNEL = re.compile(r"UC[\w-]{22}")
# What names the channel of a YouTube page; a video's page names others too, after its own.
_CHANNEL_IN_PAGE = re.compile(r'"(?:externalId|channelId|browseId)":"(UC[\w-]{22})"')
_HANDLE = re.compile(r"@([\w.-]+)@([\w-]+(?:\.[\w-]+)+)")
_NO_REPOSITORY = frozenset(
    {
        *("about", "apps", "collections", "features", "marketplace", "orgs", "settings"),
        *("sponsors", "topics"),
    }
)


def known_feeds(url: str) -> tuple[str, ...]:
    """The addresses at which the site of a page has its feeds, best first; none if it is not known.

    They follow from the address, so they may lead nowhere.

    >>> known_feeds("https://www.reddit.com/r/opensource/top")
    ('https://www.reddit.com/r/opensource/.rss',)
    >>> known_feeds("https://social.example/@ada")
    ('https://social.example/@ada.rss',)
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ()
    path = [piece for piece in parts.path.split("/") if piece]
    for site, feeds_of in _SITES:
        if host == site or (site.startswith(".") and host.endswith(site)):
            return tuple(feeds_of(parts, host, path))
    return tuple(_mastodon(parts, host, path))


def feeds_in_page(url: str, html: str) -> tuple[str, ...]:
    """The feeds of a site that is known, where only its page tells their address.

    YouTube's pages name the channel, https://www.youtube.com/@handle does not.
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    found = _CHANNEL_IN_PAGE.search(html) if host == "youtube.com" else None
    return (f"{_YOUTUBE}channel_id={found[1]}",) if found else ()


def address_of_handle(text: str) -> str:
    """The page of an account of the fediverse that is written as @name@server; else empty.

    >>> address_of_handle("@ada@social.example")
    'https://social.example/@ada'
    """
    found = _HANDLE.fullmatch(text.strip())
    return f"https://{found[2]}/@{found[1]}" if found else ""


def _youtube(parts: SplitResult, _host: str, path: list[str]) -> Iterator[str]:
    """Channels, users and playlists.

    A channel's: https://developers.google.com/youtube/v3/guides/push_notifications. A playlist's is
    what readers have long relied on (`finder.go` of https://github.com/miniflux/v2), a user's too.
    """
    match path:
        case ["channel", channel, *_] if _CHANNEL.fullmatch(channel):
            yield f"{_YOUTUBE}channel_id={channel}"
        case ["user", user, *_]:
            yield f"{_YOUTUBE}user={quote(user)}"
        case ["playlist" | "watch"]:
            for playlist in parse_qs(parts.query).get("list", [])[:1]:
                yield f"{_YOUTUBE}playlist_id={quote(playlist)}"


def _bluesky(_parts: SplitResult, _host: str, path: list[str]) -> Iterator[str]:
    """Profiles, by handle or DID (`rss.go` of https://github.com/bluesky-social/social-app)."""
    if path[:1] == ["profile"] and len(path) > 1:
        yield f"https://bsky.app/profile/{path[1]}/rss"


def _reddit(_parts: SplitResult, _host: str, path: list[str]) -> Iterator[str]:
    """Subreddits and users (https://www.reddit.com/wiki/rss)."""
    match path:
        case ["r" | "user" | "u" as kind, name, *_]:
            yield f"https://www.reddit.com/{'r' if kind == 'r' else 'user'}/{name}/.rss"


def _github(_parts: SplitResult, _host: str, path: list[str]) -> Iterator[str]:
    """Releases, or the tags of a project without any: a project's pages link to both."""
    if len(path) > 1 and path[0] not in _NO_REPOSITORY:
        for kind in ("releases", "tags"):
            yield f"https://github.com/{path[0]}/{path[1]}/{kind}.atom"


def _medium(_parts: SplitResult, host: str, path: list[str]) -> Iterator[str]:
    """Profiles, publications, tags (https://help.medium.com/hc/en-us/articles/214874118-RSS-feeds)."""
    if host != "medium.com":
        yield f"https://{host}/feed"
    elif path[:1] == ["tag"] and len(path) > 1:
        yield f"https://medium.com/feed/tag/{path[1]}"
    elif path and path[0] != "feed":
        yield f"https://medium.com/feed/{path[0]}"


def _wordpress(_parts: SplitResult, host: str, _path: list[str]) -> Iterator[str]:
    """Every site has it at /feed/ (https://wordpress.com/support/feeds/)."""
    yield f"https://{host}/feed/"


def _substack(_parts: SplitResult, host: str, _path: list[str]) -> Iterator[str]:
    """Publications have it at /feed; on domains of their own the common paths find it."""
    yield f"https://{host}/feed"


def _tumblr(_parts: SplitResult, host: str, path: list[str]) -> Iterator[str]:
    """Blogs have it at /rss; www.tumblr.com/<blog> is another address of the same."""
    if host != "tumblr.com":
        yield f"https://{host}/rss"
    elif path and path[0] not in {"explore", "tagged", "search"}:
        yield f"https://{path[1] if path[0] == 'blog' and path[1:] else path[0]}.tumblr.com/rss"


def _blogger(_parts: SplitResult, host: str, _path: list[str]) -> Iterator[str]:
    """Blogger's feeds (https://developers.google.com/blogger/docs/2.0/reference)."""
    yield f"https://{host}/feeds/posts/default"


def _mastodon(parts: SplitResult, _host: str, path: list[str]) -> Iterator[str]:
    """Accounts of any server that writes them so: Mastodon, and others that follow it.

    ".rss" after a profile's address: https://github.com/mastodon/documentation/pull/1767.
    """
    match path:
        case [account, *_] if re.fullmatch(r"@[\w.-]+", account):
            yield f"{parts.scheme}://{parts.netloc}/{account}.rss"
        case ["users", name, *_] if re.fullmatch(r"[\w.-]+", name):
            yield f"{parts.scheme}://{parts.netloc}/users/{name}.rss"


_SITES: tuple[tuple[str, Callable[[SplitResult, str, list[str]], Iterator[str]]], ...] = (
    ("youtube.com", _youtube),
    ("m.youtube.com", _youtube),
    ("bsky.app", _bluesky),
    ("reddit.com", _reddit),
    ("old.reddit.com", _reddit),
    ("github.com", _github),
    ("medium.com", _medium),
    (".medium.com", _medium),
    (".wordpress.com", _wordpress),
    (".substack.com", _substack),
    ("tumblr.com", _tumblr),
    (".tumblr.com", _tumblr),
    (".blogspot.com", _blogger),
)
