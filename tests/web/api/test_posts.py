import pytest

from app_stage import change
from nouns_stage import program
from team_house import FEED, publish

STORY = (
    "The lamps of the old reading room were lit until the first bus of the morning came by. " * 3
)


@pytest.fixture(scope="module")
def team(tmp_path_factory, read_in):
    with program(tmp_path_factory.mktemp("posts") / "letters", read_in) as team:
        app, _ = team
        publish(app.folder, "lamps-at-two", "The reading room by lamplight in the morning", STORY)
        list(app.intake.poll())
        app.campaigns.run(app.campaign("weekly"))
        change(app.folder, "lamps-at-two", "lamps-again", FEED)
        change(app.folder, "in the morning</title>", "at night</title>", FEED)
        list(app.intake.poll())
        yield team


def held(api):
    return api.get("/posts", params={"state": "held"}).json()["items"]


def test_posts_are_listed_by_what_has_become_of_them_a_page_at_a_time(team):
    _, api = team
    pages, cursor = [], ""
    while cursor is not None:
        page = api.get("/posts", params={"limit": 3, "cursor": cursor}).json()
        pages.append([one["id"] for one in page["items"]])
        cursor = page["next"]
    everything = [one for page in pages for one in page]
    told = api.get("/posts", params={"state": "told", "feed": "atelier"}).json()["items"]
    lamps = api.get("/posts", params={"text": "lamplight"}).json()["items"]

    assert all(len(page) == 3 for page in pages[:-1])
    assert len(set(everything)) == len(everything) > 3
    assert everything == sorted(everything, key=int, reverse=True)
    assert {one["state"] for one in told} == {"told"}
    assert len(lamps) == 2


def test_a_post_tells_what_it_says_and_what_runs_thought_of_it(team):
    _, api = team
    told = api.get("/posts", params={"state": "told"}).json()["items"][0]
    shown = api.get(f"/posts/{told['id']}").json()

    assert shown["editions"][0]["campaign"] == "weekly"
    assert shown["runs"][0]["included"]
    assert shown["content"] or shown["summary"]
    assert shown["campaigns"] == ["weekly", "bulletin"]


def test_what_is_held_is_dropped_taken_back_and_released(team):
    app, api = team
    [post] = held(api)
    dropped = api.post("/posts/drop", json={"ids": [post["id"]], "seen": ""})
    late = api.post("/posts/release", json={"ids": [post["id"]], "seen": ""})
    taken_back = api.post("/posts/hold", json={"ids": [post["id"]], "seen": "dropped"})
    again = held(api)
    released = api.post("/posts/release", json={"ids": [post["id"]]})
    new = api.get("/posts", params={"state": "new"}).json()["items"]

    assert post["hold"]["like"]
    assert dropped.json() == {"ids": [post["id"]]}
    assert late.status_code == 409
    assert taken_back.status_code == released.status_code == 200
    assert [one["id"] for one in again] == [post["id"]]
    assert post["id"] in [one["id"] for one in new]
    with app.store.read() as tx:
        acts = [done.act for done in tx.audit.about("post", post["id"])]
    assert acts == ["post.release", "post.hold", "post.drop"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/posts/release", {"ids": []}, 422),
        ("/posts/release", {"ids": [1]}, 422),
        ("/posts/release", {"ids": ["one"]}, 404),
        ("/posts/release", {"ids": ["1"]}, 409),
        ("/posts/hold", {"ids": ["1"], "seen": ""}, 422),
    ],
)
def test_a_decision_that_cannot_be_is_refused(team, path, body, status):
    _, api = team

    assert api.post(path, json=body).status_code == status


def test_a_post_that_is_not_there_and_an_odd_cursor_are_told_so(team):
    _, api = team

    assert api.get("/posts/999999").status_code == 404
    assert api.get("/posts/one").status_code == 404
    assert api.get("/posts", params={"cursor": "abc"}).status_code == 422
