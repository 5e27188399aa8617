"""Style sheet, script and icon: kept for a year under an address that changes with them."""

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from dispatch.model.campaigns.brand import Brand
from dispatch.web.routes import new_web
from dispatch.web.statics import FOLDER, Statics

MOST = {
    "dispatch.css": 40_000,
    "app.js": 12 * 1024,
    "icon.svg": 1_000,
    "writing.css": 6_144,
    "writing.js": 6_144,
    "keeping.js": 3_072,
}


def base(browser) -> str:
    """What stands before the names of the files on a page."""
    [found] = re.findall(r'href="(.*)/dispatch.css"', browser.get("/nothing").text)
    return found


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dispatch.css", "text/css; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_what_pages_name_is_there_for_a_year(browser, name, kind):
    path = f"{base(browser)}/{name}"
    packed, plain = browser.get(path), browser.get(path, headers={"Accept-Encoding": ""})

    assert packed.status_code == plain.status_code == 200
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.content == plain.content == (FOLDER / name).read_bytes()
    for answer in (packed, plain, browser.head(path)):
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", MOST)
def test_they_are_small(name):
    assert len((FOLDER / name).read_bytes()) < MOST[name]


@pytest.mark.parametrize(
    "path",
    [
        "/static/0000000000000000/dispatch.css",
        "/static//dispatch.css",
        "/static/dispatch.css",
        "{base}",
        "{base}/",
        "{base}/Dispatch.css",
        "{base}/dispatch.css/",
        "{base}/dispatch.css%00",
        "{base}/../routes.py",
        "{base}/..%2froutes.py",
        "{base}/%2e%2e%2f%2e%2e%2froutes.py",
        "{base}/..%5croutes.py",
        "{base}//etc/passwd",
        "{base}/brand.css",
        "/static/%ff/%ff",
    ],
)
def test_nothing_else_is(browser, path):
    answer = browser.get(path.format(base=base(browser)))

    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_address_changes_with_any_of_them(tmp_path):
    (tmp_path / "a.css").write_text("a {}")
    before = Statics(tmp_path).fingerprint
    (tmp_path / "a.css").write_text("a { }")
    changed = Statics(tmp_path).fingerprint
    (tmp_path / "a.css").rename(tmp_path / "b.css")

    assert len({before, changed, Statics(tmp_path).fingerprint}) == 3


def test_the_publishers_colours_have_an_address_of_their_own(app, browser):
    def sheet() -> str:
        [found] = re.findall(r'href="(/static/\w+/brand.css)"', browser.get("/nothing").text)
        return found

    seen = {}
    for accent in ("#a8321a", "#ffe600"):
        brand = Brand(accent=accent)
        publisher = replace(app.workspace.publisher, brand=brand)
        app.tools.files.workspace = replace(app.workspace, publisher=publisher)
        seen[accent] = sheet()
        said = f":root {{ --brand: light-dark({brand.accent_on_light}, {brand.accent_on_dark}); }}"
        assert browser.get(seen[accent]).text == said + "\n"

    assert len(set(seen.values())) == 2
    assert browser.get(seen["#a8321a"]).status_code == 404  # they are others now


def test_they_are_below_the_path_of_the_public_address(app):
    publisher = replace(app.workspace.publisher, public_url="https://example.org/news")
    app.tools.files.workspace = replace(app.workspace, publisher=publisher)
    with TestClient(new_web(app)) as browser:
        begin = base(browser)

        assert begin.startswith("/news/static/")
        assert browser.get(f"{begin}/app.js").status_code == 200
        assert browser.get(f"{begin.removeprefix('/news')}/app.js").status_code == 404
