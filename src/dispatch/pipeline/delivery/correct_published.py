"""Have networks say what an edition says since it was corrected: edit, or delete and post again.

Safe to be repeated. An edit may be made twice. What was deleted is written down before anything is
posted again, and what is posted again before it is handed over, so that a crash in between leaves
a sentence and nothing twice.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property, partial
from hashlib import sha256
from itertools import groupby
from zoneinfo import ZoneInfo

import structlog

from dispatch.channels.calling import send_one
from dispatch.channels.opened import Channel
from dispatch.channels.provider import Deletes, Edits, Finds
from dispatch.channels.takes import TakesOf, anything
from dispatch.clock import Clock
from dispatch.errors import DispatchError, OutcomeUnknown, ProviderError
from dispatch.model.delivery.correction import Came, Corrected, Repost
from dispatch.model.delivery.message import Accepted, Refused, SocialMessage
from dispatch.model.delivery.published import PublishedRow, PublishedState
from dispatch.model.delivery.state import Delivery
from dispatch.model.editions.amendment import Amendment, amended
from dispatch.model.editions.edition import Edition, EditionContent
from dispatch.pipeline.delivery.publishing import (
    budget_used_up,
    give_back,
    month_of,
    readable,
)
from dispatch.pipeline.editions.keep_pictures import kept_pictures
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.make import MessageMaker
from dispatch.pipeline.messages.snippets import snippets_for
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.render.texts import Snippet
from dispatch.store.transactions import Store, Transaction

log = structlog.get_logger()

NAMELESS = "by what name it stands there is not known - correct it there by hand"
"""Of a post whose answer was lost, and of which a person has said that it is there."""


def correct_published(
    edition_id: str,
    *,
    by: str,
    store: Store,
    clock: Clock,
    open_channel: Callable[[str], Channel],
    takes_of: TakesOf = anything,
    links: SignedLinks,
    renderer: Renderer = HERE,
    repost: Repost = Repost.NEVER,
    only: Collection[int] | None = None,
) -> Iterator[Corrected]:
    """Go through what an edition has posted, and tell of each one what came of it.

    A network that fails stops no other. `only` are the keys of deliveries, if not all are meant.
    A post is told as the campaign's template says it since the corrections that are kept, or as
    somebody has written it.
    """
    with store.read() as tx:
        edition = tx.editions.get(edition_id)
        rows = [
            row
            for row in tx.published.of_edition(edition.number)
            if row.state is not PublishedState.FAILED and (only is None or row.delivery_id in only)
        ]
        deliveries = {
            one.id: one
            for one in tx.delivery_pages.with_keys(edition, [row.delivery_id for row in rows])
        }
        amendments = tx.archive.amendments(edition.id)
    rows = sorted((one for one in rows if one.delivery_id in deliveries), key=_by_channel)
    for name, group in groupby(rows, key=lambda row: row.channel):
        if takes_of(name).stays_here:
            continue  # nobody but us sees it
        work = _Work(
            edition,
            name,
            amendments,
            deliveries,
            by=by,
            store=store,
            clock=clock,
            open_channel=open_channel,
            takes_of=takes_of,
            links=links,
            renderer=renderer,
            repost=repost,
        )
        yield from work.go_through(list(group))


def _by_channel(row: PublishedRow) -> tuple[str, int]:
    return row.channel, row.delivery_id


@dataclass
class _Work:
    """What is done on one channel."""

    edition: Edition
    name: str
    amendments: list[Amendment]
    deliveries: Mapping[int, Delivery]
    by: str = field(kw_only=True)
    store: Store = field(kw_only=True)
    clock: Clock = field(kw_only=True)
    open_channel: Callable[[str], Channel] = field(kw_only=True)
    takes_of: TakesOf = field(kw_only=True)
    links: SignedLinks = field(kw_only=True)
    renderer: Renderer = field(kw_only=True)
    repost: Repost = field(kw_only=True)

    def go_through(self, rows: list[PublishedRow]) -> Iterator[Corrected]:
        """All posts of the channel, which is opened only if one of them may have to change."""
        try:
            open_ = [row for row in rows if not self._is_untouched(row)]
        except DispatchError as error:
            yield from (self._told(row, Came.FAILED, problem=str(error)) for row in rows)
            return
        yield from (self._told(row, Came.SAME) for row in rows if row not in open_)
        if not open_:
            return
        try:
            channel = self.open_channel(self.name)
        except DispatchError as error:
            problem = "; ".join(str(error).splitlines())
            yield from (self._told(row, Came.FAILED, problem=problem) for row in open_)
            return
        with closing(channel):
            for row in open_:
                yield self._correct(row, channel)

    def _correct(self, row: PublishedRow, channel: Channel) -> Corrected:
        try:
            return self._changed(row, channel, self._message(row, channel))
        except DispatchError as error:
            return self._told(row, Came.FAILED, channel, problem=str(error))
        except Exception as error:
            log.exception("channel.crashed", channel=self.name)
            problem = f"{type(error).__name__} inside the provider"
            return self._told(row, Came.FAILED, channel, problem=problem)

    def _changed(self, row: PublishedRow, channel: Channel, message: SocialMessage) -> Corrected:
        if row.state is PublishedState.RESERVED:
            return self._settle(row, channel, message)
        if row.state is PublishedState.DELETED:
            if self.repost is Repost.NEVER:
                return self._told(row, Came.DELETED, channel)
            return self._post(row, channel, message)
        if message.whole == row.post.text:
            return self._told(row, Came.SAME, channel)
        edited = self._edit(row, channel, message)
        if edited.came in {Came.FIXED, Came.REFUSED} and self.repost is not Repost.NEVER:
            return self._replace(row, channel, message) or edited
        return edited

    def _edit(self, row: PublishedRow, channel: Channel, message: SocialMessage) -> Corrected:
        if not isinstance(channel.provider, Edits):
            return self._told(row, Came.FIXED, channel)
        if not row.post.ids:
            return self._told(row, Came.FAILED, channel, problem=f"{self.name}: {NAMELESS}")
        outcome = channel.provider.edit(row.post, message)
        if isinstance(outcome, ProviderError):
            raise outcome
        if isinstance(outcome, Refused):
            return self._told(row, Came.REFUSED, channel, problem=outcome.reason)
        now = self.clock()
        with self.store.begin() as tx:
            tx.published.note_edited(row.delivery_id, message.whole, now=now)
            self._audit(tx.audit.add, "edition.edit_post", row)
        return self._told(row, Came.EDITED, channel)

    def _replace(
        self, row: PublishedRow, channel: Channel, message: SocialMessage
    ) -> Corrected | None:
        """Delete it and post it again; None where it cannot be deleted there.

        What has no name would stay, and the same would be there twice.
        """
        if not row.post.ids or not isinstance(channel.provider, Deletes):
            return None
        with self.store.read() as tx:
            if used_up := self._used_up(channel, message, tx):
                raise used_up  # before it is taken away
        channel.provider.delete(row.post)
        with self.store.begin() as tx:
            tx.published.note_deleted(row.delivery_id, now=self.clock())
            self._audit(tx.audit.add, "edition.delete_post", row)
        return self._post(row, channel, message)

    def _post(self, row: PublishedRow, channel: Channel, message: SocialMessage) -> Corrected:
        """Post again what was deleted, unless somebody else is at it; it counts once more."""
        again = replace(
            row,
            state=PublishedState.RESERVED,
            account=channel.account_mark,
            post=replace(row.post, text=message.whole),
            parts=len(message.texts),
        )
        with self.store.begin() as tx:
            tx.editions.get(self.edition.id, lock=True)
            now = tx.published.of_delivery(row.delivery_id)
            if now is None or now.state is not PublishedState.DELETED:
                return self._told(row, Came.UNKNOWN, channel)
            tx.published.take_turn(again.account)
            if used_up := self._used_up(channel, message, tx):
                return self._told(row, Came.DELETED, channel, problem=str(used_up))
            again = replace(again, at=self.clock())
            tx.published.reserve(again)
            tx.budgets.add(self.name, month_of(again.at, self._zone), again.parts)
        return self._hand_over(again, channel, message)

    def _used_up(
        self, channel: Channel, message: SocialMessage, tx: Transaction
    ) -> ProviderError | None:
        more = len(message.texts)
        return budget_used_up(channel, more, self._zone, tx, self.clock())

    def _hand_over(self, row: PublishedRow, channel: Channel, message: SocialMessage) -> Corrected:
        try:
            outcome = send_one(channel.provider, _again(message, row), name=channel.name)
        except OutcomeUnknown as error:
            return self._told(row, Came.UNKNOWN, channel, problem=str(error))
        except ProviderError as error:
            return self._left_out(row, channel, str(error))
        if isinstance(outcome, Refused):
            return self._left_out(row, channel, outcome.reason)
        return self._stands(row, channel, readable(outcome))

    def _left_out(self, row: PublishedRow, channel: Channel, problem: str) -> Corrected:
        with self.store.begin() as tx:
            tx.published.note_deleted(row.delivery_id, now=self.clock())
            give_back([row], self._zone, tx)
        return self._told(row, Came.DELETED, channel, problem=problem)

    def _stands(self, row: PublishedRow, channel: Channel, accepted: Accepted) -> Corrected:
        with self.store.begin() as tx:
            tx.published.note_accepted(row.delivery_id, accepted, now=self.clock())
            self._audit(tx.audit.add, "edition.repost", row)
        return replace(self._told(row, Came.REPOSTED, channel), address=accepted.address)

    def _settle(self, row: PublishedRow, channel: Channel, message: SocialMessage) -> Corrected:
        """It was handed over once more, and nobody knows whether it is there.

        It is handed over with the same id while the network drops repeats, and looked for where
        it can be found. What was handed over for the first time is settled with its delivery.
        """
        if not row.post.ids or row.changed is None:
            return self._told(row, Came.UNKNOWN, channel)
        is_same = message.whole == row.post.text
        if self.clock() < row.changed + channel.capabilities.idempotent_for and is_same:
            return self._hand_over(row, channel, message)
        if isinstance(channel.provider, Finds) and is_same:
            since = row.changed - timedelta(minutes=5)  # their clock may be behind ours
            if found := channel.provider.find(_again(message, row), since):
                return self._stands(row, channel, readable(found))
        if self.repost is not Repost.ANYWAY:
            return self._told(row, Came.UNKNOWN, channel)
        with self.store.begin() as tx:  # it may be there all the same, so that it stays counted
            tx.published.note_deleted(row.delivery_id, now=self.clock())
        return self._post(row, channel, message)

    def _is_untouched(self, row: PublishedRow) -> bool:
        """Whether no correction is about it, and none was: then nobody need be asked."""
        touched = row.changed and self.amendments and row.changed >= self.amendments[0].at
        if row.state is not PublishedState.PUBLISHED or touched:
            return False
        part = self.deliveries[row.delivery_id].part
        return part in self._after and self._before.get(part) == self._after[part]

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.edition.content.publisher.timezone)

    @cached_property
    def _before(self) -> dict[str, Snippet]:
        return self._snippets(self.edition.content)

    @cached_property
    def _after(self) -> dict[str, Snippet]:
        return self._snippets(self._content)

    @cached_property
    def _content(self) -> EditionContent:
        return amended(self.edition.content, self.amendments)

    def _snippets(self, content: EditionContent) -> dict[str, Snippet]:
        plans: Iterable[Snippet] = (
            one
            for plan in content.social
            if plan.via == self.name
            for one in snippets_for(self.takes_of(self.name), content, plan, self.renderer)
        )
        return {one.part: one for one in plans}

    def _message(self, row: PublishedRow, channel: Channel) -> SocialMessage:
        if self._maker is None:
            edition = replace(self.edition, content=self._content)
            pictures = partial(kept_pictures, store=self.store)
            self._maker = MessageMaker(
                edition, channel, self.links, renderer=self.renderer, pictures=pictures
            )
        return self._maker.snippet(self.deliveries[row.delivery_id])

    _maker: MessageMaker | None = field(default=None, kw_only=True)

    def _audit(self, add: Callable[..., None], act: str, row: PublishedRow) -> None:
        add(
            act,
            by=self.by,
            now=self.clock(),
            kind="edition",
            subject=self.edition.id,
            channel=row.channel,
            title=self._title(row),
        )

    def _title(self, row: PublishedRow) -> str:
        part = self.deliveries[row.delivery_id].part
        found = (post.title for post in self._content.posts if str(post.id) == part)
        return next(found, "") or self.edition.content.title

    def _told(
        self, row: PublishedRow, came: Came, channel: Channel | None = None, *, problem: str = ""
    ) -> Corrected:
        return Corrected(
            row.delivery_id,
            row.channel,
            self.deliveries[row.delivery_id].part,
            self._title(row),
            came,
            row.post.address,
            problem,
            channel is not None and bool(row.post.ids) and isinstance(channel.provider, Deletes),
        )


def _again(message: SocialMessage, row: PublishedRow) -> SocialMessage:
    """The message with an id that no network has seen, and that is the same after a crash."""
    about = "\n".join((*row.post.ids, message.whole))
    return replace(message, id=f"{message.id}.r{sha256(about.encode()).hexdigest()[:8]}")
