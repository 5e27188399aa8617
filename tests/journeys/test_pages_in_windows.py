"""Every page of readers, in a real browser: each can be seen, read, reached and used by all.

A page more is a line more in PAGES.
"""

import socket
from datetime import timedelta

import pytest
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app_stage import change, opened, workspace_in
from dispatch.errors import StoreUnavailable
from dispatch.model.people.subscriber import NOBODY
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_png
from dispatch.web.page import PRIVATE, words_for
from dispatch.web.public.problems import gone, too_many
from pages_stage import CHROMIUM, Visit, pages_stage

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

ENGLISH, LEAVING = "reader@readers.example", "camille.moreau@readers.example"
BRAND = """\
brand: {logo: logo.png, accent: "#2f5fd0", address: "12 rue des Martyrs\\n75009 Paris",
  website: "https://atelier.example"}
"""
CAMPAIGNS = """\
campaigns:
  letter:
    title: The Atelier Letter
    feeds: [atelier]
    email: {audience: readers, template: weekly}
    archive: public
    posts: {at_most: 2}
    cadences:
      default: weekly
      each post: {schedule: {every: day, at: "08:00"}}
      weekly: {schedule: {every: tuesday, at: "09:00"}}
      monthly: {schedule: {every: month, on: 1st, at: "09:00"}}
"""
READERS, BUTTON = "readers", "button.main"


def leave(email: str):
    return lambda app: f"/unsubscribe/{app.tools.links.unsubscribe_token(_id(app, email), READERS)}"


def often(email: str):
    return lambda app: f"/cadence/{app.tools.links.cadence_token(_id(app, email), READERS)}"


PAST = "/archive/letter-weekly"

PAGES = [
    Visit("front", "/", pictures=True),
    Visit("past-editions", PAST, pictures=True),
    Visit("edition", f"{PAST}/2026-11-24-0901", pictures=True, lang="en"),
    Visit("leave", leave(ENGLISH)),
    Visit("left", leave(LEAVING), press=BUTTON),
    Visit("left-nobody", leave(""), press=BUTTON),
    Visit("how-often", often(ENGLISH)),
    Visit("how-often-saved", often(ENGLISH), press=BUTTON),
    Visit("how-often-nobody", often("")),
    Visit("not-found", "/nothing", status=404),
    Visit("gone", "/test/gone", status=410),
    Visit("too-often", "/test/often", status=429),
    Visit("failed", "/test/failed", status=500),
    Visit("away", "/test/away", status=503),
]


def _id(app, email: str) -> str:
    with app.store.read() as tx:
        person = tx.subscribers.find(email) if email else None
    return person.public_id if person else NOBODY


def _gone(request):
    words = words_for(request)
    return gone(request, words("problems.unknown"), words("problems.unknown_advice"))


def _fail(_request):
    raise RuntimeError


def _away(_request):
    raise StoreUnavailable("database: away - start it")


BAD = """<!doctype html><html lang="en"><title>Bad</title><p style="color: red">Inline</p>
<script src="https://elsewhere.example/a.js"></script><main><img src="data:,"><a href="/">A</a>
<pre>{}</pre></main>""".format("x" * 300)


def _bad(_request):
    return HTMLResponse(BAD, headers=PRIVATE)


@pytest.fixture(scope="module")
def stage(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("pages") / "letters", migrated_sqlite)
    (folder / "logo.png").write_bytes(a_png())
    clock = FakeClock()
    later = clock() + timedelta(minutes=12)
    routes = [
        Route("/test/bad", _bad),
        Route("/test/gone", _gone),
        Route("/test/often", lambda request: too_many(request, later)),
        Route("/test/failed", _fail),
        Route("/test/away", _away),
    ]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", ours)
        file = folder / "schedules.yaml"
        text = file.read_text()
        file.write_text(BRAND + text[: text.index("campaigns:")] + CAMPAIGNS)
        with opened(folder, clock) as app:
            list(app.people.import_files())
            for _ in range(2):
                app.campaigns.run(app.campaign("letter-weekly"))
                clock.advance(timedelta(minutes=1))
            with pages_stage(app, listener, routes) as stage:
                yield stage


@pytest.mark.parametrize("visit", PAGES, ids=str)
def test_a_page_can_be_seen_read_reached_and_used_by_all(stage, visit):
    assert stage.faults(visit) == []


def test_what_is_wrong_is_found(stage):
    said = "\n".join(stage.faults(Visit("bad", "/test/bad", status=201)))

    for fault in (
        "bad (en): answers 200, not 201",
        "bad (fr): is in another language",
        "bad (en): console: Applying inline style violates",
        "bad (en): asks elsewhere: https://elsewhere.example/a.js",
        "bad (en): light, 390 px: image-alt: <img",
        "bad (fr): light, 1280 px: image-alt: <img",
        "bad (en, no script): focus cannot be seen: <a",
        "bad (en, no script): 320 px: too wide: <pre",
        "bad (en): 1280 px with wide spaces: too wide: <pre",
    ):
        assert fault in said
