"""The reference pages, made from the code they describe: `make docs` writes them.

Tests compare what stands in docs/ with what this gives, so that a page cannot lag behind.
"""

from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from functools import partial
from inspect import cleandoc
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer
from generator.api import api
from generator.client import client_files
from generator.log_events import log_events
from generator.man_page import man_page
from generator.markdown import code, one_paragraph, table
from generator.notifications import SCHEMAS, notification_schemas, notifications
from generator.providers import all_options, bundled, filled, overview
from generator.run_log import run_log
from generator.schedules import schedules
from generator.template_variables import template_variables

from dispatch import errors
from dispatch.cli import main as command_line
from dispatch.config.process.settings import PREFIX, Settings
from dispatch.version import __version__

FOLDER = Path(__file__).parent
MANUAL = FOLDER / "dispatch.1"
PROVIDERS = FOLDER / "providers"
CLIENT = FOLDER.parent / "src" / "dispatch" / "client"
MADE = "<!-- Made by docs/generate.py from the code: change the code, then run `make docs`. -->"


def pages() -> dict[str, str]:
    """Path below docs/ to text, for every page that is made, or of which a part is."""
    made: dict[str, Callable[[], Iterator[str]]] = {
        "providers/README.md": partial(overview, PROVIDERS),
        "reference/api.md": api,
        "reference/cli.md": cli,
        "reference/errors.md": error_tree,
        "reference/log-events.md": log_events,
        "reference/notifications.md": notifications,
        "reference/providers.md": partial(all_options, PROVIDERS),
        "reference/run-log.md": run_log,
        "reference/schedules.md": schedules,
        "reference/settings.md": settings,
        "reference/template-variables.md": template_variables,
    }
    whole = {name: "\n\n".join([MADE, *make()]) + "\n" for name, make in made.items()}
    whole[f"reference/{SCHEMAS}"] = notification_schemas()
    return whole | dict(_pages_of_providers())


def _pages_of_providers() -> Iterator[tuple[str, str]]:
    for name in bundled():
        page = PROVIDERS / f"{name}.md"
        if page.exists():  # a test asks for one of each
            yield f"providers/{page.name}", filled(page.read_text(encoding="utf-8"), name)


def cli() -> Iterator[str]:
    """Every command, from Typer."""
    yield "# The command line"
    yield (
        "Tables become JSON with `--json`. Exit codes: 0 done, 1 something failed, 2 something "
        "people wrote is wrong ([errors](errors.md)). `-h`, `-q` and `-v` may also stand after the "
        "command ([how](../how-to/command-line.md))."
    )
    yield from _command(typer.main.get_command(command_line.app), "dispatch")


def _command(command: Any, name: str) -> Iterator[str]:
    children = getattr(command, "commands", {})
    given = [one for one in command.params if not one.opts[0].startswith("-")]
    options = [one for one in command.params if one.opts[0].startswith("-")]
    names = [one.name.upper() if one.required else f"[{one.name.upper()}]" for one in given]
    yield f"## `{' '.join([name, *names])}`"
    yield cleandoc(command.help or "")
    if options or given:
        yield table(
            ("option", "meaning", "default"),
            ((_spelling(one), one.help or "", _default(one)) for one in [*given, *options]),
        )
    if command.epilog:
        yield _as_example(command.epilog)
    for child in children.values():
        yield from _command(child, f"{name} {child.name}")


def _spelling(parameter: Any) -> str:
    if not parameter.opts[0].startswith("-"):
        return f"`{parameter.name.upper()}`"
    value = "" if getattr(parameter, "is_flag", False) else f" {parameter.name.upper()}"
    return ", ".join(f"`{one}{value}`" for one in parameter.opts)


def _default(parameter: Any) -> str:
    if parameter.required or getattr(parameter, "is_flag", False):
        return ""
    if isinstance(parameter.show_default, str):
        return parameter.show_default
    return "" if parameter.default in {None, ""} else f"`{parameter.default}`"


def _as_example(epilog: str) -> str:
    label, _, example = epilog.partition(": ")
    return f"{label}: " + ", then ".join(f"`{part}`" for part in example.split(", then "))


def settings() -> Iterator[str]:
    """Every environment variable, from the settings model."""
    yield "# Settings"
    yield (
        "Environment variables; all may be left out. An unknown variable that begins with "
        f"`{PREFIX}` is an error, so that a misspelt one is noticed. Values are never shown in "
        "messages. Secrets of channels have names of your own: `schedules.yaml` says "
        "`env:NAME` or `file:PATH`."
    )
    yield table(
        ("variable", "default", "meaning"),
        (
            (
                f"`{PREFIX}{name.upper()}`",
                "" if field.is_required() else code(field.default),
                field.description or "",
            )
            for name, field in Settings.model_fields.items()
        ),
    )


def error_tree() -> Iterator[str]:
    """What can go wrong on purpose, from the exception classes."""
    yield "# Errors and exit codes"
    yield (
        "A message names the thing, the problem and, after a dash, what to do. Problems in files "
        "read `file:line: key: problem - advice`, all of them at once; nothing is half applied."
    )
    yield table(
        ("exit code", "means"),
        (
            ("`0`", "done"),
            ("`1`", "something failed: a feed, a channel, a delivery, the database"),
            ("`2`", "something people wrote is wrong: a file, a name, a setting"),
        ),
    )
    yield (
        "`dispatch run` ends with 1 where a feed could not be read, a delivery was refused, failed "
        "or is unknown, or somebody is still to be served; with 2 where a row of a subscriber file "
        "needs mending. The rest of the work is done all the same."
    )
    yield "## The kinds of errors"
    yield "For those who write providers or call the code; the indentation is the class tree."
    yield "\n".join(_errors(errors.DispatchError, 0))


def _errors(error: type[errors.DispatchError], depth: int) -> Iterator[str]:
    says = one_paragraph((error.__doc__ or "").split("\n\n")[0])
    yield f"{'  ' * depth}- `{error.__name__}` (exit code {_exit_code(error)}): {says}"
    for child in error.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _errors(child, depth + 1)


def _exit_code(error: type[errors.DispatchError]) -> object:
    """What the command line makes of it, found by letting it happen."""
    given = error([]) if issubclass(error, errors.BadInput) else error("")
    with patch.object(command_line, "command", side_effect=given), redirect_stderr(StringIO()):
        try:
            command_line.main()
        except SystemExit as end:
            return end.code
    return 0


def manual() -> str:
    """The manual page, which is installed with the program."""
    return man_page(typer.main.get_command(command_line.app), version=__version__)


def main() -> None:
    """Write the pages."""
    MANUAL.write_text(manual(), encoding="utf-8")
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for name, text in client_files().items():
        (CLIENT / name).parent.mkdir(exist_ok=True)
        (CLIENT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
