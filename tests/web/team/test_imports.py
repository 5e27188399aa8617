"""A file of people is looked at in a page, and brought in only then."""

import re
from datetime import timedelta

import pytest

from dispatch.model.team.role import Role
from dispatch.scheduling.people import work_on_uploads
from dispatch.web.team.readers import imports
from team_stage import join, signed_in

ROWS = """Courriel,Mitglied,Stadt
emmy@x.org,Emmy Noether,Erlangen
emmy@x.org,Emmy,Erlangen
not-an-address,Nobody,
otto@x.org,Otto,Kiel
"""


@pytest.fixture
def ada(app):
    join(app, "ada", Role.EDITOR)
    with signed_in(app, "ada") as ada:
        yield ada


def handed_over(ada, rows: str = ROWS) -> str:
    data, files = {"audience": "readers", "ground": ""}, {"file": ("members.csv", rows.encode())}
    answer = ada.post("/team/subscribers/import", data=data, files=files)
    assert answer.status_code == 303
    return answer.headers["location"]


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_nobody_comes_in_before_somebody_has_looked_and_said_so(app, ada):
    at = handed_over(ada)
    looked = text_of(ada.get(at).text)
    choice = {"column-1": "name", "audience": "readers", "ground": ""}
    sure = {"import": "yes", "seen": "2", "ground": "visitors’ book", "sure": "yes"}

    too_soon = ada.post(at, data=choice | sure)
    again = ada.post(at, data=choice | {"look": "yes"})
    without = ada.post(at, data=choice | sure | {"ground": "", "sure": "yes"})
    done = ada.post(at, data=choice | sure)
    twice = ada.post(at, data=choice | sure)

    assert "Would join 2" in looked
    assert "2 rows need mending" in looked
    assert "Courriel emmy@x.org email address" in looked
    assert "Mitglied Emmy Noether a field of your own: fields.mitglied" in looked
    answers = [too_soon, again, without, done, twice]
    assert [one.status_code for one in answers] == [422, 303, 422, 303, 303]
    assert "2 people came in." in text_of(ada.get(at).text)
    otto = app.people.find("otto@x.org")
    assert otto.name == "Otto"
    with app.store.read() as tx:
        [word] = tx.record.words(otto.id)
        [line] = tx.audit.page()
    assert (word.source, word.page) == ("visitors’ book (noted by ada)", "members.csv line 5")
    assert (line.act, line.subject, line.detail) == (
        "subscriber.import",
        "members.csv",
        {"audience": "readers", "new": 2},
    )


def test_the_rows_that_do_not_count_are_a_file_to_be_mended(ada):
    rows = ada.get(f"{handed_over(ada)}/wrong.csv").text.splitlines()

    assert rows[0] == "\ufeffline,reason,Courriel,Mitglied,Stadt"
    assert [row.partition(":")[0] for row in rows[1:]] == ["3,twice in the file", "4,wrong address"]


def test_what_was_pasted_is_a_file_too_and_an_empty_one_is_none(ada):
    data = {"audience": "readers", "pasted": "email\npia@x.org"}

    pasted = ada.post("/team/subscribers/import", data=data)
    nothing = ada.post("/team/subscribers/import", data=data | {"pasted": " "})
    binary = {"file": ("sheet.xlsx", b"PK\x03\x04\0\0")}
    sheet = ada.post("/team/subscribers/import", data={"audience": "readers"}, files=binary)

    assert "Would join 1" in text_of(ada.get(pasted.headers["location"]).text)
    assert nothing.status_code == 422
    assert "cannot be brought in as it is" in text_of(ada.get(sheet.headers["location"]).text)


def test_a_large_file_is_a_job_that_outlives_who_works_on_it(app, ada, clock, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    at = handed_over(ada)
    public_id = at.rpartition("/")[2]
    with app.store.begin() as tx:  # by a node that dies
        tx.uploads.take(now=clock(), until=clock() + timedelta(minutes=10))

    work_on_uploads(app)
    waiting = text_of(ada.get(at).text)
    clock.advance(timedelta(minutes=11))
    work_on_uploads(app)
    ada.post(at, data={"import": "yes", "seen": "2", "ground": "fair", "sure": "yes"})
    queued = ada.post(at, data={"look": "yes"})
    work_on_uploads(app)

    assert "Looking at each row" in waiting
    assert queued.status_code == 409
    assert "2 people came in." in text_of(ada.get(at).text)
    with app.store.read() as tx:
        assert tx.uploads.content(tx.uploads.find(public_id)) == b""


def test_a_file_is_forgotten_after_a_day_or_at_once(app, ada, clock):
    first, second = handed_over(ada), handed_over(ada)

    dropped = ada.post(first, data={"drop": "yes"})
    clock.advance(timedelta(hours=25))
    app.uploads.forget()
    join(app, "zoe", Role.EDITOR)
    with signed_in(app, "zoe") as zoe:
        answers = [zoe.get(first), zoe.get(second)]

    assert dropped.status_code == 303
    assert [one.status_code for one in answers] == [404, 404]
    with app.store.read() as tx:
        assert tx.uploads.last(now=clock() - timedelta(days=2)) == []
