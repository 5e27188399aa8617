"""The audit log as a page and as CSV."""

from datetime import timedelta

import pytest

from dispatch.model.team.role import Role
from team_stage import join, signed_in

DAY = timedelta(days=1)


@pytest.fixture
def jean(app):
    join(app, "jean", Role.OWNER, name="Jean Kervella")
    join(app, "ada", Role.ADMIN, name="Ada Lindqvist")
    with signed_in(app, "jean") as browser:
        yield browser


def note(app, act: str, *, by: str = "ada", ago: timedelta = timedelta(0), **more) -> None:
    kind = more.pop("kind", act.partition(".")[0])
    with app.store.begin() as tx:
        tx.audit.add(act, by=by, now=app.clock() - ago, kind=kind, **more)


def test_lines_tell_who_did_what_to_what_and_from_where(app, jean):
    jean.post(
        "/team/people/ada", data={"full_name": "Ada", "email": "a@b.example", "role": "editor"}
    )
    note(app, "kite.fly", kind="feed", subject="atelier", by="")

    page = jean.get("/team/audit").text

    for text in ("Jean Kervella", "changed", "roles: editor", "before: admin", "nobody"):
        assert text in page
    assert 'href="/team/people/ada"' in page
    assert 'href="/team/feeds/atelier"' in page
    assert '<span lang="en">kite.fly</span>' in page  # of a plugin, which has no words for it


def test_what_a_line_is_about_has_the_name_that_it_has_now(app, jean):
    with app.store.read() as tx:
        reader = tx.subscribers.find("kenji.sato@readers.example")
    note(app, "subscriber.edit", subject=reader.public_id, fields=["name"])
    note(app, "subscriber.erase", subject="17")
    note(app, "slot.skip", subject="weekly 2026-12-01")
    note(app, "template.save", subject="weekly/digest.mjml")
    note(app, "post.drop", subject="7", title="A press")
    note(app, "edition.approve", subject="e" * 32)

    page = jean.get("/team/audit").text

    for path, name in (
        (f"subscribers/{reader.public_id}", "kenji.sato@readers.example"),
        ("campaigns/weekly/slots/2026-12-01", "weekly 2026-12-01"),
        ("templates/weekly/digest.mjml", "weekly/digest.mjml"),
        ("posts/7", "A press"),
    ):
        assert f'href="/team/{path}">{name}</a>' in page
    assert f'<b class="strong">{"e" * 32}</b>' in page
    assert "kenji" not in jean.get("/team/audit.csv").text


def test_it_is_narrowed_to_who_what_and_since_when_and_the_csv_with_it(app, jean):
    note(app, "person.change", subject="ada", ago=40 * DAY)
    note(app, "person.end", subject="old", by="jean", ago=20 * DAY)
    note(app, "channel.pause", subject="mail", reason="=1+1")

    def shown(query: str) -> list[str]:
        lines = jean.get(f"/team/audit.csv?{query}").text.splitlines()[1:]
        return [line.split(",")[2] for line in lines]

    assert shown("") == ["channel.pause", "person.end", "person.change"]
    assert shown("who=jean") == ["person.end"]
    assert shown("what=people") == ["person.end", "person.change"]
    assert shown("since=30") == ["channel.pause", "person.end"]
    assert shown("q=MAIL") == ["channel.pause"]
    assert shown("who=nobody&since=x&what=y") == []
    assert '<option value="root" selected>' in jean.get("/team/audit?who=root").text
    assert "No line is like this" in jean.get("/team/audit?q=%25").text


def test_a_csv_holds_no_formula(app, jean):
    note(app, "channel.pause", subject="=cmd()", reason="x")

    assert "'=cmd()" in jean.get("/team/audit.csv").text


def test_it_is_turned_page_by_page(app, jean):
    for number in range(60):
        note(app, "feed.poll", subject=f"feed-{number}")

    first = jean.get("/team/audit").text
    second = jean.get("/team/audit?before=11").text

    assert "before=11" in first
    assert ("feed-59" in first, "feed-9<" in first) == (True, False)
    assert ("feed-9<" in second, "feed-10<" in second, "before=" in second) == (True, False, False)
    assert jean.get("/team/audit?before=x&who=%00").status_code == 200


def test_what_no_database_takes_is_not_asked_of_one(jean):
    assert 'value="ab"' in jean.get("/team/audit?q=a%00b").text
    assert jean.get("/team/people/%00").status_code == 404
