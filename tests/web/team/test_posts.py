import re
from functools import partial

import pytest
from structlog.testing import capture_logs

from app_stage import change, copied_workspace, opened, workspace_in
from dispatch.model.intake.post import Decision
from dispatch.model.team.role import Role
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.testing.clock import FakeClock
from team_house import FEED, publish
from team_stage import join, signed_in

NIGHT = (
    "Once a year our town library stays open all night. Nobody comes for the books. They come for "
    "the light, for the tea that the keeper makes, and to hear how the rain sounds between shelves "
    "when nobody whispers. We went with blankets and stayed until the first bus of the morning."
)


@pytest.fixture(scope="module")
def told(tmp_path_factory, migrated_sqlite):
    """A folder: posts were told, and one of them comes back, changed a little, and is held."""
    folder = workspace_in(tmp_path_factory.mktemp("posts") / "letters", migrated_sqlite)
    with capture_logs(), opened(folder, FakeClock()) as app:
        join(app, "ada", Role.EDITOR)
        join(app, "nora", Role.AUTHOR)
        join(app, "vera", Role.VIEWER)
        list(app.intake.poll())
        publish(app.folder, "library-at-two", "The library by lamplight in the morning", NIGHT)
        list(app.intake.poll())
        app.campaigns.run(app.campaign("weekly"))
        change(app.folder, "library-at-two", "library-again", FEED)
        change(app.folder, "in the morning</title>", "at night</title>", FEED)
        list(app.intake.poll())
    return folder


@pytest.fixture
def team(told, tmp_path, clock):
    with opened(copied_workspace(told, tmp_path / "letters"), clock) as app:
        yield app


def held(app):
    with app.store.read() as tx:
        [(post, like)] = tx.inbox.held()
    return post, like


def test_a_held_post_stands_beside_what_it_looks_like_with_its_differences(team):
    with signed_in(team, "ada") as ada:
        page = ada.get("/team/posts?state=held").text

    _, like = held(team)
    assert like.title == "The library by lamplight in the morning"
    assert "The library by lamplight <mark>in the morning</mark>" in page
    assert "The library by lamplight <mark>at night</mark>" in page
    assert re.search(r"<mark>library-at-two</mark>", page)
    assert re.search(r"(\d+) of \1 words are the same\.", page)
    assert '<button class="button main">The same: drop it</button>' in page


def test_what_is_dropped_can_be_taken_back_and_is_on_record(team):
    post, _ = held(team)
    with signed_in(team, "nora") as nora:
        answer = nora.post("/team/posts/drop", data={"ids": post.id, "seen": "", "back": "held"})
        page = nora.get(answer.headers["location"]).text
        dropped = nora.get("/team/posts?state=dropped").text
        back = nora.post(
            "/team/posts/release", data={"ids": post.id, "seen": "dropped", "back": "post"}
        )
        one = nora.get(back.headers["location"]).text

    assert "1 post is dropped: no edition will have it." in page
    assert "Take that back" in page
    assert post.title in dropped
    assert "dropped by nora" in dropped
    assert "released by nora" in one
    with team.store.read() as tx:
        acts = [(done.act, done.by) for done in tx.audit.about("post", str(post.id))]
    assert acts == [("post.release", "nora"), ("post.drop", "nora")]


@pytest.mark.parametrize("decision", ["drop", "release"])
def test_what_is_taken_back_waits_for_a_decision_as_before(team, decision):
    post, _ = held(team)
    with signed_in(team, "nora") as nora:
        told = nora.post(f"/team/posts/{decision}", data={"ids": post.id, "seen": ""})
        page = nora.get(told.headers["location"]).text
        form = page.partition('action="/team/posts/hold"')[2].partition("</form>")[0]
        typed = dict(re.findall(r'name="(\w+)" value="(\w+)"', form))
        back, twice = (nora.post("/team/posts/hold", data=typed) for _ in range(2))

    assert (back.headers["location"], twice.status_code) == (
        "/team/posts?state=held&said=post_held&n=1",
        303,
    )
    assert held(team)[0].id == post.id
    with team.store.read() as tx:
        [first, _] = tx.audit.about("post", str(post.id))
    assert (first.act, first.by) == ("post.hold", "nora")


def test_nothing_is_taken_back_that_somebody_decided_otherwise_or_an_edition_has(team):
    post, _ = held(team)
    decided = partial(decide_posts, [post.id], by="marie", store=team.store, clock=team.clock)
    with signed_in(team, "nora") as nora:
        decided(Decision.RELEASED)
        other = nora.post("/team/posts/hold", data={"ids": post.id, "seen": "dropped"})
        team.campaigns.run(team.campaign("bulletin"))
        used = nora.post("/team/posts/hold", data={"ids": post.id, "seen": "released"})
        nothing = nora.post("/team/posts/hold", data={"ids": post.id})

    assert (other.status_code, used.status_code, nothing.status_code) == (409, 409, 422)
    assert "is not dropped any more - look at it again" in other.text
    assert "has it by now - take it out there" in used.text


def test_who_decides_after_somebody_else_hears_of_it(team):
    post, _ = held(team)
    decide_posts([post.id], Decision.DROPPED, by="marie", store=team.store, clock=team.clock)

    with signed_in(team, "ada") as ada:
        answer = ada.post("/team/posts/release", data={"ids": post.id, "seen": ""})
        same = ada.post("/team/posts/drop", data={"ids": post.id, "seen": ""})

    assert answer.status_code == 409
    assert "was dropped by marie since you looked" in answer.text
    assert same.status_code == 303


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"seen": ""}, 422),  # none chosen
        ({"ids": "999999", "seen": ""}, 404),
        ({"ids": "one", "seen": ""}, 404),
        ({"ids": "1", "seen": ""}, 409),  # never was held
    ],
)
def test_a_decision_about_nothing_that_is_held_changes_nothing(team, data, status):
    with signed_in(team, "ada") as ada:
        assert ada.post("/team/posts/drop", data=data).status_code == status
    assert held(team)


def test_who_may_not_decide_sees_no_button(team):
    with signed_in(team, "vera") as vera:
        page = vera.get("/team/posts?state=held").text

        assert vera.post("/team/posts/drop", data={"ids": "1"}).status_code == 403
    assert "Looks like a post of" in page
    assert "drop it" not in page


def test_posts_that_moved_with_their_site_are_one_question(team):
    feed = team.folder / FEED
    moved = feed.read_text().replace("//atelier.example/", "//images.example/")
    feed.write_text(re.sub(r"(<guid[^>]*>)", r"\1new-", moved))
    list(team.intake.poll())
    with signed_in(team, "ada") as ada:
        page = ada.get("/team/posts?state=held").text
        ids = re.findall(r'name="ids" value="(\d+)"', page.split("Drop all", 1)[0])
        answer = ada.post("/team/posts/drop", data={"ids": ids, "seen": ""})
        after = ada.get(answer.headers["location"]).text

    assert "atelier · moved from atelier.example to images.example" in page
    assert re.search(r"\d+ of \d+ held posts look like ones from before", page)
    assert "Drop all" in page
    assert "moved from" not in after


@pytest.mark.parametrize(
    ("path", "there", "not_there"),
    [
        ("/team/posts", "waits for the next run of", "The library by lamplight"),
        ("/team/posts?state=told", "The library by lamplight in the morning", "was in the feed"),
        ("/team/posts?state=all&q=LIBRARY", "at night", "Exposition"),
        ("/team/posts?state=told&q=nobody+has+this", "Look in all posts", "The library"),
        ("/team/posts?state=edition", "No edition that waits", "The library"),
        ("/team/posts?state=nonsense", "waits for the next run of", "The library by lamplight"),
        (
            "/team/posts?feed=notebook&state=all",
            "Only the feed notebook",
            "The library by lamplight",
        ),
    ],
)
def test_posts_are_listed_by_what_has_become_of_them(team, path, there, not_there):
    with signed_in(team, "vera") as vera:
        page = vera.get(path)

    assert page.status_code == 200
    assert there in page.text
    assert not_there not in page.text.split('id="list"')[1]


def test_a_post_tells_what_it_said_before_and_what_each_run_made_of_it(team):
    post, like = held(team)
    change(team.folder, "Nobody comes", "Nobody ever comes", FEED)
    list(team.intake.poll())
    with signed_in(team, "vera") as vera:
        mine, told = (vera.get(f"/team/posts/{one.id}").text for one in (post, like))
        nowhere = vera.get("/team/posts/999999")

    assert "Revision 2" in mine
    assert "<mark>ever</mark>" in mine
    assert "The Atelier Letter" in told
    assert ">in</td>" in told
    assert nowhere.status_code == 404
