"""Have somebody of the team written to about their own affairs."""

from datetime import datetime

from dispatch.model.team.mail import TeamTopic
from dispatch.pipeline.team.links import TeamLinks
from dispatch.store.transactions import Transaction


def new_link(links: TeamLinks) -> tuple[str, str]:
    """The seed of a link that a mail is to hold, and the mark by which its token is known."""
    seed = links.new_seed()
    return seed, links.mark(seed)


def queue_team_mail(
    about: TeamTopic,
    address: str,
    *,
    subject: str,
    seed: str = "",
    locale: str = "",
    via: str,
    tx: Transaction,
    now: datetime,
) -> None:
    """Write the row of a mail, in the transaction of what it is about.

    `subject` is a handle, or the number of an invitation as text; `seed` that of its link.
    `via` is the channel: `workspace.mail_channel()`.
    """
    tx.team_mails.add(about, address, subject=subject, seed=seed, locale=locale, via=via, now=now)
