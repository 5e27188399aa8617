"""Somebody presses the button behind the link in their mail: now it was they who filled it in."""

from collections.abc import Callable
from dataclasses import dataclass

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.ids import Ids
from dispatch.model.people.form import BY_LINK
from dispatch.model.people.sign_up import SignUp, SignUpState
from dispatch.model.people.subscriber import Subscriber, SubscriptionState, email_key
from dispatch.pipeline.messages.tokens import Bearer
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.join import Joining, join
from dispatch.store.transactions import Store, Transaction

_HERE = {SubscriptionState.ACTIVE, SubscriptionState.PAUSED}

GONE = "sign-up: was never confirmed, or long ago - fill in the form once more"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Where a sign-up stands. `reader` is who they are once it is confirmed, where they still are.

    `suppressed`: letters do not reach them all the same, until the team lifts that; `asked`: they
    have asked the team for it. `welcomed`: the latest edition is on its way to them. `ended`: they
    get nothing of it any more at that address, as they have left since or moved to another.
    """

    sign_up: SignUp
    state: SignUpState
    reader: Subscriber | None = None
    suppressed: bool = False
    asked: bool = False
    welcomed: bool = False
    ended: bool = False


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
            return _shown(_found(bearer, tx), tx, clock)  # as it is after who was quicker
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
        welcomed = bool(welcome) and not suppressed and tx.editions.latest_out(welcome) is not None
    for one in joined.endings:  # after it is kept: until then they have left
        endings.write(one)
    done = SignUpState.CONFIRMED
    return Confirmation(sign_up, done, joined.reader, suppressed, welcomed=welcomed)


def _found(bearer: Bearer, tx: Transaction) -> SignUp:
    sign_up = tx.sign_ups.find(bearer.public_id)
    if sign_up is None or sign_up.form != bearer.audience:
        raise NotFound(GONE)
    return sign_up


def _shown(sign_up: SignUp, tx: Transaction, clock: Clock) -> Confirmation:
    state = sign_up.state(clock())
    if state is not SignUpState.CONFIRMED:
        return Confirmation(sign_up, state)
    suppressed = tx.suppressions.of(sign_up.email) is not None
    asked = suppressed and email_key(sign_up.email) in tx.suppressions.asked()
    reader = tx.subscribers.find(sign_up.email)
    standing = tx.consents.standing(reader.id) if reader else {}
    ended = not any(one in standing and standing[one].state in _HERE for one in sign_up.audiences)
    return Confirmation(sign_up, state, reader, suppressed, asked, ended=ended)
