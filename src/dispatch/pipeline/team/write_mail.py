"""What a mail to the team is about, whether it is still so, and the mail itself."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.model.campaigns.campaign import Publisher
from dispatch.model.delivery.message import Address, EmailMessage
from dispatch.model.team.mail import TeamMail, TeamTopic
from dispatch.model.team.passes import Purpose
from dispatch.model.text.plain_text import one_line
from dispatch.pipeline.team.links import TeamLinks
from dispatch.render.team_mail import Letter, team_mail_html, team_mail_text
from dispatch.signing import mark_of
from dispatch.store.transactions import Transaction
from dispatch.words.catalogues import Words, team_words_in

HEADERS = (
    ("Auto-Submitted", "auto-generated"),  # RFC 3834: no out-of-office answers
    ("X-Auto-Response-Suppress", "All"),  # the same for Exchange, which does not know that one
)


@dataclass(frozen=True, slots=True)
class MailSubject:
    """What it is about as it is now: who asks, where its link leads, until when it holds."""

    link: str = field(repr=False)
    who: str = ""
    until: datetime | None = None


def find_subject(
    mail: TeamMail, tx: Transaction, *, links: TeamLinks, now: datetime
) -> MailSubject | None:
    """What it is about; None where that is no longer so, and nobody needs the mail any more."""
    match mail.about:
        case TeamTopic.INVITATION:
            return _invitation(mail, tx, links, now)
        case TeamTopic.RESET:
            return _reset(mail, tx, links, now)
        case TeamTopic.CHANGED:
            return MailSubject(links.reset_page)


def write_team_mail(mail: TeamMail, subject: MailSubject, *, publisher: Publisher) -> EmailMessage:
    """The mail, in the language of who gets it, else in the publisher's."""
    words, sender = team_words_in(mail.locale, publisher.locale), publisher.sender
    letter = _letter(mail, subject, publisher, words)
    domain = sender.email.rpartition("@")[2]
    return EmailMessage(
        id=mail.message_id,
        message_id=f"<{mail.message_id}@{domain}>",
        sender=sender,
        to=Address(mail.address),
        subject=letter.subject,
        text=team_mail_text(letter),
        html=team_mail_html(letter, words),
        headers=HEADERS,
    )


def _letter(mail: TeamMail, subject: MailSubject, publisher: Publisher, words: Words) -> Letter:
    publication = one_line(publisher.sender.name) or "dispatch"
    until = _until(subject, publisher, words)
    match mail.about:
        case TeamTopic.INVITATION:
            who = one_line(subject.who)
            return Letter(
                subject=words("team_mail.invitation_subject", publication=publication),
                lead=words("team_mail.invitation_lead", who=who, publication=publication),
                button=words("team_mail.invitation_button"),
                link=subject.link,
                rest=(*until, words("team_mail.invitation_rest")),
            )
        case TeamTopic.RESET:
            return Letter(
                subject=words("team_mail.reset_subject", publication=publication),
                lead=words("team_mail.reset_lead", publication=publication),
                button=words("team_mail.reset_button"),
                link=subject.link,
                rest=(*until, words("team_mail.reset_rest")),
            )
        case TeamTopic.CHANGED:
            return Letter(
                subject=words("team_mail.changed_subject", publication=publication),
                lead=words("team_mail.changed_lead", publication=publication),
                button=words("team_mail.changed_button"),
                link=subject.link,
                rest=(words("team_mail.changed_rest"),),
            )


def _until(subject: MailSubject, publisher: Publisher, words: Words) -> tuple[str, ...]:
    if subject.until is None:
        return ()
    zone = ZoneInfo(publisher.timezone)
    moment = words.moment(subject.until.astimezone(zone), words("team_mail.moment"))
    return (words("team_mail.until", moment=moment, zone=zone.key),)


def _invitation(
    mail: TeamMail, tx: Transaction, links: TeamLinks, now: datetime
) -> MailSubject | None:
    invitation = tx.invitations.by_number(int(mail.subject))
    if invitation is None or not invitation.is_open(now):
        return None
    token = links.token_with(tx.invitations.mark_of(invitation), mail.seed)
    if token is None:
        return None
    by = tx.persons.find(invitation.by)
    who = by.name or by.handle if by else invitation.by
    return MailSubject(links.invitation_url(token), who, invitation.ends)


def _reset(mail: TeamMail, tx: Transaction, links: TeamLinks, now: datetime) -> MailSubject | None:
    for token in links.tokens(mail.seed):
        if found := tx.passes.find(mark_of(token), Purpose.RESET, now=now):
            return MailSubject(links.reset_url(token), until=found.ends)
    return None
