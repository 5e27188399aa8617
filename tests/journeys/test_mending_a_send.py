"""A letter that goes out: stopped and let go on; what went wrong is sent again, or decided."""

import pytest

from app_stage import change, workspace_in
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.team.role import Role
from pages_stage import CHROMIUM
from team_browsers import AT_A_DESK, ON_A_PHONE, both_ways, team_at_work
from team_house import begun, go_wrong

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

CAMPAIGN = """
  {name}:
    title: {name}
    feeds: [atelier]
    email: {{audience: readers, template: bulletin}}
"""

TELLS_THE_END = """window.EventSource = class extends EventSource {
  constructor(address) {
    super(address);
    this.addEventListener("end", () => setTimeout(() => console.log("the end")));
  }
}"""
"""Says when the page has heard that the edition is another one now."""


@pytest.fixture(scope="module")
def team(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("sends") / "letters", migrated_sqlite)
    names = [
        f"{what}-{way.language}" for what in ("stopped", "wrong") for way in (AT_A_DESK, ON_A_PHONE)
    ]
    names += ["pressed"]
    change(
        folder,
        "\n  bulletin:",
        "".join(CAMPAIGN.format(name=one) for one in names) + "\n  bulletin:",
    )

    def furnish(app, _clock):
        list(app.people.import_files())
        list(app.intake.poll(app.workspace.feeds))

    with team_at_work(folder, furnish) as team:
        yield team


def counts(team, edition_id: str) -> dict[DeliveryState, int]:
    with team.app.store.read() as tx:
        return dict(tx.deliveries.counts(tx.editions.get(edition_id)))


@both_ways
def test_a_send_is_paused_and_goes_on(team, way):
    edition_id = begun(team.app, f"stopped-{way.language}")
    approver, editor = team.comes(Role.APPROVER, way), team.comes(Role.EDITOR, way)
    for one in (approver, editor):
        one.goes(f"/editions/{edition_id}")

    approver.presses("live.pause")
    approver.sees("said.edition_paused")
    team.sends_what_is_approved()
    assert counts(team, edition_id) == {DeliveryState.PENDING: 8}
    assert not approver.button("live.resume").is_visible()

    if not way.script:
        editor.goes(f"/editions/{edition_id}")  # else the page says so by itself
    editor.button("live.resume").wait_for()
    editor.presses("live.resume")
    editor.sees("said.edition_resumed")
    team.sends_what_is_approved()

    assert counts(team, edition_id) == {DeliveryState.ACCEPTED: 8}
    editor.goes(f"/editions/{edition_id}")
    editor.sees("live.where_each", count=8)


def test_what_is_pressed_counts_though_the_page_would_load_again(team):
    edition_id = begun(team.app, "pressed")
    editor = team.comes(Role.EDITOR, AT_A_DESK)
    editor.page.add_init_script(TELLS_THE_END)
    editor.goes(f"/editions/{edition_id}")
    asked = []
    editor.page.route("**/run", lambda way: asked.append(way))  # noqa: PLW0108 - it marks what it calls

    editor.page.get_by_role("link", name=editor.words("live.run")).click(no_wait_after=True)
    with editor.page.expect_console_message(lambda said: said.text == "the end"):
        team.sends_what_is_approved()
    asked.pop().continue_()

    editor.page.wait_for_url("**/run")


@both_ways
def test_what_failed_is_sent_again_and_what_is_unknown_is_decided(team, way):
    report = team.app.campaigns.run(team.app.campaign(f"wrong-{way.language}"))
    edition_id = report.edition.id
    go_wrong(team.app, edition_id)
    editor = team.comes(Role.EDITOR, way)
    editor.goes(f"/editions/{edition_id}")

    editor.opens("again")
    editor.presses("live.retry", within="#again", count=1)
    editor.sees("said.deliveries_wait_again", count=1)
    team.sends_what_is_approved()
    assert counts(team, edition_id)[DeliveryState.ACCEPTED] == 5
    assert DeliveryState.FAILED not in counts(team, edition_id)

    editor.goes(f"/editions/{edition_id}")
    editor.page.get_by_role("link", name=editor.words("live.decide")).click()
    if way.script:
        editor.presses("live.count_as_accepted")
        editor.sees("said.deliveries_accepted", count=1)
    else:
        editor.presses("live.send_again")
        editor.sees("said.deliveries_wait_again", count=1)
        team.sends_what_is_approved()

    assert counts(team, edition_id) == {
        DeliveryState.ACCEPTED: 6,
        DeliveryState.REFUSED: 1,
        DeliveryState.SUPPRESSED: 1,
    }
