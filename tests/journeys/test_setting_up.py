"""What a workspace is set up with, in browsers: channels, campaigns, and who is signed in."""

import httpx
import pytest

from app_stage import change, workspace_in
from browsing import answer_to
from dispatch.model.team.role import Role
from dispatch.signing import mark_of
from pages_stage import CHROMIUM
from team_browsers import both_ways, team_at_work

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

ACCOUNT = {"acct": "atelier", "id": "1"}


def mastodon(request: httpx.Request) -> httpx.Response:
    if request.headers.get("authorization") == "Bearer the right one":
        return httpx.Response(200, json=ACCOUNT)
    return httpx.Response(401, json={"error": "The access token is invalid"})


@pytest.fixture(scope="module")
def team(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("setting-up") / "letters", migrated_sqlite)
    tokens = {"OLD_TOKEN": "an old one", "TOKEN": "the right one"}
    with team_at_work(folder, answer=mastodon, environ=tokens) as team:
        yield team


def plan(team) -> str:
    return (team.app.folder / "schedules.yaml").read_text(encoding="utf-8")


@both_ways
def test_a_channel_is_connected_once_it_lets_us_in(team, way):
    before, name = plan(team), f"toots-{way.language}"
    admin = team.comes(Role.ADMIN, way)

    def fill_in(token: str) -> None:
        admin.page.fill("[name=name]", name)
        admin.page.fill("[name=option-server]", "https://social.example")
        admin.page.fill("[name=option-token]", token)

    admin.goes("/channels")
    admin.page.get_by_role("link", name=admin.words("channels.connect")).first.click()
    admin.page.locator("a[href*='provider=mastodon']").click()
    fill_in("NOWHERE")
    assert admin.presses("channels.check").status == 422
    assert "NOWHERE" in admin.page.inner_text("#option-token-error")
    fill_in("OLD_TOKEN")
    assert admin.presses("channels.save").status == 422
    admin.reads("account not accepted")
    assert (plan(team), admin.page.input_value("[name=name]")) == (before, name)

    fill_in("TOKEN")
    admin.presses("channels.check")
    admin.sees("channels.lets_us_in", account="@atelier on https://social.example")
    assert name in admin.page.inner_text("pre.yaml")
    admin.presses("channels.save")
    admin.sees("said.channel_saved")

    written = plan(team)
    assert "env:TOKEN" in written
    assert "the right one" not in written
    assert set(before.splitlines()) <= set(written.splitlines())


@both_ways
def test_a_campaign_is_changed_and_all_else_of_the_file_stays(team, way):
    title, theirs = f"The Letter {way.language}", f"Le Bulletin {way.language}"
    change(team.app.folder, "\n  weekly:", f"\n  weekly:  # since {way.language}, à la main")
    before = plan(team)
    mine = team.comes(Role.EDITOR, way)
    mine.goes("/campaigns/weekly/edit")

    mine.page.fill("[name=title]", title)
    mine.page.fill("[name=at]", "half past")
    assert mine.presses("campaigns.look").status == 422
    assert "half past" in mine.page.inner_text("#at-error")
    assert mine.page.input_value("[name=title]") == title
    mine.page.fill("[name=at]", "09:00")
    mine.presses("campaigns.look")
    assert plan(team) == before
    assert f"+    title: {title}" in mine.page.inner_text("pre.yaml")

    # Meanwhile somebody writes into the file, with an editor of their own.
    [line] = [one for one in before.splitlines() if "title: Le Bulletin" in one]
    change(team.app.folder, line, f"    title: {theirs}  # by hand")
    by_hand = plan(team)
    clash = mine.presses("campaigns.save")
    assert clash.status == 409
    assert plan(team) == by_hand
    mine.reads(theirs)
    mine.presses("campaigns.save")
    mine.sees("said.campaigns_saved")

    [line] = [one for one in before.splitlines() if "    title: The" in one]
    assert plan(team) == by_hand.replace(line, f"    title: {title}")


@both_ways
def test_a_session_that_is_ended_is_over_for_whoever_has_its_cookie(team, way):
    stolen = f"stolen-{way.language}"
    here = team.comes(Role.VIEWER, way)
    with team.app.store.begin() as tx:
        person, now = tx.persons.get(here.handle), team.app.clock()
        tx.sessions.begin(mark_of(stolen), person, device="Chrome on Windows", network="", now=now)
    there = team.comes(Role.VIEWER, way, token=stolen)
    there.goes("/editions")
    assert there.page.url.endswith("/team/editions")

    here.goes("/account")
    answer_to(here.page, here.page.locator("[name=end]").click)
    here.sees("said.sessions_ended", count=1)
    there.goes("/editions")
    assert "/team/sign-in" in there.page.url

    again = team.comes(Role.VIEWER, way)  # a copy of the cookie of who signs out
    here.presses("frame.sign_out")
    again.goes("/editions")
    assert "/team/sign-in" in again.page.url
