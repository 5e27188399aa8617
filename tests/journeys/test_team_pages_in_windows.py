"""Every page of the team, in a real browser: each can be seen, read, reached and used by all.

A page more is a line more in PAGES.
"""

import socket

import pytest
from structlog.testing import capture_logs

import signing_in_stage
from access_stage import connect, furnished, opened_with
from app_stage import change, opened, workspace_in
from dispatch.model.delivery.published import PublishedState
from dispatch.model.editions.piece import PieceKind
from dispatch.model.people.suppression import Target
from dispatch.testing.clock import FakeClock
from dispatch.web.team.readers.suppressions import id_of
from little_network import LittleNetwork
from pages_stage import CHROMIUM, Visit, pages_stage
from published_stage import TOOTS, stand_on_network
from team_house import furnish, people_of_all_roles, tell_programs, write_pieces

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is missing")

THREE_WEEKS = 21 * 24 * 3600
SOCIAL = "social: [{template: weekly, via: toots, every: 20m, warning: a mouse}]"
"""What the edition in review has on a network."""

IDS: dict[str, str] = {}
"""Of the editions of the house, by what they show."""


def edition(which: str, more: str = ""):
    """The page of one of the editions: finished, in review, sending, paused."""
    return lambda _app: f"/team/editions/{IDS[which]}{more}"


def opened_piece(kind: PieceKind):
    """The page of the edition in review with its piece of that kind open for writing."""
    return edition("in review", f"?open={kind}")


def reader(name: str):
    """The page of a reader of the house."""

    def path(app) -> str:
        person = app.people.find(f"{name}@readers.example")
        return f"/team/subscribers/{person.public_id}"

    return path


def suppression(name: str) -> str:
    """Suppressions, with one of them about to be lifted."""
    target = Target(f"{name}@readers.example")
    return f"/team/suppressions?lift={id_of(target)}"


PAGES = [
    Visit("home", "/team", team="jean"),
    Visit("posts held", "/team/posts?state=held", team="jean"),
    Visit("posts all", "/team/posts?state=all", team="jean"),
    Visit("post", "/team/posts/1", team="jean", pictures=True),
    Visit("feeds wrong", "/team/feeds/find?url=file:x", team="jean", status=422),
    Visit("feed edit", "/team/feeds/notebook?edit=yes", team="jean"),
    Visit("feed remove", "/team/feeds/notebook", press=["[popovertarget=remove]"], team="jean"),
    Visit("edition going out", edition("sending"), team="jean"),
    Visit("edition paused", edition("paused"), team="jean"),
    Visit("report", edition("finished"), team="jean"),
    Visit("who did not get it", edition("finished", "/deliveries"), team="jean"),
    Visit("who got it", edition("finished", "/deliveries?state=everybody"), team="jean"),
    Visit("what came back", edition("finished", "/deliveries?later=bounced+softly"), team="jean"),
    Visit("run log", edition("finished", "/run"), team="jean"),
    Visit("channels", "/team/channels", team="jean"),
    Visit("channel", "/team/channels/outbox", team="jean"),
    Visit(
        "channel-pause-wrong",
        "/team/channels/outbox",
        ["[popovertarget=pause]", "#pause .row button:first-child"],
        team="jean",
        status=422,
    ),
    Visit("channel that ends", "/team/channels/plaza", team="jean"),
    Visit("channel forget", "/team/channels/plaza", ["[popovertarget=forget]"], team="jean"),
    Visit("channel to connect", "/team/channels/forum", team="jean"),
    Visit("channel-new", "/team/channels/new", team="jean"),
    Visit("channel-new-smtp", "/team/channels/new?provider=smtp", team="jean"),
    Visit(
        "channel-new-wrong",
        "/team/channels/new?provider=smtp",
        ["[name=save]"],
        {"#name": "mail"},
        team="jean",
        status=422,
    ),
    Visit("notifications", "/team/notifications", team="jean"),
    Visit("receiver", "/team/notifications/wall", team="jean"),
    Visit("receiver nothing", "/team/notifications/crm?what=failed", team="jean"),
    Visit("templates", "/team/templates", team="jean"),
    Visit("template", "/team/templates/weekly/digest.mjml", team="jean"),
    Visit("template-plain", "/team/templates/weekly/subject.txt?size=plain", team="jean"),
    Visit(
        "template-wrong",
        "/team/templates/weekly/subject.txt",
        ["button.main"],
        {"#source": "{{ edition.tittle }}"},
        team="jean",
        status=422,
    ),
    Visit("people", "/team/people", team="jean"),
    Visit(
        "people wrong",
        "/team/people",
        fill={"#email": "nobody"},
        press=["form.card .main"],
        status=422,
        team="jean",
    ),
    Visit("tokens none", "/team/tokens", team="jean"),
    Visit(
        "tokens made",
        "/team/tokens",
        fill={"#name": "museum screen"},
        press=["form.card .button.main"],
        team="jean",
    ),
    Visit(
        "tokens wrong", "/team/tokens", press=["form.card .button.main"], team="jean", status=422
    ),
    Visit("token revoke", "/team/tokens", press=["[popovertarget^=revoke]"], team="jean"),
    Visit("person", "/team/people/editor", team="jean"),
    Visit("person remove", "/team/people/editor", press=["[popovertarget=remove]"], team="jean"),
    Visit("audit", "/team/audit", team="jean"),
    Visit("audit nothing", "/team/audit?q=nothing", team="jean"),
    Visit("settings", "/team/settings", team="jean"),
    Visit(
        "settings wrong",
        "/team/settings",
        fill={"#sender_email": "nobody", "#accent": "red", "#erase_after": "2 days"},
        press=["form.cols .main"],
        status=422,
        team="jean",
    ),
    Visit("forbidden", "/team/people", team="viewer", language="en", status=403),
    Visit("calendar", "/team/calendar?month=2026-12", team="jean"),
    Visit("calendar week", "/team/calendar?week=2026-12-08", team="jean"),
    Visit("calendar list", "/team/calendar?list=2026-11-24", team="jean"),
    Visit("calendar link", "/team/calendar", press=["#link form button"], team="jean"),
    Visit("slot", "/team/campaigns/bulletin/slots/2026-12-11T17:30", team="jean"),
    Visit(
        "slot to be skipped",
        "/team/campaigns/bulletin/slots/2026-12-11T17:30",
        press=["[popovertarget=skip]"],
        team="jean",
    ),
    Visit(
        "slot that came to nothing", "/team/campaigns/bulletin/slots/2026-12-04T17:30", team="jean"
    ),
    Visit("slot left out", "/team/campaigns/weekly/slots/2026-11-24T09:00", team="jean"),
    Visit(
        "slot with what comes again",
        "/team/campaigns/weekly/slots/2026-12-22T09:00",
        team="jean",
    ),
    Visit("pieces that come again", "/team/standing", team="jean"),
    Visit("piece that comes again", "/team/standing/1", team="jean"),
    Visit("piece to rest", "/team/standing/1", press=["[popovertarget=end]"], team="jean"),
    Visit(
        "piece that comes again wrong",
        "/team/standing/1",
        ["form.card .main"],
        {"#text": "", "#until": "2020-01-01"},
        team="jean",
        status=422,
    ),
    Visit("campaigns", "/team/campaigns", team="jean"),
    Visit("campaign", "/team/campaigns/weekly", team="jean"),
    Visit("campaign runs", "/team/campaigns/weekly/runs", team="jean"),
    Visit("campaign simulation", "/team/campaigns/weekly/simulate", team="jean"),
    Visit("campaign edit", "/team/campaigns/weekly/edit", team="jean"),
    Visit("campaign new", "/team/campaigns/new", team="jean"),
    Visit("campaign run", "/team/campaigns/bulletin/run?look=yes", team="jean"),
    Visit("versions", "/team/schedules/versions", team="jean"),
    Visit("sign-in", "/team/sign-in"),
    Visit(
        "sign-in wrong",
        "/team/sign-in",
        fill={"#email": "nobody@atelier.example", "#password": "wrong"},
        press=["button.main"],
        status=422,
    ),
    Visit(
        "sign-in code",
        signing_in_stage.sign_in_with_app,
        fill={"#email": "viewer@atelier.example", "#password": signing_in_stage.PASSWORD},
        press=["button.main"],
    ),
    Visit("reset", "/team/reset"),
    Visit(
        "reset asked", "/team/reset", fill={"#email": "x@atelier.example"}, press=["button.main"]
    ),
    Visit("reset link", signing_in_stage.reset),
    Visit("reset over", "/team/reset/gone", status=410),
    Visit("invitation", signing_in_stage.invitation),
    Visit(
        "invitation wrong",
        signing_in_stage.invitation,
        fill={"#handle": "jean", "#password": "short"},
        press=["button.main"],
        status=422,
    ),
    Visit("account", signing_in_stage.account, team="jean"),
    Visit(
        "account wrong",
        signing_in_stage.account,
        fill={"#old": "wrong", "#new": "short"},
        press=["[action$='/account/password'] button"],
        status=422,
        team="jean",
    ),
    Visit("factor", signing_in_stage.account, press=["[name=begin]"], team="jean"),
    Visit("account with app", signing_in_stage.account_with_app, team="jean"),
    Visit("editions", "/team/editions", team="jean"),
    Visit("editions none", "/team/editions?q=nobody&state=paused", team="jean"),
    Visit("edition in review", edition("in review"), team="jean", pictures=True),
    Visit("edition looked at", edition("in review"), team="viewer", pictures=True, language="en"),
    Visit(
        "edition dark on a phone",
        edition("in review", "?size=phone&dark=1&as=fr"),
        ["[popovertarget=approve]"],
        team="jean",
        pictures=True,
    ),
    Visit("edition plain", edition("in review", "?size=plain"), team="jean", pictures=True),
    Visit(
        "edition words wrong",
        edition("in review"),
        ["form[action$=words] button:not([type])"],
        {"#subject": "x" * 200},
        team="jean",
        status=422,
        pictures=True,
    ),
    Visit("edition on a network", edition("in review", "?tab=toots"), team="jean", pictures=True),
    Visit(
        "edition on a network looked at",
        edition("in review", "?tab=toots"),
        team="viewer",
        pictures=True,
        language="en",
    ),
    Visit(
        "edition too long",
        edition("in review", "?tab=toots"),
        ["form[action$=snippets] .pager button"],
        {"textarea": "é" * 543},
        team="jean",
        status=422,
        pictures=True,
    ),
    Visit("letter", edition("letter"), team="jean", pictures=True),
    Visit("letter asked", edition("letter"), ["[popovertarget=ask]"], team="editor", language="en"),
    Visit(
        "letter wrong",
        edition("letter"),
        ["#whom-save"],
        {"#segment": "locale ==", "#hour": "25:00"},
        team="jean",
        status=422,
        pictures=True,
    ),
    *(Visit(f"{kind} open", opened_piece(kind), team="jean", pictures=True) for kind in PieceKind),
    Visit("new text", edition("in review", "?new=text"), team="jean", pictures=True),
    Visit(
        "link wrong",
        edition("in review", "?new=link"),
        ["form.write button:not([type])"],
        {"#piece-address": "javascript:alert(1)"},
        team="jean",
        status=422,
        pictures=True,
    ),
    Visit("edition changes", edition("in review", "/changes"), team="jean"),
    Visit("edition nowhere", "/team/editions/nowhere", team="jean", status=404),
    Visit("subscribers", "/team/subscribers?segment=locale+%3D%3D+'fr'", team="jean"),
    Visit("subscriber", reader("kenji.sato"), ["[popovertarget=end]"], team="jean"),
    Visit(
        "subscriber wrong",
        reader("camille.moreau"),
        ["form[action$=suppress] button"],
        team="jean",
        status=422,
    ),
    Visit(
        "subscriber new wrong",
        "/team/subscribers/new",
        ["form.stackv .main"],
        {"#email": "nobody"},
        team="jean",
        status=422,
    ),
    Visit(
        "import look",
        "/team/subscribers/import",
        ["form.stackv .main"],
        {"#pasted": "Courriel,Nom,Stadt\nada@x.org,Ada,Bath\nno,Nobody,\nada@x.org,Ada,"},
        team="jean",
    ),
    Visit("suppressions", suppression("kenji.sato"), team="jean"),
    Visit("forms", "/team/forms", team="jean"),
    Visit(
        "form",
        "/team/forms/readers",
        ["[name=look]"],
        {"#title": "Join us", "#consent": "I would like to get the letter."},
        team="jean",
    ),
    Visit("nowhere", "/team/nowhere", team="jean", status=404),
]


@pytest.fixture(scope="module")
def stage(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("team") / "letters", migrated_sqlite)
    clock, network = FakeClock(), LittleNetwork(refresh_lasts=THREE_WEEKS)
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.MonkeyPatch.context() as patch:
        ours = f"http://127.0.0.1:{listener.getsockname()[1]}"
        change(folder, "https://letter.atelier.example", ours)
        furnished(folder, tmp_path_factory.mktemp("plaza"), patch, "plaza", "forum")
        with capture_logs(), opened_with(folder, clock, network) as app:
            connect(app, network)
        toots = TOOTS.removesuffix("\ncampaigns:\n")
        change(folder, "\nchannels:\n", f"\n{toots}")
        change(folder, "approval: {needed: true}\n", f"approval: {{needed: true}}\n    {SOCIAL}\n")
        with (
            capture_logs(),
            opened(folder, clock, environ={"TOKEN": "secret", "PLAZA_SECRET": "secret"}) as app,
        ):
            IDS.update(furnish(app, clock))
            tell_programs(app)
            stand_on_network(app, IDS["finished"], *PublishedState, channel="toots")
            stand_on_network(app, IDS["sending"], PublishedState.PUBLISHED, channel="toots")
            write_pieces(app, IDS["in review"])
            people_of_all_roles(app)  # who have signed in just now
            with pages_stage(app, listener) as stage:
                yield stage


@pytest.mark.parametrize("visit", PAGES, ids=str)
def test_a_page_can_be_seen_read_reached_and_used_by_all(stage, visit):
    assert stage.faults(visit) == []
