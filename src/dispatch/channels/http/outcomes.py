"""What became of the messages of one call, where the service tells it for each of them."""

from collections.abc import Sequence

from dispatch.errors import ProviderError
from dispatch.model.delivery.message import Outcome


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
