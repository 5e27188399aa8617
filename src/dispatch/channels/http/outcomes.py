"""What became of the messages of one call, where the service tells it for each of them."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from dispatch.channels.mail.headers import mail_address
from dispatch.errors import OutcomeUnknown, ProviderError
from dispatch.model.delivery.message import EmailMessage, Outcome


def unless_all_failed(
    outcomes: Sequence[Outcome | ProviderError],
) -> Sequence[Outcome | ProviderError]:
    """The outcomes as they are; raises the first one where all are errors.

    Then it is about the whole call, such as an account that may not send.
    """
    errors = [one for one in outcomes if isinstance(one, ProviderError)]
    if errors and len(errors) == len(outcomes):
        raise errors[0]
    return outcomes


def check_order(provider: str, batch: Sequence[EmailMessage], named: Sequence[Any]) -> None:
    """Raise OutcomeUnknown where an answer is for another reader of the call than it stands for.

    `named` are the addresses that the answers name, as far as they do.
    """
    readers = [mail_address(one.to.email).casefold() for one in batch]
    everybody = set(readers)
    for reader, name in zip(readers, named, strict=True):
        said = parseaddr(name)[1].casefold() if isinstance(name, str) else ""
        if said != reader and said in everybody:
            raise OutcomeUnknown(
                f"{provider}: took {len(batch)} messages and answered in another order"
                " - look there whether they arrived"
            )
