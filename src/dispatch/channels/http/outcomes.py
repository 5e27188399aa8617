"""What became of the messages of one call, where the service tells it for each of them."""

from collections.abc import Callable, Sequence
from email.utils import parseaddr
from typing import Any

from dispatch.channels.http.reply import Reply
from dispatch.channels.mail.headers import mail_address
from dispatch.errors import OutcomeUnknown, ProviderError
from dispatch.model.delivery.message import Accepted, EmailMessage, Outcome


def outcome_of_each(
    reply: Reply,
    batch: Sequence[EmailMessage],
    outcome: Callable[[Reply, int], Outcome | ProviderError],
    *,
    answers: Any,
    named: Callable[[int], Any],
) -> Sequence[Outcome | ProviderError]:
    """What an answer with one entry for each message says of them, in their order.

    `answers` should be the list of its entries; `outcome` reads the one at a place, and `named` the
    address that it names. Raises OutcomeUnknown where it is no answer to this call, and the first
    error where all are errors.
    """
    if not isinstance(answers, list) or len(answers) != len(batch):
        raise OutcomeUnknown(
            f"{reply.provider}: {len(batch)} messages went out, and its answer is not one for each"
            " - look there whether they arrived"
        )
    places = range(len(batch))
    outcomes = [outcome(reply, at) for at in places]
    if not all(isinstance(one, Accepted) for one in outcomes):
        check_order(reply.provider, batch, [named(at) for at in places])
    return unless_all_failed(outcomes)


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
