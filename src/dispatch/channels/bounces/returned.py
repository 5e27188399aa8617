"""What a mail that came back is, and what it tells of which of our mails."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.channels.bounces.fate import Fate
from dispatch.model.delivery.event import Event


class Kind(StrEnum):
    """What kind of mail it is. Only the first two tell how a mail of ours fared."""

    REPORT = "report"  # how a mail fared at its recipients: bounced, delayed, or even delivered
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    AUTOMATIC = "automatic answer"
    RECEIPT = "receipt"  # it was displayed, or deleted: nothing about how it was delivered
    REPORT_OF_REPORT = "report of a report"  # what bounced was no mail of ours
    SPAM = "spam"  # a filter has marked it so
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One mail out of the mailbox, read.

    `id` is the same whenever the same bytes are read. `at` is when what is told happened, or the
    mail's own date; None where neither can be read, and never believed blindly: it is what others
    write. `fates` is empty unless `kind` is REPORT or COMPLAINT, so that nothing else has effects.

    Two ways lead to the delivery, independently: `tokens`, in the order of how much they can be
    trusted, are what stands behind the first "+" of the addresses that this mail came to (and that
    ours had as sender), in lower case; `message_ids`, without brackets, are those of the mail that
    is enclosed, our own form or not. Neither is proof: whoever reads them checks the token's
    signature. `sender` is who wrote this mail, as an address in lower case, empty where that is
    nobody; `to` the addresses that it came to.
    """

    kind: Kind
    id: str
    at: datetime | None = None
    sender: str = ""
    subject: str = ""
    to: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    fates: tuple[Fate, ...] = ()

    def events(self, delivery: str = "", recipient: str = "") -> tuple[Event, ...]:
        """What it tells as events of the delivery that one of the ways has led to.

        `recipient` is whom that delivery went to; without it, whom the report names.
        """
        return tuple(
            Event(
                kind=fate.kind,
                id=f"{self.id}.{number}",
                at=self.at,
                delivery=delivery,
                recipient=recipient or fate.recipient or fate.final,
                permanent=fate.permanent,
                said=fate.said,
                reason=fate.reason,
            )
            for number, fate in enumerate(self.fates)
        )


def read_mail(raw: bytes) -> Returned:
    """What a mail is and tells, whatever it is made of: this raises nothing, and takes no network.

    Of a large mail only the beginning of each part is read; see the limits in `parts.py`.
    """
    raise NotImplementedError
