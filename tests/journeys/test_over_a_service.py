"""A team takes the mail service that it pays for: connected, checked, sent over, and reported."""

from collections import Counter

import httpx
import pytest

from app_stage import change, workspace_in
from dispatch.app.http_clients import HttpClient
from dispatch.http import new_client
from dispatch.model.team.role import Role
from pages_stage import CHROMIUM
from team_browsers import AT_A_DESK, ON_A_PHONE, both_ways, team_at_work
from vendors.on_loopback import on_loopback
from vendors.sendgrid import VENDOR

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

NOT_TAKEN = "kenji.sato@example.net"
CAMPAIGN = """
  letter-{language}:
    title: Letter
    feeds: [atelier]
    email: {{audience: readers, template: bulletin}}
"""


class SendGrid:
    """Knows one key, takes no call with an address that it dislikes, and counts whom it mails."""

    def __init__(self) -> None:
        self.mailed: Counter[str] = Counter()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] != "Bearer SG.right":
            return httpx.Response(401, json={"errors": [{"message": "authorization required"}]})
        mails = VENDOR.mails(request)
        errors = [
            {
                "message": "Does not contain a valid address.",
                "field": f"personalizations.{at}.to.0.email",
            }
            for at, mail in enumerate(mails)
            if mail.to == NOT_TAKEN
        ]
        if errors:
            return httpx.Response(400, json={"errors": errors})
        self.mailed.update(mail.to for mail in mails)
        return VENDOR.answer(request)


@pytest.fixture(scope="module")
def service():
    return SendGrid()


@pytest.fixture(scope="module")
def team(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("over-a-service") / "letters", migrated_sqlite)
    change(folder, "@readers.example", "@example.net", "subscribers/readers.csv")
    for way in (AT_A_DESK, ON_A_PHONE):
        change(folder, "\n  bulletin:", f"{CAMPAIGN.format(language=way.language)}\n  bulletin:")

    def furnish(app, _clock):
        list(app.people.import_files())
        list(app.intake.poll(app.workspace.feeds))

    keys = {"OLD_KEY": "SG.old", "SENDGRID_KEY": "SG.right"}
    http = HttpClient(lambda _: new_client())
    with team_at_work(folder, furnish, http=http, environ=keys) as team:
        yield team


@both_ways
def test_an_edition_goes_out_over_a_service_that_was_connected_in_the_browser(team, service, way):
    channel, campaign = f"grid-{way.language}", f"letter-{way.language}"
    owner = team.comes(Role.OWNER, way)
    service.mailed.clear()
    with on_loopback(service) as url:
        connect(owner, channel, url)
        owner.goes(f"/campaigns/{campaign}/edit")
        owner.page.fill("[name=via]", channel)
        owner.presses("campaigns.look")
        owner.presses("campaigns.save")
        owner.sees("said.campaigns_saved")

        owner.goes(f"/campaigns/{campaign}/run")
        owner.opens("run-sheet")
        owner.presses("campaigns.run_make", within="#run-sheet")
        edition = owner.page.url.partition("/team")[2].partition("?")[0]
        team.sends_what_is_approved()

    if not way.script:
        owner.goes(edition)  # else the page goes there by itself
    owner.sees("live.means_refused")
    owner.reads("Does not contain a valid address. (1)")
    owner.goes(f"{edition}/deliveries?state=refused")
    owner.reads(NOT_TAKEN)
    assert len(service.mailed) == 7
    assert set(service.mailed.values()) == {1}
    assert NOT_TAKEN not in service.mailed


def connect(owner, channel: str, url: str) -> None:
    """With a key that is not taken at first."""
    left = {"left": 98_000, "most": 100_000}
    owner.goes("/channels/new?provider=sendgrid")
    owner.page.fill("[name=name]", channel)
    owner.page.locator("#options details.more summary").click()
    owner.page.fill("[name=option-url]", url)
    owner.page.fill("[name=option-api_key]", "OLD_KEY")
    owner.presses("channels.check")
    owner.reads("authorization required")

    owner.page.fill("[name=option-api_key]", "SENDGRID_KEY")
    owner.presses("channels.check")
    owner.sees("channels.quota_left_of", **left)
    owner.presses("channels.save")
    owner.sees("said.channel_saved")
    owner.sees("channels.quota_left_of", **left)
    owner.reads("mails may be from example.org")
