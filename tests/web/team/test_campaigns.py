"""Campaigns in the pages: plans in words, a form that writes schedules.yaml, runs by hand."""

import re
from datetime import timedelta
from html import unescape

import pytest

from app_stage import change
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.team.role import Role
from dispatch.web.team.campaigns import RUNS
from team_stage import join, signed_in

FORM = "/team/campaigns/weekly/edit"

FAMILY = """\
  letters:
    title: Letters  # Marie's
    feeds: [atelier]
    email: {audience: readers, template: weekly}
    cadences:
      default: weekly
      weekly: {schedule: {every: tuesday, at: "09:00"}}
      monthly: {schedule: {every: month, on: first monday, at: "10:00"}, title: Every month}
"""


@pytest.fixture
def ada(app):
    join(app, "ada", Role.EDITOR)
    with signed_in(app, "ada") as browser:
        yield browser


@pytest.fixture
def file(folder):
    return folder / "schedules.yaml"


def fields(page):
    """What the form of a page would post."""
    form = page.text[page.text.index("data-guard") : page.text.rindex("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        got = {key: unescape(value) for key, value in re.findall(r'([a-z]+)="([^"]*)"', tag)}
        if got.get("type") not in {"checkbox", "radio"} or " checked" in tag:
            found.setdefault(got["name"], []).append(got.get("value", ""))
    select = r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>'
    for name, options in re.findall(select, form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = [chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]]
    return found


def filled(page, **others):
    named = {key.replace("__", "."): value for key, value in others.items()}
    return {key: value for key, value in {**fields(page), **named}.items() if value is not None}


def alert(page):
    said = page.text.rpartition('role="alert"')[2].partition("<fieldset")[0]
    return unescape(re.sub(r"<[^>]*>", " ", said))


def test_the_list_and_a_plan_are_in_words(ada, app):
    listed, plan = ada.get("/team/campaigns").text, ada.get("/team/campaigns/weekly").text

    assert "Every Tuesday at 09:00" in listed
    assert "<b>Every Tuesday at 09:00</b> in Paris, from <b>2 feeds</b>" in plan
    assert "<b>1 to 12 new posts</b>" in plan
    assert "weekly" not in ada.get("/team/campaigns?q=bulletin").text.split("<tbody>")[1]
    assert ada.get("/team/campaigns/nothing").status_code == 404


def test_a_change_is_looked_at_and_then_written(ada, app, file):
    before = file.read_text()
    form = ada.get(FORM)

    looked = ada.post(FORM, data=filled(form, hold="30m", look="yes"))

    assert "<ins>+    posts: {at_least: 1, at_most: 12, hold: 30m}" in looked.text
    assert file.read_text() == before
    saved = ada.post(FORM, data=filled(looked, save="yes"))
    assert saved.headers["location"] == "/team/campaigns/weekly?said=campaigns_saved"
    assert file.read_text() == before.replace("at_most: 12}", "at_most: 12, hold: 30m}")
    with app.store.read() as tx:
        assert [(one.act, one.subject) for one in tx.audit.page()] == [("campaign.edit", "weekly")]
    again = ada.get(FORM)
    assert 'name="save"' not in ada.post(FORM, data=filled(again, look="yes")).text


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ({"days": ["monday", "friday"]}, ["schedule: {every: [monday, friday], at: "]),
        ({"days": ["friday"], "at": "09:00, 17:30"}, ['{every: friday, at: ["09:00", "17:30"]}']),
        ({"kind": "month", "on": "first monday"}, ['every: month, at: "09:00", on: first monday']),
        (
            {"kind": "weeks", "weeks": "2", "from": "2026-01-06"},
            ['every: 2 weeks, at: "09:00", on: tuesday, from: 2026-01-06'],
        ),
        ({"kind": "new post", "per_day": "3"}, ["schedule: {on: new post, per_day: 3}"]),
        ({"kind": "cron", "cron": "0 9 * * tue"}, ['schedule: {cron: "0 9 * * tue"}']),
        ({"needed": "yes", "by": "marie, jean"}, ["{needed: true, by: [marie, jean]}"]),
        ({"feeds": ["notebook"], "title": None}, ["feeds: [notebook]"]),
        ({"social0.each": "edition"}, ["social: [{template: weekly, each: edition}]"]),
        (
            {"social0.every": "20m", "social0.mentions": "yes", "social0.shows": "picture"},
            [
                "social: [{template: weekly, each: post, every: 20m, shows: picture,",
                "mentions: true}]",
            ],
        ),
        ({"quiet": "22:00-07:00", "except": "2026-12-29"}, ['quiet: "22:00-07:00"', "2026-12-29"]),
    ],
)
def test_each_field_is_written_as_a_person_would(ada, file, typed, lines):
    looked = ada.post(FORM, data={**filled(ada.get(FORM)), **typed, "look": "yes"})
    saved = ada.post(FORM, data=filled(looked, save="yes"))

    assert saved.status_code == 303, alert(looked)
    assert all(line in file.read_text() for line in lines), file.read_text()


def test_what_goes_is_taken_out(ada, file):
    form = ada.get(FORM)

    for typed in ({"kind": "hand"}, {"social0__on": None}):
        saved = ada.post(FORM, data=filled(form, save="yes", **typed))
        assert saved.status_code == 303
        form = ada.get(FORM)

    weekly = file.read_text().partition("weekly:\n")[2].partition("bulletin:")[0]
    written = [line for line in weekly.splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in written if "schedule" in line or "social" in line]


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ({"hold": "half an hour"}, "hold", "is not a length of time"),
        ({"at": "25:00"}, "at", "is not a time of day"),
        ({"days": None}, "days", "missing key"),
        ({"at_least": "-1"}, "at_least", "whole number"),
        ({"template": ""}, "template", "missing key"),
        ({"segment": "nope =="}, "segment", "segment"),
        ({"feeds": None}, "feeds", "Tick at least one"),
        ({"kind": "month", "on": "fifth monday"}, "on", "fifth"),
        ({"via": "nowhere"}, "via", "nowhere"),
        ({"social0.every": "soon"}, "social0.every", "is not a length of time"),
        ({"social0.hours": "late"}, "social0.hours", "late"),
        ({"has_email": None, "social0__on": None}, "file0", "weekly"),
    ],
)
def test_what_is_wrong_stands_at_its_field(ada, file, typed, field, problem):
    before = file.read_text()

    answer = ada.post(FORM, data=filled(ada.get(FORM), save="yes", **typed))

    assert answer.status_code == 422
    assert problem in alert(answer)
    assert f'href="#{field}"' in answer.text or field.startswith("file")
    assert file.read_text() == before


def test_a_file_that_changed_meanwhile_is_shown_with_both_changes(ada, folder, file):
    form = ada.get(FORM)
    change(folder, "at_most: 12", "at_most: 9")
    change(folder, "locale: en", "locale: en  # Jean's")

    answer = ada.post(FORM, data=filled(form, hold="30m", save="yes"))

    assert answer.status_code == 409
    assert 'value="30m"' in answer.text
    assert 'name="at_most" type="text" value="9"' in answer.text
    assert "# Jean&#39;s" in answer.text  # what changed outside of the form is shown, too
    assert ada.post(FORM, data=filled(answer, save="yes")).status_code == 303
    assert "at_most: 9, hold: 30m" in file.read_text()
    assert "# Jean's" in file.read_text()


def test_where_both_have_changed_the_same_both_are_shown(ada, folder, file):
    form = ada.get(FORM)
    change(folder, "at_most: 12", "at_most: 9")

    answer = ada.post(FORM, data=filled(form, at_most="20", save="yes"))

    assert answer.status_code == 409
    assert 'name="at_most" type="text" value="20"' in answer.text
    assert "meanwhile the file says: 9" in answer.text
    assert ada.post(FORM, data=filled(answer, save="yes")).status_code == 303
    assert "at_most: 20" in file.read_text()


def test_a_new_campaign_stands_behind_the_others(ada, app, file):
    form = ada.get("/team/campaigns/new")
    typed = {"name": "", "title": "Spring"}

    for wrong in ("Spring", "new", "weekly", "a b"):
        refused = ada.post("/team/campaigns/new", data=filled(form, **{**typed, "name": wrong}))
        assert refused.status_code == 422
    of_nothing = ada.post("/team/campaigns/new", data=filled(form, **typed, look="yes"))
    typed["feeds"] = ["atelier", "notebook"]
    looked = ada.post("/team/campaigns/new", data=filled(form, **typed, look="yes"))
    saved = ada.post("/team/campaigns/new", data=filled(looked, save="yes"))

    assert of_nothing.status_code == 422  # several feeds: which of them is not for us to say
    assert "Tick at least one" in alert(of_nothing)
    assert saved.status_code == 303, alert(looked)
    assert file.read_text().endswith(
        "\n  spring:\n    title: Spring\n    feeds: [atelier, notebook]\n"
        '    schedule: {every: tuesday, at: "09:00"}\n    approval: {needed: true}\n'
        "    email: {audience: readers, template: weekly}\n"
    )
    assert app.campaign("spring").approval_needed


def test_a_family_has_a_schedule_for_each_cadence(ada, app, folder, file):
    change(folder, "  bulletin:", FAMILY + "  bulletin:")
    app.reload_if_changed()
    form = ada.get("/team/campaigns/letters/edit")

    saved = ada.post(
        "/team/campaigns/letters/edit", data=filled(form, monthly__at="11:00", save="yes")
    )

    assert saved.status_code == 303
    assert 'on: first monday, at: "11:00"}, title: Every month}' in file.read_text()
    assert "title: Letters  # Marie's" in file.read_text()
    assert "also in the file" in form.text.lower()
    assert ada.get("/team/campaigns/letters").status_code == 200


def test_one_can_go_back_to_a_version(ada, app, file):
    before = file.read_text()
    ada.post(FORM, data=filled(ada.get(FORM), hold="30m", save="yes"))
    oldest = app.texts.versions()[-1].id

    page = ada.get(f"/team/schedules/versions/{oldest}")
    seen = re.search(r'name="seen" value="([^"]*)"', page.text)[1]
    answer = ada.post(f"/team/schedules/versions/{oldest}", data={"seen": seen})

    assert answer.status_code == 303
    assert file.read_text() == before
    stale = ada.post(f"/team/schedules/versions/{oldest}", data={"seen": seen})
    assert stale.status_code == 409
    assert ada.get("/team/schedules/versions").status_code == 200


def test_a_workspace_that_is_not_written_shows_what_to_copy(ada, file):
    file.chmod(0o444)

    looked = ada.post(FORM, data=filled(ada.get(FORM), hold="30m", look="yes"))

    assert "hold: 30m" in looked.text
    assert "do not write the file here" in looked.text
    assert 'id="copy"' in looked.text
    assert "  weekly:\n    title: The Atelier Letter" in looked.text
    assert 'name="save"' not in looked.text
    assert ada.post(FORM, data=filled(looked, save="yes")).status_code == 200


def test_a_file_that_somebody_broke_says_so(ada, folder, file):
    form = ada.get(FORM)
    change(folder, "at_most: 12", "at_most: 12, at_moist: 3")

    answer = ada.post(FORM, data=filled(form, hold="30m", save="yes"))

    assert answer.status_code == 409
    change(folder, "locale: en", "locale: [")
    assert ada.get(FORM).status_code == 422


def test_a_run_by_hand_is_looked_at_first(ada, app):
    looked = ada.get("/team/campaigns/weekly/run?look=yes")

    assert "Nothing is written or sent by looking." in looked.text
    with app.store.read() as tx:
        assert not tx.runs.latest("weekly")
    made = ada.post("/team/campaigns/bulletin/run")
    assert made.status_code in {303, 422}
    with app.store.read() as tx:
        assert len(tx.runs.latest("bulletin")) == 1
        assert [one.act for one in tx.audit.page()] == ["campaign.run"]
    assert ada.get("/team/campaigns/bulletin/runs").status_code == 200
    assert ada.get("/team/campaigns/bulletin/simulate?weeks=26").status_code == 200


def test_older_runs_are_a_page_further(ada, app):
    moments = [app.clock() - timedelta(days=day) for day in range(RUNS + 3)]
    passed = [(slot_at(moment, "Europe/Paris"), "was missed") for moment in moments]
    with app.store.begin() as tx:
        tx.runs.skip("weekly", passed, now=app.clock())

    first = ada.get("/team/campaigns/weekly/runs").text
    older = unescape(re.search(r'href="[^"]*(\?before=[^"]*)"', first)[1])
    second = ada.get(f"/team/campaigns/weekly/runs{older}").text

    assert (first.count('<th scope="row"'), second.count('<th scope="row"')) == (RUNS, 3)
    for wrong in ("x", "2026-01-01~1", "2026-01-01T00:00:00+00:00~x", "~"):
        assert ada.get(f"/team/campaigns/weekly/runs?before={wrong}").status_code == 200


def test_who_may_only_look_sees_no_button(app):
    join(app, "vic", Role.VIEWER)
    with signed_in(app, "vic") as vic:
        page = vic.get("/team/campaigns/weekly").text
        assert "/campaigns/weekly/edit" not in page
        assert vic.get(FORM).status_code == 403
        assert vic.post("/team/campaigns/weekly/run").status_code == 403
