"""What came later, as commands tell it: of deliveries, editions, people, channels and runs."""

import json
import re

import pytest

from dispatch.channels.feedback import Feedback
from dispatch.cli.editions.came_later import show_later
from dispatch.clock import system_clock
from dispatch.model.delivery.event import Event, EventKind, Later
from dispatch.model.delivery.later_counts import LaterCounts
from dispatch.pipeline.events.record import record_events
from dispatch.store.transactions import Store
from pipeline_samples import ENDINGS

READER = "o.hara@readers.example"
FULL, GONE = "452 4.2.2 mailbox full", "550 5.1.1 no such user"


@pytest.fixture
def weekly(dispatch, workspace, weekly_is_out):
    """The short id of an edition of which one came back, and of others they were told to arrive."""
    store = Store(f"sqlite:///{workspace / 'dispatch.db'}")
    with store.read() as tx:
        out = [one for one in tx.deliveries.latest() if one.state.value == "accepted"]

    def of(one):
        soft = one.recipient == READER
        return Event(
            kind=EventKind.BOUNCED if soft else EventKind.DELIVERED,
            delivery=f"{one.edition_id}.{one.id}",
            reason=FULL if soft else "250 ok",
            id=f"e{one.id}",
        )

    record_events(
        [of(one) for one in out[1:]]
        + [Event(kind=EventKind.OPENED, said="looked at", recipient="typo@example.org")],
        channel="outbox",
        store=store,
        clock=system_clock,
        endings=ENDINGS,
    )
    store.close()
    return out[0].edition_id[:8], len(out)


def test_deliveries_are_listed_by_what_came_later_and_by_recipient(dispatch, weekly):
    [soft] = dispatch("deliveries", "list", "--later", "bounced softly", "--json").json
    [same] = dispatch("deliveries", "list", "--recipient", READER.upper(), "--json").json
    table = dispatch("deliveries", "list", "--recipient", READER, "--edition", weekly[0])
    nobody = dispatch("deliveries", "list", "--later", "complained")

    assert (soft["recipient"], soft["state"]) == (READER, "accepted")
    assert (soft["later"], soft["later_reason"]) == ("bounced softly", FULL)
    assert same == soft
    assert "bounced" in table.out
    assert ": none" in nobody.out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--later", "bouncd"), "--later bouncd: no such state - did you mean 'bounced'?"),
        (("--state", "bounced"), "--state bounced: no such state"),
        (("--recipient", "o.hara"), "is not an e-mail address"),
        (("--recipient", "o.hare@readers.example"), "did you mean 'o.hara@readers.example'?"),
    ],
)
def test_what_nobody_has_is_answered_with_what_there_is(dispatch, weekly, options, sentence):
    answer = dispatch("deliveries", "list", *options)

    assert answer.code == 2
    assert sentence in answer.err


def test_an_edition_keeps_its_deliveries_and_what_came_later_stands_beside_them(dispatch, weekly):
    edition, accepted = weekly
    shown = dispatch("editions", "show", edition)
    told = dispatch("editions", "show", edition, "--json").json

    assert told["deliveries"]["outbox"] == {"accepted": accepted}
    assert told["came_later"] == {
        "outbox": {
            "accepted": accepted,
            "delivered": accepted - 2,
            "bounced softly": 1,
            "silent": 1,
            "heard_by": "none",
        }
    }
    assert f"What came later of the {accepted} accepted" in shown.out
    assert "nothing was told" in shown.out


def test_a_person_has_it_beside_each_delivery_and_how_near_suppression_is(dispatch, weekly):
    shown = dispatch("subscribers", "show", READER)
    told = dispatch("subscribers", "show", READER, "--json").json

    [one] = told["deliveries"]
    assert (one["state"], one["later"], one["later_reason"]) == (
        "accepted",
        "bounced softly",
        FULL,
    )
    assert told["soft_bounces"] == {"bounced": 1, "mails": 1, "limit": 3}
    assert "1 of the last 1 mails bounced softly - after 3 the address is suppressed" in shown.out


def test_events_are_listed_as_they_came_and_strangers_by_themselves(dispatch, weekly):
    of_reader = dispatch("events", "list", "--recipient", READER, "--json").json
    strangers = dispatch("events", "list", "--strangers", "--channel", "outbox", "--json").json
    nobodys = dispatch("events", "list", "--recipient", "Typo@example.org", "--json").json
    some = dispatch("events", "list", "--limit", "2")
    wrong = dispatch("events", "list", "--channel", "outbx")

    [one] = of_reader
    assert (one["event"], one["recipient"], one["reason"]) == ("bounced softly", READER, FULL)
    assert one["edition"] == weekly[0]
    [stranger] = strangers
    assert nobodys == strangers
    assert (stranger["event"], stranger["reason"], stranger["edition"]) == (
        "opened",
        "looked at",
        None,
    )
    assert "these are the first 2" in some.out
    assert (wrong.code, wrong.err) == (
        2,
        "channel outbx: not in schedules.yaml - did you mean 'outbox'?\n",
    )


def test_channels_say_how_they_are_heard_and_what_is_missing(dispatch, workspace, weekly):
    schedules = workspace / "schedules.yaml"
    text = schedules.read_text()
    post = "channels:\n  post: {provider: smtp, options: {host: localhost}}\n\ncampaigns:"
    schedules.write_text(text.replace("\ncampaigns:", f"\n{post}", 1))
    store = Store(f"sqlite:///{workspace / 'dispatch.db'}")
    with store.begin() as tx:
        tx.hooks.turn_away("post", 1, "not signed", now=system_clock())
    store.close()

    shown = dispatch("channels", "list")
    rows = {one["channel"]: one for one in dispatch("channels", "list", "--json").json}

    assert (rows["outbox"]["heard_by"], rows["outbox"]["strangers"]) == ("none", 1)
    assert rows["post"]["heard_by"] == "no mailbox"
    assert rows["post"]["hook"] == ""
    assert "channel post: tells nothing of what came later - name the mailbox" in shown.out
    assert re.search(
        r"^channel post: 1 call was turned away, the last one \d{4}-.* for this: not signed$",
        shown.out,
        re.MULTILINE,
    )


def test_the_run_log_has_it_for_each_edition(dispatch, weekly):
    lines = dispatch("runs", "export").out.splitlines()

    [made] = [run["edition"] for run in map(json.loads, lines) if run["edition"]]
    assert made["came_later"] == {"delivered": weekly[1] - 2, "bounced softly": 1}


def test_a_channel_that_is_deaf_has_a_line_instead_of_zeros(capsys):
    show_later(
        {
            "loft": (LaterCounts(2, {Later.DELIVERED: 1}), Feedback.HOOK),
            "post": (LaterCounts(3), Feedback.NO_MAILBOX),
            "spare": (LaterCounts(1), Feedback.NO_HOOK),
        }
    )

    told = capsys.readouterr().out
    assert "What came later of the 2 accepted" in told
    assert "channel post: tells nothing of what came later - name the mailbox" in told
    assert "channel spare: tells nothing of what came later - see 'dispatch channels list'" in told
    assert "│ post" not in told
