"""The page that lists what the log can say."""

from collections.abc import Iterator

from generator.markdown import table

from dispatch.log_events import CONTEXT, EVENTS, FIELDS


def log_events() -> Iterator[str]:
    """The events and their fields, from where they are declared."""
    yield "# Log events"
    yield (
        "`dispatch up`, `dispatch worker` and `dispatch run` log to standard error, one event a "
        "line. People read the sentence first. With `DISPATCH_LOG_JSON=true` a line is a JSON "
        "object: `timestamp`, `level`, `event`, `message` (the sentence), the fields, and "
        "`exception` where something broke. Names and fields stay; the words of a sentence may "
        "change, so look for the name."
    )
    yield (
        "While something is at work, each line names it, also a library's: "
        + ", ".join(f"`{name}`" for name in CONTEXT)
        + ". No field is a secret, and a value under a key such as `password` or `token` is hidden."
    )
    yield table(
        ("event", "level", "when", "sentence", "fields"),
        (
            (
                f"`{name}`",
                one.level,
                one.when,
                f"`{one.message}`",
                ", ".join(f"`{field}`" for field in one.fields),
            )
            for name, one in sorted(EVENTS.items())
        ),
    )
    yield "## Fields"
    yield table(("field", "meaning"), ((f"`{name}`", says) for name, says in FIELDS.items()))
