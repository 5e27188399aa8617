"""The page that says what each field of an exported run means."""

from collections.abc import Iterator, Mapping

from generator.markdown import table

from dispatch.cli.campaigns.run_rows import EDITION_FIELDS, POST_FIELDS, RUN_FIELDS


def run_log() -> Iterator[str]:
    """The fields, from where they are filled."""
    yield "# The run log as JSON"
    yield (
        "`dispatch runs export` writes one run a line (JSON Lines), `runs list --json` and "
        "`runs show --json` the same fields. Fields are added now and then; none changes "
        "its name or meaning. Moments are ISO 8601 with their offset, in UTC; `local` has none. "
        "[How to read it](../how-to/read-the-run-log.md)."
    )
    yield from _fields("A run", RUN_FIELDS)
    yield from _fields("Its `edition`", EDITION_FIELDS)
    yield from _fields("Each of its `posts`", POST_FIELDS)


def _fields(title: str, fields: Mapping[str, str]) -> Iterator[str]:
    yield f"## {title}"
    yield table(("field", "meaning"), ((f"`{name}`", says) for name, says in fields.items()))
