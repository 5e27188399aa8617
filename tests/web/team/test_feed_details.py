"""Feeds, held posts and posted forms in the cases that come up seldom."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app_stage import KEY, change, opened
from dispatch.config.process.settings import load_settings
from dispatch.model.editions.edition import EditionState
from dispatch.model.intake.post import Decision, Hold
from dispatch.model.intake.post_state import ListedPost, PostUse
from dispatch.model.team.role import Role
from dispatch.web.team.form import MOST_FIELDS, read_form
from dispatch.web.team.held import moves_and_rest
from dispatch.web.team.posts import Line
from team_stage import join, signed_in

NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)
MOVED = "https://moved.example/feed"


def answer(request):
    if request.url.host == "agenda.example":
        return httpx.Response(301, headers={"location": MOVED})
    if request.url.host == "gone.example":
        return httpx.Response(410)
    if request.url.host == "moved.example":
        kind = {"content-type": "application/rss+xml"}
        item = "<item><title>One</title><link>https://moved.example/1</link></item>"
        text = f'<rss version="2.0"><channel><title>Moved</title>{item}</channel></rss>'
        return httpx.Response(200, text=text, headers=kind)
    return httpx.Response(503)


@pytest.fixture
def with_feeds(folder):
    feeds = ["agenda: {url: https://agenda.example/feed}", "left: {url: https://gone.example/feed}"]
    feeds += [f"f{number:02}: {{url: https://f{number}.example/feed}}" for number in range(50)]
    lines = "".join(f"  {one}\n" for one in feeds)
    change(folder, "  notebook: {url", f"{lines}  notebook: {{url")
    return folder


@pytest.fixture
def team(with_feeds, clock):
    with opened(with_feeds, clock, answer) as app:
        join(app, "ada", Role.EDITOR)
        yield app


def plan(folder):
    return (folder / "schedules.yaml").read_text(encoding="utf-8")


def test_the_address_to_which_a_feed_moved_for_good_is_written_by_a_button(team):
    with signed_in(team, "ada") as ada:
        before = ada.post("/team/feeds/agenda/move")
        unmoved = plan(team.folder)
        ada.post("/team/feeds/agenda/poll")
        after = ada.post("/team/feeds/agenda/move")

    assert before.headers["location"] == "/team/feeds/agenda"
    assert MOVED not in unmoved
    assert after.headers["location"] == "/team/feeds/agenda?said=feed_saved"
    assert team.workspace.feeds["agenda"].url == MOVED


def test_what_changes_nothing_or_was_decided_on_an_older_file_leaves_the_file(team):
    before = plan(team.folder)
    same = {"url": "https://agenda.example/feed", "title": ""}
    with signed_in(team, "ada") as ada:
        unchanged = ada.post("/team/feeds/agenda/edit", data=same)
        starred = ada.post("/team/feeds/agenda/edit", data=same | {"url": "https://***@x.example/"})
        late = ada.post("/team/feeds/agenda/remove", data={"seen": "older"})
        wrong = ada.post("/team/feeds/import", data={"save": "yes", "feed": "ftp://x.example/f X"})

    assert unchanged.headers["location"] == "/team/feeds/agenda"
    assert [one.status_code for one in (starred, late, wrong)] == [422, 409, 422]
    assert 'value="https://***@x.example/"' in starred.text
    assert "ftp" in wrong.text
    assert plan(team.folder) == before


def test_a_poll_that_brings_no_feed_says_so_and_one_that_is_gone_for_good_too(team):
    with signed_in(team, "ada") as ada:
        failed = ada.post("/team/feeds/f01/poll")
        ada.post("/team/feeds/left/poll")
        gone = ada.get("/team/feeds?state=gone").text.split("<tbody")[1]

    assert failed.headers["location"] == "/team/feeds/f01?said=feed_not_read"
    assert "/team/feeds/left" in gone
    assert "/team/feeds/f01" not in gone


def test_many_feeds_stand_on_pages_that_lead_to_one_another(team):
    with signed_in(team, "ada") as ada:
        first = ada.get("/team/feeds?q=example").text
        second = ada.get("/team/feeds?q=example&after=f47").text

    assert "/team/feeds?q=example&amp;after=f47" in first
    assert "/team/feeds/f49" in second
    assert "/team/feeds/f49" not in first
    assert 'href="/team/feeds?q=example"' in second


def test_where_files_are_not_written_each_change_is_given_as_lines_to_copy(with_feeds, clock):
    settings = {"DISPATCH_SECRET_KEY": KEY, "DISPATCH_EDIT_FILES": "no"}
    before = plan(with_feeds)
    with opened(with_feeds, clock, answer, settings=load_settings(with_feeds, settings)) as app:
        join(app, "ada", Role.EDITOR)
        with signed_in(app, "ada") as ada:
            ada.post("/team/feeds/agenda/poll")
            answers = {
                "A town": ada.post(
                    "/team/feeds/agenda/edit", data={"url": MOVED, "title": "A town"}
                ),
                MOVED: ada.post("/team/feeds/agenda/move"),
                "-  notebook: ": ada.post("/team/feeds/notebook/remove"),
                "https://new.example/f": ada.post(
                    "/team/feeds/import", data={"save": "yes", "feed": "https://new.example/f New"}
                ),
            }
            made = ada.post("/team/forms", data={"name": "fest", "audience": "readers"})
            form = ada.post(
                "/team/forms/readers", data={"audiences": "readers", "title": "Dear all"}
            )

    assert [one.status_code for one in answers.values()] == [422] * 4
    for words, page in answers.items():
        assert "Nothing was written." in page.text
        assert words in page.text
    assert (made.status_code, form.status_code) == (422, 422)
    assert "fest:" in made.text
    assert "Dear all" in form.text
    assert plan(with_feeds) == before


def listed(number, *, link="https://new.example/a", feed="blog", hold=None, backlog=False):
    return ListedPost(number, feed, "A post", link, NOW, NOW, backlog, 1, hold)


def test_posts_that_all_went_to_one_other_site_are_one_question_and_odd_links_are_their_own():
    old = [listed(10 + one, link=f"https://www.old.example/{one}") for one in range(3)]
    moved = [(listed(one), like) for one, like in enumerate(old)]
    alone = [
        (listed(5), None),
        (listed(6, link="https://[no-address/"), old[0]),
        (listed(7, link="https://old.example/7"), old[0]),
        (listed(8, feed="other"), old[0]),
    ]

    [move], rest = moves_and_rest([*moved, *alone])

    assert (move.feed, move.before, move.now) == ("blog", "old.example", "new.example")
    assert (move.ids, move.total) == ([0, 1, 2], 6)
    assert rest == alone


@pytest.mark.parametrize(
    ("decision", "states", "backlog", "badge"),
    [
        (None, (), False, "held"),
        (Decision.RELEASED, (), False, "new"),
        (Decision.DROPPED, (), False, "dropped"),
        (Decision.RELEASED, (EditionState.IN_REVIEW,), False, "in review"),
        (Decision.RELEASED, (EditionState.IN_REVIEW, EditionState.FINISHED), False, "told"),
        (Decision.RELEASED, (), True, ""),
    ],
)
def test_the_badge_of_a_post_says_what_has_become_of_it(decision, states, backlog, badge):
    uses = [PostUse("e1", "weekly", "2026-07-06T08:00", state) for state in states]
    post = listed(1, hold=Hold("looks old", NOW, decision), backlog=backlog)

    assert Line(post, uses).badge == badge


def posted(*pieces, kind="application/x-www-form-urlencoded", length=""):
    messages = [{"type": "http.request", "body": one, "more_body": True} for one in pieces]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    headers = [(b"content-type", kind.encode()), (b"content-length", length.encode())]

    async def receive():
        return messages.pop(0)

    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    return asyncio.run(read_form(request, most=100_000))


def test_a_form_is_read_with_all_fields_of_one_name():
    form = posted(b"a=1&a=+2+&text=x%0D%0A", b"y")

    assert (form("a"), form.all("a"), form.raw("text")) == ("2", ["1", "2"], "x\ny")
    assert list(form) == ["a", "text"]


@pytest.mark.parametrize(
    ("pieces", "about", "status"),
    [
        ([b"a=1"], {"length": "100001"}, 413),
        ([b"a=" + b"x" * 60_000, b"x" * 60_000], {}, 413),
        ([b"a=%00"], {}, 422),
        ([b"&".join(b"f%d=1" % one for one in range(MOST_FIELDS + 1))], {}, 422),
        ([b"--x"], {"kind": "multipart/form-data"}, 422),
        ([b"no boundary"], {"kind": "multipart/form-data; boundary=x"}, 422),
    ],
)
def test_a_form_that_is_too_much_or_makes_no_sense_is_refused(pieces, about, status):
    with pytest.raises(HTTPException) as refused:
        posted(*pieces, **about)

    assert refused.value.status_code == status
