"""Templates are changed beside what they make, checked first, and can be taken back."""

from html import unescape

import pytest

from dispatch.model.team.role import Role
from team_stage import join, signed_in

SUBJECT = "/team/templates/weekly/subject.txt"


@pytest.fixture
def jean(app):
    join(app, "jean", Role.OWNER)
    with signed_in(app, "jean") as jean:
        yield jean


@pytest.fixture
def made(app):
    list(app.intake.poll(app.workspace.feeds))
    app.campaigns.run(app.campaign("weekly"))


def test_all_of_them_are_listed_with_what_uses_them(jean):
    page = jean.get("/team/templates").text

    assert "digest.mjml" in page
    assert jean.get("/team/templates/weekly").headers["location"].endswith("/weekly/digest.mjml")
    assert jean.get("/team/templates/nothing").status_code == 404
    assert jean.get("/team/templates/weekly/../../schedules.yaml").status_code == 404
    assert jean.get("/team/templates/weekly/logo.png").status_code == 404


def test_it_is_saved_when_nothing_is_wrong_with_it_and_can_be_taken_back(app, jean):
    file = app.folder / "templates/weekly/subject.txt"
    before, seen = file.read_text(), app.texts.read("templates/weekly/subject.txt").fingerprint
    saved = jean.post(SUBJECT, data={"source": "{{ edition.title }} !\n", "seen": seen})
    after = file.read_text()
    *_, first = app.texts.versions("templates/weekly/subject.txt")
    page = jean.get(f"/team/templates/weekly/versions?file=subject.txt&version={first.id}")

    assert saved.headers["location"] == f"{SUBJECT}?said=template_saved"
    assert after == "{{ edition.title }} !\n"
    assert first.by == ""
    assert before.strip() in unescape(page.text)


def test_what_is_wrong_is_said_and_what_was_typed_stays(app, jean):
    before = (app.folder / "templates/weekly/subject.txt").read_text()

    answer = jean.post(SUBJECT, data={"source": "{{ edition.tittle }}"})

    assert answer.status_code == 422
    assert "edition.tittle" in answer.text
    assert "Nothing was saved." in answer.text
    assert (app.folder / "templates/weekly/subject.txt").read_text() == before


def test_who_saves_over_somebody_else_sees_both(app, jean):
    answer = jean.post(SUBJECT, data={"source": "{{ edition.title }}", "seen": "of another"})

    assert answer.status_code == 409
    assert "Theirs, as it is saved" in answer.text


def test_what_a_template_fails_with_can_be_read_in_the_frame(made, jean):
    data = {"source": "{{ nothing.like.it", "try": "yes"}

    answer = jean.post("/team/templates/weekly/digest.mjml", data=data)

    assert answer.status_code == 422
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_preview_is_bare_and_runs_nothing(made, jean):
    saved = jean.get("/team/templates/weekly/digest.mjml/preview")
    tried = jean.post(
        "/team/templates/weekly/digest.mjml",
        data={"source": "<mjml><mj-body><mj-raw>Tried</mj-raw></mj-body></mjml>", "try": "yes"},
    )
    wrong = jean.post(SUBJECT, data={"source": "{{ nothing }}", "try": "yes"})

    assert saved.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "The Atelier Letter" in saved.text
    assert "Tried" in tried.text
    assert wrong.status_code == 422
    assert "nothing" in wrong.text
