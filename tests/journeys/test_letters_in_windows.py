"""Our letters fit the window in which they are read, whatever pictures their posts have."""

import re
import subprocess
from dataclasses import replace

import pytest

from dispatch.model.campaigns.brand import Brand
from dispatch.model.editions.picture import read_picture
from dispatch.model.intake.feed import Image
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.digests.pictures import shown_alone
from dispatch.render.templates.pictures import LOGO
from dispatch.testing.samples import SUBSCRIBERS, a_png, a_post
from feeds.browser import CHROMIUM, WITHIN
from render.render_samples import LEAVE, OURS, an_edition

WIDTHS = (320, 390, 480, 520, 599, 700)
PICTURES = {"wide.png": (1600, 500), "portrait.png": (500, 1600), "tiny.png": (48, 48)}

_SAY = """<body><script>onload = () => {
  const said = [];
  for (const {contentDocument: inside, width} of document.querySelectorAll("iframe")) {
    said.push(width + ":" + inside.documentElement.scrollWidth);
    for (const image of inside.images)
      said.push(image.src.split("/").pop() + " " + image.width + "x" + image.height);
  }
  document.title = said.join(", ");
}</script>"""


def said_of(folder, template) -> str:
    """Width of each window and of the letter in it, and how large its pictures are."""
    posts = [
        a_post(number, image=Image(f"https://blog.example.org/{name}", "A"))
        for number, name in enumerate([*PICTURES, *PICTURES], 1)
    ]
    content = an_edition(template, posts)
    logo = read_picture("logo.png", a_png(1200, 100))
    brand = Brand("logo.png", 536, "#a8321a", "12 rue des Martyrs", "https://example.org")
    content = replace(
        content,
        publisher=replace(content.publisher, brand=brand),
        pictures={LOGO: logo},
    )
    digest = DigestRenderer(content).render(SUBSCRIBERS[0], unsubscribe_url=LEAVE)
    html = shown_alone(digest.html, [logo]).replace("https://blog.example.org/", "")
    (folder / "digest.html").write_text(html)
    for name, sides in PICTURES.items():
        (folder / name).write_bytes(a_png(*sides))
    frames = (f"<iframe src=digest.html width={width} height=900></iframe>" for width in WIDTHS)
    (folder / "page.html").write_text(f"<!doctype html>{_SAY}{''.join(frames)}")
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--disable-dev-shm-usage", "--allow-file-access-from-files"),
            *("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}"),
            *("--virtual-time-budget=5000", "--dump-dom", (folder / "page.html").as_uri()),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=WITHIN,
        check=False,
    )
    found = re.search(r"<title>(.*?)</title>", done.stdout)
    assert found, done.stderr[-500:]
    return found[1]


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")
@pytest.mark.parametrize("template", OURS)
def test_a_letter_is_as_wide_as_its_window_and_no_picture_is_blown_up(template, tmp_path):
    said = said_of(tmp_path, template)

    widths = [tuple(map(int, found)) for found in re.findall(r"(\d+):(\d+)", said)]
    assert widths == [(width, width) for width in WIDTHS]
    pictures = re.findall(r"(\w+)\.png (\d+)x(\d+)", said)
    for name, width, height in pictures:
        assert int(height) <= 640
        most = PICTURES[f"{name}.png"]
        assert int(width) <= most[0]
        assert abs(int(width) * most[1] - int(height) * most[0]) <= max(most)  # not stretched
    assert bool(pictures) == (template != "bulletin")
