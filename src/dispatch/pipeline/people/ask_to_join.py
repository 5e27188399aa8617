"""Somebody has filled in a form: nobody is a reader by that before they confirm it.

What is answered is the same whoever it is: that somebody is known, has left or is suppressed is
told to the mailbox alone. Where a form asks for no confirmation, it is asked for all the same from
who has left, is suppressed or was erased: they, and no form, take that back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.clock import Clock
from dispatch.ids import Ids
from dispatch.model.people.ending import Ending
from dispatch.model.people.form import UNCONFIRMED, VALID_FOR, Confirm, Form
from dispatch.model.people.reader_mail import MOST_A_DAY, Topic
from dispatch.model.people.sign_up import Profile
from dispatch.model.people.subscriber import Subscriber, SubscriptionState, email_key
from dispatch.pipeline.people.add_subscriber import left_before
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.join import Joining, join
from dispatch.pipeline.people.limit_marks import LimitMarks
from dispatch.store.people.limits import Limit
from dispatch.store.transactions import Store, Transaction

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

OF_A_NETWORK = Limit(60, HOUR)
"""A class or a fair behind one address of the internet; a program has had enough by then."""

UNSURE_COST = 3
"""What a sign-up without a token of ours counts for: 20 an hour, as no page of ours made it."""

OF_AN_ADDRESS = Limit(3, HOUR)
"""As often as somebody mistypes the rest."""

OF_A_MAILBOX = Limit(5, HOUR)
"""The same for all that differ after a `+`: whoever tries out a form with a few is let, and nobody
fills a stranger's mailbox by counting up."""

TWICE = timedelta(minutes=10)
"""Within this the same thing again is the same sign-up: a button pressed twice, a page reloaded."""

_HERE = {SubscriptionState.ACTIVE, SubscriptionState.PAUSED}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody posted. `consent` is the text that they agreed to, as they saw it.

    `network` is where they are, for the limits; `kept_network` what of it goes on record, or empty.
    `solution` is what their browser has reckoned, which holds until `solution_ends`.
    """

    email: str
    profile: Profile
    consent: str
    page: str = ""
    network: str = ""
    kept_network: str = ""
    sure: bool = True  # it came from a page of ours
    solution: str = ""
    solution_ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What they are told: nothing but whether too many ask.

    `wait` is then how long to wait: for their network, or for the `whole` form.
    """

    wait: timedelta | None = None
    whole: bool = False
    used: bool = False  # the solution was used before, for another address


def ask_to_join(
    form: Form,
    asked: Asked,
    *,
    welcome: str,
    marks: LimitMarks,
    store: Store,
    clock: Clock,
    ids: Ids,
    endings: Endings,
) -> Answer:
    """Keep what somebody filled in, and have them written to; or let them in at once.

    `welcome` is the campaign that greets them. The same again within a few minutes changes nothing.
    """
    with store.begin() as tx:
        now = tx.now(clock)
        if refused := _too_many(form, asked, marks, tx, now):
            return refused
        if not _takes_solution(asked, marks, tx):
            return Answer(used=True)
        # Also keeps apart two of the same address that come at the same time.
        whose = (
            (marks.address(asked.email), OF_AN_ADDRESS),
            (marks.mailbox(asked.email), OF_A_MAILBOX),
        )
        if any(tx.limits.take(mark, limit, now=now) for mark, limit in whose):
            return Answer()
        done = _kept(form, asked, welcome, tx, now=now, ids=ids, endings=endings)
    for one in done:
        endings.write(one)
    return Answer()


def _too_many(
    form: Form, asked: Asked, marks: LimitMarks, tx: Transaction, now: datetime
) -> Answer | None:
    if asked.network:
        cost = 1 if asked.sure else UNSURE_COST
        mark = marks.network(asked.network)
        if wait := tx.limits.take(mark, OF_A_NETWORK, now=now, cost=cost):
            return Answer(wait=wait)
    wait = tx.limits.take(marks.whole(form.name), Limit(form.per_hour, HOUR), now=now)
    return Answer(wait=wait, whole=True) if wait else None


def _takes_solution(asked: Asked, marks: LimitMarks, tx: Transaction) -> bool:
    """Use what was reckoned, once; for the same address again it is a button pressed twice."""
    if not asked.solution or asked.solution_ends is None:
        return True
    ours = marks.once("solution", asked.solution, email_key(asked.email))
    if tx.limits.use(marks.once("solution", asked.solution), until=asked.solution_ends):
        return tx.limits.use(ours, until=asked.solution_ends)
    return tx.limits.is_used(ours)


def _kept(
    form: Form,
    asked: Asked,
    welcome: str,
    tx: Transaction,
    *,
    now: datetime,
    ids: Ids,
    endings: Endings,
) -> Sequence[Ending]:
    """Keep it, where it changes anything; what is to be written down beside the database."""
    email = asked.email
    suppression = tx.suppressions.of(email)
    if suppression and suppression.is_for_good:
        return []
    person = tx.subscribers.find(email)
    keeps_out = suppression or tx.endings.known(endings.markers.suppressed(email_key(email)))
    if person and not keeps_out and _is_in_all(person, form, tx):
        _tell_that_already(form, person, tx, now)
        return []
    wording = tx.record.keep_wording(asked.consent, now=now)
    if form.confirm is Confirm.DOUBLE or keeps_out or _is_out(email, person, form, tx, endings):
        _have_confirmed(form, asked, wording, tx, now=now, ids=ids)
        return []
    joining = Joining(
        form=form.name,
        email=email,
        audiences=form.audiences,
        profile=asked.profile,
        wording=wording,
        page=asked.page,
        network=asked.kept_network,
        confirmed=UNCONFIRMED,
        asked=now,
    )
    return join(
        joining, welcome=welcome, tx=tx, now=now, ids=ids, endings=endings, replaces=False
    ).endings


def _have_confirmed(
    form: Form, asked: Asked, wording: str, tx: Transaction, *, now: datetime, ids: Ids
) -> None:
    """Have a mail written with the link by which they confirm."""
    known = tx.sign_ups.open_of(asked.email, form.name, since=now - VALID_FOR)
    same = next((one for one in known if one.says_the_same(asked.profile, wording)), None)
    if same and abs(now - same.asked) < TWICE:  # or a clock that was ahead would keep them out
        return
    if tx.reader_mails.count_since(asked.email, now - DAY) >= MOST_A_DAY:
        return
    if same:
        tx.sign_ups.renew(same, now=now)
    else:
        same = tx.sign_ups.add(
            form.name,
            asked.email,
            form.audiences,
            asked.profile,
            wording=wording,
            page=asked.page,
            network=asked.kept_network,
            now=now,
            ids=ids,
        )
    tx.reader_mails.add(
        Topic.CONFIRM,
        asked.email,
        subject_id=same.public_id,
        via=form.via,
        now=now,
        audience=form.audiences[0],
        form=form.name,
        locale=asked.profile.locale or asked.profile.language,
    )


def _tell_that_already(form: Form, person: Subscriber, tx: Transaction, now: datetime) -> None:
    """Tell the mailbox, and nobody else, that they get all of it."""
    if tx.reader_mails.count_since(person.email, now - TWICE, Topic.ALREADY):
        return
    if tx.reader_mails.count_since(person.email, now - DAY) >= MOST_A_DAY:
        return
    tx.reader_mails.add(
        Topic.ALREADY,
        person.email,
        subject_id=person.public_id,
        via=form.via,
        now=now,
        audience=form.audiences[0],
        form=form.name,
        locale=person.locale,
    )


def _is_in_all(person: Subscriber, form: Form, tx: Transaction) -> bool:
    standing = tx.consents.standing(person.id)
    return all(one in standing and standing[one].state in _HERE for one in form.audiences)


def _is_out(
    email: str, person: Subscriber | None, form: Form, tx: Transaction, endings: Endings
) -> bool:
    """Whether they left one of the audiences or were erased: only they take that back."""
    if endings.is_erased(email_key(email), tx=tx):
        return True
    standing = tx.consents.standing(person.id) if person else {}
    return any(
        (one in standing and standing[one].state is SubscriptionState.ENDED)
        or left_before(email, person, one, tx, endings.markers) is not None
        for one in form.audiences
    )
