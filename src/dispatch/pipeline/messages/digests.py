"""An edition as digests: in the form that many readers share, or for one reader alone."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from dispatch.channels.mail.email_form import email_form
from dispatch.channels.mail.form import MailForm, Marks
from dispatch.model.delivery.message import Address, EmailForm, EmailMessage
from dispatch.model.editions.edition import EditionContent
from dispatch.model.people.profile import Profile
from dispatch.model.people.subscriber import NOBODY, Subscriber
from dispatch.model.text.placeholders import PlaceholderText
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.render.digests.pictures import pictures_in
from dispatch.render.digests.variant import CHOICE_TOKEN, TOKEN, CompiledDigest
from dispatch.render.digests.variants import Variants
from dispatch.render.renderer import Renderer
from dispatch.render.templates.links import LinksView
from dispatch.render.templates.marks import mark_of
from dispatch.render.templates.words import Languages
from dispatch.render.texts import Digest

if TYPE_CHECKING:
    from collections.abc import Callable

Form = TypeVar("Form")


class Digests:
    """The digests of an edition for readers who get the same posts. For one thread."""

    def __init__(
        self, content: EditionContent, links: SignedLinks, date: datetime, renderer: Renderer
    ) -> None:
        self.content = content
        self._links = links
        self._date = date
        self._sender = content.publisher.sender
        audience = content.email.audience if content.email else ""
        self._token = links.unsubscribe_tokens(audience)
        self._audience = audience
        self._choice_tokens: dict[int, Callable[[str], str]] = {}
        bases = _links(content, links.unsubscribe_url(""), links.preferences_url(""))
        compiled = partial(renderer.variant, content, bases=bases)
        languages = Languages(content)
        self._mail_forms = Variants[MailForm](
            compiled, partial(self._form, MailForm), languages=languages
        )
        self._email_forms = Variants[EmailForm](
            compiled, partial(self._form, email_form), languages=languages
        )

    def mail_form_for(self, subscriber: Profile) -> tuple[MailForm, list[str]] | None:
        """The finished mail for readers like this one, and the values; None: there is none."""
        return self._with_tokens(self._mail_forms.find(subscriber), subscriber)

    def email_form_for(self, subscriber: Profile) -> tuple[EmailForm, list[str]] | None:
        """The same for providers that write the mails themselves."""
        return self._with_tokens(self._email_forms.find(subscriber), subscriber)

    def _with_tokens(
        self, found: tuple[Form, list[str]] | None, subscriber: Profile
    ) -> tuple[Form, list[str]] | None:
        if found is not None:
            found[1].append(self._choice_token(subscriber))
            found[1].append(self._token(subscriber.public_id))
        return found

    def _choice_token(self, subscriber: Profile) -> str:
        version = subscriber.link_version
        if version not in self._choice_tokens:  # nearly all readers have the same
            made = self._links.preferences_tokens(self._audience, version)
            self._choice_tokens[version] = made
        return self._choice_tokens[version](subscriber.public_id)

    @property
    def forms(self) -> int:
        """How many forms there are by now."""
        return len(self._mail_forms) + len(self._email_forms)

    def _form(
        self, make: "Callable[..., Form]", digest: CompiledDigest, names: tuple[str, ...]
    ) -> Form:
        """A variant as `MailForm` or `email_form` make it, from the same parts."""
        pattern, marks = self._pattern(digest)
        return make(
            pattern,
            marks=marks,
            subject=digest.subject,
            text=digest.text,
            html=digest.html,
            names=(*names, CHOICE_TOKEN, TOKEN),
            date=self._date,
        )

    def _pattern(self, digest: CompiledDigest) -> tuple[EmailMessage, Marks]:
        """What is the same for all readers, with marks in its headers."""
        home = mark_of(self.content)
        token = self._token(NOBODY)
        marks = Marks(id=f"{home}-id", token=f"{home}-{'t' * len(token)}")
        pattern = _dressed(
            self.content,
            Digest(_fixed(digest.subject), "", _fixed(digest.html), ""),
            self._sender,
            message_id=marks.id,
            token=marks.token,
            links=self._links,
        )
        return pattern, marks


def letter(
    content: EditionContent,
    renderer: Renderer,
    to: Address,
    subscriber: Subscriber,
    *,
    message_id: str,
    links: SignedLinks,
) -> EmailMessage:
    """The digest as `subscriber` gets it, with the headers that every digest carries.

    Receivers drop a repeat by its Message-ID, so that it is made of `message_id` alone.
    Raises TemplateFailed.
    """
    audience = content.email.audience if content.email else ""
    token = links.unsubscribe_token(subscriber.public_id, audience)
    digest = render_for(subscriber, content, renderer, links=links)
    return _dressed(content, digest, to, message_id=message_id, token=token, links=links)


def render_for(
    subscriber: Subscriber, content: EditionContent, renderer: Renderer, *, links: SignedLinks
) -> Digest:
    """The digest with the links of this reader. Raises TemplateFailed."""
    audience = content.email.audience if content.email else ""
    leave = links.unsubscribe_url(links.unsubscribe_token(subscriber.public_id, audience))
    token = links.preferences_tokens(audience, subscriber.link_version)(subscriber.public_id)
    choose = links.preferences_url(token)
    return renderer.digest(content, subscriber, _links(content, leave, choose))


def _links(content: EditionContent, leave: str, choose: str) -> LinksView:
    """The name `cadence` is that of templates from before there was more to choose."""
    often = choose if content.email and content.email.offers_choice else ""
    return LinksView(leave, choose, often)


def _dressed(
    content: EditionContent,
    digest: Digest,
    to: Address,
    *,
    message_id: str,
    token: str,
    links: SignedLinks,
) -> EmailMessage:
    """A digest with the headers that every one carries."""
    audience = content.email.audience if content.email else ""
    sender = content.publisher.sender
    domain = sender.email.rpartition("@")[2]
    by_mail = links.unsubscribe_mail(token, sender.email)
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
        pictures=pictures_in(digest.html, content.pictures.values()),
    )


def _fixed(text: PlaceholderText) -> str:
    """What is the same for all readers."""
    return "".join(one for one in text if isinstance(one, str))
