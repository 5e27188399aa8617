"""Channels are seen, checked, paused and connected from their pages."""

import re

import pytest

from app_stage import change, opened
from dispatch.model.team.role import Role
from dispatch.pipeline.delivery.publishing import month_of
from team_stage import join, signed_in

OUTBOX = {"provider": "outbox", "option-folder": "try"}


@pytest.fixture
def jean(app):
    join(app, "jean", Role.OWNER)
    with signed_in(app, "jean") as jean:
        yield jean


def audited(app):
    with app.store.read() as tx:
        return [one.act for one in tx.audit.page()]


def test_a_channel_is_checked_and_its_page_says_who_we_are_there(app, jean):
    answer = jean.post("/team/channels/outbox/check")

    assert answer.headers["location"] == "/team/channels/outbox?said=channel_fine"
    assert "It lets us in: " in jean.get("/team/channels/outbox").text
    assert audited(app) == ["channel.check"]


def test_it_is_paused_with_a_reason_and_goes_on_when_somebody_says_so(app, jean):
    without = jean.post("/team/channels/outbox/pause", data={"reason": " "})
    paused = jean.post("/team/channels/outbox/pause", data={"reason": "a wrong link"})
    page = jean.get("/team/channels/outbox").text
    resumed = jean.post("/team/channels/outbox/resume")

    assert without.status_code == 422
    assert "Say why nothing is to leave over it." in without.text
    assert paused.status_code == resumed.status_code == 303
    assert "paused by jean: a wrong link" in page
    assert jean.post("/team/channels/outbox/resume").status_code == 303  # it has not worked since
    assert audited(app)[-2:] == ["channel.resume", "channel.pause"]


def test_connecting_one_shows_what_will_be_written_and_writes_that_alone(app, jean):
    file = app.folder / "schedules.yaml"
    before = file.read_text()
    seen = {"seen": app.texts.plan.fingerprint, "name": "trial"}
    looked = jean.post("/team/channels/new", data=OUTBOX | seen | {"check": "yes"})
    unchanged = file.read_text()
    saved = jean.post("/team/channels/new", data=OUTBOX | seen | {"save": "yes"})

    assert looked.status_code == 200
    assert "provider: outbox" in looked.text
    assert unchanged == before
    assert saved.headers["location"] == "/team/channels/trial?said=channel_saved"
    assert app.workspace.channels["trial"].options == {"folder": "try"}
    assert "It lets us in: " in jean.get("/team/channels/trial").text  # as it was found then
    assert [line for line in before.splitlines() if line not in file.read_text()] == []
    assert audited(app) == ["channel.connect"]


@pytest.mark.parametrize("button", ["check", "save"])
def test_a_file_that_changed_meanwhile_is_shown_and_what_was_typed_stays(app, jean, button):
    seen = {"seen": app.texts.plan.fingerprint, "name": "trial"}
    change(app.folder, "locale: en", "locale: en  # Jean's")
    by_hand = (app.folder / "schedules.yaml").read_text()

    clash = jean.post("/team/channels/new", data=OUTBOX | seen | {button: "yes"})

    assert clash.status_code == 409
    assert (app.folder / "schedules.yaml").read_text() == by_hand
    for words in ("nothing of yours is lost", "# Jean&#39;s", 'value="trial"', 'value="try"'):
        assert words in clash.text
    again = {"seen": app.texts.plan.fingerprint}
    assert f'name="seen" value="{again["seen"]}"' in clash.text
    saved = jean.post("/team/channels/new", data=OUTBOX | seen | again | {"save": "yes"})
    assert saved.status_code == 303
    assert "# Jean's" in (app.folder / "schedules.yaml").read_text()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"provider": "smtp"}, "Give it a name."),
        ({"provider": "smtp", "name": "outbox"}, "There is a channel of that name"),
        ({"provider": "smtp", "name": "mail"}, "host"),
        ({"provider": "smtp", "name": "mail", "option-host": "x", "option-port": "many"}, "port"),
        ({"provider": "smtp", "name": "a b", "option-host": "x"}, "Short name"),
        (
            {
                "provider": "mastodon",
                "name": "m",
                "option-server": "https://social.example",
                "option-token": "NOWHERE_TO_BE_FOUND",
            },
            "NOWHERE_TO_BE_FOUND",
        ),
        ({"provider": "outbox", "name": "slow", "pace-per_second": "often"}, "Messages a second"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(app, jean, given, said):
    before = (app.folder / "schedules.yaml").read_text()

    answer = jean.post("/team/channels/new", data=given | {"save": "yes"})

    assert answer.status_code == 422
    assert said in answer.text
    assert (app.folder / "schedules.yaml").read_text() == before


def test_a_secret_is_kept_by_its_name_alone(app, jean):
    filled = {"provider": "mastodon", "name": "m", "option-server": "https://social.example"}
    answer = jean.post("/team/channels/new", data=filled | {"option-token": "M_TOKEN"})

    assert answer.status_code == 422  # M_TOKEN is not set here
    assert 'value="M_TOKEN"' in answer.text


def test_one_that_is_changed_keeps_what_the_form_has_no_field_for(app, jean):
    file = app.folder / "schedules.yaml"
    ours = "channels:\n  trial: {provider: outbox, options: {folder: a}, pace: {per_second: 3}}\n\n"
    file.write_text(file.read_text().replace("campaigns:", ours + "campaigns:", 1))
    app.reload_if_changed()

    form = jean.get("/team/channels/trial/edit")
    answer = jean.post(
        "/team/channels/trial/edit",
        data={"option-folder": "b", "pace-per_second": "5", "save": "yes"},
    )

    assert 'value="3"' in form.text
    assert answer.status_code == 303
    assert app.workspace.channels["trial"].options == {"folder": "b"}
    assert app.workspace.channels["trial"].pace.per_second == 5


@pytest.mark.parametrize("named", ["file:/etc/hostname", "file:../key", "file:schedules.yaml"])
def test_no_page_has_a_file_of_the_machine_sent_elsewhere(app, jean, named):
    said = {"provider": "mastodon", "name": "m", "option-server": "https://social.example"}
    for field in ("option-token", "option-server"):
        answer = jean.post("/team/channels/new", data=said | {field: named, "save": "yes"})

        assert answer.status_code == 422
        assert "A file is named in schedules.yaml by hand" in answer.text
    assert "m" not in app.workspace.channels


@pytest.mark.parametrize(
    ("filled", "is_open"),
    [
        ({}, False),
        ({"option-api_key": "NOWHERE"}, False),
        ({"option-url": "https://api.eu.sendgrid.com"}, True),
        ({"option-url": "nowhere"}, True),
        ({"pace-per_second": "5"}, True),
    ],
)
def test_what_was_filled_in_below_the_fold_stays_in_sight(jean, filled, is_open):
    page = jean.post("/team/channels/new", data={"provider": "sendgrid", "name": "grid"} | filled)

    assert ('<details class="more" open>' in page.text) is is_open


def test_after_a_check_that_failed_the_next_step_is_another_check(app, jean):
    (app.folder / "try").write_text("a file where the folder would be")

    page = jean.post("/team/channels/new", data=OUTBOX | {"name": "trial", "check": "yes"}).text

    assert '<button class="button main" name="check"' in page
    assert '<button class="button" name="save"' in page


def test_what_is_left_of_a_budget_is_told_on_both_pages(app, jean, folder, clock):
    month = month_of(clock(), app.zone)
    budget = "{provider: outbox, budget: {posts_per_month: 100}}"
    change(folder, "\ncampaigns:\n", f"\nchannels:\n  outbox: {budget}\n\ncampaigns:\n")
    with opened(folder, clock) as anew, anew.store.begin() as tx:
        tx.budgets.add("outbox", month, 97)
        app.tools.files.workspace = anew.workspace

    assert "97 of 100 posts this month." in jean.get("/team/channels").text
    assert "of the 100 of its budget" in jean.get("/team/channels/outbox").text


def test_a_tick_and_a_choice_do_not_repeat_their_default_in_words(jean):
    page = jean.get("/team/channels/new?provider=linkedin").text
    page += jean.get("/team/channels/new?provider=discord").text

    assert not re.findall(r"\((?:True|False|public)\)", page)
