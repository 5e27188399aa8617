"""Images and frames that are there to count readers, told by their address.

Most of them are a pixel wide and need no list; this one is for those that say no size, or a
false one. It is short on purpose: a picture wrongly left out is worse than one counted opening.
"""

import re

_COUNTERS = re.compile(
    r"""https?://(?:
        # FeedBurner: /~r/ counts, /~ff/ and /~f/ are its "share this" buttons
        (?:feeds\d?\.feedburner|feedproxy\.google)\.com/~[a-z]{1,2}/
      | [\w.-]*feedsportal\.com/
      | feeds\.feedblitz\.com/(?:~/|-/)
      # WordPress.com and Jetpack: the counter, and the row of share buttons below a post
      | (?:pixel|stats|g)\.(?:wp|wordpress)\.com/
      | feeds\.wordpress\.com/1\.0/
      # Blogger and Medium
      | (?:[\w-]+\.googleusercontent|www\.blogger)\.com/tracker/
      | medium\.com/_/stat\b
      # newsletters that are a feed as well: Mailchimp, Substack, SendGrid
      | [\w.-]+\.list-manage\.com/track/open
      | eotrx\.substackcdn\.com/
      | [\w.-]+/wf/open\?
      # analytics and advertisements for pages, pasted into posts
      | (?:www|ssl)\.google-analytics\.com/
      | www\.googletagmanager\.com/
      | [\w.-]*\.(?:doubleclick|quantserve|scorecardresearch|googlesyndication|amazon-adsystem)
        \.(?:com|net)/
      | (?:ad\d*\.[\w-]+|ads\d*|adserver)\.[\w.-]+/
      | [\w./:-]+/(?:piwik|matomo)\.php\b
      | track\.hubspot\.com/ | counter\.theconversation\.com/
      | (?:hits\.\w+|api\.visitorbadge|visitor-badge\.[\w-]+|komarev)\.(?:app|cn|com|io)/
      # buttons that are frames
      | www\.facebook\.com/plugins/(?:like|share|follow|page)
      | platform\.twitter\.com/widgets/(?:tweet|follow)_button
      | www\.facebook\.com/tr\b
      | (?:api|button)\.flattr\.com/
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def counts_readers(url: str) -> bool:
    """Whether an image or a frame at this address is known to count readers or to invite to share.

    >>> counts_readers("http://feeds.feedburner.com/~r/blog/~4/x1"), counts_readers("https://a.example/x.png")
    (True, False)
    """
    return _COUNTERS.match(url) is not None
