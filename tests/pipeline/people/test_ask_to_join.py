"""Joining on both kinds of database: limits, two at a time, who was erased or has paused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.ids import new
from dispatch.model.people.form import Form
from dispatch.model.people.reader_mail import Topic
from dispatch.model.people.sign_up import Profile, SignUpState
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.ask_to_join import Asked, ask_to_join
from dispatch.pipeline.people.confirm_sign_up import confirm_sign_up
from dispatch.pipeline.people.erase_person import erase_person
from dispatch.pipeline.people.limit_marks import LimitMarks
from dispatch.store.database.schema import subscriptions
from dispatch.store.people.limits import Limit
from pipeline_samples import SECRET, subscribe

ADA = "ada@example.org"
FORM = Form("news", ("readers", "extra"), via="outbox")
ASKED = Asked(ADA, Profile(name="Ada", cadence="weekly", language="fr"), "I agree.", network="::1")
MARKS = LimitMarks([SECRET], "sign-up")


@pytest.fixture
def ask(store, clock, endings):
    def ask(asked=ASKED, form=FORM):
        return ask_to_join(
            form,
            asked,
            welcome="weekly",
            marks=MARKS,
            store=store,
            clock=clock,
            ids=new,
            endings=endings,
        )

    return ask


@pytest.fixture
def waiting(store, clock):
    """What is to be written to readers."""

    def waiting():
        with store.read() as tx:
            return tx.reader_mails.due(now=clock() + timedelta(days=9), limit=99)

    return waiting


@pytest.fixture
def confirm(store, clock, endings, waiting):
    def confirm():
        bearer = Bearer("news", waiting()[-1].subject_id)
        return confirm_sign_up(
            bearer,
            welcome_of=lambda _: "weekly",
            store=store,
            clock=clock,
            ids=new,
            endings=endings,
        )

    return confirm


def test_two_that_come_at_the_same_time_are_one_and_one_confirms_both_audiences(
    store, ask, confirm, waiting
):
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: ask(), range(3)))

    assert not any(answer.wait for answer in answers)
    assert [(mail.address, mail.locale) for mail in waiting()] == [(ADA, "fr")]

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda _: confirm(), range(3)))

    assert {one.state for one in done} == {SignUpState.CONFIRMED}
    with store.read() as tx:
        found = tx.subscribers.find(ADA)
        assert tx.subscribers.standing(found.id) == {"readers": "active", "extra": "active"}
        words = tx.record.words(found.id)
        assert tx.consents.choice(found.id).own
        assert list(tx.welcomes.waiting("weekly", limit=9)) == [found.id]
    assert [word.audience for word in words] == ["readers", "extra"]
    assert (found.name, found.cadence, found.locale) == ("Ada", "weekly", "fr")


def test_who_confirms_two_forms_at_the_same_time_agrees_to_each_audience_once(
    store, clock, ask, endings, waiting
):
    for name in ("news", "fair", "shop"):
        ask(form=replace(FORM, name=name))

    def confirm(mail):
        return confirm_sign_up(
            Bearer(mail.form, mail.subject_id),
            welcome_of=lambda _: "weekly",
            store=store,
            clock=clock,
            ids=new,
            endings=endings,
        )

    with ThreadPoolExecutor(3) as threads:
        done = list(threads.map(confirm, waiting()))

    assert len(done) == 3
    with store.read() as tx:
        words = tx.record.words(tx.subscribers.find(ADA).id)
    assert sorted(word.audience for word in words) == ["extra", "readers"]


def test_nobodys_mailbox_is_filled_by_counting_up_after_a_plus(ask, waiting):
    for number in range(9):
        tagged = f"Ada+{number}@example.org"
        ask(replace(ASKED, email=tagged, network=f"192.0.2.{number}"))

    assert len(waiting()) == 5
    ask(replace(ASKED, email="ada.b+1@example.org", network="192.0.2.99"))
    assert len(waiting()) == 6


def test_limits_hold_for_a_network_and_a_form_and_are_forgotten(store, clock, ask, waiting):
    def junk(number, network="192.0.2.1"):
        return replace(ASKED, email=f"junk{number}@example.org", network=network)

    refused = [ask(junk(number)) for number in range(70)]

    assert [bool(one.wait) for one in refused] == [False] * 60 + [True] * 10
    assert timedelta(0) < refused[-1].wait <= timedelta(minutes=1)
    assert not refused[-1].whole
    small = replace(FORM, name="small", per_hour=1)
    assert not ask(junk(71, "192.0.2.2"), small).wait
    assert ask(junk(72, "192.0.2.3"), small).whole

    clock.advance(timedelta(hours=2))
    with store.begin() as tx:
        later = clock() if not tx.is_shared else tx.time() + timedelta(hours=2)
        assert tx.limits.purge(now=later) > 60
        assert tx.limits.purge(now=later) == 0


def test_a_limit_lets_through_its_number_at_once_and_then_evenly(store, clock):
    limit, taken = Limit(3, timedelta(hours=1)), []
    for _ in range(4):
        with store.begin() as tx:
            taken.append(tx.limits.take("mark", limit, now=clock()))
    assert taken == [None, None, None, timedelta(minutes=20)]

    clock.advance(timedelta(minutes=20))
    with store.begin() as tx:
        assert tx.limits.take("mark", limit, now=clock(), cost=2) == timedelta(minutes=20)
        assert tx.limits.take("mark", limit, now=clock()) is None

        later = clock() + timedelta(days=365)  # says a clock that is put right then
        assert tx.limits.take("ahead", limit, now=later, cost=limit.number) is None
        assert tx.limits.take("ahead", limit, now=clock()) is None


def test_what_was_reckoned_holds_once_but_for_a_button_pressed_twice(clock, ask, waiting):
    solved = replace(ASKED, solution="nonce", solution_ends=clock() + timedelta(days=900))

    assert not ask(solved).used
    assert not ask(solved).used
    assert ask(replace(solved, email="bob@example.org")).used
    assert len(waiting()) == 1


def test_who_was_erased_begins_anew_and_stays_suppressed_if_they_were(
    store, clock, ask, confirm, endings
):
    subscribe(store, clock, ADA)
    with store.begin() as tx:
        person = tx.subscribers.find(ADA)
        tx.endings.add([endings.suppressed(ADA, tx=tx)])
    erase_person(person, source="they asked", store=store, clock=clock, endings=endings)
    clock.advance(timedelta(days=1))

    ask(form=replace(FORM, confirm="single"))
    done = confirm()

    assert done.reader.id != person.id
    assert done.suppressed
    with store.read() as tx:
        assert not endings.is_erased(ADA, tx=tx)


def test_who_has_paused_and_joins_once_more_is_active(store, clock, ask, confirm):
    subscribe(store, clock, ADA)
    with store.begin() as tx:
        person = tx.subscribers.find(ADA)
        paused = {"state": "paused", "paused_until": clock() + timedelta(days=20)}
        tx._connection.execute(subscriptions.update().values(paused))

    ask()
    confirm()

    with store.read() as tx:
        assert tx.subscribers.state(person.id, "readers") is SubscriptionState.ACTIVE
        assert set(tx._connection.scalars(sa.select(subscriptions.c.paused_until))) == {None}


def test_who_was_erased_is_asked_to_confirm_where_others_join_at_once(
    store, clock, ask, waiting, endings
):
    single = replace(FORM, confirm="single")
    subscribe(store, clock, ADA)
    with store.read() as tx:
        person = tx.subscribers.find(ADA)
    erase_person(person, source="they asked", store=store, clock=clock, endings=endings)
    clock.advance(timedelta(days=1))

    ask(form=single)
    ask(replace(ASKED, email="bob@example.org"), single)

    assert [(one.about, one.address) for one in waiting()] == [(Topic.CONFIRM, ADA)]
    with store.read() as tx:
        assert tx.subscribers.find("bob@example.org") is not None
        assert tx.subscribers.find(ADA) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # others have their own clock
def test_who_gets_it_already_is_told_once_in_a_while_and_a_few_times_a_day(
    store, clock, ask, waiting
):
    subscribe(store, clock, ADA)
    readers = replace(FORM, audiences=("readers",))
    told = []

    for minutes in (0, 1, 60, 60, 60):
        clock.advance(timedelta(minutes=minutes))
        ask(form=readers)
        told.append(len(waiting()))

    assert told == [1, 1, 2, 3, 3]
    assert {one.about for one in waiting()} == {Topic.ALREADY}
