"""What the log can say: each event's name, level and sentence, and what its fields mean.

`docs/reference/log-events.md` is made from this. Tests compare it with what the code logs.
"""

from dispatch.log_events import delivery, editions, intake, people, service, team, web
from dispatch.log_events.event import AS_THEY_SAY, LogEvent
from dispatch.log_events.fields import CONTEXT, FIELDS

__all__ = ["AS_THEY_SAY", "CONTEXT", "EVENTS", "FIELDS", "LogEvent"]

EVENTS = {
    name: event
    for wing in (service, intake, people, team, editions, delivery, web)
    for name, event in wing.EVENTS.items()
}
