"""Nothing that a post holds is wider than the column of whatever template prints it."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from dispatch.feeds.parse.document import parse
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.templates.column import fit_to_column
from dispatch.testing.samples import SUBSCRIBERS, a_post
from feeds.browser import CHROMIUM, WITHIN
from render.render_samples import LEAVE, PLAIN, an_edition

FIELD = Path(os.environ.get("DISPATCH_TEST_DATA") or "no test data") / "field"
PHONE = 375
TEMPLATE = PLAIN | {
    "digest.mjml": (
        "<mjml><mj-body><mj-section><mj-column><mj-text>{{ edition.posts[0].content }}</mj-text>"
        "</mj-column></mj-section></mj-body></mjml>"
    )
}


@pytest.mark.parametrize(
    ("content", "fitted"),
    [
        ("<pre>a</pre>", '<pre style="white-space:pre-wrap;'),
        ('<img src="x" alt="">', '<img style="max-width:100%;height:auto" src="x" alt="">'),
        ("<table><tr>", '<table style="max-width:100%"><tr>'),
        ('<table lang="fr">', '<table style="max-width:100%" lang="fr">'),
        ("<tr><td>a</td>", '<td style="min-width:3.5em">a</td>'),
        ("<tr>" + "<td>a</td>" * 6, "<td>a</td>"),
        ("<p>averylongword</p>", "word-break:break-word"),
        ("<p>&lt;pre></p>", "<p>&lt;pre></p>"),
        (
            "<ul><ul><ul>a</ul>",
            '<ul><ul><ul style="margin-left:0;margin-right:0;padding-left:1em">',
        ),
        ("<ul></ul>" * 9, "<ul></ul>" * 9),
    ],
)
def test_what_could_be_wide_is_told_not_to_be(content, fitted):
    assert fitted in fit_to_column(content)


def test_a_post_without_content_stays_without():
    assert fit_to_column("") == ""


@pytest.mark.parametrize(
    ("content", "fitted"),
    [
        ("<p>a <code>f()</code></p>", '<code dir="auto">f()'),
        ("<pre>f()</pre>", '<pre dir="auto" style='),
        ('<pre lang="x" dir="rtl">f()</pre>', 'break-word" lang="x" dir="rtl">f()'),
        ("<ol><ol><ol>", 'padding-right:1em">'),
    ],
)
def test_code_is_read_from_its_own_side_in_a_post_from_right_to_left(content, fitted):
    assert fitted in fit_to_column(content, "rtl")
    assert 'dir="auto"' not in fit_to_column(content)


WIDE = {
    "a list in a list": "<ul>" * 14 + f"<li>{'deep' * 30}</li>" + "</ul>" * 14,
    "an answer to an answer": "<blockquote>" * 12 + "<p>quoted words</p>" + "</blockquote>" * 12,
    "a long word": f"<p>{'long' * 200}</p>",
    "a long address": f'<p><a href="https://x.example/">https://x.example/{"a" * 400}</a></p>',
    "a table of long words": f"<table><tr>{f'<td>{chr(119) * 60}</td>' * 4}</tr></table>",
    "a table of many columns": f"<table><tr>{'<td>column</td>' * 9}</tr></table>",
    "code in a list": f"<ul><li><pre>{'code ' * 80}{'x' * 300}</pre></li></ul>",
    "code in a table": f"<table><tr><td><pre>{'code ' * 80}</pre></td></tr></table>",
    "a picture": '<p><img src="https://x.example/a.jpg" alt="" width="600"></p>',
    "japanese": f"<p>{'東京' * 200}</p>",
}


def width_of(content, folder):
    """How wide the digest with this content is on a phone, in pixels."""
    edition = an_edition(TEMPLATE, [a_post(content=content)])
    digest = DigestRenderer(edition).render(SUBSCRIBERS[0], unsubscribe_url=LEAVE)
    (folder / "digest.html").write_text(digest.html)
    page = folder / "page.html"
    page.write_text(
        f"<!doctype html><body><iframe src=digest.html width={PHONE} height=600 style='border:0'"
        " onload='document.title = this.contentDocument.documentElement.scrollWidth'></iframe>"
    )
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu"),
            *("--disable-dev-shm-usage", "--allow-file-access-from-files"),
            *("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}"),
            *("--virtual-time-budget=5000", "--dump-dom", page.as_uri()),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=WITHIN,
        check=False,
    )
    found = re.search(r"<title>(\d+)</title>", done.stdout)
    assert found, done.stderr[-500:]
    return int(found[1])


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")
@pytest.mark.parametrize(
    "content",
    ["".join(WIDE.values()), f"<table><tr>{'<td>a</td>' * 5}</tr></table>"],
    ids=["all of it", "a table of five columns"],
)
def test_nothing_is_wider_than_a_phone(content, tmp_path):
    assert width_of(content, tmp_path) <= PHONE


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")
@pytest.mark.skipif(not FIELD.is_dir(), reason="DISPATCH_TEST_DATA names no folder with test data")
def test_a_post_of_code_and_a_table_fits_a_phone(tmp_path):
    [entry] = parse((FIELD / "wide-content.xml").read_bytes(), url="https://b.example/f").entries

    assert width_of(entry.content, tmp_path) <= PHONE
