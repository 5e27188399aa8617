"""Who does not confirm is reminded once, and forgotten in the end."""

from datetime import timedelta

import pytest

from dispatch.model.people.form import KEPT_FOR, VALID_FOR
from dispatch.model.people.reader_mail import MOST_A_DAY, Topic
from dispatch.pipeline.people.look_after_sign_ups import forget_sign_ups, remind_sign_ups
from reader_mail_stage import FORM, MailDesk

ZOE = "zoe@example.org"
DAY = timedelta(days=1)


@pytest.fixture
def desk(store, clock):
    return MailDesk(store, clock)


@pytest.fixture
def remind(store, clock):
    """Looks after the sign-ups of the form, which reminds after two days; how many it reminds."""
    return lambda: remind_sign_ups([FORM], store=store, clock=clock)


def test_they_are_reminded_once_and_in_time(desk, clock, remind):
    desk.sign_up(ZOE, locale="fr")
    desk.send()
    too_early = remind()
    clock.advance(2 * DAY)
    reminded = remind(), remind()
    desk.send()

    assert (too_early, reminded) == (0, (1, 0))
    assert desk.subjects[1] == (ZOE, "Pas encore confirmé\u202f: The Letter")


def test_nobody_is_reminded_who_confirmed_asked_again_or_was_never_written_to(desk, clock, remind):
    confirmed = desk.sign_up("confirmed@example.org")
    desk.sign_up("again@example.org")
    desk.send()
    desk.confirm(confirmed)
    desk.sign_up("unwritten@example.org")
    clock.advance(2 * DAY)
    desk.sign_up("again@example.org")
    for _ in range(MOST_A_DAY):
        desk.ask(Topic.PREFERENCES, "much@example.org", "nobody")

    assert remind() == 0


@pytest.mark.parametrize(("after", "others"), [(VALID_FOR, 0), (2 * DAY, MOST_A_DAY)])
def test_nobody_is_reminded_of_a_dead_link_or_once_more_that_day(
    desk, clock, remind, after, others
):
    desk.sign_up(ZOE)
    desk.send()
    clock.advance(after)
    for _ in range(others):
        desk.ask(Topic.ALREADY, ZOE, "nobody")

    assert remind() == 0


def test_all_is_forgotten_after_a_month_but_what_still_waits(desk, store, clock):
    desk.sign_up(ZOE)
    desk.send()
    clock.advance(KEPT_FOR)
    kept = forget_sign_ups(store=store, clock=clock)
    desk.ask(Topic.PREFERENCES, "new@example.org", "somebody")
    clock.advance(timedelta(seconds=1))

    gone = forget_sign_ups(store=store, clock=clock)

    assert (kept, gone, len(desk.due())) == (0, 2, 1)


def test_a_sign_up_that_is_seen_twice_is_reminded_of_once(desk, store, clock):
    desk.sign_up(ZOE)
    desk.send()
    clock.advance(2 * DAY)

    reminded = remind_sign_ups([FORM, FORM], store=store, clock=clock)

    assert (reminded, [one.about for one in desk.due()]) == (1, [Topic.REMIND])
