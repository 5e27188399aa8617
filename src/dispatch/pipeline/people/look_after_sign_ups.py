"""Who has not confirmed is reminded, once, and forgotten in the end."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dispatch.clock import Clock
from dispatch.model.people.form import KEPT_FOR, VALID_FOR, Form
from dispatch.model.people.reader_mail import MOST_A_DAY, Topic
from dispatch.model.people.sign_up import SignUp
from dispatch.store.transactions import Store

_DAY = timedelta(days=1)


def remind_sign_ups(forms: Iterable[Form], *, store: Store, clock: Clock) -> int:
    """Write to those whom a form reminds, while their link holds; how many mails that are.

    Nobody is reminded of a mail that they never got.
    """
    reminding = [(form, form.remind) for form in forms if form.remind is not None]
    if not reminding:
        return 0
    now = clock()
    with store.read() as tx:
        due = [
            (form, one)
            for form, after in reminding
            for one in tx.sign_ups.to_remind(form.name, before=now - after, since=now - VALID_FOR)
        ]
    return sum(_remind(form, one, store=store, now=now) for form, one in due)


def forget_sign_ups(*, store: Store, clock: Clock) -> int:
    """Remove what is older than it is kept for, with the mails about it; how many rows.

    So are new addresses that nobody has confirmed.
    """
    before = clock() - KEPT_FOR
    with store.begin() as tx:
        rows = tx.sign_ups.forget(before=before), tx.reader_mails.forget(before=before)
        return sum(rows) + tx.address_changes.forget(before=before)


def forget_limits(*, store: Store, clock: Clock) -> int:
    """Remove what was counted of people and networks and counts no more; how many rows."""
    with store.begin() as tx:
        return tx.limits.purge(now=tx.now(clock))


def _remind(form: Form, sign_up: SignUp, *, store: Store, now: datetime) -> bool:
    with store.begin() as tx:
        if not tx.sign_ups.note_reminded(sign_up, now=now):
            return False
        [newest, *_] = tx.sign_ups.open_of(sign_up.email, form.name, since=sign_up.asked)
        written = tx.reader_mails.count_since(sign_up.email, now - _DAY)
        if (
            newest.id != sign_up.id  # they asked again, and are reminded of that
            or not tx.reader_mails.was_accepted(sign_up.email, sign_up.public_id)
            or written >= MOST_A_DAY
        ):
            return False
        tx.reader_mails.add(
            Topic.REMIND,
            sign_up.email,
            subject_id=sign_up.public_id,
            form=form.name,
            locale=sign_up.profile.locale or sign_up.profile.language,
            via=form.via,
            now=now,
        )
        return True
