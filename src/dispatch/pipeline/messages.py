"""Delivery to Message: the edition's frozen content, said to one recipient."""

from dataclasses import replace
from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from dispatch.channels.headers import mail_address
from dispatch.channels.mail_form import MailForm, Marks
from dispatch.channels.mime import needs_smtputf8, to_mime
from dispatch.channels.open import Channel
from dispatch.errors import NotFound
from dispatch.model.delivery import Delivery
from dispatch.model.edition import Edition, EditionContent
from dispatch.model.message import Address, EmailMessage, Mail, SocialMessage
from dispatch.model.subscriber import Subscriber
from dispatch.pipeline.links import Links
from dispatch.render.compile import TOKEN, SlottedDigest
from dispatch.render.digest import Digest, DigestRenderer
from dispatch.render.snippet import Snippet, render_snippets
from dispatch.render.variants import Variants


class MessageMaker:
    """Makes the messages of one edition for one channel; templates are compiled once.

    For one thread. `date` is what mails say they are from: when the edition was made, unless given.
    """

    def __init__(
        self, edition: Edition, channel: Channel, links: Links, *, date: datetime | None = None
    ) -> None:
        self._edition = edition
        self._content = edition.content
        self._channel = channel
        self._links = links
        self._date = date or edition.created
        self._sender = edition.content.publisher.sender
        self._audience = edition.content.email.audience if edition.content.email else ""
        self._token = links.unsubscribe_tokens(self._audience)

    def mail(self, delivery: Delivery, subscriber: Subscriber) -> Mail:
        """The digest for one subscriber, ready for the wire.

        Filled into the form that the edition has for readers like them; where there is none, it
        is rendered and written for them alone, and says the same.
        Raises TemplateFailed and MessageUnusable.
        """
        found = self.form_for(subscriber)
        if found is None:
            return finish(self.digest(delivery, subscriber), date=self._date)
        form, values = found
        message_id = f"{delivery.edition_id}.{delivery.id}"
        recipient = delivery.recipient
        parts = form.fill(Address(recipient, subscriber.name), message_id, values)
        if not recipient.isascii():
            recipient = mail_address(recipient)
        return Mail(
            message_id,
            self._envelope_sender,
            recipient,
            parts,
            utf8=not (recipient.isascii() and self._envelope_sender.isascii()),
            dotless=True,
        )

    def form_for(self, subscriber: Subscriber) -> tuple[MailForm, list[str]] | None:
        """The form for readers like this one and the values for it; None: there is none."""
        found = self._variants.find(subscriber)
        if found is not None:
            found[1].append(self._token(subscriber.id))
        return found

    @property
    def forms(self) -> int:
        """How many forms there are by now."""
        return len(self._variants)

    def digest(self, delivery: Delivery, subscriber: Subscriber) -> EmailMessage:
        """The digest for one subscriber, rendered for them alone. Raises TemplateFailed."""
        return letter(
            self._content,
            self._renderer,
            Address(delivery.recipient, subscriber.name),
            subscriber,
            message_id=f"{delivery.edition_id}.{delivery.id}",
            links=self._links,
        )

    def snippet(self, delivery: Delivery) -> SocialMessage:
        """The snippet that a social delivery is for. Raises TemplateFailed or TextTooLong."""
        snippet = self._snippets.get(delivery.part)
        if snippet is None:
            raise NotFound(f"edition {delivery.edition_id}: no snippet for '{delivery.part}'")
        return SocialMessage(
            id=f"{delivery.edition_id}.{delivery.id}",
            text=snippet.text,
            link=snippet.link,
            title=snippet.title,
            language=snippet.language,
            image=snippet.image,
            topics=snippet.topics,
        )

    def _form(self, digest: SlottedDigest, names: tuple[str, ...]) -> MailForm:
        home = self._renderer.stand_ins.mark
        longest = self._token(2**63)
        marks = Marks(id=f"{home}-id", token=f"{home}-{'t' * len(longest)}")
        pattern = _dressed(
            self._content,
            Digest("".join(one for one in digest.subject if isinstance(one, str)), "", "", ""),
            self._sender,
            message_id=marks.id,
            token=marks.token,
            links=self._links,
        )
        return MailForm(
            pattern,
            marks=marks,
            subject=digest.subject,
            text=digest.text,
            html=digest.html,
            names=(*names, TOKEN),
            date=self._date,
        )

    @cached_property
    def _envelope_sender(self) -> str:
        return mail_address(self._sender.email)

    @cached_property
    def _variants(self) -> Variants[MailForm]:
        return Variants(
            self._renderer, self._form, unsubscribe_base=self._links.unsubscribe_url("")
        )

    @cached_property
    def _renderer(self) -> DigestRenderer:
        return DigestRenderer(self._content)

    @cached_property
    def _snippets(self) -> dict[str, Snippet]:
        plan = next(plan for plan in self._content.social if plan.via == self._channel.name)
        snippets = render_snippets(
            self._content,
            plan,
            provider=self._channel.provider_name,
            max_text=self._channel.capabilities.max_text,
            link_cost=self._channel.capabilities.link_cost,
        )
        return {snippet.part: snippet for snippet in snippets}


def finish(message: EmailMessage, *, date: datetime) -> Mail:
    """A digest as the finished mail. Raises MessageUnusable."""
    return Mail(
        message.id,
        mail_address(message.sender.email),
        mail_address(message.to.email),
        (to_mime(message, date=date),),
        utf8=needs_smtputf8(message),
    )


def sign(mail: Mail, channel: Channel) -> Mail:
    """The mail with the channel's signature in front of it, where it signs."""
    if channel.signer is None:
        return mail
    data = mail.data
    return replace(mail, parts=(channel.signer.sign(data), data))


def letter(
    content: EditionContent,
    renderer: DigestRenderer,
    to: Address,
    subscriber: Subscriber,
    *,
    message_id: str,
    links: Links,
) -> EmailMessage:
    """The digest as `subscriber` gets it, with the headers that every digest carries.

    Receivers drop a repeat by its Message-ID, so that it is made of `message_id` alone.
    Raises TemplateFailed.
    """
    audience = content.email.audience if content.email else ""
    token = links.unsubscribe_token(subscriber.id, audience)
    digest = renderer.render(subscriber, unsubscribe_url=links.unsubscribe_url(token))
    return _dressed(content, digest, to, message_id=message_id, token=token, links=links)


def _dressed(
    content: EditionContent,
    digest: Digest,
    to: Address,
    *,
    message_id: str,
    token: str,
    links: Links,
) -> EmailMessage:
    """A digest with the headers that every one carries."""
    audience = content.email.audience if content.email else ""
    sender = content.publisher.sender
    domain = sender.email.rpartition("@")[2]
    by_mail = f"mailto:{sender.email}?subject={quote(f'unsubscribe {token}')}"
    return EmailMessage(
        id=message_id,
        message_id=f"<{message_id}@{domain}>",
        sender=sender,
        to=to,
        subject=digest.subject,
        text=digest.text,
        html=digest.html,
        headers=(
            ("List-Id", f"{content.title} <{audience}.{domain}>"),
            ("List-Unsubscribe", f"<{links.unsubscribe_url(token)}>, <{by_mail}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
    )
