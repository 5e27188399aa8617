"""What a reader's mail is about, whether it is still so, and the mail itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.model.campaigns.brand import Brand
from dispatch.model.campaigns.campaign import Publisher
from dispatch.model.delivery.message import Address, EmailMessage
from dispatch.model.editions.picture import Picture
from dispatch.model.people import address_change
from dispatch.model.people.form import VALID_FOR
from dispatch.model.people.reader_mail import ReaderMail, ReaderMailContent, Topic
from dispatch.model.people.sign_up import SignUpState
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.render.digests.pictures import pictures_in
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Transaction

HEADERS = (
    ("Auto-Submitted", "auto-generated"),  # RFC 3834: no out-of-office answers
    ("X-Auto-Response-Suppress", "All"),  # the same for Exchange, which does not know that one
)
"""No List-Id and no List-Unsubscribe: whoever gets it may be on no list, and one mail ends by
itself."""


@dataclass(frozen=True, slots=True)
class MailMaterials:
    """What the workspace says for readers' mails.

    `template_of` gives the template of a form's mails, and of those that belong to no form;
    `audiences_of` what a form is for, and `title_of` what readers call that. Loading raises
    TemplateFailed.
    """

    publisher: Publisher
    template_of: Callable[[str], str]
    audiences_of: Callable[[str], tuple[str, ...]]
    title_of: Callable[[str], str]
    load_template: Callable[[str], Mapping[str, str]]
    load_pictures: Callable[[str, Brand], Mapping[str, Picture]]


@dataclass(frozen=True, slots=True)
class MailSubject:
    """What a mail is about, as it is now: which audiences, and where its link leads until when."""

    audiences: tuple[str, ...] = ()
    link: str = ""
    until: datetime | None = None


def find_subject(
    mail: ReaderMail, tx: Transaction, *, links: SignedLinks, now: datetime
) -> MailSubject | None:
    """What it is about; None where that is no longer so, and nobody needs the mail any more."""
    match mail.about:
        case Topic.CONFIRM | Topic.REMIND:
            return _sign_up(mail, tx, links, now)
        case Topic.ALREADY | Topic.PREFERENCES:
            return _reader(mail, tx, links)
        case Topic.NEW_ADDRESS:
            return _new_address(mail, tx, links, now)
        case Topic.MOVED:
            return MailSubject()


def write_reader_mail(
    mail: ReaderMail, subject: MailSubject, *, materials: MailMaterials, renderer: Renderer
) -> EmailMessage:
    """The mail, in the reader's language. Raises TemplateFailed.

    Nothing that somebody typed into a form is in it but the address it goes to: else a form would
    be a means to send anybody anything.
    """
    publisher, template = materials.publisher, materials.template_of(mail.form)
    sender = publisher.sender
    asked = materials.audiences_of(mail.form) if mail.about is Topic.ALREADY else ()
    content = ReaderMailContent(
        topic=mail.about,
        template=template,
        sources=materials.load_template(template),
        publisher=publisher,
        email=mail.address,
        locale=mail.locale,
        letters=tuple(dict.fromkeys(map(materials.title_of, asked or subject.audiences))),
        link=subject.link,
        until=subject.until,
        pictures=materials.load_pictures(template, publisher.brand),
    )
    made = renderer.reader_mail(content)
    domain = sender.email.rpartition("@")[2]
    return EmailMessage(
        id=mail.message_id,
        message_id=f"<{mail.message_id}@{domain}>",
        sender=sender,
        to=Address(mail.address),
        subject=made.subject,
        text=made.text,
        html=made.html,
        headers=HEADERS,
        pictures=pictures_in(made.html, content.pictures.values()),
    )


def _sign_up(
    mail: ReaderMail, tx: Transaction, links: SignedLinks, now: datetime
) -> MailSubject | None:
    found = tx.sign_ups.find(mail.subject_id)
    if found is None or found.state(now) is not SignUpState.OPEN:
        return None
    suppression = tx.suppressions.of(found.email)
    if suppression and suppression.is_for_good:
        return None
    link = links.confirm_url(found.public_id, found.form)
    return MailSubject(found.audiences, link, found.asked + VALID_FOR)


def _reader(mail: ReaderMail, tx: Transaction, links: SignedLinks) -> MailSubject | None:
    reader = tx.subscribers.by_public_id(mail.subject_id)
    if reader is None:
        return None
    token = links.preferences_tokens(mail.audience, reader.link_version)(reader.public_id)
    return MailSubject((mail.audience,) if mail.audience else (), links.preferences_url(token))


def _new_address(
    mail: ReaderMail, tx: Transaction, links: SignedLinks, now: datetime
) -> MailSubject | None:
    change = tx.address_changes.find(mail.subject_id)
    if change is None or change.confirmed or change.is_over(now):
        return None
    until = change.asked + address_change.VALID_FOR
    return MailSubject((), links.new_address_url(change.public_id), until)
