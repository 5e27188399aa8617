"""A thread at a network that knows a repeat of each post by its key."""

from collections.abc import Callable

from dispatch.channels.http.thread import post_thread
from dispatch.errors import OutcomeUnknown, ProviderError
from dispatch.model.delivery.message import Accepted, Outcome, Refused, SocialMessage


def post_keyed_thread(
    name: str,
    message: SocialMessage,
    post: Callable[[str, str, str], Accepted | Refused],
    delete: Callable[[str], None],
) -> Outcome:
    """As `post_thread`; what breaks off stays there, and the next try goes on with it.

    `post` is given a text, its key, and the id of the post that it answers to. Whatever a later
    one fails by, nothing is known of the whole: raises OutcomeUnknown. Without a thread it is the
    one post.
    """
    keys = iter(thread_keys(message))

    def keyed(text: str, before: str) -> Accepted | Refused:
        try:
            return post(text, next(keys), before)
        except ProviderError as error:
            if before and not isinstance(error, OutcomeUnknown):
                raise OutcomeUnknown(str(error)) from error
            raise

    return post_thread(name, message.texts, keyed, delete)


def thread_keys(message: SocialMessage) -> list[str]:
    """The key of each post of a message, in order: always the same for the same delivery."""
    later = (f"{message.id}.{number}" for number in range(2, 2 + len(message.thread)))
    return [message.id, *later]
