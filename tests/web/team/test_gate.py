import pytest

from dispatch.model.team.role import Role
from dispatch.web.team.frame import HEADERS
from team_stage import join, signed_in

SAFE = {name.lower(): value for name, value in HEADERS.items()}


@pytest.fixture
def team(app):
    join(app, "ada", Role.EDITOR)
    return app


def test_who_is_not_signed_in_is_asked_to(browser):
    answer = browser.get("/team", follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/team/sign-in?next=/team"


def test_who_is_signed_in_sees_the_page_in_their_language(team):
    with signed_in(team, "ada") as ada:
        answer = ada.get("/team")

    assert answer.status_code == 200
    assert "Editions" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_an_address_that_no_page_has_says_so(team):
    with signed_in(team, "ada") as ada:
        assert ada.get("/team/nowhere").status_code == 404
        missing = ada.get("/team/campaigns/nothing").text
        assert "There is no such campaign here" in missing
        assert 'href="/team/campaigns">Campaigns</a>' in missing.rpartition("<main")[2]


@pytest.mark.parametrize(
    "path",
    [
        "/team",
        "/team/nowhere",
        "/team/sign-in",
        "/team/feeds.opml",
        "/team/templates/weekly",  # leads on
        "/team/audit.csv",  # refused
        "/team/editions/none/deliveries.csv",
        "/team/calendar/1-1-x.ics",
    ],
)
def test_whatever_is_answered_is_kept_by_nobody_and_runs_nothing_of_others(team, path):
    with signed_in(team, "ada") as ada:
        answer = ada.get(path)

    assert SAFE.items() <= dict(answer.headers).items()


def test_files_about_people_are_as_safe_as_pages(app):
    join(app, "jean", Role.OWNER)
    with signed_in(app, "jean") as jean:
        for path in ("/team/suppressions/export", "/team/subscribers/export"):
            assert SAFE.items() <= dict(jean.post(path).headers).items()
        assert SAFE.items() <= dict(jean.get("/team/audit.csv").headers).items()


@pytest.mark.parametrize("number", ["9" * 18, "9" * 19, "9" * 5000, "-1", "1e9", "²", "٣", "1_0"])
def test_a_number_that_is_none_or_too_large_is_nobodys_fault_of_ours(team, number):
    pages = (
        "/team/editions?before=",
        "/team/subscribers?before=",
        "/team/posts?state=all&before=",
        "/team/suppressions?before=",
        "/team/campaigns/weekly/runs?before=",
        "/team/posts?said=post_dropped&undo=dropped&ids=",
        "/team?said=feeds_due&n=",
        "/team/schedules/versions/",
        "/team/posts/",
    )
    with signed_in(team, "ada") as ada:
        for page in pages:
            assert ada.get(page + number).status_code in {200, 404}, page
        form = {"title": "Weekly", "at_most": number, "per_day": number, "social0.at": number}
        assert ada.post("/team/campaigns/weekly/edit", data=form).status_code in {409, 422}
        assert ada.post("/team/account/sessions", data={"end": number}).status_code == 404
        assert ada.post("/team/posts/drop", data={"ids": number}).status_code == 404


@pytest.mark.parametrize("name", ["a" * 300, "é" * 200, "%2e%2e", "-", "weekly%00"])
def test_no_name_of_a_template_leads_elsewhere(team, name):
    with signed_in(team, "ada") as ada:
        for path in ("/digest.mjml", "/versions", "/digest.mjml/preview"):
            assert ada.get(f"/team/templates/{name}{path}").status_code == 404, path


def test_a_page_that_came_by_http_posts_nothing_to_one_of_https(team):
    ours = team.workspace.publisher.public_url
    assert ours.startswith("https://")
    with signed_in(team, "ada") as ada:
        ada.headers.pop("Sec-Fetch-Site")
        host = {"Host": ours.removeprefix("https://")}
        answers = [
            ada.post("/team/account", data={}, headers=host | {"Origin": origin}).status_code
            for origin in (ours, ours.replace("https", "http"))
        ]

    assert answers == [422, 403]
