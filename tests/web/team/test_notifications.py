"""Programs that are told things, on the team's pages: how it goes with each, and telling again."""

import pytest

from dispatch.model.notify.receiver import ReceiverState
from dispatch.model.team.role import Role
from dispatch.store.team.agenda import Agenda
from team_house import tell_programs
from team_stage import join, signed_in


@pytest.fixture
def ada(app):
    tell_programs(app)
    join(app, "ada", Role.ADMIN)
    with signed_in(app, "ada") as ada:
        yield ada


def test_each_program_is_shown_as_it_goes_with_it(ada, monkeypatch):
    monkeypatch.setattr(Agenda, "is_empty", lambda _: False)  # home is not for beginners any more

    listed = ada.get("/team/notifications").text
    wall = ada.get("/team/notifications/wall").text
    failed = ada.get("/team/notifications/wall?what=failed").text
    home = ada.get("/team").text

    assert "https://old.example" in listed
    assert "/hook" not in listed + wall  # what follows the host may be a secret
    assert "answered 503: busy" in wall
    assert "answered 503: busy" not in failed
    assert "did not answer within 15 s" in failed
    assert "Receiver old" in home
    assert "answered 410: it wants nothing more" in home


def test_what_has_failed_is_told_again_and_logged(app, ada):
    [waiting, failed] = app.notify.page("wall")[::-1]

    none = ada.post("/team/notifications/wall/replay", data={"n": "x"})
    one = ada.post("/team/notifications/wall/replay", data={"n": str(waiting.id)})
    rest = ada.post("/team/notifications/wall/replay", data={"all": "failed"})
    strange = ada.post("/team/notifications/wall/replay", data={"n": "9" * 18})

    assert none.headers["location"].endswith("said=receiver_none_chosen")
    assert one.headers["location"].endswith("said=receiver_replayed&n=1")
    assert rest.headers["location"].endswith("said=receiver_replayed&n=1")
    assert strange.status_code == 404
    assert app.notify.get(failed.id).state.value == "waiting"
    audit = ada.get("/team/audit?kind=channels").text
    assert "told a program again what had failed" in audit
    assert "/team/notifications/wall" in audit


def test_one_that_was_off_is_told_things_again(app, ada):
    answer = ada.post("/team/notifications/old/resume")
    twice = ada.post("/team/notifications/old/resume")

    assert answer.headers["location"].endswith("said=receiver_resumed")
    assert twice.status_code == 409
    states = {one.name: one.state for one in app.notify.receivers()}
    assert states["old"] is ReceiverState.ON


def test_a_receiver_whose_secret_is_missing_is_not_called(ada):
    answer = ada.post("/team/notifications/crm/test")

    assert answer.headers["location"].endswith("said=receiver_no_secret")


def test_an_unknown_receiver_is_not_found(ada):
    assert ada.get("/team/notifications/nobody").status_code == 404
