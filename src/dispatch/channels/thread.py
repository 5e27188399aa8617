"""A thread: posts of which each answers to the one before, handed over as one message."""

from collections.abc import Callable, Sequence

from dispatch.errors import OutcomeUnknown, ProviderError
from dispatch.model.delivery.message import Accepted, Outcome, Refused, SocialMessage

Post = Callable[[str, str, Sequence[Accepted]], Outcome]
"""Posts a text under a key by which a repeat is known, after those before it in its thread."""


def send_thread(
    message: SocialMessage, *, name: str, post: Post, take_away: Callable[[str], None]
) -> Outcome:
    """Post the text of a message, and what follows it in its thread; one text is a thread, too.

    A network that refuses a later part gets none of it: what stands there is taken away by its
    name. Where a later part is not known to be there, nothing is known of the whole: raises
    OutcomeUnknown, and whoever hands it over once more goes on where it broke off, as each part
    has a key of its own. `name` is what messages call the network.
    """
    posted: list[Accepted] = []
    for key, text in parts_of_thread(message):
        try:
            outcome = post(text, key, tuple(posted))
        except ProviderError as error:
            if not posted:
                raise
            raise OutcomeUnknown(
                f"{name}: {len(posted)} of {1 + len(message.thread)} posts of a thread are there,"
                f" and then: {error}"
            ) from error
        if isinstance(outcome, Refused):
            _take_back(posted, outcome, name, take_away)
            return outcome
        posted.append(outcome)
    return as_thread(posted)


def parts_of_thread(message: SocialMessage) -> list[tuple[str, str]]:
    """Each text of a message, with the key by which its repeat is known."""
    later = [(f"{message.id}.{number}", text) for number, text in enumerate(message.thread, 2)]
    return [(message.id, message.text), *later]


def as_thread(posted: Sequence[Accepted]) -> Accepted:
    """The posts of a thread as what became of its message."""
    first, *others = posted
    return Accepted(first.id, first.address, tuple(one.id for one in others))


def _take_back(
    posted: Sequence[Accepted], refused: Refused, name: str, take_away: Callable[[str], None]
) -> None:
    try:
        for one in reversed(posted):
            take_away(one.id)
    except ProviderError as error:
        raise OutcomeUnknown(
            f"{name}: refused a part of a thread ({refused.reason}), and what stands there of it"
            f" could not be taken away ({error}) - look there, and delete it"
        ) from error
