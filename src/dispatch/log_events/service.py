"""What the service says of itself: its database, its steps, its workers, its libraries."""

from dispatch.log_events.event import AS_THEY_SAY, LogEvent

EVENTS = {
    "database.refused": LogEvent(
        "warning",
        "nothing is done: {problem}",
        "The database is not this workspace's, or cannot be read: a tick does nothing.",
        ("problem",),
    ),
    "step.failed": LogEvent(
        "warning",
        "{problem}",
        "A part of a tick failed; the others were done.",
        ("step", "problem"),
    ),
    "step.crashed": LogEvent(
        "error",
        "a bug, in {step}",
        "A part of a tick failed by a bug of ours; the others were done.",
        ("step",),
    ),
    "job.failed": LogEvent(
        "warning",
        "{problem}",
        "A worker's job failed. Reconciling wakes for what is left.",
        ("job", "problem"),
    ),
    "job.crashed": LogEvent(
        "error",
        "a bug, in the job {job}",
        "A worker's job failed by a bug of ours.",
        ("job",),
    ),
    "worker.database_lost": LogEvent(
        "warning",
        "worker lost the database, trying again: {problem}",
        "A worker on PostgreSQL has lost its connection.",
        ("problem",),
    ),
    "worker.crashed": LogEvent(
        "error",
        "a bug in the worker, which begins anew",
        "A worker on PostgreSQL ended by a bug.",
    ),
    "sender.died": LogEvent(
        "warning",
        "a process that sends has ended by itself ({code}); another takes its place",
        "A process that sends mail was killed, or ended by a bug. What was in a server's hands at "
        "that moment is unknown, and the rest goes on. `deaths` says how often that was.",
        ("code", "deaths"),
    ),
    "sender.not_started": LogEvent(
        "warning",
        "no process starts that sends ({problem}); others go on - see what else runs there",
        "The system gave no process to send mail: too many run, or memory is short. The edition "
        "goes on with those that are there.",
        ("problem",),
    ),
    "wakeup.put_back": LogEvent(
        "warning",
        "wake-up not understood, put back",
        "A wake-up was written by another version, and is left to its workers.",
        ("envelope",),
    ),
    "library.said": LogEvent(
        AS_THEY_SAY,
        "{text}",
        "A library had something to say.",
        ("logger", "text"),
    ),
    "database.adopted": LogEvent(
        "info",
        "the database is the right one, says {by}",
        "Somebody goes on with a database that the workspace may not have known.",
        ("by",),
    ),
    "database.restored": LogEvent(
        "info",
        "the database is put back from a copy by {by}",
        "Somebody has put the database back.",
        ("by",),
    ),
    "notify.failed": LogEvent(
        "warning",
        "receiver {receiver} has not taken what it was told: {problem}",
        "A program of `notify:` fails; it is tried again, and no more is said until it works.",
        ("receiver", "problem"),
    ),
    "notify.forgotten": LogEvent(
        "warning",
        "{number} notifications were never taken, and are forgotten",
        "They waited for 90 days: their program is off, or takes fewer than there are.",
        ("number",),
    ),
    "notify.off": LogEvent(
        "warning",
        "receiver {receiver} is told nothing more: {problem}",
        "A program of `notify:` said that it is gone, or has failed for days; `dispatch notify"
        " resume` turns it on again.",
        ("receiver", "problem"),
    ),
}
