import pytest

from nouns_stage import errors_of, plan, program, tag_of

URL = "https://musee.example/feed.xml"
OPML = (
    '<opml version="2.0"><body><outline type="rss" text="A" xmlUrl="https://a.example/feed"/>'
    '<outline type="rss" text="A again" xmlUrl="http://a.example/feed/"/>'
    '<outline type="rss" text="Bad" xmlUrl="javascript:1"/></body></opml>'
)


@pytest.fixture(scope="module")
def team(tmp_path_factory, read_in):
    with program(tmp_path_factory.mktemp("feeds") / "letters", read_in) as team:
        yield team


def test_feeds_are_listed_a_page_at_a_time_in_the_order_of_the_file(team):
    _, api = team
    first = api.get("/feeds", params={"limit": 1, "text": "e"}).json()
    second = api.get("/feeds", params={"limit": 1, "text": "e", "cursor": first["next"]}).json()
    failing = api.get("/feeds", params={"state": "failing"}).json()

    assert [one["name"] for page in (first, second) for one in page["items"]] == [
        "atelier",
        "notebook",
    ]
    assert first["items"][0]["campaigns"] == ["weekly", "bulletin"]
    assert failing == {"items": [], "next": None}


def test_a_feed_is_found_added_polled_changed_and_removed_and_the_file_is_as_before(team):
    app, api = team
    before = plan(app)
    [found] = api.post("/feeds/find", json={"address": "musee.example"}).json()["found"]
    added = api.post("/feeds", json={"url": found["url"], "name": "journal", "backfill": 5})
    polled = api.post("/feeds/journal/poll").json()
    shown = api.get("/feeds/journal")
    seen = {"If-Match": shown.headers["etag"]}
    changed = api.patch("/feeds/journal", json={"title": "The journal"}, headers=seen)
    now = {"If-Match": changed.headers["etag"]}
    removed = api.delete("/feeds/journal", headers=now)

    assert (found["url"], found["title"], found["known_as"]) == (URL, "Le journal", None)
    assert added.status_code == 200, added.text
    assert added.headers["location"] == "/api/v1/feeds/journal"
    assert polled["new"] == 1
    assert shown.json()["posts"] == 1
    assert changed.json()["written"]
    assert removed.status_code == 200, removed.text
    assert plan(app) == before
    with app.store.read() as tx:
        acts = [done.act for done in tx.audit.about("feed", "journal")]
    assert acts == ["feed.remove", "feed.edit", "feed.poll", "feed.add"]


def test_a_change_is_tried_without_a_word_of_the_file_changed(team):
    app, api = team
    before = plan(app)
    tried = api.post("/feeds?try_only=true", json={"url": URL, "name": "journal"}).json()

    assert (tried["changed"], tried["written"]) == (True, False)
    assert any("journal" in line for line in tried["diff"])
    assert plan(app) == before


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"url": "javascript:alert(1)", "name": "x"}, "url", "javascript"),
        ({"url": "file:schedules.yaml"}, "url", "is a file of this workspace"),
        ({"url": URL, "name": "no way"}, "no way", "name"),
        ({"url": URL, "name": "x", "backfill": "since 2026-02-31"}, "backfill", "day"),
        ({"name": "x"}, "url", "required"),
    ],
)
def test_what_cannot_be_added_is_said_at_its_field(team, body, field, said):
    app, api = team
    before = plan(app)
    answer = api.post("/feeds", json=body)

    assert answer.status_code == 422, answer.text
    assert field in "".join(errors_of(answer))
    assert said in answer.text
    assert plan(app) == before


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/feeds", {"url": URL, "name": "atelier"}, 409),
        ("POST", "/feeds/atelier/move", None, 409),
        ("POST", "/feeds/nothing/poll", None, 404),
        ("PATCH", "/feeds/atelier", {"title": "x"}, 428),
        ("POST", "/feeds/find", {"address": "file:schedules.yaml"}, 422),
    ],
)
def test_what_cannot_be_done_is_said(team, method, path, body, status):
    _, api = team
    answer = api.request(method, path, json=body)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_who_saw_an_older_file_changes_nothing(team):
    app, api = team
    before = plan(app)
    answer = api.patch("/feeds/atelier", json={"title": "x"}, headers={"If-Match": '"old"'})

    assert answer.status_code == 412
    assert tag_of(api, "/feeds/atelier")["If-Match"] == answer.headers["etag"]
    assert plan(app) == before


def test_a_list_of_feeds_is_looked_at_and_taken_in(team):
    app, api = team
    kind = {"content-type": "text/x-opml"}
    looked = api.post("/feeds/import?try_only=true", content=OPML, headers=kind).json()
    wrong = api.post("/feeds/import", content="no list", headers=kind)
    taken = api.post("/feeds/import", content=OPML, headers=kind).json()
    exported = api.get("/feeds.opml")

    assert [one["name"] for one in looked["added"]] == ["a"]
    assert (looked["known"], looked["written"], len(looked["problems"])) == (1, False, 1)
    assert wrong.status_code == 422
    assert taken["written"]
    assert app.workspace.feeds["a"].url == "https://a.example/feed"
    assert "https://a.example/feed" in exported.text
    assert "samples/" not in exported.text


def test_all_feeds_are_polled_at_the_next_tick(team):
    app, api = team

    assert api.post("/feeds/poll").json() == {"feeds": len(app.workspace.feeds)}
