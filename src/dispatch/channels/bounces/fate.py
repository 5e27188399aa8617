"""What a mail server, or a mailbox provider, reports of one recipient."""

from dataclasses import dataclass

from dispatch.model.delivery.event import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How one mail fared at one recipient.

    `kind` is one of DELIVERED, DEFERRED, BOUNCED, COMPLAINED, and OTHER for a report that tells
    neither (relayed to a server that reports nothing). `permanent` as in an `Event`: nothing sent
    there will ever arrive. `recipient` is whom we wrote to, as far as the report says so; `final`
    whom the server tried, another one where mail was forwarded. Either may be empty. `status` is
    the enhanced code such as "5.1.1", `said` the report's word for what happened, `reason` the
    server's words in one line.
    """

    kind: EventKind
    recipient: str
    final: str = ""
    permanent: bool = False
    status: str = ""
    said: str = ""
    reason: str = ""
