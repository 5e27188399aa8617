"""Somebody asks for the link to their choices: it goes to their mailbox, and to nobody else."""

from datetime import timedelta

from dispatch.clock import Clock
from dispatch.model.people.reader_mail import MOST_A_DAY, Topic
from dispatch.pipeline.people.change_address import DAY, may_be_answered
from dispatch.pipeline.people.limit_marks import LimitMarks
from dispatch.store.people.limits import Limit
from dispatch.store.transactions import Store

OF_A_NETWORK = Limit(30, timedelta(hours=1))
"""A class or an office behind one address of the internet; a program has had enough by then."""

TWICE = timedelta(minutes=2)
"""Within this the same wish is the same: a button pressed twice, a page reloaded."""


def mail_preferences_link(
    email: str,
    *,
    network: str,
    marks: LimitMarks,
    via: str,
    locale: str,
    store: Store,
    clock: Clock,
) -> timedelta | None:
    """Have the link sent, if somebody has this address; None, or how long the network is to wait.

    Whether anybody has it is told to nobody: what is done takes the same statements.
    """
    with store.begin() as tx:
        now = tx.now(clock)
        if network and (wait := tx.limits.take(marks.network(network), OF_A_NETWORK, now=now)):
            return wait
        reader = tx.subscribers.find(email)
        today = tx.reader_mails.count_since(email, now - DAY)
        just_now = tx.reader_mails.count_since(email, now - TWICE, Topic.PREFERENCES)
        may = may_be_answered(email, tx)
        if reader is None or just_now or today >= MOST_A_DAY or not may:
            return None
        tx.reader_mails.add(
            Topic.PREFERENCES,
            reader.email,
            subject_id=reader.public_id,
            via=via,
            now=now,
            locale=reader.locale or locale,
        )
    return None
