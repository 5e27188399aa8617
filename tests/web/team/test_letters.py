"""The page of a letter: begun, for whom and when, asked for, sent by oneself, thrown away."""

import re
from html import unescape

import pytest

from app_stage import change, opened, workspace_in
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.piece import key_of
from dispatch.model.team.role import Role
from dispatch.pipeline.editions.edit import Changes
from dispatch.pipeline.letters.plan import plan_of
from dispatch.testing.clock import FakeClock
from dispatch.web.team.campaign_titles import subjects_of
from team_stage import join, signed_in

TOOTS = """channels:
  toots: {provider: mastodon, options: {server: "https://social.example", token: "env:TOKEN"}}

campaigns:
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("letters") / "letters", migrated_sqlite)
    change(folder, "\ncampaigns:\n", f"\n{TOOTS}")
    with opened(folder, FakeClock()) as app:
        join(app, "ada", Role.EDITOR, name="Ada Lindqvist")
        join(app, "marie", Role.APPROVER, name="Marie Aubert", locale="fr")
        list(app.people.import_files())
        list(app.intake.poll(list(app.workspace.feeds)))
        yield app


@pytest.fixture
def ada(app):
    with signed_in(app, "ada") as browser:
        yield browser


@pytest.fixture
def path(ada):
    """The address of a new letter."""
    answer = ada.post("/team/letters/new")
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def now_of(app, path):
    with app.store.read() as tx:
        return tx.editions.get(path.rpartition("/")[2])


def pick(app, path) -> None:
    with app.store.read() as tx:
        [post, *_] = [one for one in tx.posts.latest() if one.is_usable]
    app.editions.edit(now_of(app, path).id, Changes(add=(post.id,)), by="ada", ready=False)


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the form that says to whom it goes."""
    form = page.partition('aria-labelledby="whom"')[2].partition("</form>")[0]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def save(browser, path, **fields):
    was = form_of(browser.get(path).text)
    values = {name.removeprefix("was-"): value for name, value in was.items()}
    return browser.post(f"{path}/letter", data={**was, **values, **fields})


def test_a_letter_is_begun_from_the_list_and_stands_there_as_a_draft(ada, path):
    listed = ada.get("/team/editions?state=draft").text

    assert "Write a letter" in listed
    assert path in listed
    assert "Draft" in listed


def test_the_page_says_how_many_get_it_and_who_may_approve(ada, path):
    page = ada.get(f"{path}?segment=locale+%3D%3D+'fr'&audience=readers")

    text = unescape(re.sub(r"<[^>]+>", "", page.text))
    assert re.search(r"[1-7] of 8 are in this segment", text)
    assert "Somebody else approves it: Marie Aubert may." in text
    assert "There is nothing in it" in text


def test_what_is_counted_before_it_is_saved_is_no_number_of_readers_who_get_it(ada, path):
    page = ada.get(f"{path}?segment=locale+%3D%3D+'fr'&audience=readers").text

    strip = re.sub(r"<[^>]+>", "", page.partition('class="strip"')[2].partition("</dl>")[0])
    assert "8 readers" in strip


def test_the_block_of_the_number_is_all_that_the_script_asks_for(ada, path):
    block = ada.get(f"{path}?segment=locale+%3D%3D", headers={"X-Block": "whom-n"}).text

    assert "<html" not in block
    assert 'id="whom-n"' in block
    assert 'lang="en"' in block


def test_the_first_post_of_an_empty_letter_is_picked(app, ada, path):
    with app.store.read() as tx:
        [post, *_] = [one for one in tx.posts.latest() if one.is_usable]

    ada.post(f"{path}/posts", data={"was": "", "add": str(post.id)})

    assert [one.id for one in now_of(app, path).content.posts] == [post.id]


def test_a_post_to_pick_is_looked_for_by_its_title(ada, path):
    found = ada.get(f"{path}?pick=yes&find=affiche").text
    none = ada.get(f"{path}?pick=yes&find=nowhere").text

    assert re.findall(r'name="add" value="\d+">.*?<span class="hide"> (.*?)</span>', found)
    assert 'name="add"' not in none
    assert "No post that can be picked says so." in none


def test_a_post_is_picked_below_the_piece_that_was_open(app, ada, path):
    for piece in ("p1", "p2"):
        ada.post(f"{path}/pieces", data={"piece": piece, "kind": "heading", "text": piece})
    page = ada.get(f"{path}?open=p1").text
    picking = ada.get(
        re.search(r'href="([^"#]+pick=yes[^"#]*)', page)[1].replace("&amp;", "&")
    ).text
    [below] = re.findall(r'name="below" value="(\w+)"></form>', picking)
    [post, *_] = re.findall(r'name="add" value="(\d+)"', picking)

    ada.post(f"{path}/posts", data={"was": "p1,p2", "below": below, "add": post})

    assert [key_of(part) for part in now_of(app, path).content.parts] == ["p1", post, "p2"]


def test_the_tick_for_told_posts_stands_by_them_and_is_saved_alone(app, ada, path):
    assert 'name="tells"' not in ada.get(path).text
    pick(app, path)
    save(ada, path, social="toots")
    assert 'name="tells"' in ada.get(path).text

    ada.post(f"{path}/letter", data={"boxes": "tells", "was-tells": "", "tells": "yes"})
    plan = plan_of(now_of(app, path).content)
    ada.post(f"{path}/letter", data={"boxes": "tells", "was-tells": "yes"})

    assert (plan.tells, plan.social) == (True, ("toots",))
    assert not plan_of(now_of(app, path).content).tells


def test_what_a_piece_refuses_is_said_in_the_language_of_who_writes(app, path):
    wrong = {"piece": "p1", "kind": "link", "address": "javascript:x", "text": "A"}
    join(app, "lea", Role.EDITOR, locale="fr")
    with signed_in(app, "lea") as lea:
        page = lea.post(f"{path}/pieces", data=wrong).text

    assert "Ne mène nulle part" in page
    assert "leads nowhere" not in page


def test_to_whom_and_when_is_saved_and_history_tells_of_it(app, ada, path):
    when = {"day": "2027-01-14", "hour": "9:05"}
    saved = save(ada, path, segment="locale == 'fr'", social="toots", tells="yes", **when)

    plan = plan_of(now_of(app, path).content)
    assert "said=edition_saved" in saved.headers["location"]
    assert (plan.segment, str(plan.leaves.day), f"{plan.leaves.hour:%H:%M}") == (
        "locale == 'fr'",
        "2027-01-14",
        "09:05",
    )
    assert (plan.social, plan.tells) == (("toots",), True)
    assert "to whom and when" in ada.get(path).text
    assert "14 Jan 2027, 09:05" in ada.get(f"{path}/changes").text
    assert ada.get(f"{path}?tab=toots").status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "2020-01-01", "hour": "09:00"}, "This time has passed"),
        ({"day": "tomorrow", "hour": "09:00"}, "Write a day as"),
        ({"day": "2027-01-14"}, "Say at which time"),
        ({"day": "2027-01-14", "hour": "25:00"}, "Write a time as"),
        ({"hour": "09:00"}, "Say on which day"),
        ({"segment": "locale =="}, "segment"),
        ({"segment": "nobodys-rule"}, "is no rule"),
        ({"audience": "martians"}, "no such choice"),
        ({"template": "../etc"}, "no such choice"),
        ({"via": "toots"}, "no such choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_stays_as_typed(app, ada, path, fields, said):
    before = now_of(app, path)

    answer = save(ada, path, **fields)

    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert now_of(app, path) == before


def test_two_who_change_it_at_once_see_both(app, ada, path):
    was = form_of(ada.get(path).text)
    save(ada, path, segment="locale == 'fr'")

    values = {name.removeprefix("was-"): value for name, value in was.items()}
    clash = ada.post(f"{path}/letter", data={**was, **values, "segment": "locale == 'en'"})
    mine = form_of(clash.text) | {"was-segment": "locale == 'fr'", "mine-segment": "locale == 'en'"}
    taken = ada.post(f"{path}/letter", data={**mine, "segment": "x", "take": "mine"})

    assert clash.status_code == 409
    assert "locale == &#39;fr&#39;" in clash.text
    assert taken.status_code == 303
    assert plan_of(now_of(app, path).content).segment == "locale == 'en'"


def test_of_what_two_have_chosen_at_once_one_is_kept_and_said_in_words(app, ada, path):
    was = form_of(ada.get(path).text)
    save(ada, path, tells="yes", boxes="tells")

    values = {name.removeprefix("was-"): value for name, value in was.items()}
    day = {"day": "2026-11-26", "hour": "9:15"}
    clash = ada.post(f"{path}/letter", data={**was, "was-tells": "", **values, **day, "tells": ""})
    both = {"was-tells": "yes", "tells": "yes", "take": "both"}
    kept = ada.post(f"{path}/letter", data={**was, **values, **day, **both})

    assert clash.status_code == 409
    assert ">Thu 26 Nov</p>" in clash.text
    assert ">yes</p>" in clash.text
    assert "<textarea" not in clash.text
    assert kept.status_code == 303
    assert plan_of(now_of(app, path).content).tells
    assert "Thu 26 Nov, 09:15" in re.sub(r"</?mark>", "", ada.get(f"{path}/changes").text)


def test_the_calendar_and_what_waits_call_it_by_its_subject(app, ada, path):
    pick(app, path)
    app.editions.edit(now_of(app, path).id, Changes(subject="Eight voices"), by="ada", ready=False)
    app.letters.ask(now_of(app, path).id, by="ada")

    calendar = ada.get("/team/calendar").text
    with app.store.read() as tx:
        [waits] = tx.agenda.undecided()
        subjects = subjects_of([(waits.campaign, waits.id)], tx)

    assert "Eight voices" in calendar
    assert subjects == {waits.id: "Eight voices"}


def test_asked_for_by_one_and_approved_by_another(app, ada, path):
    pick(app, path)
    mark = now_of(app, path).fingerprint

    asked = ada.post(f"{path}/ready", data={"fingerprint": mark, "note": "Before Monday."})
    own = ada.post(f"{path}/send", data={"fingerprint": mark})
    with signed_in(app, "marie") as marie:
        page = marie.get(path).text
        approved = marie.post(f"{path}/approve", data={"fingerprint": mark})

    assert "said=edition_asked" in asked.headers["location"]
    assert own.status_code == 403
    assert "Before Monday." in page
    assert "said=edition_approved" in approved.headers["location"]
    assert now_of(app, path).state is EditionState.APPROVED


def test_it_is_thrown_away_and_copied(app, ada, path):
    gone = ada.post(f"{path}/throw-away")
    page = ada.get(path).text
    copy = ada.post("/team/letters/new", data={"copy_of": now_of(app, path).id})

    assert "said=letter_thrown_away" in gone.headers["location"]
    assert now_of(app, path).state is EditionState.REJECTED
    assert "threw the letter away" in page
    assert copy.status_code == 303


def test_a_letter_that_has_left_has_its_report_and_its_place_everywhere(app, ada, path):
    pick(app, path)
    letter = now_of(app, path)
    app.letters.ask(letter.id, by="ada")
    app.editions.approve(letter.id, by="marie")
    app.campaigns.send(now_of(app, path))

    pages = {
        one: ada.get(one)
        for one in (path, f"{path}/deliveries", "/team", "/team/calendar", "/team/editions")
    }

    assert {one: answer.status_code for one, answer in pages.items()} == dict.fromkeys(pages, 200)
    assert all(
        "(letter)"
        not in answer.text.replace("campaign=%28letter%29", "").replace('value="(letter)"', "")
        for answer in pages.values()
    )
