"""Feeds that follow from an address alone."""

import pytest

from dispatch.feeds.pages.known_sites import address_of_handle, feeds_in_page, known_feeds

CHANNEL = "UC" + "a1-_" * 5 + "xy"


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        (
            f"https://www.youtube.com/channel/{CHANNEL}/videos",
            f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
        ),
        (
            "https://m.youtube.com/user/ada",
            "https://www.youtube.com/feeds/videos.xml?user=ada",
        ),
        (
            "https://www.youtube.com/playlist?list=PL12",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL12",
        ),
        ("https://social.example/@ada", "https://social.example/@ada.rss"),
        ("https://social.example/users/ada", "https://social.example/users/ada.rss"),
        ("https://bsky.app/profile/ada.example", "https://bsky.app/profile/ada.example/rss"),
        ("https://old.reddit.com/r/python/new/", "https://www.reddit.com/r/python/.rss"),
        ("https://www.reddit.com/u/ada", "https://www.reddit.com/user/ada/.rss"),
        ("https://github.com/ada/engine/issues", "https://github.com/ada/engine/releases.atom"),
        ("https://medium.com/@ada", "https://medium.com/feed/@ada"),
        ("https://medium.com/tag/engines", "https://medium.com/feed/tag/engines"),
        ("https://ada.medium.com/about", "https://ada.medium.com/feed"),
        ("https://ada.wordpress.com/2026/", "https://ada.wordpress.com/feed/"),
        ("https://ada.substack.com/p/x", "https://ada.substack.com/feed"),
        ("https://www.tumblr.com/ada/123", "https://ada.tumblr.com/rss"),
        ("https://ada.tumblr.com/post/1", "https://ada.tumblr.com/rss"),
        ("https://ada.blogspot.com/", "https://ada.blogspot.com/feeds/posts/default"),
    ],
)
def test_a_pages_address_tells_the_feeds(page, feed):
    assert known_feeds(page)[0] == feed


@pytest.mark.parametrize(
    "page",
    [
        "https://blog.example/",
        "https://www.youtube.com/@ada",
        "https://github.com/ada",
        "https://notreddit.com/r/python",
        "https://bsky.app/",
        "https://[broken",
    ],
)
def test_other_addresses_tell_nothing(page):
    assert known_feeds(page) == ()


def test_a_channel_with_a_handle_is_named_in_its_page():
    page = f'<script>{{"externalId":"{CHANNEL}","channelId":"UCother"}}</script>'

    assert feeds_in_page("https://www.youtube.com/@ada", page) == (
        f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
    )
    assert feeds_in_page("https://blog.example/@ada", page) == ()


def test_an_account_may_be_written_as_people_write_it():
    assert address_of_handle(" @ada@social.example ") == "https://social.example/@ada"
    assert address_of_handle("ada@mail.example") == ""
