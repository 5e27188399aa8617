"""The settings of a workspace, written into schedules.yaml as a person would."""

import re

import pytest

from app_stage import change
from dispatch.model.team.role import Role
from team_stage import join, signed_in


@pytest.fixture
def jean(app):
    join(app, "jean", Role.OWNER)
    with signed_in(app, "jean") as browser:
        yield browser


def form(jean) -> dict[str, str]:
    """What the form would post as it stands there."""
    page = jean.get("/team/settings").text
    found = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    return {name: text for name, text in found.items() if name != "keep_networks"}


def test_what_is_changed_is_written_and_all_else_keeps_its_bytes(app, folder, jean):
    before = (folder / "schedules.yaml").read_text(encoding="utf-8")
    typed = form(jean) | {"locale": "fr", "erase_after": "2 years", "keep_networks": "yes"}

    answer = jean.post("/team/settings", data=typed)

    after = (folder / "schedules.yaml").read_text(encoding="utf-8")
    assert answer.headers["location"] == "/team/settings?said=settings_saved"
    assert after.startswith(before.replace("locale: en", "locale: fr").rstrip())
    assert app.workspace.erase_after is not None
    assert app.workspace.keep_networks
    with app.store.read() as tx:
        [line] = tx.audit.page()
    assert (line.by, line.act) == ("jean", "settings.change")
    assert line.detail["keys"] == ["locale", "people.erase_after", "people.keep_networks"]


def test_a_form_that_says_what_the_file_says_writes_nothing(folder, jean):
    before = (folder / "schedules.yaml").stat()

    answer = jean.post("/team/settings", data=form(jean))

    assert answer.headers["location"] == "/team/settings?said=settings_same"
    assert (folder / "schedules.yaml").stat().st_mtime_ns == before.st_mtime_ns


def test_each_error_stands_at_its_field_and_what_was_typed_stays(folder, jean):
    before = (folder / "schedules.yaml").read_bytes()
    wrong = {"sender_email": "nobody", "timezone": "Europe/Pari", "accent": "red"}

    answer = jean.post("/team/settings", data=form(jean) | wrong)

    assert answer.status_code == 422
    for name, text in wrong.items():
        assert f'id="{name}-error"' in answer.text
        assert f'value="{text}"' in answer.text
    assert (folder / "schedules.yaml").read_bytes() == before


def test_a_file_that_has_changed_meanwhile_is_shown_beside_what_was_typed(folder, jean):
    typed = form(jean) | {"locale": "fr"}
    change(folder, "locale: en", "locale: de  # Jean asked for it")

    answer = jean.post("/team/settings", data=typed)

    assert answer.status_code == 409
    assert "The file says now: de" in answer.text
    assert 'value="fr"' in answer.text
    mine = form(jean) | {"locale": "fr"}
    assert jean.post("/team/settings", data=mine).status_code == 303
    text = (folder / "schedules.yaml").read_text(encoding="utf-8")
    assert "locale: fr  # Jean asked for it" in text


def test_a_file_that_nobody_can_read_says_where(folder, jean):
    (folder / "schedules.yaml").write_text("a: [", encoding="utf-8")

    answer = jean.get("/team/settings")

    assert answer.status_code == 422
    assert "schedules.yaml:1" in answer.text


def test_an_accent_is_shown_with_how_well_it_can_be_read(folder, jean):
    change(folder, "locale: en", 'locale: en\nbrand: {accent: "#ffe600"}')

    assert "Hard to read on paper" in jean.get("/team/settings").text
