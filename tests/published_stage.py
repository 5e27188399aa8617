"""Posts of an edition that stand on a network, as the sending loop would have written them down."""

import sqlalchemy as sa

from dispatch.app import App
from dispatch.model.delivery.message import Accepted
from dispatch.model.delivery.published import Published, PublishedRow, PublishedState
from dispatch.store.database.schema import published

TOOTS = """channels:
  toots: {provider: mastodon, options: {server: "https://social.example", token: "env:TOKEN"}}

campaigns:
"""
"""A channel of a workspace, before its campaigns."""


def stand_on_network(
    app: App, edition_id: str, *states: PublishedState, channel: str = ""
) -> list[int]:
    """Have the first snippets of an edition stand there, in these states; their keys.

    In the place of what was written down of them by sending.
    """
    with app.store.begin() as tx:
        edition = tx.editions.get(edition_id)
        deliveries = [one for one in tx.deliveries.latest(edition=edition) if one.part]
        titles = {str(post.id): post.title for post in edition.content.posts}
        keys = []
        for number, (one, state) in enumerate(zip(deliveries, states, strict=False), 1):
            said = Published((), "", f"{titles[one.part]} #Art https://atelier.example/{one.part}")
            row = PublishedRow(
                one.id,
                edition.number,
                channel or one.channel,
                "an account",
                one.part,
                state if state is PublishedState.FAILED else PublishedState.RESERVED,
                said,
                app.clock(),
            )
            tx._connection.execute(sa.delete(published).where(published.c.delivery_id == one.id))
            tx.published.reserve(row)
            now = app.clock()
            if state not in {PublishedState.RESERVED, PublishedState.FAILED}:
                address = f"https://social.example/@atelier/{number}"
                tx.published.note_accepted(one.id, Accepted(str(number), address), now=now)
            if state is PublishedState.EDITED:
                tx.published.note_edited(one.id, said.text, now=now)
            if state is PublishedState.DELETED:
                tx.published.note_deleted(one.id, now=now)
            keys.append(one.id)
        return keys
