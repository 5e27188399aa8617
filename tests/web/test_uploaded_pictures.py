"""Uploaded pictures are served to anybody, and nothing else is at their addresses."""

import pytest

from dispatch.model.editions.card import keep

RED = keep("image/png", 400, 300, b"\x89PNG and so on")
PATH = f"/pictures/{RED.mark}.png"


@pytest.fixture
def there(browser, app, clock):
    with app.store.begin() as tx:
        tx.uploaded_pictures.keep(RED, name="red.png", by="ines", now=clock())
    return browser


def test_it_stays_what_it_is(there):
    answer, head = there.get(PATH), there.head(PATH)

    assert answer.content == RED.data
    assert head.content == b""
    for one in (answer, head):
        assert one.status_code == 200
        assert one.headers["Content-Type"] == "image/png"
        assert one.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert one.headers["X-Content-Type-Options"] == "nosniff"
        assert one.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert one.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in one.headers
    known = there.get(PATH, headers={"If-None-Match": answer.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        f"/pictures/{RED.mark}.jpg",
        f"/pictures/{RED.mark}",
        f"/pictures/{RED.mark.upper()}.png",
        f"/pictures/{'0' * 64}.png",
        f"/pictures/{RED.mark}.svg",
        "/pictures/..%2f..%2fetc.png",
        "/pictures/" + "a" * 2_000,
        "/pictures/",
    ],
)
def test_anything_else_is_a_page_that_says_so(there, path):
    answer = there.get(path)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
