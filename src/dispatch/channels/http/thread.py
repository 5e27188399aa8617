"""Posts of a thread at a network that takes them one by one: all of them, or none."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dispatch.errors import OutcomeUnknown, ProviderError, ProviderUnavailable
from dispatch.model.delivery.message import Accepted, Outcome, Refused


def post_thread(
    name: str,
    texts: Sequence[str],
    post: Callable[[str, str], Accepted | Refused],
    delete: Callable[[str], None],
) -> Outcome:
    """Post the texts in order, each as an answer to the one before.

    `post` is given a text and the id of the post that it answers to, empty for the first. Where a
    later one is not taken, what is there is taken back by `delete` from its end, and the refusal or
    the error is that of the whole. Raises OutcomeUnknown where more may be there than is known:
    the answer to a later one was lost, or what is there could not be taken back.
    """
    posted: list[Accepted] = []
    for text in texts:
        try:
            outcome = post(text, posted[-1].id if posted else "")
        except OutcomeUnknown as error:
            if not posted:
                raise
            problem = str(error).partition(" - ")[0]
            raise OutcomeUnknown(
                f"{problem}, after {len(posted)} of {len(texts)} posts of a thread"
                f" - look there what is to go, or to be added: {_places(posted)}"
            ) from error
        except ProviderError as error:
            _take_back(name, posted, delete, str(error))
            raise
        if isinstance(outcome, Refused):
            _take_back(name, posted, delete, outcome.reason)
            return outcome
        posted.append(outcome)
    first, *others = posted
    return replace(first, others=tuple(one.id for one in others))


def _take_back(
    name: str, posted: list[Accepted], delete: Callable[[str], None], reason: str
) -> None:
    for one in reversed(posted):
        try:
            delete(one.id)
        except ProviderError as error:
            raise OutcomeUnknown(
                f"{name}: a thread ended after {len(posted)} posts ({reason}), and they could not"
                f" be taken back - delete them there: {_places(posted)}"
            ) from error


def _places(posted: list[Accepted]) -> str:
    return ", ".join(one.address or one.id for one in posted)


def find_thread(
    name: str, texts: Sequence[str], posts: Iterable[tuple[str, Accepted]]
) -> Accepted | None:
    """The thread of these texts among an account's posts; None: its first is not there.

    Posts come latest first; of several that say the same the latest is meant, as those before it
    may be of others. Spaces, line ends and how accents are written do not count. Raises
    ProviderUnavailable where its first one is there and another is not, as then nobody but a
    person can say what is to be done.
    """
    there: dict[str, Accepted] = {}
    for text, one in posts:
        there.setdefault(_plain(text), one)
    found = [there.get(_plain(text)) for text in texts]
    first, *others = found
    if first is None:
        return None
    known = [one.id for one in others if one is not None]
    if len(known) < len(others):
        raise ProviderUnavailable(
            f"{name}: a thread is there with {len(known) + 1} of its {len(texts)} posts"
            f" - look at {first.address or first.id}"
        )
    return replace(first, others=tuple(known))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
