"""Delivery to Message: the edition's frozen content, said to one recipient."""

from functools import cached_property
from urllib.parse import quote

from dispatch.channels.open import Channel
from dispatch.errors import NotFound
from dispatch.model.delivery import Delivery
from dispatch.model.edition import Edition, EditionContent
from dispatch.model.message import Address, EmailMessage, SocialMessage
from dispatch.model.subscriber import Subscriber
from dispatch.pipeline.links import Links
from dispatch.render.digest import DigestRenderer
from dispatch.render.snippet import Snippet, render_snippets


class MessageMaker:
    """Makes the messages of one edition for one channel; templates are compiled once."""

    def __init__(self, edition: Edition, channel: Channel, links: Links) -> None:
        self._edition = edition
        self._content = edition.content
        self._channel = channel
        self._links = links

    def digest(self, delivery: Delivery, subscriber: Subscriber) -> EmailMessage:
        """The digest for one subscriber. Raises TemplateFailed."""
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
    sender = content.publisher.sender
    domain = sender.email.rpartition("@")[2]
    token = links.unsubscribe_token(subscriber.id, audience)
    unsubscribe = links.unsubscribe_url(token)
    by_mail = f"mailto:{sender.email}?subject={quote(f'unsubscribe {token}')}"
    digest = renderer.render(subscriber, unsubscribe_url=unsubscribe)
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
            ("List-Unsubscribe", f"<{unsubscribe}>, <{by_mail}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
    )
