"""Every page of the team, in a real browser: each can be seen, read, reached and used by all.

A page more is a line more in PAGES.
"""

import socket

import pytest
from structlog.testing import capture_logs

from app_stage import change, opened, workspace_in
from dispatch.testing.clock import FakeClock
from pages_stage import CHROMIUM, Visit, pages_stage
from team_house import furnish, people_of_all_roles

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

IDS: dict[str, str] = {}
"""Of the editions of the house, by what they show."""


def edition(which: str, more: str = ""):
    """The page of one of the editions: finished, in review, sending, paused."""
    return lambda _app: f"/team/editions/{IDS[which]}{more}"


PAGES = [
    Visit("home", "/team", team="jean"),
    Visit("campaigns", "/team/campaigns", team="jean"),
    Visit("campaign", "/team/campaigns/weekly", team="jean"),
    Visit("campaign runs", "/team/campaigns/weekly/runs", team="jean"),
    Visit("campaign simulation", "/team/campaigns/weekly/simulate", team="jean"),
    Visit("campaign edit", "/team/campaigns/weekly/edit", team="jean"),
    Visit("campaign new", "/team/campaigns/new", team="jean"),
    Visit("campaign run", "/team/campaigns/bulletin/run?look=yes", team="jean"),
    Visit("versions", "/team/schedules/versions", team="jean"),
    Visit("nowhere", "/team/nowhere", team="jean", status=404),
]


@pytest.fixture(scope="module")
def stage(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("team") / "letters", migrated_sqlite)
    clock = FakeClock()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", ours)
        with capture_logs(), opened(folder, clock) as app:
            IDS.update(furnish(app, clock))
            people_of_all_roles(app)  # who have signed in just now
            with pages_stage(app, listener) as stage:
                yield stage


@pytest.mark.parametrize("visit", PAGES, ids=str)
def test_a_page_can_be_seen_read_reached_and_used_by_all(stage, visit):
    assert stage.faults(visit) == []
