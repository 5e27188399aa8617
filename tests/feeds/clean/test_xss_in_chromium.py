"""Real attacks as posts, from the feed to the digest, judged by a real Chromium."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.feeds.parse.document import parse
from dispatch.model.text.plain_text import printable
from dispatch.render.digests.digest import DigestRenderer
from dispatch.testing.samples import SUBSCRIBERS, a_post
from feeds.browser import CHROMIUM, judged
from render.render_samples import LEAVE, PLAIN, an_edition

DATA = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data")
IN_ONE_DIGEST = 100

# A post wherever a template can put it: as text, in an attribute, as HTML, shortened.
TEMPLATE = PLAIN | {
    "digest.mjml": """\
<mjml><mj-body><mj-section><mj-column>
{% for post in edition.posts %}
<mj-text><h2 title="{{ post.title }}">{{ post.title }}</h2>
<a href="{{ post.link }}">{{ post.authors | join(", ") }} {{ post.topics | join(", ") }}</a>
<p>{{ post.summary }}</p> {{ post.content }}
<p>{{ post.content | teaser(20) }} {{ post.content | teaser_html(20) }}</p>
{% if post.image %}<img src="{{ post.image.url }}" alt="{{ post.image.alt }}" />{% endif %}
<p>(end of {{ loop.index }})</p></mj-text>
{% endfor %}
</mj-column></mj-section></mj-body></mjml>
"""
}

# Where our own rewriting of players, images, formulas and readings could be led astray.
PLACES = {
    "as it is": "{}",
    "in a noscript": "<img data-src=x><noscript>{}<img src='/a.png'></noscript>{}",
    "in a picture": "<picture><source srcset='{}'>{}<img alt=x></picture>",
    "as a late image": "<img src='data:,' data-src='{}' data-srcset=\"{}\"><img data-src={}>",
    "as a film": "<iframe src=\"https://www.youtube.com/embed/{}\" title='{}'></iframe>{}</iframe>",
    "as a player": "<video title='{}' src={}>{}<source src=\"https://x.example/{}\"></video>{}",
    "as a frame": "<iframe title='{}' src='https://x.example/{}'><a href='{}'>{}</a></iframe>{}",
    "as an object": "<object data='{}'><param name=movie value='{}'>{}</object><amp-img src='{}'>",
    "as a formula": "<math alttext='{}'><mi>{}</mi></math><script type='math/tex'>{}</script>",
    "as a reading": "<ruby>{}<rp>{}</rp><rt>{}</rt></ruby><svg aria-label='{}'><title>{}</svg>",
    "hidden": "<section style='display:none'>{}</section hidden><b hidden style='{}'>{}</b>",
}

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data"
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is missing: it is the Debian package of that name"
)


def attacks():
    found = json.loads((DATA / "xss-dompurify" / "expect.json").read_bytes())
    return [attack["payload"] for attack in found]


def as_text(payload):
    """The payload in XML, so that the reader of the feed finds exactly it."""
    return f"<![CDATA[{printable(payload).replace(']]>', ']]]]><![CDATA[>')}]]>"


def digest_of(payloads):
    """The HTML that readers get of a feed with one item for each payload."""
    items = "".join(
        f"<item><guid>{number}</guid><title>{text}</title><link>{text}</link>"
        f"<author>{text}</author><category>{text}</category><description>{text}</description>"
        f"<content:encoded>{text}</content:encoded></item>"
        for number, text in enumerate(map(as_text, payloads))
    )
    feed = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Attacks</title><link>https://blog.example/</link>{items}</channel></rss>"
    )
    document = parse(feed.encode(), url="https://blog.example/feed", content_type="text/xml")
    posts = [
        replace(
            a_post(),
            **{
                name: getattr(entry, name)
                for name in ("title", "link", "summary", "content", "authors", "topics", "image")
            },
        )
        for entry in document.entries
    ]
    assert len(posts) == len(payloads)
    digests = DigestRenderer(an_edition(TEMPLATE, posts))
    return digests.render(SUBSCRIBERS[0], unsubscribe_url=LEAVE).html


@needs_data
@needs_chromium
def test_nothing_executes_of_real_attacks_in_a_digest(tmp_path):
    payloads = [place.replace("{}", attack) for place in PLACES.values() for attack in attacks()]
    batches = {
        f"from {start}": payloads[start : start + IN_ONE_DIGEST]
        for start in range(0, len(payloads), IN_ONE_DIGEST)
    }

    verdict = judged({name: digest_of(batch) for name, batch in batches.items()}, tmp_path)

    assert len(payloads) > 1_500
    assert verdict.executed == {}
    for name, batch in batches.items():  # and no attack hid what comes after it
        ends = re.findall(r"\(end of (\d+)\)", verdict.shown[name])
        assert ends == [str(number) for number in range(1, len(batch) + 1)], name


UNCLEAN = {
    "a script": "<script>alert(1)</script>",
    "a handler": "<img src=x onerror=alert(1)>",
    "a click": '<a href="javascript:alert(1)">read on</a>',
    "a button": "<form action='javascript:alert(1)'><button>Go</button></form>",
    "a rare event": "<div onscrollend=confirm(1)>x</div>",
    "a drawing": "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "a frame": "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "a call of something else": "<p onclick='steal()'>x</p>",
}


@needs_chromium
def test_the_judge_sees_what_is_not_cleaned_and_lets_pass_what_is_harmless(tmp_path):
    harmless = {"a post": "<p>alert(1) <a href='https://x.example/'>read</a><img src=/x.png></p>"}

    verdict = judged(UNCLEAN | harmless, tmp_path)

    assert set(verdict.executed) == set(UNCLEAN)
    assert "alert" in verdict.executed["a click"]
    assert verdict.shown["a post"] == "alert(1) read"


@needs_data
@needs_chromium
def test_the_judge_sees_attacks_of_the_collection_where_they_are_not_cleaned(tmp_path):
    # A few dozen: among the others are some that keep the browser busy for good.
    some = {f"attack {number}": attack for number, attack in enumerate(attacks()[24:60])}

    verdict = judged(some, tmp_path)

    assert len(verdict.executed) > 15
