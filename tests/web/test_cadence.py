"""The page where readers choose how often: looking changes nothing, one button does."""

from html import unescape

import pytest
from starlette.testclient import TestClient

from app_stage import opened
from dispatch.config.schedules.load import load_workspace
from dispatch.model.people.subscriber import NOBODY
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.web.routes import new_web

ENGLISH, FRENCH = "reader@readers.example", "camille.moreau@readers.example"
FAMILY = """\
campaigns:
  letter:
    title: The Atelier Letter
    feeds: [atelier]
    email: {audience: readers, template: weekly}
    cadences:
      default: monthly
      each post: {schedule: {every: day, at: "08:00"}}
      weekly: {schedule: {every: tuesday, at: "09:00"}}
      monthly: {schedule: {every: month, on: 1st, at: "09:00"}}
"""


@pytest.fixture
def app(folder, clock):
    file = folder / "schedules.yaml"
    text = file.read_text()
    file.write_text(text[: text.index("campaigns:")] + FAMILY)
    with opened(folder, clock) as app:
        list(app.people.import_files())
        yield app


@pytest.fixture
def path(app):
    """The path of somebody's page."""

    def path(email: str = ENGLISH, audience: str = "readers") -> str:
        with app.store.read() as tx:
            person = tx.subscribers.find(email)
        token = app.tools.links.cadence_token(person.public_id if person else NOBODY, audience)
        return f"/cadence/{token}"

    return path


@pytest.fixture
def word(app):
    """What somebody has chosen."""

    def word(email: str = ENGLISH) -> str:
        with app.store.read() as tx:
            return tx.subscribers.find(email).cadence

    return word


def test_looking_shows_what_there_is_and_changes_nothing(browser, path, word):
    for method in ("GET", "HEAD", "GET"):
        answer = browser.request(method, path())
        assert answer.status_code == 200

    page = unescape(answer.text)
    assert "How often would you like The Atelier Letter?" in page
    assert page.count('type="radio"') == 3
    assert 'value="monthly" required checked' in page
    assert "With each new post" in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert word() == ""


def test_the_page_is_about_what_can_be_chosen_and_nothing_else_of_the_audience(
    app, browser, folder, path
):
    file = folder / "schedules.yaml"
    more = """\
  news:
    title: The News
    feeds: [atelier]
    schedule: {every: friday, at: "09:00"}
    email: {audience: readers, template: weekly}
"""
    file.write_text(file.read_text() + more)
    app.tools.files.workspace = load_workspace(folder)

    for answer in (browser.get(path()), browser.post(path(), data={"cadence": "weekly"})):
        assert "The Atelier Letter" in answer.text
        assert "The News" not in answer.text


def test_the_button_saves_the_choice_and_says_what_follows(browser, path, word):
    answer = browser.post(path(FRENCH), data={"cadence": "each post"})

    assert answer.status_code == 200
    assert "Votre choix est enregistré." in unescape(answer.text)
    assert "\u202f: à chaque nouveau texte." in unescape(answer.text)
    assert word(FRENCH) == "each post"


FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def unchanged(browser, word):
    """A browser that changes nothing of what was chosen."""
    yield browser
    assert word() == ""


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        ("", FORM, 422),
        ("cadence=", FORM, 422),
        ("cadence=daily", FORM, 422),
        ("cadence=<b>", FORM, 422),
        ("Cadence=weekly", FORM, 422),
        ("cadence=weekly&cadence=weekly", FORM, 422),
        ("cadence=weekly&cadence=", FORM, 422),
        ("cadence=weekly&a=1&a=2", FORM, 422),
        ("cadence=weekly&a=&b=&c=&d=&e=", FORM, 422),
        ("&" * 1500, FORM, 422),
        ("cadence=week%ZZly", FORM, 422),
        ("cadence=weekly%", FORM, 422),
        ("cadence=weekly%00", FORM, 422),
        ("cadence=%FFweekly", FORM, 422),
        (b"cadence=weekly\xff", FORM, 422),
        (b"cadence=weekly&\xe9=1", FORM, 422),
        (b"\x00\xff" * 500, FORM, 422),
        ("cadence=weekly&a=" + "x" * 2_000, FORM, 413),
        ("cadence=" + "weekly" * 200_000, FORM, 413),
        ('{"cadence": "weekly"}', "application/json", 422),
        ("cadence=weekly", "text/plain", 422),
        ("cadence=weekly", "", 422),
        ("cadence=weekly", "multipart/form-data; boundary=x", 422),
        (
            '--x\r\nContent-Disposition: form-data; name="cadence"\r\n\r\nweekly\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
def test_what_is_no_choice_changes_nothing_and_asks_again(unchanged, path, body, kind, expected):
    answer = unchanged.post(path(), content=body, headers={"Content-Type": kind})

    assert answer.status_code == expected
    assert "Please choose one of these." in answer.text
    assert answer.text.count('type="radio"') == 3
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", [FORM, FORM + "; charset=UTF-8", FORM.upper()])
@pytest.mark.parametrize("body", ["cadence=weekly", "a=1&cadence=weekly&b=2&c=3&d=4"])
def test_a_form_may_say_a_few_other_things_besides(browser, path, word, body, kind):
    answer = browser.post(path(), content=body, headers={"Content-Type": kind})

    assert answer.status_code == 200
    assert word() == "weekly"


def test_who_has_left_is_told_so_and_nothing_changes(app, clock, browser, path, word):
    end_all_subscriptions(
        ENGLISH, source="phone", store=app.store, clock=clock, endings=app.tools.endings
    )

    for answer in (browser.get(path()), browser.post(path(), data={"cadence": "weekly"})):
        assert "is not subscribed to The Atelier Letter. Nothing was changed." in answer.text
        assert "radio" not in answer.text

    assert word() == ""


def test_a_link_of_a_test_mail_is_nobodys(browser, path):
    answer = browser.get(path("stranger@example.org"))

    assert "belongs to nobody" in answer.text


def test_where_nothing_is_offered_the_page_says_so(browser, path):
    answer = browser.get(path(audience="members"))

    assert "is not subscribed to members" in answer.text


def test_the_way_out_and_the_way_to_choose_do_not_pass_for_each_other(app, browser, path):
    choosing = path().rpartition("/")[2]
    leaving = app.tools.links.unsubscribe_token(NOBODY, "readers")

    assert browser.get(f"/unsubscribe/{choosing}").status_code == 404
    assert browser.get(f"/cadence/{leaving}").status_code == 404
    assert browser.post(f"/cadence/{leaving}", data={"cadence": "weekly"}).status_code == 404


def test_the_way_out_offers_to_choose_instead(app, browser, path):
    with app.store.read() as tx:
        token = app.tools.links.unsubscribe_token(tx.subscribers.find(ENGLISH).public_id, "readers")

    page = browser.get(f"/unsubscribe/{token}").text

    assert f"{app.workspace.publisher.public_url}{path()}" in page


def test_the_page_is_under_the_path_of_the_public_address(folder, clock):
    file = folder / "schedules.yaml"
    file.write_text(
        file.read_text().replace("https://letter.atelier.example", "https://x.example/news/")
    )
    with opened(folder, clock) as app, TestClient(new_web(app)) as browser:
        token = app.tools.links.cadence_token(NOBODY, "readers")

        assert browser.get(f"/news/cadence/{token}").status_code == 200
