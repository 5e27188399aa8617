"""What `editions show` says of what came later of the deliveries that were accepted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dispatch.cli.output.console import say, show

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.channels.hears import Ear
    from dispatch.model.delivery.came_back import CameBack
    from dispatch.model.editions.edition import Edition
    from dispatch.store.transactions import Transaction

SILENT = "nothing was told"

Later = Mapping[str, "tuple[CameBack, Ear]"]
"""Channel name to what came later there, and how it is heard."""


def came_later(edition: "Edition", tx: "Transaction", opened: "App") -> Later:
    """Of the channels that tell something, or could."""
    from dispatch.channels.hears import Ear
    from dispatch.model.delivery.came_back import came_back

    ears = opened.channels.ears()
    by_channel = tx.deliveries.counts_by_channel(edition)
    back = came_back(by_channel, tx.later.counts_by_channel(edition))
    found = {name: (one, ears.get(name, Ear.NONE)) for name, one in back.items()}
    return {
        name: (one, ear)
        for name, (one, ear) in found.items()
        if one.heard or (one.accepted and ear is not Ear.NONE)
    }


def later_row(later: Later) -> dict[str, Any]:
    """The same as JSON: by channel, how many of those accepted, each state, and how it is heard."""
    return {
        name: {
            "accepted": one.accepted,
            **{state.value: number for state, number in one.counts.items()},
            "silent": one.silent,
            "heard_by": ear.value,
        }
        for name, (one, ear) in later.items()
    }


def show_later(later: Later) -> None:
    """A table of those that tell something, and a line for each that does not."""
    from dispatch.channels.hears import deaf_sentence

    rows = [
        {"channel": name, "then": state, "deliveries": number}
        for name, (one, ear) in later.items()
        if one.heard or ear.is_open
        for state, number in [*one.counts.items(), (SILENT, one.silent)]
        if number
    ]
    if rows:
        accepted = sum(
            max(one.accepted, one.heard) for one, ear in later.values() if one.heard or ear.is_open
        )
        title = f"What came later of the {accepted:,} accepted"
        show(title, ("channel", "then", "deliveries"), rows, as_json=False)
    for name, (one, ear) in later.items():
        if not one.heard and ear.is_shut:
            say(deaf_sentence(name, ear))
