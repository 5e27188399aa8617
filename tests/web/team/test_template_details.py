"""Templates, channels and their forms where something is missing, broken or not to be written."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, JsonValue, SecretStr

from app_stage import change, opened, workspace_in
from dispatch.errors import NotFound, NotWritable
from dispatch.model.team.role import Role
from dispatch.pipeline.delivery import channel_standing
from dispatch.pipeline.delivery.check_channel import Tried
from dispatch.store.delivery.channels import Stop
from dispatch.testing.clock import FakeClock
from dispatch.web.team import channel_forms
from dispatch.web.team.form import Form
from dispatch.web.team.option_fields import fields_of, first_ones, written_by
from team_stage import join, signed_in

CHANNELS = """
channels:
  ready: {provider: outbox, options: {folder: a}, pace: {per_day: 50}}
  paused: {provider: outbox, options: {folder: b}}
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory, migrated_sqlite):
    """A workspace with a template that nobody uses, and two that are not in order."""
    folder = workspace_in(tmp_path_factory.mktemp("details") / "letters", migrated_sqlite)
    change(folder, "campaigns:", f"{CHANNELS}\ncampaigns:")
    templates = folder / "templates"
    for name in ("alone", "broken", "empty"):
        (templates / name).mkdir()
    (templates / "alone/digest.mjml").write_text("<mjml></mjml>")
    (templates / "broken/digest.mjml").write_bytes(b"\xff\xfe\xff")
    with opened(folder, FakeClock()) as app:
        list(app.people.import_files())
        list(app.intake.poll(app.workspace.feeds))
        app.campaigns.run(app.campaign("weekly"))
        join(app, "jean", Role.OWNER)
        yield app


@pytest.fixture(scope="module")
def jean(app):
    with signed_in(app, "jean") as jean:
        yield jean


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("templates", 200, "not UTF-8"),
        ("templates/empty", 404, "There is no such template here"),
        ("templates/broken/digest.mjml", 404, "not UTF-8 - save the file as UTF-8"),
        ("templates/alone/digest.mjml", 200, "&lt;/mjml&gt;"),
        ("templates/alone/digest.mjml/preview", 404, "no edition has used it yet"),
        ("templates/weekly/digest.txt/preview", 200, "<pre>"),
        ("templates/weekly/digest.mjml/preview?size=plain", 200, "<pre>"),
        ("templates/weekly/snippet.txt/preview", 200, "<pre>"),
        ("channels/nowhere", 404, "There is no such channel here"),
        ("channels", 200, "ready"),
    ],
)
def test_what_is_shown_of_what_is_not_as_it_should_be(jean, path, status, said):
    answer = jean.get(f"/team/{path}")

    assert answer.status_code == status
    assert said in answer.text


def test_what_cannot_be_written_is_said_and_what_was_typed_stays(app, jean, monkeypatch):
    def full(*_given, **_named):
        raise NotWritable("the disk is full - free some space")

    monkeypatch.setattr(type(app.texts), "write", full)
    monkeypatch.setattr(type(app.texts), "change_plan", full)
    template = jean.post(
        "/team/templates/weekly/subject.txt", data={"source": "{{ edition.title }}"}
    )
    channel = {"provider": "outbox", "name": "trial", "option-folder": "try", "save": "yes"}
    connected = jean.post("/team/channels/new", data=channel)

    for answer, typed in ((template, "{{ edition.title }}"), (connected, 'value="try"')):
        assert answer.status_code == 422
        assert "the disk is full" in answer.text
        assert typed in answer.text


def test_a_channel_that_lets_nobody_in_is_saved_only_by_who_says_so(app, jean, monkeypatch):
    monkeypatch.setattr(type(app.channels), "try_plan", lambda *_: Tried(problem="login refused"))
    before = (app.folder / "schedules.yaml").read_text()
    said = {"provider": "outbox", "name": "shut", "option-folder": "try", "save": "yes"}

    refused = jean.post("/team/channels/new", data=said)
    unchanged = (app.folder / "schedules.yaml").read_text() == before
    saved = jean.post("/team/channels/new", data=said | {"anyway": "yes"})
    written = "shut" in app.workspace.channels
    (app.folder / "schedules.yaml").write_text(before)
    app.reload_if_changed()

    assert refused.status_code == 422
    assert "login refused" in refused.text
    assert unchanged
    assert written
    assert saved.status_code == 303


def test_a_provider_that_nobody_knows_is_not_connected(jean):
    answer = jean.post("/team/channels/new", data={"provider": "outbx", "name": "a"})

    assert answer.status_code == 404
    assert "outbox" in answer.text


def test_only_a_channel_that_is_stopped_can_be_resumed(app, jean):
    with app.store.begin() as tx:
        tx.channels.put_stop(Stop("paused", None, "a wrong link", failures=1))

    answers = [jean.post(f"/team/channels/{name}/resume") for name in ("paused", "ready")]

    assert [one.status_code for one in answers] == [303, 409]


def test_a_channel_whose_provider_is_not_there_any_more_says_so_on_its_page(jean, monkeypatch):
    def unknown(name):
        raise NotFound(f"provider '{name}': unknown - is it installed?")

    for page in (channel_standing, channel_forms):
        monkeypatch.setattr(page, "find_provider", unknown)
    answers = [jean.get(f"/team/channels{path}") for path in ("", "/ready", "/new")]

    assert [one.status_code for one in answers] == [200] * 3
    assert "is it installed?" in answers[1].text


def test_how_long_a_channel_drops_repeats_is_nothing_for_one_that_is_not_there(app):
    declared = app.channels.get("ready").capabilities.idempotent_for

    assert app.channels.window_of("ready") == declared
    assert app.channels.window_of("nowhere") == timedelta(0)


class Options(BaseModel):
    """One of each kind."""

    server: str = Field(description="where it is", examples=["mail.example"])
    token: SecretStr
    tls: bool = True
    quiet: bool = False
    port: int = 25
    wait: float | None = None
    kind: Literal["plain", "login"] = "plain"
    size: Annotated[int, Field(gt=0)] | None = None
    more: JsonValue = None  # an alias of types, of which the first is a list
    to: list[str] = []
    folder: Path | None = None


WRITTEN = {"server": "a.example", "token": "env:T", "tls": False, "quiet": True, "to": ["b"]}


def test_a_form_has_a_field_of_its_kind_for_each_option_that_a_line_can_say():
    fields = {one.name: one for one in fields_of(Options, WRITTEN)}

    assert {name: (one.kind, one.value, one.needed) for name, one in fields.items()} == {
        "server": ("text", "a.example", True),
        "token": ("secret", "T", True),
        "tls": ("tick", "", False),
        "quiet": ("tick", "yes", False),
        "port": ("number", "", False),
        "wait": ("number", "", False),
        "kind": ("choice", "plain", False),
        "size": ("number", "", False),
        "folder": ("text", "", False),
    }
    assert fields["kind"].pairs == [("plain", "plain"), ("login", "login")]
    assert (fields["server"].placeholder, fields["port"].placeholder) == ("mail.example", "25")
    assert first_ones(list(fields.values())) == 2
    assert first_ones([fields[name] for name in ("token", "kind", "port")]) == 2


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ({"server": "b.example", "token": "NEW"}, {"server": "b.example", "token": "env:NEW"}),
        ({"token": "file:key"}, {"token": "file:key"}),
        ({"tls": "yes", "quiet": ""}, {}),  # as they are without a word
        ({"tls": "", "quiet": "yes"}, {"tls": False, "quiet": True}),
        ({"kind": "plain"}, {}),
        ({"kind": "login"}, {"kind": "login"}),
        ({"port": "25", "wait": "1.5", "size": "many"}, {"port": 25, "wait": 1.5, "size": "many"}),
    ],
)
def test_what_is_typed_is_written_as_a_person_would_and_the_rest_stays(typed, becomes):
    form = Form({f"option-{name}": [text] for name, text in ({"tls": "yes"} | typed).items()})

    assert written_by(form, Options, WRITTEN) == {"to": ["b"]} | becomes
