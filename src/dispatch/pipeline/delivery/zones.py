"""The readers of an edition by their time zones, for campaigns that go by each reader's clocks."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.model.campaigns.sending import SendingPlan, known_zone


@dataclass(frozen=True, slots=True)
class ZoneGroup:
    """The readers of one zone, by their ids, and when they get it."""

    timezone: str
    due: datetime
    readers: Sequence[int]


def by_zone(
    people: Iterable[tuple[int, str]], plan: SendingPlan, *, now: datetime
) -> list[ZoneGroup]:
    """Group people by the zones they gave; the zone that gets it first comes first.

    People who gave none, or one that we do not know, go by the campaign's.
    """
    named: dict[str, array[int]] = {}  # by the name as people gave it: there are few of them
    for reader, timezone in people:
        readers = named.get(timezone)
        if readers is None:
            readers = named[timezone] = array("q")
        readers.append(reader)
    groups: dict[str, array[int]] = {}
    for name, readers in named.items():
        zone = name if name and known_zone(name) else plan.timezone
        groups.setdefault(zone, array("q")).extend(readers)
    found = [ZoneGroup(zone, plan.due_in(zone, now), ids) for zone, ids in groups.items()]
    return sorted(found, key=lambda group: (group.due, group.timezone))
