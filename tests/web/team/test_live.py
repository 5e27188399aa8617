"""An edition that goes out, as the team sees it, stops it and mends it."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Role
from dispatch.store.database.schema import deliveries
from dispatch.testing.clock import FakeClock
from dispatch.web.team.speeds import Speeds
from dispatch.web.team.watching import Watcher, Watching
from dispatch.words.catalogues import team_words_in
from team_stage import join, signed_in


@pytest.fixture(scope="module")
def house(tmp_path_factory, furnished):
    with furnished.again(tmp_path_factory.mktemp("live") / "letters") as (app, _, ids):
        join(app, "jean", Role.OWNER)
        join(app, "vic", Role.VIEWER)
        yield app, ids


def state(app, edition_id):
    with app.store.read() as tx:
        return tx.editions.get(edition_id).state


def acts(app, edition_id):
    with app.store.read() as tx:
        return [(one.act, one.by) for one in tx.audit.about("edition", edition_id)]


class TestStopping:
    def test_pause_and_resume_are_said_and_noted(self, house):
        app, ids = house
        at = f"/team/editions/{ids['sending']}"

        with signed_in(app, "jean") as jean:
            paused = jean.post(f"{at}/pause")
            twice = jean.post(f"{at}/pause")
            resumed = jean.post(f"{at}/resume")

        assert (paused.status_code, twice.status_code, resumed.status_code) == (303, 409, 303)
        assert paused.headers["location"] == f"{at}?said=edition_paused"
        assert state(app, ids["sending"]) is EditionState.SENDING
        noted = acts(app, ids["sending"])
        assert ("edition.pause", "jean") in noted
        assert noted[0] == ("edition.resume", "jean")

    def test_to_cancel_takes_a_reason_and_is_for_good(self, house):
        app, ids = house
        at = f"/team/editions/{ids['paused']}"

        with signed_in(app, "jean") as jean:
            without = jean.post(f"{at}/cancel", data={"reason": " "})
            cancelled = jean.post(f"{at}/cancel", data={"reason": "the wrong people"})

        assert without.status_code == 422
        assert "say why: it stays with the edition" in without.text
        assert cancelled.status_code == 303
        with app.store.read() as tx:
            edition = tx.editions.get(ids["paused"])
            counts = tx.deliveries.counts(edition)
        assert (edition.state, edition.reason) == (EditionState.CANCELLED, "the wrong people")
        assert set(counts) == {DeliveryState.FAILED}


class TestMending:
    def test_what_is_unknown_is_decided_one_by_one(self, house):
        app, ids = house
        at = f"/team/editions/{ids['finished']}"
        with app.store.read() as tx:
            edition = tx.editions.get(ids["finished"])
            [unknown] = tx.delivery_pages.page(edition, [DeliveryState.UNKNOWN])

        with signed_in(app, "jean") as jean:
            none = jean.post(f"{at}/resolve", data={"as": "accept"})
            accepted = jean.post(f"{at}/resolve", data={"as": "accept", "d": unknown.id})
            again = jean.post(f"{at}/retry-failed", data={"d": unknown.id})

        assert none.status_code == 422
        assert accepted.headers["location"].endswith("?said=deliveries_accepted&n=1")
        assert again.headers["location"].endswith("?said=nothing_to_retry")
        with app.store.read() as tx:
            assert DeliveryState.UNKNOWN not in tx.deliveries.counts(edition)

    def test_what_failed_waits_again(self, house):
        app, ids = house
        at = f"/team/editions/{ids['finished']}"

        with signed_in(app, "jean") as jean:
            again = jean.post(f"{at}/retry-failed")

        assert again.headers["location"].endswith("?said=deliveries_wait_again&n=1")
        assert state(app, ids["finished"]) is EditionState.SENDING


class TestWhoGotIt:
    def test_a_list_by_state_reason_and_address(self, house):
        app, ids = house
        at = f"/team/editions/{ids['finished']}/deliveries"

        with signed_in(app, "jean") as jean:
            missed = jean.get(at).text
            refused = jean.get(f"{at}?state=refused").text
            one = jean.get(f"{at}?q=kenji.sato@readers.example").text
            nobody = jean.get(f"{at}?q=nobody@readers.example").text
            csv = jean.get(f"{at}.csv?state=refused")
            wrong = jean.get(f"{at}?state=refusd")

        assert "550 5.1.1 no such user" in missed
        assert "left before their turn" in missed
        assert "left before their turn" not in refused
        assert one.count("data-stop") == 1
        assert "Nobody with the address nobody@readers.example is in this edition." in nobody
        assert csv.headers["content-type"].startswith("text/csv")
        assert len(csv.text.strip().splitlines()) == 2
        assert wrong.status_code == 404
        assert "refused" in wrong.text

    def test_a_post_on_a_network_has_a_link_to_it(self, house):
        app, ids = house
        address = "https://social.example/@us/7"
        with app.store.begin() as tx:
            edition = tx.editions.get(ids["finished"])
            tx.published.note_accepted(
                tx.published.of_edition(edition.number)[0].delivery_id,
                Accepted("7", address),
                now=app.clock(),
            )

        with signed_in(app, "jean") as jean:
            page = jean.get(f"/team/editions/{ids['finished']}/deliveries?state=accepted").text

        assert f'<a href="{address}" rel="noreferrer">See the post</a>' in page

    def test_who_may_not_see_addresses_sees_none(self, house):
        app, ids = house

        with signed_in(app, "vic") as vic:
            answers = [
                vic.get(f"/team/editions/{ids[which]}/{more}").text
                for which in ("finished", "sending")
                for more in ("run", "progress.events", "deliveries")
            ]

        assert not any("@readers.example" in answer for answer in answers)


class TestEvents:
    """What those who watch are told."""

    class Looks:
        """An edition that is looked at, and how often."""

        def __init__(self, app, edition_id):
            self.app, self.id, self.number = app, edition_id, 0
            self.away = False
            self.done = lambda looks: None

        def __call__(self):
            from dispatch.pipeline.delivery.watch import watch_edition

            self.number += 1
            self.done(self.number)
            if self.away:
                raise StoreUnavailable("database: away")
            with self.app.store.read() as tx:
                edition = tx.editions.get(self.id)
                return watch_edition(
                    edition, tx, plans=self.app.workspace.channels, now=self.app.clock()
                )

    @pytest.fixture
    def looks(self, house):
        app, ids = house
        return self.Looks(app, ids["sending"])

    @staticmethod
    def watcher(**changes):
        given = {
            "state": "sending",
            "words": team_words_in("en"),
            "zone": ZoneInfo("UTC"),
            "may_still": lambda: True,
            "stopping": lambda: False,
        }
        return Watcher(**{**given, **changes})

    def told(self, looks, *watchers, most=200):
        """What each of some watchers is told, who come at once and stay until the end."""
        watching = Watching(every_seconds=0.01)

        async def one(watcher):
            found = b""
            async for piece in watching.events(looks.id, watcher, read=looks):
                found += piece
                if len(found) > most * 10_000:
                    break
            return found.decode()

        async def all_of_them():
            async with asyncio.timeout(20):
                return await asyncio.gather(*map(one, watchers))

        found = asyncio.run(all_of_them())
        assert (watching.watchers, watching._readers) == (0, {})
        return found

    def test_all_blocks_at_first_then_those_that_change_and_the_end(self, house, looks):
        app, _ = house

        def later(number):
            with app.store.begin() as tx:
                edition = tx.editions.get(looks.id)
                if number == 3:
                    [one, *_] = tx.delivery_pages.page(edition, ())
                    values = {"state": "accepted"}
                    row = deliveries.c.id == one.id
                    tx._connection.execute(deliveries.update().where(row).values(values))
                    tx.batches.recount(edition.id)
                if number == 6:
                    tx.editions.move(edition, EditionState.PAUSED)

        looks.done = later
        told = self.told(looks, *[self.watcher() for _ in range(50)])

        names = [line[7:] for line in told[0].splitlines() if line.startswith("event: ")]
        assert names[:5] == ["progress", "channels", "trouble", "later", "spoken"]
        assert names[-1] == "end"
        assert "trouble" not in names[5:]
        assert {*told} == {told[0]}
        assert looks.number <= 8  # and not fifty times that
        with app.store.begin() as tx:
            tx.editions.move(tx.editions.get(looks.id), EditionState.SENDING)

    def test_who_is_not_signed_in_any_more_is_sent_away(self, looks):
        [told] = self.told(looks, self.watcher(may_still=lambda: False))

        assert told.endswith("event: end\ndata: \n\n")

    def test_a_stop_of_the_service_ends_it_without_a_word(self, looks):
        [told] = self.told(looks, self.watcher(stopping=lambda: looks.number > 2))

        assert "event: end" not in told
        assert "event: progress" in told

    def test_while_the_database_is_away_nothing_is_told(self, looks):
        looks.away = True
        looks.done = lambda number: setattr(looks, "away", number < 20)

        [told] = self.told(looks, self.watcher(stopping=lambda: looks.number > 21))

        assert told.index(": still here") < told.index("event: progress")

    def test_each_is_told_in_their_language(self, looks):
        stop = {"stopping": lambda: looks.number > 1}

        english, french = self.told(
            looks, self.watcher(**stop), self.watcher(words=team_words_in("fr"), **stop)
        )

        assert "of 10 done" in english
        assert "sur 10 traités" in french


def test_how_fast_it_goes_is_the_median_of_the_last_minute():
    speeds, clock = Speeds(), FakeClock()
    assert speeds.per_second("e", "mail") is None

    for done in (0, 50, 100, 100, 150, 200):
        speeds.note("e", {"mail": done}, now=clock())
        clock.advance(timedelta(seconds=1))

    assert speeds.per_second("e", "mail") == 50
    assert speeds.per_second("e", "backup") == 0


def test_in_steps_it_is_what_they_come_to_until_the_last_of_them():
    speeds, clock, told = Speeds(), FakeClock(), []

    for second in range(24):
        # A call of 1,000 takes four seconds; the last one hangs.
        speeds.note("e", {"mail": 1_000 * min(second // 4, 3)}, now=clock())
        clock.advance(timedelta(seconds=1))
        told.append(speeds.per_second("e", "mail"))

    assert told[8:16] == [250] * 8
    assert told[17] < 250
    assert told[23] < told[20] < told[18]


def test_at_a_slow_pace_it_is_the_mean():
    speeds, clock = Speeds(), FakeClock()

    for number in range(61):
        speeds.note("e", {"mail": number // 20}, now=clock())
        clock.advance(timedelta(seconds=1))

    assert speeds.per_second("e", "mail") == pytest.approx(3 / 60)
