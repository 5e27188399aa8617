"""What each channel of an edition is said to wait for, whatever stands in its way."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from app_stage import opened, workspace_in
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.campaigns.pace import Pace
from dispatch.model.campaigns.sending import SendingPlan
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.queue import DAY_IS_OVER
from dispatch.pipeline.delivery.watch import Why, watch_edition
from dispatch.store.database.schema import batches, deliveries, editions, paces
from dispatch.store.delivery.channels import Stop
from dispatch.testing.clock import FakeClock
from team_house import begun

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SLOW = {"per_second": 0.2}


class _Undone(Exception):
    """So that nothing stays of what a look was taken at."""


class House:
    """One edition of which nothing is handed over yet: over `mail`, with two in reserve."""

    def __init__(self, app):
        self.app = app
        with app.store.read() as tx:
            self.edition = tx.editions.get(begun(app, "weekly"))
        content = self.edition.content
        self.mail = content.email.via
        email = replace(content.email, failover=("spare", "last"))
        self.edition = replace(
            self.edition, content=replace(content, email=email, sending=SendingPlan())
        )

    def look(self, *given, hours=None, pace=None, plans=None):
        """Take one, after all of `given`, each of which changes something."""
        edition, found = self.edition, None
        if hours is not None:
            sending = SendingPlan(hours=hours)
            edition = replace(edition, content=replace(edition.content, sending=sending))
        if plans is None:
            plans = {self.mail: ChannelPlan(self.mail, "smtp", pace=Pace(**pace or {}))}
        with suppress(_Undone), self.app.store.begin() as tx:
            for one in given:
                one(self, tx)
            found = watch_edition(edition, tx, plans=plans, now=NOW)
            raise _Undone
        return {one.name: one for one in found.channels}

    def why(self, *given, **more):
        """What `mail` does, until when, in what words."""
        one = self.look(*given, **more)[self.mail]
        return one.why, one.until, one.words


def batch(**values):
    def change(house, tx):
        rows = batches.c.edition_id == house.edition.id
        tx._connection.execute(batches.update().where(rows).values(values))

    return change


def stopped(until=None, reason="421 too many", *, down=False, name=""):
    def change(house, tx):
        tx.channels.put_stop(Stop(name or house.mail, until, reason, 3, down))

    return change


def paused(house, tx):
    row = editions.c.id == house.edition.id
    tx._connection.execute(editions.update().where(row).values(state=EditionState.PAUSED.value))


def one_is_accepted(house, tx):
    first = tx.delivery_pages.page(house.edition, ())[0].id
    values = {"state": DeliveryState.ACCEPTED.value}
    tx._connection.execute(deliveries.update().where(deliveries.c.id == first).values(values))
    tx.batches.recount(house.edition.id)


def next_is_due(at):
    def change(house, tx):
        values = {"channel": house.mail, "domain": "", "next_at": at, "used": 0}
        tx._connection.execute(paces.insert().values(values))

    return change


TAKEN = batch(lease_until=LATER)
DUE_LATER = batch(due=LATER)


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    folder = workspace_in(tmp_path_factory.mktemp("waits") / "letters", migrated_sqlite)
    with opened(folder, FakeClock(NOW)) as app:
        list(app.people.import_files())
        list(app.intake.poll(app.workspace.feeds))
        yield House(app)


@pytest.mark.parametrize(
    ("given", "more", "expected"),
    [
        ([], {}, (Why.WORKER, None, "")),
        ([TAKEN], {}, (Why.FREE, None, "")),
        ([TAKEN], {"pace": SLOW}, (Why.PACE, None, "")),
        ([TAKEN, next_is_due(NOW + timedelta(seconds=1))], {"pace": SLOW}, (Why.PACE, None, "")),
        ([TAKEN, next_is_due(LATER)], {"pace": SLOW}, (Why.NEXT, LATER, "")),
        ([TAKEN, next_is_due(LATER)], {}, (Why.FREE, None, "")),
        ([DUE_LATER], {}, (Why.BEGINS, LATER, "")),
        ([DUE_LATER, one_is_accepted], {}, (Why.AGAIN, LATER, "")),
        (
            [batch(due=LATER, timezone="Asia/Tokyo")],
            {},
            (Why.ZONE, LATER, "Asia/Tokyo"),
        ),
        (
            [DUE_LATER],
            {"hours": SendingHours(QuietHours(time(7), time(9)))},
            (Why.QUIET, LATER, ""),
        ),
        ([batch(finished_at=NOW)], {}, (Why.DONE, None, "")),
        ([], {"plans": {}}, (Why.GONE, None, "")),
        ([stopped()], {}, (Why.STOPPED, None, "421 too many")),
        ([stopped(LATER, DAY_IS_OVER)], {}, (Why.DAY, LATER, "")),
        ([stopped(NOW)], {}, (Why.WORKER, None, "")),
        ([stopped(LATER, down=True)], {}, (Why.FAILS_OVER, LATER, "spare")),
        (
            [stopped(LATER, down=True), stopped(name="spare")],
            {},
            (Why.FAILS_OVER, LATER, "last"),
        ),
        (
            [stopped(LATER, down=True), stopped(name="spare"), stopped(name="last")],
            {},
            (Why.STOPPED, LATER, "421 too many"),
        ),
    ],
)
def test_a_channel_says_why_it_goes_on_or_does_not(house, given, more, expected):
    assert house.why(*given, **more) == expected


def test_who_is_in_reserve_steps_in_only_for_a_channel_that_is_down_and_has_something_left(house):
    def spare(*given):
        one = house.look(*given)["spare"]
        return one.why, one.words

    down = stopped(LATER, down=True)

    assert spare() == (Why.STANDS_BY, house.mail)
    assert spare(stopped(LATER)) == (Why.STANDS_BY, house.mail)
    assert spare(down) == (Why.STEPS_IN, house.mail)
    assert spare(down, batch(finished_at=NOW)) == (Why.STANDS_BY, house.mail)
    assert spare(down, stopped(name="spare", reason="401")) == (Why.STOPPED, "401")


def test_a_channel_that_is_gone_has_no_provider_and_still_its_deliveries(house):
    found = house.look(one_is_accepted, plans={})[house.mail]

    assert found.provider == ""
    assert found.total == found.open + 1 > 1


def test_of_a_paused_edition_nothing_goes_on_and_nobody_steps_in(house):
    found = house.look(paused, stopped(LATER, down=True))

    assert found[house.mail].why is Why.PAUSED
    assert found["spare"].why is Why.STANDS_BY
