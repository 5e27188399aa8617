"""A cursor is of one list with its filters: of any other it would leave things out unseen."""

import pytest

from dispatch.web.api.cursors import PageQuery
from dispatch.web.api.operations import OPERATIONS

NAMES = {"campaign": "weekly", "name": "weekly", "file": "digest.mjml"}
LISTS = [one for one in OPERATIONS if one.query and issubclass(one.query, PageQuery)]


def refused(answer):
    assert answer.status_code == 422, answer.text
    return [error["field"] for error in answer.json()["errors"]]


@pytest.fixture
def cursor(owner):
    return owner.get("/editions", params={"limit": 1}).json()["next"]


@pytest.mark.parametrize("one", LISTS, ids=[one.name for one in LISTS])
def test_a_cursor_of_another_list_is_refused(one, owner, ids, cursor):
    path = one.path.format_map(NAMES | {"id": ids["finished"]})

    answer = owner.get(path, params={"cursor": cursor})

    if one.name == "list_editions":
        assert answer.status_code == 200
    else:
        assert refused(answer) == ["cursor"]


@pytest.mark.parametrize("other", [{"campaign": "weekly"}, {"q": "a"}, {"state": "finished"}])
def test_a_cursor_with_other_filters_is_refused(owner, cursor, other):
    assert refused(owner.get("/editions", params={"cursor": cursor} | other)) == ["cursor"]


def test_a_cursor_is_good_with_another_limit_and_with_filters_that_say_nothing(owner, cursor):
    answer = owner.get("/editions", params={"cursor": cursor, "limit": 7, "campaign": "", "q": ""})

    assert len(answer.json()["items"]) > 1


def test_a_cursor_of_the_same_list_of_another_thing_is_refused(owner, ids):
    at = "/editions/{}/deliveries"
    first = owner.get(at.format(ids["finished"]), params={"limit": 1}).json()["next"]

    answer = owner.get(at.format(ids["sending"]), params={"cursor": first})

    assert refused(answer) == ["cursor"]
