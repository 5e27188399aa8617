"""Every page of readers, in a real browser: each can be seen, read, reached and used by all.

A page more is a line more in PAGES.
"""

import socket
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from starlette.responses import HTMLResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from app_stage import change, opened, workspace_in
from dispatch.app import App
from dispatch.errors import StoreUnavailable
from dispatch.model.people.sign_up import Profile
from dispatch.model.people.subscriber import NOBODY, Subscriber
from dispatch.pipeline.people.confirm_sign_up import confirm_sign_up
from dispatch.pipeline.people.pause import pause_until
from dispatch.pipeline.people.suppress import suppress_address
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_png
from dispatch.web.chooser import choices_path
from dispatch.web.page import PRIVATE, words_for
from dispatch.web.public.problems import gone, too_many
from joining_stage import with_forms
from pages_stage import CHROMIUM, Visit, pages_stage

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

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
    cadences:
      default: weekly
      each post: {schedule: {every: day, at: "08:00"}}
      weekly: {schedule: {every: tuesday, at: "09:00"}}
      monthly: {schedule: {every: month, on: 1st, at: "09:00"}}
  bulletin:
    title: Le Bulletin
    feeds: [atelier, notebook]
    archive: public
    schedule: {every: friday, at: "17:30"}
    email: {audience: readers, template: bulletin}
"""
Path = Callable[[App], str]
READERS, NEW = "readers", "ada@example.org"
READER = "reader@readers.example"
PAUSED, KEPT_AWAY = "noor.haddad@readers.example", "kenji.sato@readers.example"
MOVING = ("jonas.weber@readers.example", "jonas@example.org")
BUTTON = ("button.main",)
TWICE = BUTTON * 2  # a form that is posted sooner than anybody types is asked once more
UNDO, WHY = "form[action*='/undo'] button", "form[action*='/why'] button"
DAY = ("summary", "input[name=weeks][value=day]", "[value=pause]")
FORM, ERASE = "/subscribe/newsletter", "/erase"
FILLED = {"#email": NEW, "#name": "Ada", "#company": "Engines"}


def leave(email: str) -> Path:
    return lambda app: _path(app.tools.links.unsubscribe_url(_token(app, "unsubscribe", email)))


def often(email: str) -> Path:
    return lambda app: _path(app.tools.links.cadence_url(_token(app, "cadence", email)))


def choices(email: str, more: str = "") -> Path:
    return lambda app: choices_path(app, _person(app, email)) + more


def signed_up(*, days: int = 0) -> Path:
    """The link that is mailed to somebody who has just filled in the form, or days ago."""

    def path(app: App) -> str:
        with app.store.begin() as tx:
            asked = tx.sign_ups.add(
                "newsletter",
                NEW,
                (READERS,),
                Profile(),
                now=app.clock() - timedelta(days=days),
                ids=app.tools.new_id,
            )
        return _path(app.tools.links.confirm_url(asked.public_id, "newsletter"))

    return path


def joined(path: Path) -> Path:
    """The same, for somebody who has joined just now, and may have left or been erased before."""

    def joined(app: App) -> str:
        _join(app)
        return path(app)

    return joined


def _join(app: App) -> None:
    links = app.tools.links
    confirm_sign_up(
        links.read_confirm(signed_up()(app).rpartition("/")[2]),
        welcome_of=lambda _: "",
        store=app.store,
        clock=app.clock,
        ids=app.tools.new_id,
        endings=app.tools.endings,
    )


def moving(app: App) -> str:
    """The link that is mailed to a new address."""
    here, there = MOVING if _person(app, MOVING[0]) else reversed(MOVING)
    person = _person(app, here)
    with app.store.begin() as tx:
        change = tx.address_changes.add(person.id, there, now=app.clock(), ids=app.tools.new_id)
    return _path(app.tools.links.new_address_url(change.public_id))


def _person(app: App, email: str) -> Subscriber | None:
    with app.store.read() as tx:
        return tx.subscribers.find(email)


def _token(app: App, purpose: str, email: str) -> str:
    person = _person(app, email)
    make = getattr(app.tools.links, f"{purpose}_token")
    return make(person.public_id if person else NOBODY, READERS)


def _path(url: str) -> str:
    return urlsplit(url).path


def newest(app: App) -> str:
    with app.store.read() as tx:
        return f"/archive/bulletin/{tx.archive.of('bulletin')[-1].name}"


PAGES = [
    Visit("subscribe", FORM),
    Visit("subscribe-wrong", FORM, BUTTON, status=422),
    Visit("subscribed", FORM, ("input[name=agree]", *TWICE), FILLED),
    Visit("confirm", signed_up()),
    Visit("confirmed", signed_up(), BUTTON),
    Visit("confirm-over", signed_up(days=8), status=410),
    Visit("leave", leave(READER)),
    Visit("left", joined(leave(NEW)), BUTTON),
    Visit("left-thanks", joined(leave(NEW)), (*BUTTON, "input[value=often]", WHY)),
    Visit("left-undone", joined(leave(NEW)), (*BUTTON, UNDO)),
    Visit("left-nobody", leave(""), BUTTON),
    Visit("choices", choices(READER)),
    Visit("choices-by-old-link", often(READER)),
    Visit("choices-saved", choices(READER), ["[value=save]"]),
    Visit("choices-paused", choices(PAUSED)),
    Visit("choices-kept-away", choices(KEPT_AWAY)),
    Visit(
        "choices-wrong",
        choices(READER),
        DAY,
        status=422,
    ),
    Visit("choices-nobody", often("")),
    Visit("choices-link", "/preferences"),
    Visit("choices-link-wrong", "/preferences", BUTTON, status=422),
    Visit("choices-link-sent", "/preferences", BUTTON, {"#email": READER}),
    Visit("address", moving),
    Visit("address-moved", moving, BUTTON),
    Visit("erase", choices(READER, ERASE)),
    Visit("erase-wrong", choices(READER, ERASE), ["main form button"], status=422),
    Visit("erased", joined(choices(NEW, ERASE)), ["main form button"], {"#email": NEW}),
    Visit("front", "/", pictures=True),
    Visit("archive", "/archive/bulletin", pictures=True),
    Visit("edition", newest, pictures=True, language="en"),
    Visit("not-found", "/nothing", status=404),
    Visit("gone", "/test/gone", status=410),
    Visit("too-often", "/test/often", status=429),
    Visit("failed", "/test/failed", status=500),
    Visit("away", "/test/away", status=503),
]


def _gone(request):
    words = words_for(request)
    return gone(request, words("problems.unknown"), words("problems.unknown_advice"))


def _fail(_request):
    raise RuntimeError


def _away(_request):
    raise StoreUnavailable("database: away - start it")


BAD = """<!doctype html><html lang="en"><title>Bad</title><style>a {{outline: none}}</style>
<script>1</script><script src="https://elsewhere.example/a.js"></script><main>
<img src="data:,"><a href="/">A</a><pre>{}</pre></main>""".format("x" * 300)


def _bad(_request):
    policy = PRIVATE["Content-Security-Policy"].replace("style-src", "style-src 'unsafe-inline'")
    return HTMLResponse(BAD, headers=PRIVATE | {"Content-Security-Policy": policy})


def _prepare(app: App) -> None:
    """An edition for the archive, somebody who has paused, somebody who gets nothing."""
    list(app.intake.poll(app.workspace.feeds))
    app.campaigns.run(app.campaign("bulletin"))
    person = _person(app, PAUSED)
    day = app.clock().date() + timedelta(days=20)
    pause_until(person.id, day, app.clock().tzinfo, store=app.store, clock=app.clock)
    suppress_address(
        KEPT_AWAY,
        reason="bounced",
        store=app.store,
        clock=app.clock,
        endings=app.tools.endings,
    )


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
        with_forms(folder)
        with opened(folder, clock) as app:
            list(app.people.import_files())
            _prepare(app)
            with capture_logs(), pages_stage(app, listener, routes) as stage:
                yield stage


@pytest.mark.parametrize("visit", PAGES, ids=str)
def test_a_page_can_be_seen_read_reached_and_used_by_all(stage, visit):
    assert stage.faults(visit) == []


def test_what_is_wrong_is_found(stage):
    said = "\n".join(stage.faults(Visit("bad", "/test/bad", status=201)))

    for fault in (
        "bad (en): answers 200, not 201",
        "bad (fr): is in another language",
        "bad (en): console: Executing inline script violates",
        "bad (en): asks elsewhere: https://elsewhere.example/a.js",
        "bad (en): light, 390 px: image-alt: <img",
        "bad (en): dark, 1280 px: image-alt: <img",
        "bad (fr): dark, 390 px: image-alt: <img",
        "bad (en, no script): focus cannot be seen: <a",
        "bad (fr): 320 px: too wide: <pre",
        "bad (en): 1280 px: too wide: <pre",
    ):
        assert fault in said
