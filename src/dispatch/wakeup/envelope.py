"""How a wake-up is written down for a worker in another process, perhaps of another version."""

from collections.abc import Mapping
from typing import Any

from dispatch.wakeup.port import Wakeup

QUEUE = "dispatch"
TASK = "dispatch"
"""One task for every kind of job: what a worker can do is a matter of its handlers."""

VERSION = 1
"""The shape of an envelope; a worker leaves alone what has another."""


def seal(wakeup: Wakeup) -> dict[str, Any]:
    """A wake-up as JSON can hold it.

    >>> seal(Wakeup("deliver", {"batch": 7}, key="batch 7"))
    {'v': 1, 'job': 'deliver', 'payload': {'batch': 7}}
    """
    return {"v": VERSION, "job": wakeup.job, "payload": dict(wakeup.payload)}


def understands(envelope: Mapping[str, Any], jobs: Mapping[str, object]) -> bool:
    """Whether this version can do what the envelope asks for.

    >>> understands({"v": 1, "job": "deliver", "payload": {}}, {"deliver": print})
    True
    >>> understands({"v": 2, "job": "deliver", "payload": {}}, {"deliver": print})
    False
    """
    return (
        envelope.get("v") == VERSION
        and envelope.get("job") in jobs
        and isinstance(envelope.get("payload"), dict)
    )
