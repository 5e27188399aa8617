"""`dispatch notify` from the command line."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app_stage import change
from dispatch.app import open_app
from dispatch.pipeline.notify.sign import key_of
from dispatch.store.database.schema import notifications
from notify_stage import SECRET
from pipeline.notify.test_call import answering

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def receiver(workspace, monkeypatch):
    """A program on this machine that is told things, as `crm`."""
    monkeypatch.setenv("DISPATCH_PRIVATE_NETWORKS", "127.0.0.1")
    monkeypatch.setenv("CRM_SECRET", SECRET)
    with answering(204) as (at, asked):
        told = f"notify: {{crm: {{url: '{at}/hook', secret: env:CRM_SECRET, private: true}}}}\n"
        change(workspace, "campaigns:", f"{told}campaigns:")
        yield asked


def test_what_a_run_tells_is_listed_sent_and_told_again(dispatch, receiver):
    dispatch("run", "weekly")
    waits = dispatch("notify", "list", "--json").json
    sent = dispatch("notify", "send")
    took = dispatch("notify", "list", "crm", "--json").json
    one = dispatch("notify", "show", str(took[0]["id"]))
    again = dispatch("notify", "replay", str(took[0]["id"]))

    kinds = {row["type"] for row in took}
    assert {"post.arrived", "edition.made", "edition.approved", "edition.finished"} <= kinds
    assert waits[0]["waiting"] == len(took) == len(receiver)
    assert f"{len(took)} were taken, 0 wait" in sent.out
    assert {row["state"] for row in took} == {"delivered"}
    assert json.loads(one.out.splitlines()[-1])["type"] == took[0]["type"]
    assert "1 will be told once more" in again.out
    assert dispatch("notify", "list").code == 0


def test_a_receiver_is_tried_and_a_secret_made(dispatch, receiver):
    tried = dispatch("notify", "test", "crm")
    secret = dispatch("notify", "secret").out.strip()

    assert "answered 204" in tried.out
    assert receiver == ["/hook"]
    assert key_of(secret)


def test_a_test_that_is_not_taken_is_over_and_a_missing_secret_holds_up_no_other(
    dispatch, receiver, workspace
):
    wall = "notify: {wall: {url: 'https://wall.example', secret: env:NOBODY_SET_THIS}, "
    change(workspace, "notify: {", wall)
    dispatch("run", "weekly")

    sent = dispatch("notify", "send")

    assert sent.code == 1
    assert "NOBODY_SET_THIS" in sent.err
    assert "0 were taken" not in sent.out
    assert len(receiver) > 0
    change(workspace, "/hook'", "/hook', events: [post.held]")
    change(workspace, "127.0.0.1:", "127.0.0.2:")
    tried = dispatch("notify", "test", "crm")
    assert tried.code == 1
    newest = dispatch("notify", "list", "crm", "--json").json[0]
    assert (newest["type"], newest["state"], newest["attempts"]) == ("test.ping", "failed", 1)


def test_what_cannot_be_done_is_said(dispatch, receiver):
    on = dispatch("notify", "resume", "crm")
    unknown = dispatch("notify", "list", "wall")
    neither = dispatch("notify", "replay")
    both = dispatch("notify", "list", "--failed")
    beyond = dispatch("notify", "show", "9" * 20)

    assert "nothing is to be resumed" in on.err
    assert "not in schedules.yaml" in unknown.err
    assert [one.code for one in (neither, both, beyond)] == [2, 2, 2]


@pytest.mark.parametrize("command", [("run", "weekly"), ("notify", "send")])
def test_where_cron_alone_is_at_work_what_is_old_is_forgotten_too(
    dispatch, receiver, workspace, command
):
    dispatch("run", "weekly")
    dispatch("notify", "send")
    with open_app(workspace) as app, app.store.begin() as tx:
        tx._connection.execute(sa.update(notifications).values(made_at=LONG_AGO))

    dispatch(*command)

    assert all(one["made_at"] > f"{LONG_AGO:%Y}-12" for one in told_to_crm(dispatch))


def told_to_crm(dispatch):
    return dispatch("notify", "list", "crm", "--json").json
