"""The reference pages, made from the code they describe: `make docs` writes them.

Tests compare what stands in docs/reference/ with what this gives, so that a page cannot lag behind.
"""

import sys
import typing
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from datetime import timedelta
from inspect import cleandoc
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer
from generator.log_events import log_events
from generator.man_page import man_page
from generator.markdown import code, one_paragraph, table
from generator.run_log import run_log
from generator.schedules import schedules
from generator.template_variables import template_variables
from pydantic import BaseModel

from dispatch import errors
from dispatch.channels.find import find_provider, provider_names
from dispatch.channels.provider import Capabilities
from dispatch.cli import main as command_line
from dispatch.config.process.settings import PREFIX, Settings
from dispatch.version import __version__

FOLDER = Path(__file__).parent / "reference"
MANUAL = Path(__file__).parent / "dispatch.1"
MADE = "<!-- Made by docs/generate.py from the code: change the code, then run `make docs`. -->"


def pages() -> dict[str, str]:
    """File name to text, for every page in docs/reference/."""
    made: dict[str, Callable[[], Iterator[str]]] = {
        "cli.md": cli,
        "errors.md": error_tree,
        "log-events.md": log_events,
        "providers.md": providers,
        "run-log.md": run_log,
        "schedules.md": schedules,
        "settings.md": settings,
        "template-variables.md": template_variables,
    }
    return {name: "\n\n".join([MADE, *make()]) + "\n" for name, make in made.items()}


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


def providers() -> Iterator[str]:
    """What each provider declares about itself, and its options."""
    yield "# Providers"
    yield (
        "What `provider:` may say under `channels:` in `schedules.yaml`. The channel `outbox`, "
        "which writes files, is there without being configured. *Drops repeats* is how long the "
        "service ignores a second copy of a message it has taken: within that time a lost answer "
        "is tried again, after it the delivery is `unknown` "
        "([the promises](../explanation/delivery-promises.md)). *Known from* says how we know that "
        "an adapter works: its documentation, recorded answers, or the live service."
    )
    found = {name: find_provider(name) for name in provider_names()}
    yield table(
        ("provider", "carries", "at once", "drops repeats", "text", "link", "known from"),
        (_features(name, provider.capabilities) for name, provider in found.items()),
    )
    for name, provider in found.items():
        yield f"## {name}"
        about = sys.modules[provider.__module__].__doc__ or ""
        yield one_paragraph(about.partition("\n\n")[0])
        yield f"Limits from <{provider.capabilities.source}>."
        yield options(provider.Options)


def _features(name: str, one: Capabilities) -> tuple[str, ...]:
    return (
        f"[{name}](#{name})",
        ", ".join(sorted(one.carries)),
        str(one.batch),
        _length_of(one.idempotent_for),
        f"{one.max_text} {one.counting}" if one.max_text else "no limit",
        f"counts {one.link_cost}" if one.link_cost else "its length",
        one.evidence,
    )


def _length_of(time: timedelta) -> str:
    if not time:
        return "no"
    if time >= timedelta(days=1):
        return f"{time.days} days"
    return f"{int(time.total_seconds() / 60)} minutes"


def options(model: type[BaseModel]) -> str:
    """The options of a provider as a table."""
    rows = []
    for name, field in model.model_fields.items():
        secret = "SecretStr" in str(field.annotation)
        default = "" if secret or field.is_required() else code(field.default)
        notes = " (secret: `env:NAME` or `file:PATH`)" if secret else ""
        choices = typing.get_args(field.annotation)
        if typing.get_origin(field.annotation) is typing.Literal:
            notes = ": " + ", ".join(code(one) for one in choices)
        rows.append(
            (
                f"`{name}`",
                "yes" if field.is_required() else "",
                default,
                (field.description or "") + notes,
                ", ".join(code(one) for one in field.examples or ()),
            )
        )
    return table(("option", "needed", "default", "meaning", "example"), rows)


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
    FOLDER.mkdir(exist_ok=True)
    MANUAL.write_text(manual(), encoding="utf-8")
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
