"""What comes in and is not taken as it is: posts that are held, and files with wrong rows."""

import pytest

from app_stage import change, workspace_in
from dispatch.model.team.role import Role
from pages_stage import CHROMIUM
from team_browsers import both_ways, team_at_work
from team_house import FEED

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

TWICE = {"en": ("010", "008"), "fr": ("007", "006")}
"""Posts of the blog by their numbers, which come once more as new ones: two for each way."""

PEOPLE = """\
email;name;locale
anna@{way}.example;Anna Ek;en
not an address;Bo;en
anna@{way}.example;Anna once more;en
carl@{way}.example;Carl Dahl;nonsense
dora@{way}.example;Dora;fr
"""


@pytest.fixture(scope="module")
def team(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("coming") / "letters", migrated_sqlite)

    def furnish(app, _clock):
        list(app.people.import_files())
        list(app.intake.poll(app.workspace.feeds))
        app.campaigns.run(app.campaign("weekly"))
        for number in (one for pair in TWICE.values() for one in pair):
            change(folder, f">atelier-2026-{number}<", f">again-{number}<", FEED)
        change(folder, "atelier.example/2026/", "atelier.example/again/", FEED)
        list(app.intake.poll(app.workspace.feeds))

    with team_at_work(folder, furnish) as team:
        yield team


@both_ways
def test_of_two_held_posts_one_is_dropped_and_one_is_news(team, way):
    author = team.comes(Role.AUTHOR, way)
    same, other = (held(team, f"again-{number}") for number in TWICE[way.language])
    author.goes("")

    author.page.click("main .todo a[href$='/posts?state=held'] >> nth=0")
    author.page.locator(f"#post-{same}").wait_for()
    author.presses("posts.same_drop", within=f"#post-{same}")
    author.sees("said.post_dropped", count=1)
    author.presses("posts.other_release", within=f"#post-{other}")
    author.sees("said.post_released", count=1)
    author.presses("posts.take_back")
    author.sees("said.post_held", count=1)
    author.presses("posts.other_release", within=f"#post-{other}")
    author.sees("said.post_released", count=1)

    with team.app.store.read() as tx:
        dropped, released = tx.inbox.some([same]) + tx.inbox.some([other])
    assert (dropped.is_dropped, dropped.awaits_decision) == (True, False)
    assert (released.is_dropped, released.awaits_decision) == (False, False)


def held(team, guid: str) -> int:
    """The key of a post that nobody has decided about."""
    with team.app.store.read() as tx:
        [found] = [post.id for post, _ in tx.inbox.held() if tx.posts.get(post.id).guid == guid]
        return found


@both_ways
def test_a_file_with_wrong_rows_is_looked_at_mended_and_brought_in(team, way, tmp_path):
    file = tmp_path / "fair.csv"
    file.write_text(PEOPLE.format(way=way.language), encoding="utf-8")
    editor = team.comes(Role.EDITOR, way)
    editor.goes("/subscribers")
    editor.page.locator("main a[href$='/subscribers/import']").first.click()
    hand_over(editor, file)

    editor.sees("uploads.wrong", count=2)
    with editor.page.expect_download() as download:
        editor.page.get_by_role("link", name=editor.words("uploads.wrong_csv")).click()
    assert editor.presses("uploads.import_n", count=3).status == 422  # nobody says they agreed
    editor.page.check("#sure")
    editor.presses("uploads.import_n", count=3)
    editor.sees("uploads.done", count=3)

    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    mended = (one for one in lines if "Anna once more" not in one)
    file.write_text("\n".join(mended).replace(",not an address,", f",bo@{way.language}.example,"))
    editor.goes("/subscribers/import")
    hand_over(editor, file)
    editor.page.check("#sure")
    editor.presses("uploads.import_n", count=1)
    editor.sees("uploads.done", count=1)

    with team.app.store.read() as tx:
        found = [
            tx.subscribers.find(f"{who}@{way.language}.example")
            for who in ("anna", "bo", "carl", "dora")
        ]
    assert [one.name for one in found] == ["Anna Ek", "Bo", "Carl Dahl", "Dora"]
    assert found[1].fields == {}  # the line and the reason are ours, and nothing of theirs


def hand_over(editor, file) -> None:
    editor.page.set_input_files("#file", file)
    editor.page.select_option("#audience", "readers")
    editor.page.fill("#ground", "asked for it at the fair")
    editor.presses("uploads.look")
