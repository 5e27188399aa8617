"""The team says to whom nothing goes, and takes that back; a reader may ask for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dispatch.clock import Clock
from dispatch.config.people.suppression_file import SuppressedRow
from dispatch.errors import NotFound
from dispatch.model.people.ending import Ending, What
from dispatch.model.people.record import Said, Trace
from dispatch.model.people.subscriber import Consent, Suppression, email_key, is_noted_by, noted_by
from dispatch.model.people.suppression import SuppressionWord, Target
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.note_of import note_of
from dispatch.store.transactions import Store, Transaction

BY_TEAM = "the team"
AT_A_TIME = 1_000
"""Rows of a file in one transaction."""


def of_team(by: str) -> str:
    """The ground of what the team says, and who of them."""
    return noted(BY_TEAM, by)


def noted(source: str, by: str) -> str:
    """A ground, and who has noted it where that is known."""
    return noted_by(source, by) if by else source


def suppress_address(
    email: str,
    *,
    reason: str,
    store: Store,
    clock: Clock,
    endings: Endings,
    source: str = BY_TEAM,
    by: str | None = None,
) -> bool:
    """Never mail an address again, whatever a file says; False if that was so already.

    `by` is who of the team says so, where it is one of them.
    """
    with store.read() as tx:
        if tx.suppressions.of_address(email_key(email)):
            return False
        ending = endings.suppressed(email_key(email), tx=tx)
    with store.begin() as tx:
        tx.endings.add([ending])
        now = clock()
        new = tx.suppressions.add(email, reason=reason, source=source, now=now)
        if new:
            _note(Target(email_key(email)), "suppression.add", by=by, tx=tx, now=now)
        return new


def suppress(
    target: Target,
    *,
    reason: str,
    store: Store,
    clock: Clock,
    endings: Endings,
    by: str = "",
) -> bool:
    """Never mail an address or a domain again, as the team says; False if that was so already."""
    tools: dict[str, Any] = {"store": store, "clock": clock, "source": of_team(by), "by": by}
    if target.is_domain:
        return suppress_domain(target, reason=reason, **tools)
    return suppress_address(target.key, reason=reason, endings=endings, **tools)


def suppress_all(
    rows: Sequence[SuppressedRow],
    *,
    file: str,
    reason: str,
    store: Store,
    clock: Clock,
    endings: Endings,
    by: str = "",
) -> int:
    """Suppress all that a file names; how many are new. `reason` is for rows that name none."""
    number = 0
    for start in range(0, len(rows), AT_A_TIME):
        now = clock()
        said: dict[Target, Suppression] = {}
        for row in rows[start : start + AT_A_TIME]:
            since = min(row.since or now, now)
            source = row.source or f"{file} line {row.line}"
            if not is_noted_by(source):  # our own export says already who it was
                source = noted(source, by)
            said.setdefault(
                row.target, Suppression(str(row.target), row.reason or reason, since, source)
            )
        with store.begin() as tx:
            new = keep_suppressed(said, tx=tx, now=now, endings=endings)
            if new:
                act, rows_new = "suppression.import", len(new)
                tx.audit.add(act, by=by, now=now, kind="suppression", file=file, new=rows_new)
        number += len(new)
    return number


def keep_suppressed(
    said: Mapping[Target, Suppression], *, tx: Transaction, now: datetime, endings: Endings
) -> list[Target]:
    """Keep all that are not suppressed yet, and their endings; which those are."""
    new = tx.suppressions.add_all(list(said.items()), now=now)
    keys = [one.key for one in new if not one.is_domain]
    tx.endings.add(endings.all_suppressed(keys, tx=tx))
    return new


def suppress_domain(
    target: Target,
    *,
    reason: str,
    store: Store,
    clock: Clock,
    source: str = BY_TEAM,
    by: str | None = None,
) -> bool:
    """Never mail anybody at a domain again; False if that was so already."""
    with store.begin() as tx:
        now = clock()
        new = tx.suppressions.add_domain(target, reason=reason, source=source, now=now)
        if new:
            _note(target, "suppression.add", by=by, tx=tx, now=now)
        return new


def lift_suppression(
    target: Target,
    *,
    note: str,
    store: Store,
    clock: Clock,
    endings: Endings,
    by: str = "",
) -> None:
    """Let an address or a domain be mailed again; `note` says why, and stays on record.

    `by` is who decides. It counts here and in any database after this. Whoever has left stays out
    all the same. Raises NotFound.
    """
    with store.begin() as tx:
        back = [] if target.is_domain else _marks_of(target, tx, endings)
        if not tx.suppressions.lift(target) and not back:
            raise NotFound(f"{target}: is not suppressed - {_advice(target, tx)}")
        tx.endings.add(back)
        now, what, source = clock(), SuppressionWord.LIFTED, of_team(by)
        tx.suppressions.note(target, what, source=source, note=note, now=now)
        _note(target, "suppression.lift", by=by, tx=tx, now=now)
        if not target.is_domain and (person := tx.subscribers.find(target.key)):
            word = Consent(now, source, trace=Trace(note=noted(note, by)))
            tx.record.add(person.id, "", Said.LIFTED, word, now=now)
    for one in back:
        endings.write(one)


def ask_to_lift(email: str, *, store: Store, clock: Clock, source: str = "their own page") -> bool:
    """Note that a reader asks the team to mail them again; False where they have already.

    Raises NotFound where nothing keeps mail from them.
    """
    key = email_key(email)
    with store.begin() as tx:
        if tx.suppressions.of(email) is None:
            raise NotFound(f"{email}: is not suppressed - nothing was changed")
        if key in tx.suppressions.asked():
            return False
        tx.suppressions.note(Target(key), SuppressionWord.ASKED, source=source, now=clock())
    return True


def _note(target: Target, act: str, *, by: str | None, tx: Transaction, now: datetime) -> None:
    """For the audit log: a domain by its name, an address by whose it is here, or not at all."""
    if by is None:
        return
    if target.is_domain:
        tx.audit.add(act, by=by, now=now, kind="suppression", subject=str(target))
    elif person := tx.subscribers.find(target.key):
        note_of(person.id, act, by=by, tx=tx, now=now)
    else:
        tx.audit.add(act, by=by, now=now, kind="suppression")


def _marks_of(target: Target, tx: Transaction, endings: Endings) -> list[Ending]:
    """That it is over, also under marks of earlier keys; none where nothing was marked or kept."""
    marks = endings.markers.all_suppressed(target.key)
    if not tx.endings.known(list(marks)) and tx.suppressions.of_address(target.key) is None:
        return []
    newest = endings.markers.newest.suppressed(target.key)
    return endings.taken_back(What.LIFTED, marks, newest, tx=tx)


def _advice(target: Target, tx: Transaction) -> str:
    if not target.is_domain and (found := tx.suppressions.of(target.key)):
        return f"its domain is: lift {found.email}, or leave it"
    return "nothing was changed"
