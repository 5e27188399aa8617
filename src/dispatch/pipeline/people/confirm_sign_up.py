"""Somebody presses the button behind the link in their mail: now it was they who filled it in."""

from collections.abc import Callable
from dataclasses import dataclass

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.ids import Ids
from dispatch.model.people.form import BY_LINK
from dispatch.model.people.sign_up import SignUp, SignUpState
from dispatch.model.people.subscriber import Subscriber, email_key
from dispatch.model.people.suppression import SuppressionWord, Target
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.join import Joining, join
from dispatch.store.transactions import Store, Transaction

GONE = "sign-up: was never confirmed, or long ago - fill in the form once more"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Where a sign-up stands. `reader` is who they are once it is confirmed, where they still are.

    `suppressed`: letters do not reach them all the same, until the team lifts that; `asked`: they
    have asked the team for it.
    """

    sign_up: SignUp
    state: SignUpState
    reader: Subscriber | None = None
    suppressed: bool = False
    asked: bool = False


def show_sign_up(bearer: Bearer, *, store: Store, clock: Clock) -> Confirmation:
    """The sign-up that a link is for; raises NotFound where it was forgotten."""
    with store.read() as tx:
        return _shown(_found(bearer, tx), tx, clock)


def confirm_sign_up(
    bearer: Bearer,
    *,
    welcome_of: Callable[[SignUp], str],
    store: Store,
    clock: Clock,
    ids: Ids,
    endings: Endings,
) -> Confirmation:
    """Make them a reader of what they asked for; a second time changes nothing.

    `welcome_of` gives the campaign that greets them, or an empty text. What is over is not begun
    any more. Raises NotFound where it was forgotten.
    """
    with store.begin() as tx:
        sign_up, now = _found(bearer, tx), clock()
        if sign_up.state(now) is not SignUpState.OPEN or not tx.sign_ups.confirm(sign_up, now=now):
            return _shown(sign_up, tx, clock)
        joining = Joining(
            form=sign_up.form,
            email=sign_up.email,
            audiences=sign_up.audiences,
            profile=sign_up.profile,
            wording=sign_up.wording,
            page=sign_up.page,
            network=sign_up.network,
            confirmed=BY_LINK,
            asked=sign_up.asked,
        )
        welcome = welcome_of(sign_up)
        joined = join(joining, welcome=welcome, tx=tx, now=now, ids=ids, endings=endings)
        suppressed = tx.suppressions.of(sign_up.email) is not None
    for one in joined.endings:  # after it is kept: until then they have left
        endings.write(one)
    return Confirmation(sign_up, SignUpState.CONFIRMED, joined.reader, suppressed)


def ask_to_lift(bearer: Bearer, *, store: Store, clock: Clock) -> Confirmation:
    """Put on record that somebody who has confirmed asks the team to let mail through to them.

    Once is enough: the same again is not put there twice.
    """
    with store.begin() as tx:
        found = _shown(_found(bearer, tx), tx, clock)
        if found.state is SignUpState.CONFIRMED and found.suppressed and not found.asked:
            target = Target(email_key(found.sign_up.email))
            source = f"form {found.sign_up.form}"
            tx.suppressions.note(target, SuppressionWord.ASKED, source=source, now=clock())
            return _shown(found.sign_up, tx, clock)
        return found


def _found(bearer: Bearer, tx: Transaction) -> SignUp:
    sign_up = tx.sign_ups.find(bearer.public_id)
    if sign_up is None or sign_up.form != bearer.audience:
        raise NotFound(GONE)
    return sign_up


def _shown(sign_up: SignUp, tx: Transaction, clock: Clock) -> Confirmation:
    state = sign_up.state(clock())
    if state is not SignUpState.CONFIRMED:
        return Confirmation(sign_up, state)
    found = tx.suppressions.of(sign_up.email)
    words = tx.suppressions.words(Target(email_key(sign_up.email))) if found else []
    asked = bool(found) and any(
        one.what == SuppressionWord.ASKED and one.at >= found.since for one in words if found
    )
    reader = tx.subscribers.find(sign_up.email)
    return Confirmation(sign_up, state, reader, found is not None, asked)
