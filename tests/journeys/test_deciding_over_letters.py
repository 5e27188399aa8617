"""A letter and the people who decide about it: written by one, let out by another."""

from email import message_from_bytes, policy

import pytest

from app_stage import change, workspace_in
from browsing import answer_to
from dispatch.model.team.role import Role
from pages_stage import CHROMIUM
from team_browsers import AT_A_DESK, ON_A_PHONE, both_ways, team_at_work

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

CAMPAIGN = """
  {name}:
    title: {name}
    feeds: [atelier]
    approval: {{needed: true, other_than_author: true}}
    email: {{audience: readers, template: bulletin}}
"""

WAYS = {"desk": AT_A_DESK, "phone": ON_A_PHONE}


@pytest.fixture(scope="module")
def team(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("deciding") / "letters", migrated_sqlite)
    names = [
        f"{what}-{way.language}" for what in ("second", "mended", "keys") for way in WAYS.values()
    ]
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


def made(team, campaign: str) -> str:
    """The path of a new edition that waits for approval."""
    report = team.app.campaigns.run(team.app.campaign(campaign))
    assert report.edition is not None
    return f"/editions/{report.edition.id}"


def letters(team) -> set[str]:
    """The subjects of all that has left, once the service has looked after it."""
    team.sends_what_is_approved()
    mails = (one.read_bytes() for one in (team.app.folder / "outbox").rglob("*.eml"))
    return {message_from_bytes(mail, policy=policy.default)["Subject"] for mail in mails}


@both_ways
def test_a_letter_leaves_when_somebody_else_than_its_author_approves(team, way):
    path, subject = made(team, f"second-{way.language}"), f"Printed by two {way.language}"
    author, other = team.comes(Role.ADMIN, way), team.comes(Role.APPROVER, way)

    author.goes(path)
    author.page.fill("#subject", subject)
    author.presses("edition.save_words")

    approve = author.button("edition.approve")
    assert approve.is_disabled()
    why = author.page.locator(f"#{approve.get_attribute('aria-describedby')}")
    assert why.inner_text() == author.words("edition.bar_author")
    author.opens("ask")
    author.page.fill("#ask-note", "Look at the subject, please")
    author.presses("edition.ask", within="#ask")
    author.sees("said.edition_asked")
    assert subject not in letters(team)

    other.goes("")
    other.page.click(f"main a[href$='{path}'] >> nth=0")
    other.opens("approve")
    other.presses("edition.approve", within="#approve")

    other.sees("said.edition_approved")
    assert subject in letters(team)


@both_ways
def test_changes_are_asked_for_and_made_and_nobody_approves_what_they_have_not_seen(team, way):
    path, subject = made(team, f"mended-{way.language}"), f"Mended {way.language}"
    author, other = team.comes(Role.EDITOR, way), team.comes(Role.APPROVER, way)

    other.goes(path)
    other.opens("changes")
    other.page.fill("#what", "Name the fair in the subject")
    other.presses("edition.request_changes", within="#changes")
    other.sees("said.edition_changes_requested")

    author.goes(path)
    author.reads("Name the fair in the subject")
    author.page.fill("#subject", subject)
    author.presses("edition.save_words")
    author.opens("ask")
    author.presses("edition.ask", within="#ask")
    other.goes(path)
    other.opens("approve")
    author.page.fill("#subject", f"{subject} at the fair")
    author.presses("edition.save_words")
    stale = other.presses("edition.approve", within="#approve")

    assert stale.status == 409
    other.reads(f"{subject} at the fair")
    assert subject not in letters(team)
    other.page.get_by_role("link", name=other.words("edition.look_again")).click()
    other.opens("approve")
    other.presses("edition.approve", within="#approve")
    other.sees("said.edition_approved")
    assert f"{subject} at the fair" in letters(team)


@both_ways
def test_a_letter_is_approved_without_a_mouse(team, way):
    path = made(team, f"keys-{way.language}")
    one = team.comes(Role.APPROVER, way)
    one.goes("")

    tab_to(one.page, f"main a[href$='{path}']")
    press_enter(one.page)
    tab_to(one.page, ".decide [popovertarget=approve]")
    one.page.keyboard.press("Enter")
    one.page.locator("#approve").wait_for()
    one.page.keyboard.press("Escape")
    one.page.locator("#approve").wait_for(state="hidden")
    assert one.page.evaluate("document.activeElement.getAttribute('popovertarget')") == "approve"
    one.page.keyboard.press("Enter")
    tab_to(one.page, "#approve .main", most=3)
    press_enter(one.page)

    one.sees("said.edition_approved")


def tab_to(page, selector: str, *, most: int = 120) -> None:
    """As often as it takes; each stop on the way can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(one) => document.activeElement?.matches(one)", selector):
            return
    raise AssertionError(f"{most} times Tab do not lead to {selector}")


def press_enter(page) -> None:
    answer_to(page, lambda: page.keyboard.press("Enter"))
