import pytest

from dispatch.model.team.role import Role
from team_stage import join, signed_in


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
