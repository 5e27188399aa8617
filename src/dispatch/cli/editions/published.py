"""What stands on networks of an edition, as its command shows it."""

from typing import TYPE_CHECKING, Any

from dispatch.cli.output.console import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.model.editions.edition import Edition
    from dispatch.store.transactions import Transaction


def published_rows(edition: "Edition", tx: "Transaction") -> list[dict[str, Any]]:
    """Each post that was handed over to a network, or is about to be: its state, and where it is.

    `post` is the number of the post that it tells, or empty where it tells the whole edition.
    """
    found = tx.published.of_edition(edition.number)
    keys = [row.delivery_id for row in found]
    parts = {one.id: one.part for one in tx.delivery_pages.with_keys(edition, keys)}
    return [
        {
            "delivery": row.delivery_id,
            "channel": row.channel,
            "post": parts.get(row.delivery_id, ""),
            "state": row.state.value,
            "address": row.post.address,
            "ids": list(row.post.ids),
            "at": row.at,
            "changed": row.changed,
        }
        for row in found
    ]


def show_published(rows: "Sequence[dict[str, Any]]") -> None:
    """A table of them; nothing where there are none."""
    if rows:
        show("On networks", ("channel", "post", "state", "address"), rows, as_json=False)
