import re

import httpx
import pytest

from app_stage import KEY, change, opened
from dispatch.config.process.settings import load_settings
from dispatch.model.team.role import Role
from team_stage import join, signed_in

PAGE = '<link rel="alternate" type="application/rss+xml" title="Journal" href="/feed.xml">'
RSS = (
    '<rss version="2.0"><channel><title>{title}</title><link>https://musee.example/</link>'
    "<item><title>One</title><link>https://musee.example/1</link></item></channel></rss>"
)
OPML = (
    '<opml version="2.0"><body><outline text="News"><outline type="rss" text="A" '
    'xmlUrl="https://a.example/feed"/><outline type="rss" text="B" xmlUrl="https://b.example/feed"/>'
    '<outline type="rss" text="A again" xmlUrl="http://a.example/feed/"/>'
    '<outline type="rss" text="Bad" xmlUrl="javascript:1"/></outline></body></opml>'
)


def answer(request):
    if request.url.host == "agenda.example":
        return httpx.Response(503)
    if request.url.path == "/feed.xml":
        kind = {"content-type": "application/rss+xml"}
        return httpx.Response(200, text=RSS.format(title="Le journal"), headers=kind)
    return httpx.Response(200, text=PAGE, headers={"content-type": "text/html"})


@pytest.fixture
def team(folder, clock):
    feeds = "  agenda: {url: https://agenda.example/feed}  # the town's\n"
    change(folder, "  notebook: {url", f"{feeds}  notebook: {{url")
    with opened(folder, clock, answer) as app:
        join(app, "ada", Role.EDITOR)
        join(app, "vera", Role.VIEWER)
        yield app


def plan(app):
    return (app.folder / "schedules.yaml").read_text(encoding="utf-8")


def seen_in(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def test_a_feed_is_found_added_and_polled_without_another_line_of_the_file_changed(team):
    before = plan(team)
    with signed_in(team, "ada") as ada:
        found = ada.get("/team/feeds/find?url=musee.example").text
        chosen = re.search(r'name="feed" value="([^"]+)"', found)[1]
        added = ada.post("/team/feeds", data={"feed": chosen, "backfill": "5", "name": ""})
        page = ada.get(added.headers["location"]).text
        polled = ada.post("/team/feeds/le-journal/poll")
        after = ada.get(polled.headers["location"]).text

    assert added.headers["location"] == "/team/feeds/le-journal?said=feed_added"
    assert "Not polled yet" in page
    assert "Polled: 1 new post." in after
    new = set(plan(team).splitlines()) - set(before.splitlines())
    assert len(new) == 1
    assert "https://musee.example/feed.xml" in new.pop()
    with team.store.read() as tx:
        acts = [done.act for done in tx.audit.about("feed", "le-journal")]
    assert acts == ["feed.poll", "feed.add"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"feed": "", "url": "https://x.example"}, "choose one of the feeds found"),
        ({"feed": "https://x.example/feed X", "name": "notebook"}, "another feed is called"),
        ({"feed": "https://x.example/feed X", "name": "no way", "backfill": "5"}, "no way"),
        ({"feed": "https://x.example/feed X", "backfill": "since"}, "choose the day"),
        (
            {"feed": "https://x.example/f X", "backfill": "since", "since": "2026-02-31"},
            "no day",
        ),
        ({"feed": "javascript:alert(1) X"}, "javascript"),
    ],
)
def test_what_cannot_be_added_is_said_at_its_field_and_the_file_stays(team, data, said):
    before = plan(team)
    with signed_in(team, "ada") as ada:
        answer = ada.post("/team/feeds", data=data)

    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{typed}"' in answer.text for typed in data.values() if typed)
    assert plan(team) == before


@pytest.mark.parametrize("address", ["file:schedules.yaml", "ada@example.org", "not an address"])
def test_what_is_no_address_of_the_web_is_not_looked_for(team, address):
    with signed_in(team, "ada") as ada:
        answer = ada.get("/team/feeds/find", params={"url": address})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_feed_in_trouble_says_what_it_is_and_when_it_is_asked_again(team):
    list(team.intake.poll(["agenda"]))
    with signed_in(team, "vera") as vera:
        page, every = (vera.get(path).text for path in ("/team/feeds/agenda", "/team/feeds"))
        only = vera.get("/team/feeds?state=failing").text

    assert "The last poll brought no feed." in page
    assert "out of service for now (503)" in page
    assert "It is asked again:" in page
    assert "Failing" in every
    assert "agenda" in only
    assert "notebook" not in only.split("<tbody")[1]
    assert "Poll now" not in page  # a viewer only looks


def test_a_feed_is_edited_and_the_comment_in_its_line_stays(team):
    with signed_in(team, "ada") as ada:
        form = ada.get("/team/feeds/agenda?edit=yes").text
        data = {"url": "https://agenda.example/feed", "title": "Agenda: l'été", "fulltext": "yes"}
        saved = ada.post("/team/feeds/agenda/edit", data=data | {"seen": seen_in(form)})
        page = ada.get(saved.headers["location"]).text
        wrong = ada.post("/team/feeds/agenda/edit", data={"url": "ftp://x", "title": "Kept"})
        late = ada.post(
            "/team/feeds/agenda/edit", data=data | {"title": "Other", "seen": seen_in(form)}
        )
        mine = {"title": "Other", "seen": seen_in(late.text)}
        again = ada.post("/team/feeds/agenda/edit", data=data | mine)

    assert "The feed is saved" in page
    assert "Agenda: l&#39;été" in page
    assert "# the town's" in plan(team)
    assert team.workspace.feeds["agenda"].fulltext
    assert wrong.status_code == 422
    assert 'value="ftp://x"' in wrong.text
    assert 'value="Kept"' in wrong.text
    assert late.status_code == 409  # the file is another one by now
    assert "There it is https://agenda.example/feed, with the title Agenda: l" in late.text
    assert 'value="Other"' in late.text
    assert again.status_code == 303
    assert team.workspace.feeds["agenda"].title == "Other"


def test_a_feed_is_removed_from_its_campaigns_unless_it_is_their_only_one(team):
    with signed_in(team, "ada") as ada:
        seen = seen_in(ada.get("/team/feeds/notebook").text)
        gone = ada.post("/team/feeds/notebook/remove", data={"seen": seen})
        only = ada.post("/team/feeds/atelier/remove", data={})
        nowhere = ada.get("/team/feeds/notebook")

    assert gone.headers["location"] == "/team/feeds?said=feed_removed"
    assert team.workspace.campaigns["weekly"].feeds == ("atelier",)
    assert only.status_code == 422
    assert "It is the only feed of" in only.text
    assert nowhere.status_code == 404


def test_a_list_of_feeds_is_looked_at_before_it_is_added(team):
    before = plan(team)
    with signed_in(team, "ada") as ada:
        look = ada.post("/team/feeds/import", files={"file": ("list.opml", OPML)})
        unchanged = plan(team)
        chosen = re.findall(r'name="feed" value="([^"]+)"', look.text)
        added = ada.post("/team/feeds/import", data={"save": "yes", "feed": chosen})
        again = ada.post("/team/feeds/import", files={"file": ("list.opml", OPML)}).text
        many = ada.post("/team/feeds/import", data={"save": "yes", "feed": chosen * 600})
        bad = ada.post("/team/feeds/import", files={"file": ("page.html", "<html></html>")})
        none = ada.post("/team/feeds/import", files={"file": ("", b"")})
        out = ada.get("/team/feeds.opml")

    assert unchanged == before
    assert chosen == ["https://a.example/feed A", "https://b.example/feed B"]
    assert "xmlUrl" in look.text  # why one of them cannot be used
    assert added.headers["location"] == "/team/feeds?said=feeds_added&n=2"
    assert team.workspace.feeds["a"].title == "A"
    assert "All its feeds are here already" in again
    assert many.headers["location"] == "/team/feeds?said=feeds_none_added"
    assert (bad.status_code, none.status_code) == (422, 422)
    assert 'xmlUrl="https://a.example/feed"' in out.text
    assert "file:" not in out.text
    assert out.headers["content-disposition"] == 'attachment; filename="feeds.opml"'


def test_all_feeds_are_due_when_somebody_asks(team, clock):
    list(team.intake.poll())
    with signed_in(team, "ada") as ada:
        page = ada.get(ada.post("/team/feeds/poll").headers["location"]).text

    assert "3 feeds are polled" in page
    assert {report.feed for report in team.intake.poll_due()} == set(team.workspace.feeds)


def test_a_workspace_that_is_not_written_from_here_gives_the_lines_to_copy(folder, clock):
    settings = {"DISPATCH_SECRET_KEY": KEY, "DISPATCH_EDIT_FILES": "no"}
    before = (folder / "schedules.yaml").read_bytes()
    with opened(folder, clock, answer, settings=load_settings(folder, settings)) as app:
        join(app, "ada", Role.EDITOR)
        with signed_in(app, "ada") as ada:
            form = ada.get("/team/feeds/notebook?edit=yes").text
            answered = ada.post(
                "/team/feeds", data={"feed": "https://x.example/feed X", "name": "x"}
            )

    assert "Show the lines to copy" in form
    assert "https://x.example/feed" in answered.text
    assert "Nothing was written." in answered.text
    assert (folder / "schedules.yaml").read_bytes() == before
