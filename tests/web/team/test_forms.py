"""Public forms are made, changed and taken away in pages, through the file's own writer."""

import re

import pytest

from dispatch.model.team.role import Role
from team_stage import join, signed_in


@pytest.fixture
def ada(app):
    join(app, "ada", Role.EDITOR)
    with signed_in(app, "ada") as ada:
        yield ada


def seen_on(ada, path: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', ada.get(path).text)[1]


def test_a_form_is_made_and_those_that_stood_by_themselves_stay(app, ada):
    wrong = ada.post("/team/forms", data={"name": "Spring Fest", "audience": "readers"})
    made = ada.post("/team/forms", data={"name": "fest", "audience": "readers"})
    twice = ada.post("/team/forms", data={"name": "fest", "audience": "readers"})

    assert (wrong.status_code, made.status_code, twice.status_code) == (422, 303, 422)
    assert list(app.workspace.forms) == ["readers", "fest"]
    assert ada.get("/subscribe/fest").status_code == 200


def test_a_change_is_shown_then_made_and_the_rest_of_the_file_stays(app, ada, folder):
    file = folder / "schedules.yaml"
    own = "# ours\nforms:\n  fest:  # the spring\n    audiences: [readers]\n    per_hour: 50\n"
    file.write_text(file.read_text() + own)
    app.reload_if_changed()
    form = {
        "seen": seen_on(ada, "/team/forms/fest"),
        "audiences": "readers",
        "fields": ["name", "topics"],
        "topics": "AI | Drawing",
        "consent": "I would like to get it.",
        "confirm": "double",
        "own_name": "company",
        "own_label": "Where you work",
    }

    wrong = ada.post("/team/forms/fest", data=form | {"remind": "9d", "save": "yes"})
    looked = ada.post("/team/forms/fest", data=form | {"look": "yes"})
    before = file.read_text()
    saved = ada.post("/team/forms/fest", data=form | {"save": "yes"})
    stale = ada.post("/team/forms/fest", data=form | {"title": "Fest", "save": "yes"})

    answers = [wrong, looked, saved, stale]
    assert [one.status_code for one in answers] == [422, 200, 303, 409]
    assert "I would like to get it." in wrong.text
    assert "<ins>+" in looked.text
    assert "consent" not in before
    assert "nothing of yours is lost" in stale.text
    assert 'value="Fest"' in stale.text
    assert f'value="{app.texts.plan.fingerprint}"' in stale.text  # so that it can be saved now
    fest = app.workspace.form("fest")
    assert [one.name for one in fest.fields] == ["name", "topics", "company"]
    assert fest.fields[1].choices == ("AI", "Drawing")
    assert fest.per_hour == 50
    text = file.read_text()
    assert "# ours\nforms:\n  fest:  # the spring\n" in text
    with app.store.read() as tx:
        [line] = tx.audit.page()
    assert (line.act, line.subject, line.by) == ("form.change", "fest", "ada")


def test_the_last_form_that_is_taken_away_leaves_a_file_that_has_none(app, ada, folder):
    seen = seen_on(ada, "/team/forms/readers")

    gone = ada.post("/team/forms/readers", data={"seen": seen, "remove": "yes"})

    assert gone.status_code == 303
    assert app.workspace.forms == {}
    assert "forms: {}" in (folder / "schedules.yaml").read_text()
    assert ada.get("/team/forms").status_code == 200
    assert ada.get("/team/forms/readers").status_code == 404


def test_a_form_can_be_pasted_in_each_language(ada):
    assert "Subscribe&lt;/button&gt;" in ada.get("/team/forms/readers?lang=en").text
    assert "S&#39;abonner&lt;/button&gt;" in ada.get("/team/forms/readers?lang=fr").text.replace(
        "’", "&#39;"
    )
