"""Editions and the posts in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from dispatch.clock import SKEW
from dispatch.errors import Conflict, NotFound
from dispatch.model.editions.edition import (
    NOT_SENT,
    UNDECIDED,
    Course,
    Edition,
    EditionContent,
    EditionState,
    check_move,
    fingerprint,
)
from dispatch.model.editions.letter import TOLD
from dispatch.store.database.schema import edition_posts, editions
from dispatch.store.editions.content import from_json, review_from_json, review_to_json, to_json
from dispatch.store.notify.editions import ToldEditions

NOT_APPROVED: Mapping[str, Any] = MappingProxyType(
    {"approved_fingerprint": "", "approved_by": "", "approved_at": None, "goes_out": None}
)


class Editions:
    """Editions; a change of state is a compare-and-set."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._told = ToldEditions(connection)

    def add(self, edition: Edition) -> None:
        """Keep a new edition and mark its posts as used."""
        content = edition.content
        self._connection.execute(
            editions.insert().values(
                id=edition.id,
                campaign=edition.campaign,
                slot=edition.slot_key,
                **_whom(content),
                state=edition.state.value,
                content=to_json(content),
                subject=content.subject,
                review=review_to_json(edition.review),
                deadline=edition.review.deadline,
                author=edition.author,
                created_at=edition.created,
                welcome_of=edition.welcome_of,
            )
        )
        self._use_posts(edition.id, content)
        if edition.state is not EditionState.DRAFT:
            self._told.made(edition)

    def get(self, edition_id: str, *, lock: bool = False) -> Edition:
        """An edition by the beginning of its id; raises NotFound, or Conflict if two match.

        With `lock`, nobody else who asks so goes on before this transaction ends.
        """
        rows = self._some(_WHOLE, lock=lock, named=edition_id)
        if not rows:
            begins = editions.c.id.startswith(edition_id, autoescape=True)
            rows = self._some(_SOME.where(begins), lock=lock)
        if not rows or not edition_id:
            raise NotFound(f"edition {edition_id}: not known - see 'dispatch editions list'")
        if len(rows) > 1:
            raise Conflict(f"edition {edition_id}: several begin like this - give more of the id")
        return _edition(rows[0])

    def _some(self, query: sa.Select[Any], *, lock: bool, **given: str) -> Sequence[sa.Row[Any]]:
        return self._connection.execute(query.with_for_update() if lock else query, given).all()

    def course(self, edition_id: str) -> Course:
        """How far an edition has come, by its whole id; nothing of what it says is read."""
        columns = (
            editions.c.state,
            editions.c.reason,
            editions.c.approved_at,
            editions.c.addressed_at,
            editions.c.finished_at,
        )
        row = self._connection.execute(
            sa.select(*columns).where(editions.c.id == edition_id)
        ).one_or_none()
        if row is None:
            raise NotFound(f"edition {edition_id}: not known - see 'dispatch editions list'")
        state, *rest = row
        return Course(EditionState(state), *rest)

    def latest(self, campaign: str | None = None, *, limit: int = 20) -> list[Edition]:
        """The editions made last, newest first."""
        query = sa.select(editions).order_by(editions.c.created_at.desc()).limit(limit)
        if campaign:
            query = query.where(editions.c.campaign == campaign)
        return [_edition(row) for row in self._connection.execute(query)]

    def count(self, campaign: str | None = None) -> int:
        """How many editions there are, of one campaign or of all."""
        query = sa.select(sa.func.count()).select_from(editions)
        if campaign:
            query = query.where(editions.c.campaign == campaign)
        return int(self._connection.scalar(query) or 0)

    def in_state(self, campaign: str | None, states: Iterable[EditionState]) -> list[Edition]:
        """The editions that stand in one of these states, oldest first."""
        query = (
            sa.select(editions)
            .where(editions.c.state.in_([state.value for state in states]))
            .order_by(editions.c.created_at)
        )
        if campaign:
            query = query.where(editions.c.campaign == campaign)
        return [_edition(row) for row in self._connection.execute(query)]

    def paused(self) -> list[tuple[str, str]]:
        """The id and campaign of the editions that wait for somebody to go on with them."""
        query = sa.select(editions.c.id, editions.c.campaign).where(
            editions.c.state == EditionState.PAUSED.value
        )
        return [(row.id, row.campaign) for row in self._connection.execute(query)]

    def to_address(self, now: datetime) -> list[tuple[str, str]]:
        """The id and campaign of approved editions that may go out by now, oldest first.

        Whether their hours allow it is for who addresses them to see. What was approved by a wrong
        clock, far ahead, is among them.
        """
        query = (
            sa.select(editions.c.id, editions.c.campaign)
            .where(
                editions.c.state == EditionState.APPROVED.value,
                sa.or_(editions.c.goes_out <= now, editions.c.approved_at > now + SKEW),
            )
            .order_by(editions.c.created_at)
        )
        return [(row.id, row.campaign) for row in self._connection.execute(query)]

    def move(self, edition: Edition, to: EditionState, **values: Any) -> None:
        """Change the state, unless somebody else did since `edition` was read: then Conflict."""
        check_move(edition, to)
        moved = self._connection.execute(
            editions.update()
            .where(editions.c.id == edition.id, editions.c.state == edition.state.value)
            .values(state=to.value, **values)
        )
        if not moved.rowcount:
            raise Conflict(f"edition {edition.id}: changed meanwhile - look at it again")
        if edition.state is EditionState.DRAFT and to is not EditionState.REJECTED:
            self._told.made(edition)  # somebody has written it, and hands it in

    def past_deadline(self, now: datetime) -> list[Edition]:
        """The editions that nobody has decided about in time, oldest first."""
        query = (
            sa.select(editions)
            .where(
                editions.c.state.in_([state.value for state in UNDECIDED]),
                editions.c.deadline <= now,
            )
            .order_by(editions.c.created_at)
        )
        return [_edition(row) for row in self._connection.execute(query)]

    def doubt(self, edition: Edition, *, note: str) -> None:
        """Have nothing of an edition go out before a person has looked, however long that takes.

        A draft stays one: nothing says yet who may approve it.
        """
        values: dict[str, Any] = {"state": EditionState.PAUSED.value, "reason": note}
        if edition.state is EditionState.DRAFT:
            values = {"note": note}
        elif edition.state in NOT_SENT:
            back = EditionState.IN_REVIEW.value
            values = {"state": back, "note": note, "deadline": None, **NOT_APPROVED}
        self._connection.execute(
            editions.update().where(editions.c.id == edition.id).values(values)
        )

    def edit(
        self,
        edition: Edition,
        content: EditionContent,
        *,
        deadline: datetime | None,
        to: EditionState = EditionState.IN_REVIEW,
        **values: Any,
    ) -> None:
        """Replace what it says, and have it looked at again; `edition` was read with a lock.

        Posts that are not in it any more are unused again. Whatever was approved is so no longer.
        Raises Conflict if its state is another one by now.
        """
        if edition.state is not to:
            check_move(edition, to)
        edited = self._connection.execute(
            editions.update()
            .where(
                editions.c.id == edition.id,
                editions.c.state == edition.state.value,
            )
            .values(
                state=to.value,
                content=to_json(content),
                subject=content.subject,
                deadline=deadline,
                **_whom(content),
                **NOT_APPROVED,
                **values,
            )
        )
        if not edited.rowcount:
            raise Conflict(f"edition {edition.id}: changed meanwhile - look at it again")
        self._connection.execute(
            edition_posts.delete().where(edition_posts.c.edition_id == edition.id)
        )
        self._use_posts(edition.id, content)
        if edition.state is EditionState.DRAFT and to is not EditionState.DRAFT:
            self._told.made(replace(edition, content=content))

    def _use_posts(self, edition_id: str, content: EditionContent) -> None:
        rows = [
            {"edition_id": edition_id, "post_id": post.id, "position": position}
            for position, post in enumerate(content.posts)
        ]
        if rows:
            self._connection.execute(edition_posts.insert(), rows)

    def note_addressed(self, edition: Edition, number: int, *, now: datetime) -> None:
        """Keep the size of the frozen audience, and when it was frozen."""
        self._connection.execute(
            editions.update()
            .where(editions.c.id == edition.id)
            .values(addressed=number, addressed_at=now)
        )

    def earlier(self, campaign: str, *, since: datetime) -> list[str]:
        """The ids of a campaign's editions made since then and not rejected, newest first."""
        query = (
            sa.select(editions.c.id)
            .where(
                editions.c.campaign == campaign,
                editions.c.created_at >= since,
                editions.c.state != EditionState.REJECTED.value,
                editions.c.welcome_of == "",
            )
            .order_by(editions.c.number.desc())
        )
        return list(self._connection.scalars(query))

    def latest_out(self, campaign: str) -> Edition | None:
        """The last one made by a run that has gone out, or is about to; None: none has."""
        query = (
            sa.select(editions)
            .where(
                editions.c.campaign == campaign,
                editions.c.state.in_([EditionState.SENDING.value, EditionState.FINISHED.value]),
                editions.c.welcome_of == "",
            )
            .order_by(editions.c.number.desc())
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return _edition(row) if row else None

    def last_welcome(self, campaign: str) -> datetime | None:
        """When the campaign's last welcome was made; None without any."""
        query = sa.select(sa.func.max(editions.c.created_at, type_=editions.c.created_at.type))
        made: datetime | None = self._connection.scalar(
            query.where(editions.c.campaign == campaign, editions.c.welcome_of != "")
        )
        return made

    def count_answers(self, edition_id: str, *, answered: int, refused: int) -> tuple[int, int]:
        """Add to how many were answered for and refused; both numbers since it last went on."""
        given = {"counted": edition_id, "yes_or_no": answered, "no": refused}
        row = self._connection.execute(_COUNT_ANSWERS, given).one()
        return row.answered, row.refused

    def approve(self, edition: Edition, *, by: str, now: datetime) -> None:
        """Pin the fingerprint of what was reviewed; it goes out when its plan says."""
        self.move(
            edition,
            EditionState.APPROVED,
            approved_fingerprint=edition.fingerprint,
            approved_by=by,
            approved_at=now,
            goes_out=edition.content.sending.starts(now),
            note="",
        )
        self._told.approved(edition, by=by, now=now)


# Made once. The whole id is found by an index; for its beginning all ids are read.
_SOME = sa.select(editions).order_by(editions.c.id).limit(2)
_WHOLE = _SOME.where(editions.c.id == sa.bindparam("named"))
_COUNT_ANSWERS = (
    editions.update()
    .where(editions.c.id == sa.bindparam("counted"))
    .values(
        answered=editions.c.answered + sa.bindparam("yes_or_no"),
        refused=editions.c.refused + sa.bindparam("no"),
    )
    .returning(editions.c.answered, editions.c.refused)
)


def _whom(content: EditionContent) -> dict[str, str]:
    """Whom it is for, and with whom it shares its posts."""
    email = content.email
    family = email.offer.family if email and email.offer else ""
    tells = content.letter is not None and content.letter.tells
    return {"audience": email.audience if email else "", "family": TOLD if tells else family}


def _edition(row: sa.Row[Any]) -> Edition:
    return Edition(
        id=row.id,
        campaign=row.campaign,
        slot_key=row.slot,
        state=EditionState(row.state),
        content=from_json(row.content),
        fingerprint=fingerprint(row.content),
        created=row.created_at,
        number=row.number,
        approved_fingerprint=row.approved_fingerprint,
        approved_by=row.approved_by,
        reason=row.reason,
        review=review_from_json(row.review, row.deadline),
        author=row.author,
        note=row.note,
        ended_by=row.ended_by,
        goes_out=row.goes_out,
        welcome_of=row.welcome_of,
    )
