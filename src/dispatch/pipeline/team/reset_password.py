"""Somebody chooses a new password by a link that went to their mailbox, or was handed to them."""

from collections.abc import Sequence
from datetime import timedelta

from dispatch.clock import Clock
from dispatch.errors import LinkOver
from dispatch.model.team.mail import TeamTopic
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person
from dispatch.pipeline.team.browser import Browser
from dispatch.pipeline.team.change_password import keep_password
from dispatch.pipeline.team.links import TeamLinks
from dispatch.pipeline.team.passwords import Passwords
from dispatch.pipeline.team.queue_mail import new_link, queue_team_mail
from dispatch.pipeline.team.sign_in import SignedIn, enter
from dispatch.signing import Signer
from dispatch.store.people.limits import Limit
from dispatch.store.transactions import Store

RESETS = Limit(3, timedelta(hours=1))
"""Mails to one address: a form is no means to fill somebody's mailbox."""

RESETS_OF_A_NETWORK = Limit(20, timedelta(hours=1))

_MARK_BYTES = 16


def ask_for_reset(
    email: str,
    *,
    network: str,
    locale: str,
    links: TeamLinks,
    via: str,
    keys: Sequence[str],
    store: Store,
    clock: Clock,
) -> None:
    """Have a link mailed to somebody of the team; who is none of it learns nothing by that."""
    signer = Signer(keys[-1], "resets", _MARK_BYTES)
    with store.begin() as tx:
        now = tx.now(clock)
        asked = [("address", email.strip().lower(), RESETS)]
        if network:
            asked.append(("network", network, RESETS_OF_A_NETWORK))
        marks = [(signer.sign(f"{kind}\0{who}").hex(), limit) for kind, who, limit in asked]
        if any(tx.limits.take(mark, limit, now=now) for mark, limit in marks):
            return
        person = tx.persons.by_email(email)
        if person is None or person.ended is not None or not via:
            return
        now = clock()
        seed, mark = new_link(links)
        tx.passes.end(Purpose.RESET, person.handle, now=now)
        tx.passes.add(mark, Purpose.RESET, subject=person.handle, now=now)
        queue_team_mail(
            TeamTopic.RESET,
            person.email,
            subject=person.handle,
            seed=seed,
            locale=person.locale or locale,
            via=via,
            tx=tx,
            now=now,
        )


def whose_reset(mark: str, *, store: Store, clock: Clock) -> Person:
    """Who may choose a new password by a link; raises LinkOver."""
    with store.read() as tx:
        found = tx.passes.find(mark, Purpose.RESET, now=clock())
        person = tx.persons.find(found.subject) if found else None
        if person is None or person.ended is not None:
            raise _over()
        return person


def reset_password(
    mark: str,
    new: str,
    browser: Browser,
    *,
    via: str,
    passwords: Passwords,
    store: Store,
    clock: Clock,
) -> SignedIn:
    """Choose one by the link, and sign in. Raises LinkOver, TooBusy."""
    whose_reset(mark, store=store, clock=clock)
    hashed = passwords.hash(new)
    with store.begin() as tx:
        now = clock()
        used = tx.passes.use(mark, Purpose.RESET, now=now)
        person = tx.persons.find(used.subject) if used else None
        if person is None or person.ended is not None:
            raise _over()
        keep_password(person, hashed, via=via, tx=tx, clock=clock)
        return enter(person, browser, how="reset", tx=tx, now=now)


def _over() -> LinkOver:
    return LinkOver("link: used, replaced or older than an hour - ask for a new one")
