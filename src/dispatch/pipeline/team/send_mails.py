"""Send the mails to the team about their own affairs; how is said in `messages/single_mails.py`.

They are so few that they count for no pace.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from dispatch.channels.opened import Channel
from dispatch.clock import Clock
from dispatch.model.campaigns.campaign import Publisher
from dispatch.model.delivery.single_mail import MailState
from dispatch.model.team.mail import TeamMail
from dispatch.pipeline.messages.single_mails import Came, Round
from dispatch.pipeline.team.links import TeamLinks
from dispatch.pipeline.team.write_mail import MailSubject, find_subject, write_team_mail
from dispatch.store.transactions import Store

log = structlog.get_logger()

MOST = 20
"""Mails of one round; the next one comes soon."""

KEPT = timedelta(days=30)
"""How long it can be looked up what became of a mail, or a link."""


@dataclass(frozen=True, slots=True)
class TeamMailReport:
    """What came of a mail: accepted if `problem` is empty; `again`: it will be tried again."""

    team_mail: TeamMail
    problem: str = ""
    again: bool = False

    def __str__(self) -> str:
        what = f"mail {self.team_mail.id} to the team ({self.team_mail.about})"
        if not self.problem:
            return f"{what} is accepted"
        later = "; it is tried again" if self.again else ""
        return f"{what}: not accepted: {self.problem}{later}"


def send_team_mails(
    *,
    store: Store,
    publisher: Publisher,
    links: TeamLinks,
    open_channel: Callable[[str], Channel],
    clock: Clock,
    keep_going: Callable[[], bool] = lambda: True,
) -> Iterator[TeamMailReport]:
    """Hand over the mails that are due; any number of nodes may do so.

    What is no longer so is dropped without a word. The trouble of one address holds up no other;
    that of a channel puts off all that it is to carry.
    """
    with store.read() as tx:
        due = tx.team_mails.due(now=clock(), limit=MOST)
    round_ = Round[TeamMail](lambda tx: tx.team_mails, store, open_channel, clock, keep_going)
    try:
        for mail in due:
            if not keep_going():
                return
            came = _send(mail, round_, publisher, links)
            if came is not None:
                problem = came.problem.replace(mail.address, "the address")
                yield TeamMailReport(mail, problem, again=came.again)
    finally:
        round_.close()


def forget(*, store: Store, clock: Clock) -> None:
    """Remove mails and passes that ended long ago."""
    before = clock() - KEPT
    with store.begin() as tx:
        tx.team_mails.forget(before=before)
        tx.passes.forget(before=before)


def _send(
    mail: TeamMail, round_: Round[TeamMail], publisher: Publisher, links: TeamLinks
) -> Came | None:
    """What came of one; None where nobody needs it, or it is another node's."""
    with round_.store.begin() as tx:
        subject = find_subject(mail, tx, links=links, now=round_.clock())
        if subject is None:
            tx.team_mails.end(mail, MailState.DROPPED, reason="is no longer so")
            return None
        blocked = round_.put_off_if_blocked(mail, mail.via, tx)
        if blocked is not None:
            return blocked.came
        claimed = round_.claim(mail, tx)
    if claimed is None:
        return None
    return _hand_over(claimed, subject, round_, publisher)


def _hand_over(
    mail: TeamMail, subject: MailSubject, round_: Round[TeamMail], publisher: Publisher
) -> Came | None:
    write = partial(write_team_mail, mail, subject, publisher=publisher)
    try:
        return round_.hand_over(mail, mail.via, lambda _: write())
    except Exception as bug:
        log.exception("team_mail.crashed", team_mail=mail.id)
        return round_.later(mail, mail.via, bug)
