"""Somebody pauses a channel: nothing leaves over it until a person lets it go on."""

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict
from dispatch.store.delivery.channels import Stop
from dispatch.store.transactions import Store


def pause_channel(name: str, *, reason: str, by: str, store: Store, clock: Clock) -> None:
    """What is to go over it waits; channels that step in for it do not, as it is not broken.

    `reason` is why, for the record. Raises BadInput without one, and Conflict where it is stopped.
    """
    if not reason.strip():
        raise BadInput(["reason: is empty - say why nothing is to leave over it"])
    with store.begin() as tx:
        stop = tx.channels.stop(name)
        if stop is not None and stop.until is None:
            raise Conflict(f"channel {name}: is stopped already ({stop.reason}) - let it go on")
        tx.channels.put_stop(Stop(name, None, f"paused by {by}: {reason.strip()}", failures=0))
        tx.audit.add(
            "channel.pause",
            by=by,
            now=clock(),
            kind="channel",
            subject=name,
            reason=reason.strip(),
        )
