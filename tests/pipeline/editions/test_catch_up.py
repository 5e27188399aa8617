"""Somebody moves from one cadence to another, and is brought up to date with the first edition."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cadence_stage import FamilyStage
from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.model.editions.catch_up import MOST_CAUGHT_UP, posts_of, what_remains
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.pipeline.delivery.deliver import deliver_edition
from dispatch.pipeline.delivery.pause import cancel_edition
from dispatch.store.database.schema import editions
from dispatch.testing.fakes import RecordingProvider, recording_channel
from pipeline_samples import GUARD, LINKS

EACH, WEEKLY = Cadence.EACH_POST, Cadence.WEEKLY
DAY = timedelta(days=1)


@pytest.fixture
def stage(store):
    """A family whose default is weekly; Ada wants each post, and Bob has chosen nothing."""
    stage = FamilyStage(store, name="letter")
    stage.begin()
    stage.bring("ada", EACH)
    stage.bring("bob", "")
    return stage


@pytest.fixture
def tell(stage):
    """Has posts published and told at a cadence, by an edition."""

    def tell(posts: int, cadence: Cadence) -> Edition | None:
        for _ in range(posts):
            stage.publish(twice=False)
        stage.compose(cadence)
        if not stage.waiting:
            return None
        made = stage.waiting[-1]
        stage.decide(-1, yes=True)
        return made

    return tell


@pytest.fixture
def mails(stage, store):
    """Delivers an edition: name to the titles that the digest for them shows."""

    def mails(edition: Edition) -> dict[str, str]:
        provider = RecordingProvider()
        with store.read() as tx:
            addressed = tx.editions.get(edition.id)
        deliver_edition(
            addressed,
            store=store,
            open_channel=lambda _: recording_channel(provider),
            guard=GUARD,
            links=LINKS,
            clock=stage.clock,
            lease=DAY,
        )
        return {
            one.to.email.partition("@")[0]: "".join(
                number for number in "123456789" if f"letter-{number}<" in one.html
            )
            for one in provider.taken
        }

    return mails


def state_of(edition: Edition, store) -> EditionState:
    with store.read() as tx:
        return tx.editions.get(edition.id).state


def test_who_goes_over_to_fewer_mails_gets_no_post_again(stage, tell, mails):
    mails(tell(2, EACH))
    stage.bring("ada", WEEKLY)
    stage.publish(twice=False)

    weekly = tell(0, WEEKLY)

    assert [post.title for post in weekly.content.posts]  # at most two of the three
    told = mails(weekly)
    assert told["bob"] == "23"
    assert told["ada"] == "3"


def test_who_goes_over_to_more_mails_gets_what_others_had(stage, tell, mails):
    mails(tell(2, EACH))
    mails(tell(1, EACH))
    stage.bring("bob", EACH)

    assert mails(tell(1, EACH)) == {"ada": "4", "bob": "1234"}
    assert mails(tell(1, EACH)) == {"ada": "5", "bob": "5"}


def test_who_is_new_gets_the_edition_as_it_is(stage, tell, mails):
    mails(tell(2, EACH))
    stage.bring("eve", EACH)

    assert mails(tell(1, EACH)) == {"ada": "3", "eve": "3"}


def test_who_is_the_first_at_a_cadence_gets_no_archive(stage, tell, mails, store):
    stage.bring("ada", WEEKLY)
    tell(2, EACH)  # for nobody
    stage.clock.advance(63 * DAY)
    tell(1, EACH)  # for nobody, too
    stage.bring("eve", EACH)

    made = tell(1, EACH)

    assert mails(made) == {"eve": "34"}
    with store.read() as tx:
        [run, *_] = tx.runs.latest(made.campaign)
    assert run.never_used == {"came more than 62 days ago, when nobody had this cadence": 2}


def test_an_edition_that_tells_its_only_reader_nothing_new_ends_by_itself(stage, tell, mails):
    stage.bring("somebody", EACH)
    stage.bring("bob", EACH)
    mails(tell(2, EACH))
    for name in ("ada", "bob", "somebody"):
        stage.bring(name, WEEKLY)

    weekly = tell(0, WEEKLY)

    assert mails(weekly) == {}
    assert state_of(weekly, stage.store) is EditionState.FINISHED


def test_what_was_cancelled_is_not_caught_up_with(stage, tell, mails):
    first = tell(1, EACH)
    cancel_edition(first.id, reason="a mistake", store=stage.store, clock=stage.clock)
    stage.bring("bob", EACH)

    assert mails(tell(1, EACH)) == {"ada": "2", "bob": "2"}


def test_who_caught_up_with_an_edition_that_was_cancelled_does_so_with_the_next(stage, tell, mails):
    mails(tell(2, EACH))
    stage.bring("bob", EACH)
    second = tell(1, EACH)
    cancel_edition(second.id, reason="a mistake", store=stage.store, clock=stage.clock)

    assert mails(tell(1, EACH)) == {"ada": "4", "bob": "124"}


def test_an_edition_without_posts_goes_to_those_who_changed_as_to_others(stage, tell, store):
    tell(1, EACH)
    tell(0, WEEKLY)
    stage.bring("ada", WEEKLY)
    stage.at_least = 0

    empty = tell(0, WEEKLY)

    with store.read() as tx:
        got = {one.recipient.partition("@")[0] for one in tx.deliveries.latest(edition=empty)}
    assert empty.content.posts == ()
    assert got == {"ada", "bob", "somebody"}


def test_what_is_not_what_was_approved_is_not_caught_up_with(stage, tell, mails):
    first = tell(1, EACH)
    with stage.store.begin() as tx:
        tx._connection.execute(
            editions.update()
            .where(editions.c.id == first.id)
            .values(content=sa.func.replace(editions.c.content, "Title", "Buy this"))
        )
    stage.bring("bob", EACH)

    assert mails(tell(1, EACH)) == {"ada": "2", "bob": "2"}


def test_what_a_reader_is_to_catch_up_with_is_not_told_if_its_edition_is_changed_later(
    stage, tell, mails
):
    first = tell(1, EACH)
    stage.bring("bob", EACH)
    second = tell(1, EACH)
    with stage.store.begin() as tx:
        tx._connection.execute(
            editions.update()
            .where(editions.c.id == first.id)
            .values(content=sa.func.replace(editions.c.content, "Title", "Buy this"))
        )

    assert mails(second) == {"ada": "2"}
    with stage.store.read() as tx:
        [failed] = tx.deliveries.latest(states=[DeliveryState.FAILED])
    assert failed.recipient.startswith("bob@")
    assert "in no approved edition any more" in failed.reason


def test_what_failed_was_not_had(stage, tell):
    first = tell(1, EACH)
    with stage.store.begin() as tx:
        tx.deliveries.decide(
            tx.editions.get(first.id),
            DeliveryState.PENDING,
            On.CANCELLED,
            reason="test",
            now=stage.clock(),
        )
    stage.bring("ada", WEEKLY)

    tell(0, WEEKLY)

    assert stage.told("ada")[1] == 2  # once in vain


def test_an_edition_names_those_it_may_catch_up_from(tell):
    first, second = tell(1, EACH), tell(1, EACH)

    assert second.content.earlier == (first.id,)
    assert first.content.earlier == ()


def test_the_newest_fifty_are_enough():
    posts = list(range(1000, 0, -1))

    remains = what_remains([2000], [posts], set(), {n: n for n in [2000, *posts]})

    assert remains == (2000, *posts[:MOST_CAUGHT_UP])


def test_a_snippet_and_an_ordinary_digest_name_no_posts():
    assert posts_of("") is None
    assert posts_of("17") is None
