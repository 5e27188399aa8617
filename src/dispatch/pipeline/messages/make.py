"""Delivery to Message: the edition's frozen content, said to one recipient."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeVar

from dispatch.channels.mail.email_form import address_of, filled_alone, has_too_many_values
from dispatch.channels.mail.form import MailForm
from dispatch.channels.mail.headers import mail_address
from dispatch.channels.mail.mime import needs_smtputf8, to_mime
from dispatch.channels.opened import Channel
from dispatch.channels.takes import takes, with_warning
from dispatch.errors import Conflict, NotFound
from dispatch.model.campaigns.campaign import SocialPlan
from dispatch.model.delivery.message import (
    Address,
    EmailMessage,
    FilledEmail,
    Mail,
    SocialMessage,
)
from dispatch.model.editions.card import PicturesOf
from dispatch.model.editions.catch_up import posts_of
from dispatch.model.editions.edition import Edition, EditionContent, FeedTitle
from dispatch.model.people.profile import Profile
from dispatch.pipeline.messages.beside import Illustrator, no_pictures_kept
from dispatch.pipeline.messages.digests import Digests, letter
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.snippets import check_length, snippets_for
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.render.texts import Snippet

if TYPE_CHECKING:
    from dispatch.model.intake.post import Post


class Addressed(Protocol):
    """What a message is made of beside its reader: a `Delivery`, or its row."""

    @property
    def id(self) -> int: ...
    @property
    def recipient(self) -> str: ...
    @property
    def part(self) -> str: ...


MOST_PARTS = 100
"""Choices of posts for which templates are kept compiled; further ones are compiled each time."""


class MessageMaker:
    """Makes the messages of one edition for one channel; templates are compiled once.

    For one thread. `date` is what mails say they are from: when the edition was made, unless given.
    `earlier` gives the contents that readers catch up from, and is called when the first of them
    needs it. `pictures` gives those that stand beside snippets.
    """

    def __init__(
        self,
        edition: Edition,
        channel: Channel,
        links: SignedLinks,
        *,
        date: datetime | None = None,
        earlier: Callable[[], Iterable[EditionContent]] = tuple,
        renderer: Renderer = HERE,
        pictures: PicturesOf = no_pictures_kept,
    ) -> None:
        self._pictures = pictures
        self._edition_id = edition.id
        self._content = edition.content
        self._earlier = earlier
        self._posts: dict[int, Post] = {}
        self._feeds: dict[str, FeedTitle] = {}
        self._channel = channel
        self._links = links
        self._renderer = renderer
        self._date = date or edition.created
        self._sender = edition.content.publisher.sender
        self._digests: dict[str, Digests] = {}

    def message(
        self, delivery: Addressed, subscriber: Profile
    ) -> Mail | FilledEmail | EmailMessage:
        """The digest for one subscriber, as the channel's provider takes it.

        Raises TemplateFailed and MessageUnusable.
        """
        declared = self._channel.capabilities
        if declared.takes_mail:
            return self.mail(delivery, subscriber)
        filled = self.filled(delivery, subscriber)
        if not declared.takes_form:
            return filled.email
        if declared.most_values and has_too_many_values(filled, declared.most_values):
            return filled_alone(filled.email, date=self._date)
        return filled

    def filled(self, delivery: Addressed, subscriber: Profile) -> FilledEmail:
        """The digest for one subscriber, as the form for readers like them and their values.

        Where there is none, it is rendered for them alone. Raises TemplateFailed and
        MessageUnusable.
        """
        found = self.digests(delivery.part).email_form_for(subscriber)
        if found is None:
            return filled_alone(self.digest(delivery, subscriber), date=self._date)
        form, values = found
        message_id = f"{self._edition_id}.{delivery.id}"
        to = address_of(Address(delivery.recipient, subscriber.name))
        return FilledEmail(message_id, f"<{message_id}@{self._domain}>", to, form, values)

    def mail(self, delivery: Addressed, subscriber: Profile) -> Mail:
        """The digest for one subscriber, ready for the wire.

        Filled into the form that the edition has for readers like them; where there is none, it
        is rendered and written for them alone, and says the same.
        Raises TemplateFailed and MessageUnusable.
        """
        found = self.digests(delivery.part).mail_form_for(subscriber)
        if found is None:
            digest = self.digest(delivery, subscriber)
            return finish(digest, date=self._date, sender=self._return_address(delivery.id))
        form, values = found
        message_id = f"{self._edition_id}.{delivery.id}"
        recipient = delivery.recipient
        parts = form.fill(recipient, subscriber.name, message_id, values)
        if not recipient.isascii():
            recipient = mail_address(recipient)
        return Mail(
            message_id,
            self._return_address(delivery.id),
            recipient,
            parts,
            utf8=not (recipient.isascii() and self._from.isascii()),
            dotless=True,
        )

    def digests(self, part: str = "") -> Digests:
        """The digests for readers whose deliveries have this part. Raises Conflict."""
        if part not in self._digests:
            made = Digests(self._posts_for(part), self._links, self._date, self._renderer)
            if len(self._digests) >= MOST_PARTS:
                return made
            self._digests[part] = made
        return self._digests[part]

    def form_for(self, subscriber: Profile) -> tuple[MailForm, list[str]] | None:
        """The form for readers like this one and the values for it; None: there is none."""
        return self.digests().mail_form_for(subscriber)

    @property
    def forms(self) -> int:
        """How many forms there are by now."""
        return sum(one.forms for one in self._digests.values())

    def digest(self, delivery: Addressed, subscriber: Profile) -> EmailMessage:
        """The digest for one subscriber, rendered for them alone. Raises TemplateFailed."""
        digests = self.digests(delivery.part)
        return letter(
            digests.content,
            self._renderer,
            Address(delivery.recipient, subscriber.name),
            subscriber.subscriber,
            message_id=f"{self._edition_id}.{delivery.id}",
            links=self._links,
        )

    def snippet(self, delivery: Addressed) -> SocialMessage:
        """The snippet that a social delivery is for. Raises TemplateFailed or TextTooLong."""
        snippet = self._snippets.get(delivery.part)
        if snippet is None:
            raise NotFound(f"edition {self._edition_id}: no snippet for '{delivery.part}'")
        check_length(self._plan.via, snippet)
        card, picture = self._illustrator.of(snippet)
        text, warning = snippet.text, self._plan.warning
        if warning and not self._channel.capabilities.warnings:
            text, warning = with_warning(warning, text), ""
        return SocialMessage(
            id=f"{self._edition_id}.{delivery.id}",
            text=text,
            link=snippet.link,
            title=snippet.title,
            language=snippet.language,
            image=self._illustrator.image(snippet),
            topics=snippet.topics,
            thread=snippet.thread,
            warning=warning,
            mentions=self._plan.mentions,
            picture=picture,
            card=card,
        )

    def _posts_for(self, part: str) -> EditionContent:
        """The content with the posts that a delivery names: its own, or those of earlier ones."""
        wanted = posts_of(part)
        if wanted is None:
            return self._content
        while not self._posts.keys() >= set(wanted) and (content := next(self._unread, None)):
            self._read(content)
        if missing := set(wanted) - self._posts.keys():
            some = ", ".join(map(str, sorted(missing)))
            raise Conflict(f"posts {some}: in no approved edition any more - nothing can be done")
        posts = tuple(self._posts[one] for one in wanted)
        return replace(self._content, posts=posts, feeds=tuple(self._feeds.values()))

    def _read(self, content: EditionContent) -> None:
        """Note posts and feeds; what a newer edition says of one of them stays."""
        for post in content.posts:
            self._posts.setdefault(post.id, post)
        for feed in content.feeds:
            self._feeds.setdefault(feed.name, feed)

    @cached_property
    def _unread(self) -> Iterator[EditionContent]:
        """What no reader has needed yet: the edition itself, then those before it."""
        return chain((self._content,), self._earlier())

    @cached_property
    def _return_address(self) -> Callable[[int], str]:
        """The sender of a delivery's envelope, by its key: where what comes back for it goes."""
        if self._links.has_returns and self._channel.capabilities.keeps_envelope:
            return self._links.returns.maker(self._edition_id)
        return lambda _: self._from

    @cached_property
    def _from(self) -> str:
        return mail_address(self._sender.email)

    @cached_property
    def _domain(self) -> str:
        return self._sender.email.rpartition("@")[2]

    @cached_property
    def _plan(self) -> SocialPlan:
        return next(plan for plan in self._content.social if plan.via == self._channel.name)

    @cached_property
    def _illustrator(self) -> Illustrator:
        room = takes(self._channel.provider_name, self._channel.capabilities)
        return Illustrator(self._content, self._plan, room, self._pictures)

    @cached_property
    def _snippets(self) -> dict[str, Snippet]:
        room = takes(self._channel.provider_name, self._channel.capabilities)
        snippets = snippets_for(room, self._content, self._plan, self._renderer)
        return {snippet.part: snippet for snippet in snippets}


def ready_for(
    channel: Channel, message: EmailMessage, *, date: datetime
) -> Mail | FilledEmail | EmailMessage:
    """A mail that is written for one reader, as the channel's provider takes it.

    Raises MessageUnusable.
    """
    if channel.capabilities.takes_mail:
        return sign(finish(message, date=date), channel)
    alone = filled_alone(message, date=date)
    return alone if channel.capabilities.takes_form else alone.email


def finish(message: EmailMessage, *, date: datetime, sender: str = "") -> Mail:
    """A digest as the finished mail; `sender` is the envelope's, by default the message's.

    Raises MessageUnusable.
    """
    return Mail(
        message.id,
        sender or mail_address(message.sender.email),
        mail_address(message.to.email),
        (to_mime(message, date=date),),
        utf8=needs_smtputf8(message),
    )


Ready = TypeVar("Ready", bound=Mail | FilledEmail | EmailMessage)


def sign(mail: Ready, channel: Channel) -> Ready:
    """The mail with the channel's signature in front of it, where it signs finished mails."""
    if channel.signer is None or not isinstance(mail, Mail):
        return mail
    data = mail.data
    return replace(mail, parts=(channel.signer.sign(data), data))
