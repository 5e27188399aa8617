"""What came later stands beside the states: on an edition's pages, a person's, and a channel's."""

import csv
import io
import re

import pytest

from app_stage import change, opened
from dispatch.channels.feedback import Feedback
from dispatch.model.delivery.counts import Counted
from dispatch.model.delivery.event import Event, EventKind, Later
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.team.role import Role
from dispatch.pipeline.events.record import record_events
from dispatch.web.team.came_later import came_later
from dispatch.web.team.readers.told import ground_of, why_of
from dispatch.web.team.times import Times
from dispatch.words.catalogues import team_words_in
from pigeon_post import KEY, announce
from team_stage import join, signed_in

PLANS = """channels:
  loft: {provider: pigeon, options: {api_key: env:LOFT_KEY, webhook_secret: env:RING}}
  deaf: {provider: pigeon, options: {api_key: env:LOFT_KEY}}
  post: {provider: smtp, options: {host: localhost}}

campaigns:"""


@pytest.fixture(scope="module")
def house(tmp_path_factory, furnished):
    folder, environ = tmp_path_factory.mktemp("later") / "letters", {"LOFT_KEY": KEY, "RING": "x"}
    with pytest.MonkeyPatch.context() as patch:
        announce(tmp_path_factory.mktemp("plugin"), patch)
        with furnished.again(folder, PLANS, environ=environ) as (app, clock, ids):
            for name, role, locale in (
                ("jean", Role.OWNER, "en"),
                ("josette", Role.OWNER, "fr"),
                ("vera", Role.VIEWER, "en"),
            ):
                join(app, name, role, locale=locale)
            yield app, ids, clock


@pytest.fixture
def pages(house):
    """What somebody reads at an address, with single spaces."""
    app, *_ = house

    def read(who, path):
        with signed_in(app, who) as browser:
            answer = browser.get(path)
        assert answer.status_code == 200, path
        return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())

    return read


def test_the_report_adds_up_twice(house, pages):
    _, ids, _ = house

    report = pages("jean", f"/team/editions/{ids['finished']}")
    french = pages("josette", f"/team/editions/{ids['finished']}")

    assert "Where each of the 16 stands" in report
    assert "What came later Of the 12 accepted" in report
    for line in (
        "Delivered 6 50 % Accepted, and their server said",
        "Deferred 1 8.3 %",
        "Bounced 1 8.3 %",
        "Bounced softly 1 8.3 %",
        "Complained 1 8.3 %",
        "Not tried 1 8.3 %",
        "No word 1 8.3 %",
        "Accepted, together 12",
        "Delivered 50 % 6 of 12 accepted, as far as told",
        "Bounced 2 16.7 % of 12 accepted",
        "Complained 1 11.11 % of 9 that did not come back: above the limit of 0.1 %",
    ):
        assert line in report
    assert "Ce qui est venu ensuite Sur les 12 acceptées" in french
    assert "Revenue, provisoirement 1 8,3" in french


def test_lists_are_by_what_came_later_and_so_are_files(house, pages):
    app, ids, _ = house
    at = f"/team/editions/{ids['finished']}/deliveries"

    bounced = pages("jean", f"{at}?later=bounced+softly")
    missed = pages("jean", at)
    with signed_in(app, "jean") as jean:
        file = jean.get(f"{at}.csv?later=complained")
        everybody = jean.get(f"{at}.csv?state=everybody")
        headings = [
            re.findall("<h1>(.*)</h1>", jean.get(f"{at}?{asked}").text)[0]
            for asked in ("", "later=bounced", "state=accepted", "state=everybody")
        ]
        odd = jean.get(f"{at}?later=bouncd")
        html = jean.get(f"{at}?later=bounced").text
        [person] = re.findall(r'href="(/team/subscribers/[^"]*)" data-stop', html)
        there = jean.get(person).status_code

    assert headings == ["Who did not get it"] * 2 + ["Who it was for"] * 2
    assert "Bounced softly today 09:00 · 452 4.2.2 mailbox full" in bounced
    assert "Of those accepted, 4 came back later or were complained about." in missed
    assert "Bounced softly 1 Complained 1 Not tried 1 Deferred 1 Accepted 12" in missed
    [row] = csv.DictReader(io.StringIO(file.text))
    assert (row["state"], row["later"], row["later_reason"]) == ("accepted", "complained", "abuse")
    assert "-complained.csv" in file.headers["Content-Disposition"]
    laters = [one["later"] for one in csv.DictReader(io.StringIO(everybody.text))]
    assert (len(laters), laters.count("delivered"), laters.count("")) == (16, 6, 5)
    assert (odd.status_code, there) == (404, 200)
    assert "did you mean &#39;bounced&#39;" in odd.text


def test_a_persons_page_has_it_beside_each_delivery_and_says_how_near_suppression_is(house, pages):
    app, ids, _ = house
    with app.store.read() as tx:
        edition = tx.editions.get(ids["finished"])
        [soft] = tx.later.page(edition, [Later.SOFT_BOUNCED])
        [full] = tx.delivery_pages.with_keys(edition, [soft.delivery])
        [hard] = tx.later.page(edition, [Later.BOUNCED])
        [gone] = tx.delivery_pages.with_keys(edition, [hard.delivery])
        people = tx.subscribers.get([full.subscriber_id, gone.subscriber_id])

    near = pages("jean", f"/team/subscribers/{people[full.subscriber_id].public_id}")
    over = pages("josette", f"/team/subscribers/{people[gone.subscriber_id].public_id}")
    listed = pages("josette", "/team/suppressions")

    assert "1 of the last 1 mails bounced softly: after 3 the address is suppressed." in near
    assert "Bounced softly today 09:00 · 452 4.2.2 mailbox full" in near
    assert "Courriel revenu. Rien n’y est envoyé. 550 5.1.1 no such user ( canal outbox )" in over
    assert "Courriel revenu 550 5.1.1 no such user canal outbox" in listed
    assert "Signalé comme indésirable abuse canal outbox" in listed
    [lift] = re.findall(r'lift=[^"]*(?=" aria-label="Lift for noor)', _page(app, "/suppressions"))
    assert "noor.haddad@readers.example Bounced 550 5.1.1 no such user Nothing goes out" in pages(
        "jean", f"/team/suppressions?{lift}"
    )


def _page(app, path):
    with signed_in(app, "jean") as browser:
        return browser.get(f"/team{path}").text


def test_a_channels_page_has_its_address_what_came_and_what_was_turned_away(house, pages):
    app, _, clock = house
    with app.store.begin() as tx:
        tx.hooks.turn_away("loft", 3, "the signature is another one", now=clock())
    before = pages("jean", "/team/channels/loft")

    record_events(
        [Event(kind=EventKind.OTHER, recipient="who@elsewhere.example", said="sneezed")],
        channel="loft",
        store=app.store,
        clock=clock,
        endings=app.tools.endings,
    )
    after, unseen = pages("jean", "/team/channels/loft"), pages("vera", "/team/channels/loft")

    assert "Nothing has come yet." in before
    assert "https://letter.atelier.example/hooks/loft Copy" in before
    assert "Calls turned away 3 The last call was turned away today 09:00 : the signature" in before
    assert "today 09:00 Other who@elsewhere.example no message of ours · sneezed" in after
    assert "Last event today 09:00 Events 1 Of no delivery of ours 1" in after
    assert "who@elsewhere.example" not in unseen
    assert "sneezed" in unseen
    deaf = pages("jean", "/team/channels/deaf")
    assert "Hook address Not set up First name “webhook_secret” in the options" in deaf
    assert "name the mailbox under “bounces”" in pages("jean", "/team/channels/post")
    assert "Hook address" not in pages("jean", "/team/channels/outbox")


def test_an_edition_that_goes_out_shows_what_has_come_so_far(house, pages):
    _, ids, _ = house

    assert "What came later" in pages("jean", f"/team/editions/{ids['sending']}")
    assert "Its channels have no way to tell." in pages("jean", f"/team/editions/{ids['sending']}")


def test_a_mailbox_that_cannot_be_read_is_told_on_home_and_on_the_channels_page(folder, clock):
    account = "{host: imap.atelier.example, username: bounces, password: env:FORGOTTEN}"
    box = f"bounces: {{address: bounces@atelier.example, imap: {account}}}"
    post = "channels:\n  post: {provider: smtp, options: {host: localhost}}"
    change(folder, "\ncampaigns:", f"\n{post}\n{box}\n\ncampaigns:")

    with opened(folder, clock) as app:
        join(app, "jean", Role.OWNER)
        with signed_in(app, "jean") as jean:
            before = jean.get("/team/channels/post").text
            app.bounces.read(early=True)
            app.campaigns.run(app.campaign("weekly"))  # or home has the first steps
            after = jean.get("/team/channels/post").text
            home = jean.get("/team").text

    assert "go to bounces@atelier.example, and are read there." in before
    assert "Looked into" not in before
    assert "Cannot be read Mails that come back go to" in " ".join(
        re.sub("<[^>]*>", " ", after).split()
    )
    assert "Looked into" in after
    for page in (after, home):
        assert "FORGOTTEN" in page
    assert "The mailbox for bounces" in home
    assert 'href="/team/channels/post"' in home


def _shown(later, feedback, accepted):
    counted = Counted({name: {DeliveryState.ACCEPTED: n} for name, n in accepted.items()})
    times = Times(team_words_in("en"), None, None)  # type: ignore[arg-type] - no moment is told
    return came_later(counted, later, feedback, times)


@pytest.mark.parametrize(
    ("later", "accepted", "whole", "deaf", "complained_about"),
    [
        # No hook and no mailbox: a line that says so instead of zeros.
        ({}, {"deaf": 9, "post": 3}, 0, ["deaf", "post"], False),
        # What tells something is no longer deaf, whatever its options say now.
        ({"deaf": {Later.DELIVERED: 2}}, {"deaf": 9}, 9, [], False),
        # A folder and a network have nothing to tell.
        ({}, {"outbox": 5}, 0, [], False),
        # Only who is heard is added up.
        ({"loft": {Later.BOUNCED: 1}}, {"loft": 1_000, "post": 50}, 1_000, ["post"], False),
        # One of a thousand that arrived is the limit, and is still below it.
        ({"loft": {Later.COMPLAINED: 1}}, {"loft": 1_000}, 1_000, [], False),
        ({"loft": {Later.COMPLAINED: 2}}, {"loft": 1_000}, 1_000, [], True),
        # One of a million is far below it, and still not nothing.
        ({"loft": {Later.COMPLAINED: 1}}, {"loft": 1_000_000}, 1_000_000, [], False),
        # More came than was accepted: an answer was lost, and the mail had gone.
        ({"loft": {Later.DELIVERED: 3}}, {"loft": 2}, 3, [], False),
    ],
)
def test_only_channels_that_can_tell_something_are_added_up(
    later, accepted, whole, deaf, complained_about
):
    feedback = {
        "loft": Feedback.HOOK,
        "deaf": Feedback.NO_HOOK,
        "post": Feedback.NO_MAILBOX,
        "outbox": Feedback.NONE,
    }

    shown = _shown(later, feedback, accepted)

    assert (shown.whole, [one.name for one in shown.silent_channels]) == (whole, deaf)
    assert shown.is_complained_about is complained_about
    assert shown.complaint_share == pytest.approx(
        shown.complained / max(shown.arrived, 1), abs=1e-4
    )
    assert (shown.complaint_share > 0) is (shown.complained > 0)
    assert sum(line.number for line in shown.lines) == whole


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("bounced: 550 no such user", ("Bounced", "550 no such user")),
        ("bounced", ("Bounced", "")),
        ("complained: abuse", ("Complained", "abuse")),
        ("refused: 550 unknown", ("Refused: nobody is there", "550 unknown")),
        ("dropped: on their list", ("Not even tried", "on their list")),
        ("bounced softly 3 of 5 times: 452 full", ("Bounced softly 3 of 5 times", "452 full")),
        ("bounced twice", ("bounced twice", "")),
        ("asked by phone: never again", ("asked by phone: never again", "")),
        ("", ("", "")),
    ],
)
def test_what_the_product_writes_of_a_suppression_is_said_in_the_language_of_the_page(
    reason, shown
):
    words = team_words_in("en")

    assert why_of(words, reason) == shown
    assert ground_of(words, "channel loft") == "channel loft"
    assert ground_of(team_words_in("fr"), "channel loft") == "canal loft"
