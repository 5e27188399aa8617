"""Who has just come gets the latest edition, once, as an edition of its own."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from cadence_stage import FamilyStage
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.cadence import Cadence, campaign_name
from dispatch.model.campaigns.sending import SendingRule
from dispatch.model.campaigns.sending_hours import SendingHours
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.welcome import (
    APART,
    NO_EDITION,
    NOT_FOR_THEM,
    WAITS_FOR,
    make_welcomes,
)
from dispatch.testing.fakes import RecordingProvider, recording_channel
from pipeline_samples import (
    CAMPAIGN,
    GUARD,
    LINKS,
    WITH_SOCIAL,
    approved_edition,
    bring_in,
    recipients,
    row,
    subscribe,
)

NEW = "new@example.org"


class Newsroom:
    """An edition that has gone out, and those who come after it."""

    def __init__(self, store, clock) -> None:
        self.store, self.clock = store, clock
        self.provider = RecordingProvider()
        self._ids = (f"w{number}" for number in count(1))

    def publish(self, campaign=CAMPAIGN, **options):
        subscribe(self.store, self.clock, "early@example.org")
        made = approved_edition(self.store, self.clock, campaign, **options)
        address_edition(made.id, store=self.store, clock=self.clock)
        return self.deliver(made.id)

    def deliver(self, edition_id: str):
        with self.store.read() as tx:
            edition = tx.editions.get(edition_id)
        tools = {"store": self.store, "guard": GUARD, "links": LINKS, "clock": self.clock}
        deliver_edition(
            edition,
            open_channel=lambda name: recording_channel(self.provider, name=name),
            lease=timedelta(minutes=2),
            **tools,
        )
        with self.store.read() as tx:
            return tx.editions.get(edition_id)

    def come(self, *emails: str, campaign: str = "weekly", **values: str) -> None:
        """They confirm, and are to be welcomed."""
        rows = [row(email, **values) for email in emails]
        bring_in("readers", rows, store=self.store, clock=self.clock)
        with self.store.begin() as tx:
            for email in emails:
                reader = tx.subscribers.find(email)
                tx.welcomes.ask(reader.id, campaign, now=self.clock())

    def welcome(self, **options):
        return make_welcomes(
            store=self.store, clock=self.clock, ids=lambda: next(self._ids), **options
        )


@pytest.fixture
def newsroom(store, clock):
    return Newsroom(store, clock)


def test_all_who_wait_get_one_edition_that_says_the_same_and_the_finished_one_stays(
    newsroom, store
):
    original = newsroom.publish(WITH_SOCIAL)
    before = newsroom.provider.taken.copy()
    with store.read() as tx:
        counts = tx.deliveries.counts(original)
    newsroom.come(NEW, "two@example.org")

    [report] = newsroom.welcome()
    made = newsroom.deliver(report.edition.id)

    mails = newsroom.provider.taken[len(before) :]
    [first, *_] = [one for one in before if getattr(one, "to", None)]
    assert recipients(mails) == [NEW, "two@example.org"]
    assert {one.subject for one in mails} == {first.subject}
    assert (made.welcome_of, made.state) == (original.id, EditionState.FINISHED)
    assert (made.content.social, made.content.posts) == ((), original.content.posts)
    with store.read() as tx:
        assert tx.deliveries.counts(original) == counts
        assert len(tx.runs.latest()) == 1
        assert tx.editions.latest_out("weekly").id == original.id
        assert sum(tx.deliveries.counts(made).values()) == report.welcomed == 2


def test_nobody_is_welcomed_twice_whoever_asks_again(newsroom):
    newsroom.publish()
    newsroom.come(NEW)
    [first] = newsroom.welcome()
    newsroom.come(NEW)
    newsroom.clock.advance(APART)

    assert (first.welcomed, newsroom.welcome()) == (1, [])


def test_a_crash_before_the_end_leaves_nothing_and_the_next_one_makes_it(newsroom, store):
    class Killed(BaseException):
        """Stands for the end of the process."""

    def dies(_channel: str) -> int:
        raise Killed

    newsroom.publish()
    newsroom.come(NEW)
    with pytest.raises(Killed):
        newsroom.welcome(loops_of=dies)
    with store.read() as tx:
        left = [one.welcome_of for one in tx.editions.latest()]

    [report] = newsroom.welcome()

    assert (left, report.welcomed) == ([""], 1)


def test_who_has_it_or_left_or_is_not_meant_gets_none(newsroom, store):
    segment = replace(CAMPAIGN.email, segment="locale == 'fr'")
    subscribe(store, newsroom.clock, "early@example.org")
    bring_in("readers", [row("had@example.org", locale="fr")], store=store, clock=newsroom.clock)
    newsroom.publish(replace(CAMPAIGN, email=segment))
    newsroom.come("had@example.org", "french@example.org", "left@example.org", locale="fr")
    newsroom.come("english@example.org", locale="en")
    with store.begin() as tx:
        left = tx.subscribers.find("left@example.org")
        tx.subscribers.end(left.id, "readers", source="link", now=newsroom.clock())

    [report] = newsroom.welcome()
    newsroom.provider.taken.clear()
    newsroom.deliver(report.edition.id)

    assert recipients(newsroom.provider.taken) == ["french@example.org"]
    assert (report.dropped, report.reason) == (3, NOT_FOR_THEM)


def test_without_any_edition_they_are_not_kept_waiting(newsroom):
    newsroom.come(NEW)

    [report] = newsroom.welcome()

    assert (report.edition, report.dropped, report.reason) == (None, 1, NO_EDITION)
    assert newsroom.welcome() == []


def test_a_rush_makes_an_edition_every_ten_minutes(newsroom):
    newsroom.publish()
    newsroom.come("one@example.org")
    newsroom.welcome()
    newsroom.come("two@example.org")
    newsroom.come("three@example.org")
    at_once = newsroom.welcome()
    newsroom.clock.advance(APART)

    [later] = newsroom.welcome()

    assert (at_once, later.welcomed) == ([], 2)


def test_it_goes_out_at_once_whatever_the_hours_of_its_campaign(newsroom):
    newsroom.publish(replace(CAMPAIGN, sending=SendingRule(SendingHours(), local_time=True)))
    newsroom.come(NEW, timezone="Pacific/Auckland")

    [report] = newsroom.welcome()

    assert newsroom.deliver(report.edition.id).state is EditionState.FINISHED


def test_what_cannot_be_answered_is_given_up_after_a_day(newsroom):
    class Fails:
        def pick(self, *_args: object, **_options: object) -> list[bool]:
            raise TemplateFailed("segment: takes too long")

    segment = replace(CAMPAIGN.email, segment="locale != 'fr'")
    newsroom.publish(replace(CAMPAIGN, email=segment))
    newsroom.come(NEW)
    with pytest.raises(TemplateFailed):
        newsroom.welcome(renderer=Fails())
    newsroom.clock.advance(WAITS_FOR)

    [report] = newsroom.welcome(renderer=Fails())

    assert (report.dropped, report.reason) == (1, "segment: takes too long")


def test_a_family_does_not_tell_again_what_somebody_was_welcomed_with(store):
    stage = FamilyStage(store, name="letter")
    stage.begin()
    stage.bring("ada", Cadence.EACH_POST)
    stage.publish(twice=False)
    stage.compose(Cadence.EACH_POST)
    stage.decide(0, yes=True)
    stage.bring("new", "")
    with store.begin() as tx:
        new = tx.subscribers.find("new@letter.example")
        tx.welcomes.ask(new.id, campaign_name("letter", Cadence.EACH_POST), now=stage.clock())
    make_welcomes(store=store, clock=stage.clock, ids=lambda: "w1")

    stage.end()

    assert set(stage.told("new").values()) == {1}
    assert stage.told("new")[1] == 1
