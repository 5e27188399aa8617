"""What `editions show` says of what came later of the deliveries that were accepted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dispatch.cli.output.console import say, show

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.channels.feedback import Feedback
    from dispatch.model.delivery.later_counts import LaterCounts
    from dispatch.model.editions.edition import Edition
    from dispatch.store.transactions import Transaction

SILENT = "nothing was told"

ByChannel = Mapping[str, "tuple[LaterCounts, Feedback]"]
"""Channel name to what came later there, and by which way it is heard."""


def came_later(edition: "Edition", tx: "Transaction", opened: "App") -> ByChannel:
    """Of the channels that tell something, or could."""
    from dispatch.channels.feedback import Feedback
    from dispatch.model.delivery.later_counts import later_by_channel

    feedback = opened.channels.feedback()
    by_channel = tx.deliveries.counts_by_channel(edition)
    back = later_by_channel(by_channel, tx.later.counts_by_channel(edition))
    found = {name: (one, feedback.get(name, Feedback.NONE)) for name, one in back.items()}
    return {
        name: (one, way)
        for name, (one, way) in found.items()
        if one.heard or (one.accepted and way is not Feedback.NONE)
    }


def later_row(later: ByChannel) -> dict[str, Any]:
    """The same as JSON: by channel, how many of those accepted, each state, and how it is heard."""
    return {
        name: {
            "accepted": one.accepted,
            **{state.value: number for state, number in one.counts.items()},
            "silent": one.silent,
            "heard_by": way.value,
        }
        for name, (one, way) in later.items()
    }


def show_later(later: ByChannel) -> None:
    """A table of those that tell something, and a line for each that does not."""
    from dispatch.channels.feedback import how_to_hear

    rows = [
        {"channel": name, "then": state, "deliveries": number}
        for name, (one, way) in later.items()
        if one.heard or way.is_open
        for state, number in [*one.counts.items(), (SILENT, one.silent)]
        if number
    ]
    if rows:
        accepted = sum(
            max(one.accepted, one.heard) for one, way in later.values() if one.heard or way.is_open
        )
        title = f"What came later of the {accepted:,} accepted"
        show(title, ("channel", "then", "deliveries"), rows, as_json=False)
    for name, (one, way) in later.items():
        if not one.heard and way.is_shut:
            say(how_to_hear(name, way))
