"""The settings of a workspace, written into schedules.yaml as a person would."""

import re

import pytest

from app_stage import change
from dispatch.config.splice.change import Remove
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
    return {name: text for name, text in found.items() if text != "yes"}  # of ticks


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


SERVICE = {
    "second_factor": "yes",
    "service_name": "Atelier accounts",
    "service_issuer": "https://accounts.atelier.example",
    "service_client_id": "dispatch",
    "service_client_secret": "env:SIGN_IN_SECRET",
}


def test_owners_say_how_people_sign_in_and_take_it_back(app, folder, jean):
    before = (folder / "schedules.yaml").read_text(encoding="utf-8")

    jean.post("/team/settings", data=form(jean) | SERVICE)

    rule = app.workspace.sign_in
    assert rule.second_factor
    assert rule.service.issuer == "https://accounts.atelier.example"
    app.texts.change_plan([Remove(("team", "sign_in", "second_factor"))], by="jean")
    jean.post("/team/settings", data=form(jean) | dict.fromkeys(SERVICE, ""))
    assert app.workspace.sign_in.service is None
    assert (folder / "schedules.yaml").read_text(encoding="utf-8").startswith(before.rstrip())


def test_a_secret_that_is_written_out_is_refused_and_not_shown_in_the_error(jean):
    answer = jean.post(
        "/team/settings", data=form(jean) | SERVICE | {"service_client_secret": "hunter2"}
    )

    assert answer.status_code == 422
    assert "secrets are named, never written" in answer.text


def test_an_admin_does_not_change_how_people_sign_in(app, jean):
    join(app, "ada", Role.ADMIN)

    with signed_in(app, "ada") as ada:
        page = ada.get("/team/settings").text
        answer = ada.post("/team/settings", data=form(ada) | SERVICE | {"locale": "fr"})

    assert "service_issuer" not in page
    assert answer.status_code == 303
    assert app.workspace.publisher.locale == "fr"
    assert app.workspace.sign_in.service is None
    assert not app.workspace.sign_in.second_factor


def test_an_earlier_version_gives_nobody_more_than_they_may(app, folder, jean):
    join(app, "ada", Role.EDITOR)
    jean.post("/team/settings", data=form(jean) | SERVICE | {"second_factor": ""})
    with app.store.read() as tx:
        *_, before = tx.file_versions.all("schedules.yaml")
    address = f"/team/schedules/versions/{before.id}"
    seen = {"seen": app.texts.plan.fingerprint}

    with signed_in(app, "ada") as ada:
        page, answer = ada.get(address), ada.post(address, data=seen)

    assert "These roles may go back to it: owner" in page.text
    assert (answer.status_code, answer.headers["x-needs-role"]) == (403, "owner")
    assert app.workspace.sign_in.service is not None
    assert jean.post(address, data=seen).status_code == 303
    assert app.workspace.sign_in.service is None
