"""From a post's page to a room: what was found when an edition was made is what goes out."""

import json
from urllib.parse import unquote

import httpx
import pytest

from app_stage import change, opened, workspace_in
from dispatch.errors import NotFound
from dispatch.model.campaigns.schedule import slot_at
from odd_pictures import photograph

PAGE = (
    '<meta property="og:title" content="From its page"><meta property="og:image" content="/a.jpg">'
)
PICTURE = photograph(300, 200)


class Web:
    """Pages with a picture each, and a homeserver; `up` says whether the pages are there."""

    def __init__(self):
        self.up = True
        self.uploads = []
        self.said = []

    def __call__(self, request):
        path = unquote(request.url.path)
        if request.url.host == "matrix.example.org":
            return self._matrix(request, path)
        if not self.up or path == "/robots.txt":
            return httpx.Response(404)
        if path.endswith(".jpg"):
            return httpx.Response(200, content=PICTURE)
        return httpx.Response(200, text=PAGE, headers={"Content-Type": "text/html"})

    def _matrix(self, request, path):
        if "/upload" in path:
            self.uploads.append(request.content)
            return httpx.Response(200, json={"content_uri": "mxc://matrix.example.org/1"})
        if request.method == "PUT":
            self.said.append(json.loads(request.content))
            return httpx.Response(200, json={"event_id": f"${len(self.said)}"})
        return httpx.Response(404, json={"errcode": "M_NOT_FOUND", "error": "not there"})


@pytest.fixture
def web():
    return Web()


@pytest.fixture
def app(tmp_path, migrated_sqlite, clock, web):
    folder = workspace_in(tmp_path / "letters", migrated_sqlite)
    options = '{server: "https://matrix.example.org", room: "!a:example.org", token: env:TOKEN}'
    room = f"  room: {{provider: matrix, options: {options}}}\n"
    channels = f"channels:\n  outbox: {{provider: outbox}}\n{room}\ncampaigns:\n"
    change(folder, "campaigns:\n", channels)
    change(
        folder,
        "{template: weekly, each: post}",
        "{via: room, template: weekly, each: post, every: 0m}",
    )
    with opened(folder, clock, web, environ={"TOKEN": "a-token"}) as app:
        yield app


def test_what_was_found_goes_out_though_the_pages_are_gone(app, web):
    list(app.people.import_files())
    list(app.intake.poll(app.workspace.feeds))
    edition = app.editions.compose(app.campaign("weekly"), slot_at(app.clock(), "UTC")).edition
    web.up = False

    app.delivery.address(edition.id)
    app.delivery.send(edition.id)

    assert len(web.said) == len(edition.content.posts) == len(edition.content.cards)
    assert {one["msgtype"] for one in web.said} == {"m.image"}
    kept = app.cards.picture(edition.content.cards[0].own)
    assert web.uploads == [kept.data] * len(web.said)
    assert (kept.width, kept.height) == (300, 200)
    with pytest.raises(NotFound):
        app.cards.picture("0" * 64)
    assert app.cards.forget() == 0
