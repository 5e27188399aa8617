"""Our words around a reader's digest, whatever that digest is made of."""

import pytest

from dispatch.render.digests.digest import Digest
from dispatch.render.review_mail import Brief, review_html, review_text
from dispatch.words.catalogues import words_in

ENGLISH = words_in("en")
BRIEF = Brief("Heading", "Lead", snippets=(("mastodon", ("A snippet",)),))


def around(html: str) -> str:
    """The digest's HTML with ours replaced by signs."""
    page = review_html(BRIEF, Digest("Subject", "", html, "Text"), ENGLISH)
    above, below = page.index("<div lang"), page.rindex("<div lang")
    end_above = page.index("is below.") + len(
        "is below.</b><br>\nSubject: Subject</p>\n</div>\n</div>"
    )
    end_below = page.index("A snippet") + len("A snippet</p>\n</div>\n</div>")
    return page[:above] + "[^]" + page[end_above:below] + "[v]" + page[end_below:]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<html><body>x</body></html>", "<html><body>[^]x[v]</body></html>"),
        ('<BODY class="a>b">x</BODY >', '<BODY class="a>b">[^]x[v]</BODY >'),
        (
            "<head><!-- <body> --></head><body dir='ltr'>x</body>",
            "<head><!-- <body> --></head><body dir='ltr'>[^]x[v]</body>",
        ),
        (
            "<body>see &lt;/body>, </body> it</body>",
            "<body>[^]see &lt;/body>, </body> it[v]</body>",
        ),
        ("<body>no end", "<body>[^]no end[v]"),
        ("only text", "[^]only text[v]"),
        ("<bodyguard>x</bodyguard>", "[^]<bodyguard>x</bodyguard>[v]"),
    ],
)
def test_our_words_are_put_inside_the_body(html, expected):
    assert around(html).replace("\n", "") == expected


def test_the_text_has_the_digest_and_then_the_snippets():
    text = review_text(BRIEF, Digest("Subject", "Preheader", "", "The digest"), ENGLISH)

    places = [text.index(one) for one in ("Heading", "Subject: ", "The digest", "A snippet")]
    assert places == sorted(places)
    assert "\n\n\n" not in text
