"""Which addresses are those of counters, and not of pictures."""

import pytest

from dispatch.feeds.clean.trackers import counts_readers


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        ("http://feeds.feedburner.com/~r/Blog/~4/x", True),
        ("https://feeds2.feedburner.com/~ff/Blog", True),
        ("http://feedproxy.google.com/~f/Blog", True),
        ("http://feeds.feedburner.com/Blog.png", False),
        ("http://rss.feedsportal.com/c/1", True),
        ("http://feeds.feedblitz.com/~/1", True),
        ("http://feeds.feedblitz.com/-/1", True),
        ("http://feeds.feedblitz.com/a.png", False),
        ("https://pixel.wp.com/g.gif", True),
        ("https://g.wordpress.com/g.gif", True),
        ("https://i0.wp.com/a.jpg", False),
        ("https://feeds.wordpress.com/1.0/comments/x/1/", True),
        ("https://blogger.googleusercontent.com/tracker/1", True),
        ("https://blogger.googleusercontent.com/img/a.jpg", False),
        ("https://www.blogger.com/tracker/1", True),
        ("https://medium.com/_/stat?event=x", True),
        ("https://medium.com/_/statistics.png", False),
        ("https://x.us1.list-manage.com/track/open.php", True),
        ("https://eotrx.substackcdn.com/open?token=1", True),
        ("https://u1.ct.sendgrid.net/wf/open?upn=1", True),
        ("https://ssl.google-analytics.com/__utm.gif", True),
        ("https://ad.doubleclick.net/x", True),
        ("https://b.scorecardresearch.com/p", True),
        ("https://www.facebook.com/tr?id=1", True),
        ("https://www.facebook.com/trees.jpg", False),
        ("https://api.flattr.com/button.png", True),
        ("HTTP://FEEDS.FEEDBURNER.COM/~r/x", True),
        ("https://a.example/?u=http://feeds.feedburner.com/~r/x", False),
        ("", False),
    ],
)
def test_who_counts_readers(url, counts):
    assert counts_readers(url) is counts
