"""What the page of an edition that goes out says of its channels and of the time that is left."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app_stage import opened, workspace_in
from dispatch.model.campaigns.pace import Pace
from dispatch.model.delivery.counts import Counted
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import Course, EditionState
from dispatch.pipeline.delivery.watch import ChannelProgress, Progress, Why
from dispatch.testing.clock import FakeClock
from dispatch.web.limits import WATCHERS
from dispatch.web.routes import new_web
from dispatch.web.team.progress import blocks, pace_words
from dispatch.web.team.speeds import Speeds
from dispatch.web.team.states import Badges
from dispatch.web.team.times import Times
from dispatch.words.catalogues import team_words_in
from team_house import begun
from team_stage import join, signed_in

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
NINE = NOW + timedelta(hours=1)
TIMES = Times(team_words_in("en"), ZoneInfo("UTC"), NOW)
PENDING, ACCEPTED = DeliveryState.PENDING, DeliveryState.ACCEPTED
REFUSED, SUPPRESSED = DeliveryState.REFUSED, DeliveryState.SUPPRESSED


def channel(why, until=None, words="", *, name="mail", left=10, pace=None):
    counts = {PENDING: left, ACCEPTED: 5}
    return ChannelProgress(name, "smtp", counts, why, until, words, pace or Pace())


def shown(*channels, rates=None, state=EditionState.SENDING, reasons=None):
    """The blocks, where each channel was so fast (per second) for the last ten seconds."""
    counted = Counted({one.name: one.counts for one in channels}, reasons or {})
    speeds = Speeds()
    for seconds in (0, 10) if rates else ():
        done = {name: int(rate * seconds) for name, rate in rates.items()}
        speeds.note("e1", done, now=NOW + timedelta(seconds=seconds))
    return blocks("e1", Progress(Course(state, ""), counted, channels, NOW), speeds, TIMES)


@pytest.mark.parametrize(
    ("one", "sentence", "badge"),
    [
        (channel(Why.DONE, left=0), "Done", "finished"),
        (channel(Why.PACE, pace=Pace(per_second=50)), "Keeps its pace of 50 a second", "sending"),
        (channel(Why.FREE), "As fast as it is taken", "sending"),
        (channel(Why.NEXT, NINE), "Next today 09:00", "waits"),
        (channel(Why.WORKER), "Ready: begins as soon as a worker is free", "waits"),
        (channel(Why.BEGINS, NINE), "Begins today 09:00", "waits"),
        (channel(Why.AGAIN, NINE), "The rest is tried again today 09:00", "waits"),
        (channel(Why.QUIET, NINE), "Keeps quiet until today 09:00", "waits"),
        (
            channel(Why.ZONE, NINE, "Asia/Tokyo"),
            "Next: readers of Asia/Tokyo, today 09:00",
            "waits",
        ),
        (channel(Why.DAY, NINE), "goes on today 09:00", "waits"),
        (channel(Why.DAY), "Today’s share has been used<", "waits"),
        (
            channel(Why.STOPPED, NINE, "421 <slow>"),
            'Stopped until today 09:00<small lang="en">421 &lt;slow&gt;</small>',
            "stopped",
        ),
        (channel(Why.STOPPED), "Stopped until somebody lets it go on<", "stopped"),
        (
            channel(Why.FAILS_OVER, NINE, "spare"),
            "Down; spare steps in until today 09:00",
            "stopped",
        ),
        (channel(Why.FAILS_OVER, words="spare"), "mended it; spare steps in", "stopped"),
        (channel(Why.STANDS_BY, words="a&b"), "Steps in if a&amp;b is down", "ready"),
        (channel(Why.STEPS_IN, words="mail"), "Steps in for mail", "sending"),
        (channel(Why.PAUSED), "The edition is paused", "paused"),
        (channel(Why.GONE), "Not in schedules.yaml any more", "stopped"),
    ],
)
def test_a_channel_says_in_a_sentence_what_it_does_or_waits_for(one, sentence, badge):
    row = shown(one)["channels"]

    assert sentence in row
    assert "<small>SMTP</small>" in row
    assert f"{Badges(TIMES.words).name(badge)}</span>" in row


def test_the_pace_of_some_domains_stands_aside_of_at_most_three():
    limits = {"a.example": 2.5, "b.example": 0.5, "c.example": 1 / 1200, "d.example": 1}

    beside = shown(channel(Why.FREE, pace=Pace(per_domain=limits)))["channels"]
    waiting = shown(channel(Why.WORKER, pace=Pace(per_domain=limits)))["channels"]

    few = "a.example at 2.5 a second, b.example at 30 a minute, c.example at one every 20 min"
    assert f"<small>{few}</small>" in beside
    assert "a.example" not in waiting


@pytest.mark.parametrize(
    ("per_second", "words"),
    [
        (1500, "1,500 a second"),
        (1, "1 a second"),
        (0.99, "59.4 a minute"),
        (1 / 60, "1 a minute"),
        (1 / 90, "one every 1 min"),
        (1 / 7200, "one every 2 h"),
    ],
)
def test_a_pace_is_told_in_the_unit_that_people_would_use(per_second, words):
    assert pace_words(per_second, TIMES) == words


def test_the_speed_is_told_of_what_moves_and_is_known():
    known = shown(channel(Why.FREE), rates={"mail": 12.5})["channels"]
    waits = shown(channel(Why.STOPPED), rates={"mail": 12.5})["channels"]

    assert "12.5 /s" in known
    assert "/s" not in waits.replace("</s", "")


@pytest.mark.parametrize(
    ("channels", "rates", "left"),
    [
        ([channel(Why.FREE, left=600)], {"mail": 10}, "About 1 min left, until 08:01"),
        (
            [channel(Why.FREE, left=600), channel(Why.STEPS_IN, name="slow", left=7200)],
            {"mail": 10, "slow": 1},
            "About 2 h left, until 10:00",
        ),
        (
            [
                channel(Why.FAILS_OVER, words="spare", left=3598),
                channel(Why.STEPS_IN, words="mail", name="spare", left=2),
            ],
            {"spare": 1},
            "About 1 h left, until 09:00",
        ),
        (
            [channel(Why.FREE, left=86_400)],
            {"mail": 1},
            "About 24 h left, until tomorrow 08:00",
        ),
        ([channel(Why.FREE)], None, "How long it takes is being measured"),
        ([channel(Why.FREE, left=9_999_999)], {"mail": 1}, "How long it takes is being measured"),
        (
            [channel(Why.AGAIN, NINE + timedelta(hours=1)), channel(Why.BEGINS, NINE, name="b")],
            None,
            "Waits until today 09:00",
        ),
    ],
)
def test_how_long_it_still_takes_goes_by_the_slowest_channel(channels, rates, left):
    assert left in shown(*channels, rates=rates)["progress"]


def test_nobody_can_say_how_long_it_takes_where_all_wait_for_a_person():
    progress = shown(channel(Why.STOPPED))["progress"]
    paused = shown(channel(Why.PAUSED), state=EditionState.PAUSED)["progress"]

    assert '<p class="soft"></p>' in progress
    assert "Waits until somebody resumes it" in paused


def test_five_reasons_are_told_and_the_others_counted():
    reasons = {(REFUSED, f"55{number} no"): 10 - number for number in range(7)}
    reasons[SUPPRESSED, "the subscription has ended"] = 90

    trouble = shown(channel(Why.FREE), reasons=reasons)["trouble"]

    assert [f"55{number} no" in trouble for number in range(7)] == [True] * 5 + [False] * 2
    assert f">{5 + 4 + 90}<" in trouble
    assert "subscription" not in trouble


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("progress") / "letters", migrated_sqlite)
    with opened(folder, FakeClock(NOW)) as app:
        list(app.people.import_files())
        list(app.intake.poll(app.workspace.feeds))
        join(app, "jean")
        sending = begun(app, "weekly")
        web = new_web(app)
        with signed_in(app, "jean", web) as jean:
            yield jean, web, app, sending


class TestTheEventsOfAnEdition:
    def events(self, jean, edition_id, state="sending", accept="text/event-stream"):
        at = f"/team/editions/{edition_id}/progress.events?state={state}"
        return jean.get(at, headers={"Accept": accept})

    def names(self, answer):
        return [line[7:] for line in answer.text.splitlines() if line.startswith("event: ")]

    def test_who_saw_it_in_another_state_gets_all_blocks_and_loads_the_page_again(self, house):
        jean, _, _, sending = house

        told = self.events(jean, sending, state="paused")

        assert self.names(told) == ["progress", "channels", "trouble", "later", "spoken", "end"]
        assert "Ready: begins as soon as a worker is free" in told.text

    def test_who_does_not_ask_for_events_gets_those_of_now(self, house):
        jean, _, _, sending = house

        told = self.events(jean, sending, accept="*/*")

        assert self.names(told) == ["progress", "channels", "trouble", "later", "spoken"]

    def test_where_too_many_watch_one_more_is_sent_away(self, house):
        jean, web, _, sending = house
        web.state.watching.watchers += WATCHERS

        told = self.events(jean, sending, state="paused")  # which would end by itself
        web.state.watching.watchers -= WATCHERS

        assert (told.status_code, told.text) == (503, "too many watch\n")

    def test_of_one_that_does_not_go_out_there_is_nothing_but_the_end(self, house):
        jean, _, app, _ = house
        waits = app.campaigns.run(app.campaign("bulletin")).edition.id

        assert self.names(self.events(jean, waits)) == ["end"]

    def test_all_of_its_readers_can_be_listed(self, house):
        jean, _, app, sending = house
        with app.store.read() as tx:
            number = len(tx.delivery_pages.page(tx.editions.get(sending), ()))

        missed = jean.get(f"/team/editions/{sending}/deliveries.csv").text
        everybody = jean.get(f"/team/editions/{sending}/deliveries.csv?state=everybody").text

        assert len(missed.splitlines()) == 1
        assert len(everybody.splitlines()) == 1 + number > 1
