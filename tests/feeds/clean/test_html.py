"""Foreign HTML: what may stay, what must go, and that a mail can hold it."""

import json
import os
from html.parser import HTMLParser
from pathlib import Path

import mrml
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.feeds.clean.html import DEEPEST, LONGEST, clean, text_of

BASE = "https://blog.example/posts/1"
DATA = os.environ.get("DISPATCH_TEST_DATA")
ALLOWED_SCHEMES = ("http://", "https://", "mailto:")


class Judge(HTMLParser):
    """Reads HTML on its own and notes whatever could execute, track or break."""

    def __init__(self):
        super().__init__()
        self.faults = []
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in HARMLESS:
            self.faults.append(tag)
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)
        for name, value in attrs:
            if name not in HARMLESS_ATTRIBUTES:
                self.faults.append(f"{tag} {name}")
            if name in {"href", "src"} and not (value or "").lower().startswith(ALLOWED_SCHEMES):
                self.faults.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"/{tag}")

    def handle_comment(self, data):
        self.faults.append("comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


# Written out here again, so that a careless change of the policy does not change its judge.
HARMLESS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl"),
    *("dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"),
    *("ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike"),
    *("strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    "var",
}
HARMLESS_ATTRIBUTES = {
    *("alt", "colspan", "dir", "href", "lang", "rel", "rowspan", "scope", "src", "start", "title"),
    *("value", "width"),
}


def faults(html):
    judge = Judge()
    judge.feed(html)
    judge.close()
    return judge.faults + [f"{tag} stays open" for tag in judge.open]


def in_a_mail(html):
    start, end = "<mjml><mj-body><mj-section><mj-column><mj-text>", "</mj-text></mj-column>"
    return mrml.to_html(f"{start}{html}{end}</mj-section></mj-body></mjml>").content


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>a<br/>b<hr></p>", "<p>a<br>b</p><hr>"),
        ("<script>x()</script><style>p{}</style>a<!-- b -->", "a"),
        ('<p class="x" style="color:red" id="y" onclick="z()">a</p>', "<p>a</p>"),
        ("<form action=/x><input name=a><button>Go</button>text</form>", "text"),
        ("<iframe src='javascript:x()'>old</iframe><svg><text>t</text></svg>a", "a"),
        (
            '<a href="../2">a</a>',
            '<a href="https://blog.example/2" rel="noopener">a</a>',
        ),
        (
            '<a href="//x.example/?a=1&b=2" target=_blank>a</a>',
            '<a href="https://x.example/?a=1&amp;b=2" rel="noopener">a</a>',
        ),
        ('<a href=" java\nscript:x()">a</a>', '<a rel="noopener">a</a>'),
        ('<a href="mailto:a@x.example">a</a>', '<a href="mailto:a@x.example" rel="noopener">a</a>'),
        (
            '<img src="/i.png" alt="An &quot;i&quot;" width=1200 height=600 srcset="x 2x">',
            '<img src="https://blog.example/i.png" alt="An &quot;i&quot;" width="600">',
        ),
        ('<img src="/i.png" width="50%">', '<img src="https://blog.example/i.png" alt="">'),
        ('<img src="/i.gif" width="1" height="1">a<img src="/i.gif" height="0">', "a"),
        ('<img src="data:image/png;base64,AA">a<img src="cid:x"><img src="mailto:x"><img>', "a"),
        ("<p>a</p>\n\n <p> </p><p>&nbsp;</p>\t<p>b</p>", "<p>a</p> <p>b</p>"),
        ("<b>a</b>\n<i>b</i>", "<b>a</b> <i>b</i>"),
        ("<pre>a\n  <b>b</b>\n<i>c</i></pre>\nd", "<pre>a<br>  <b>b</b><br><i>c</i></pre> d"),
        ("a\x00\x0b&#11;\ud800\ufffeb", "ab"),
        ("5 < 6 &amp; &eacute; &lt;b&gt; ]]>", "5 &lt; 6 &amp; é &lt;b&gt; ]]&gt;"),
        ("<section>One</section><section>Two</section>", "<div>One</div><div>Two</div>"),
        ("<details><summary>More</summary>Text</details>", "<div><div>More</div>Text</div>"),
        (
            "<li><input type=checkbox checked disabled> a<li><input type='checkbox'>b",
            "<li>☑ a</li><li>☐ b</li>",
        ),
        ("", ""),
    ],
)
def test_what_stays_and_what_goes(html, cleaned):
    assert clean(html, base=BASE) == cleaned


def test_a_post_has_an_end_and_a_depth():
    deep = "<div>" * DEEPEST + "a" + "</div>" * DEEPEST

    assert (LONGEST, DEEPEST) == (500_000, 100)
    assert len(clean("a" * (LONGEST + 9))) == LONGEST
    assert clean(deep) == deep
    assert clean(f"<div>{deep}</div>") == "a"


def test_lines_inside_of_a_pre_stay_lines_and_others_do_not():
    html = "<p>a\nb</p><pre>c\nd</pre><p>e\nf</p><pre>g\n\th</pre>i\nj"

    assert clean(html) == "<p>a b</p><pre>c<br>d</pre><p>e f</p><pre>g<br>    h</pre>i j"


@pytest.mark.parametrize(
    ("html", "page", "cleaned"),
    [
        ('<a href="?a#b">x</a>', "https://other.example/", "https://blog.example/posts/1?a#b"),
        ('<a href="#b">x</a>', "https://other.example/p", "https://other.example/p#b"),
        ('<a href="#b">x</a>', "", "https://blog.example/posts/1#b"),
        ('<a href="/x">#</a>', "https://other.example/", "https://blog.example/x"),
    ],
)
def test_only_links_to_a_place_on_the_page_lead_to_it(html, page, cleaned):
    assert f'href="{cleaned}"' in clean(html, base=BASE, page=page)


def test_a_link_that_was_empty_before_stays_where_no_image_went():
    assert clean('<a href="/x"></a>b', base=BASE) == (
        '<a href="https://blog.example/x" rel="noopener"></a>b'
    )
    assert clean('<a href="/x"><img src="data:,"></a>b', base=BASE) == "b"


def test_relative_addresses_without_a_base_are_left_out():
    assert clean('<a href="/x">a</a><img src="/y">') == '<a rel="noopener">a</a>'


AWKWARD = [
    "<p>a<br>b<hr>c<img src='https://x.example/a?b=1&c=2' alt='a > b < c & \"d\"'>",
    "<table><tr><td colspan=2>a<td>b<tr><th>c</table>",
    "<!-- a --><![CDATA[ b ]]><!DOCTYPE x><?php c ?>d",
    "<p>open <b>wrong <i>order</b> here</i> <ul><li>one<li>two",
    "&nbsp;&copy;&unknown;&#x1F600;&#0;&#xD800; & < > ]]> {{ x }} {% y %}",
    "<mj-raw><mj-text>x</mj-text></mj-raw></mj-text></mj-column>",
    "<pre>\n\n a\n\tb\n<b>c</b>\n\n<i>d</i></pre>",
    "<p lang=fr dir=rtl title='\"&<>'>é\u2028\u00ad\U0001f600\x85\x0c\x1f</p>",
    "<a href='https://x.example/\"onmouseover=alert(1)//'>x</a>",
    "<" * 500 + "p>" + ">" * 500,
    "<blockquote>" * 50 + "a",
    "<div>" * 100_000 + "deep",
    "<p>" + "<b><i>" * 30_000 + "deep",
]


@pytest.mark.parametrize("html", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_html_fits_into_a_mail(html):
    cleaned = clean(html, base=BASE)

    assert faults(cleaned) == []
    assert "</html>" in in_a_mail(cleaned)


@given(st.text())
@settings(max_examples=100)
def test_any_text_fits_into_a_mail_and_is_cleaned_for_good(text):
    cleaned = clean(text, base=BASE)

    assert faults(cleaned) == []
    assert "</html>" in in_a_mail(cleaned)
    assert text_of(cleaned) == text_of(text)


PIECES = [
    "<p>",
    "</p>",
    "<b a='",
    "'>",
    "\n",
    " ",
    "x",
    "<pre>",
    "</pre>",
    "<table>",
    "<td>",
    "&lt;",
]
PIECES += ["<img src=/a>", "<a href=/b>", "<!--", "-->", "<script>", "</script>", "<svg>", "<math>"]
PIECES += ["<noscript>", "</noscript>", "<video src=a>", "<source srcset='b 1x'>", "<picture>"]
PIECES += [
    "<b hidden>",
    "<section style='display:none'>",
    "</section>",
    "<img data-src='/c' alt=\"",
]
PIECES += [
    "<iframe src=https://youtu.be/embed/x title='",
    "<iframe src='//youtube.com/embed/abcdefg'>",
]
PIECES += ["<mi>", "</math>", "<ruby>", "<rt>", "<rp>", "</ruby>", "</svg>", "<title>"]
PIECES += ["<span class='katex'>", "</span>", "<script type='math/tex'>", "<object data=a>"]
PIECES += ["</object>", "<embed src=/a>", "</iframe>", "<amp-img src=/a>", "<svg aria-label='a'>"]
PIECES += ["<style>", "</style>", "<mj-text>", "<li>", "&", "<", ">", "\x0b", "<![CDATA[", "]]>"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(max_examples=120)
def test_any_soup_of_tags_fits_into_a_mail(soup):
    cleaned = clean(soup, base=BASE)

    assert faults(cleaned) == []
    assert "</html>" in in_a_mail(cleaned)


def test_a_text_has_no_words_of_pictures_that_stand_alone():
    assert text_of('<p><img src="/a.jpg" alt="The harbour"></p><p>News</p>') == "News"


def test_the_words_of_a_mail_stay_apart():
    html = clean("<p>one</p>\n<p>two <b>three</b>\n<i>four</i> <u>five</u></p>")

    assert text_of(in_a_mail(html)).endswith("one two three four five")


def test_long_runs_take_no_longer_than_they_are():
    for run in (" ", "\n", "<", "<p ", "&", "<!--", "<pre>", "<img ", '<a href="', "</b>"):
        assert len(clean(run * 100_000)) < 5_000_000


@pytest.mark.skipif(not DATA, reason="DISPATCH_TEST_DATA names no folder with test data")
def test_nothing_executable_is_left_of_real_attacks():
    attacks = json.loads((Path(DATA) / "xss-dompurify" / "expect.json").read_bytes())

    left = {attack["payload"]: faults(clean(attack["payload"], base=BASE)) for attack in attacks}

    assert len(left) > 200
    assert {payload: found for payload, found in left.items() if found} == {}
    for payload in left:
        assert "</html>" in in_a_mail(clean(payload, base=BASE))
