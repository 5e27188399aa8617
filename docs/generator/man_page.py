"""The manual page dispatch(1), as `man` reads it: roff with the macros of man(7)."""

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any


def man_page(command: Any, *, version: str) -> str:
    """The page of a command with all its subcommands."""
    lines = [
        '.\\" Made by docs/generate.py from the code: change the code, then run `make docs`.',
        f'.TH DISPATCH 1 "" "dispatch {version}" "User commands"',
        ".SH NAME",
        "dispatch \\- newsletters and social posts from your feeds",
        ".SH SYNOPSIS",
        ".B dispatch",
        "[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]",
        ".SH DESCRIPTION",
        *_paragraphs(command.help or ""),
        ".PP",
        _text(
            "A workspace is a folder with schedules.yaml, templates/ and subscribers/. "
            "Commands work on the one in the current folder, or that of \\-\\-workspace. "
            "Tables become JSON with \\-\\-json."
        ),
        ".SH OPTIONS",
        *_options(command),
        ".SH COMMANDS",
        *_commands(command, "dispatch"),
        ".SH EXIT STATUS",
        *_item("0", "Done."),
        *_item("1", "Something failed: a feed, a channel, a delivery, the database."),
        *_item("2", "Something people wrote is wrong: a file, a name, a setting."),
        ".SH ENVIRONMENT",
        *_item("DISPATCH_DATABASE_URL", "Where the database is: a file in the workspace if unset."),
        *_item("DISPATCH_...", "The other settings are in docs/reference/settings.md."),
        ".SH FILES",
        *_item("schedules.yaml", "Feeds, channels and campaigns."),
        *_item("subscribers/*.csv", "People who asked for something, a file for each audience."),
        *_item("templates/*/", "How digests and snippets look and read."),
        ".SH EXAMPLES",
        ".EX",
        "dispatch init letters && cd letters",
        "dispatch check",
        "dispatch run weekly",
        ".EE",
    ]
    return "\n".join(lines) + "\n"


def _commands(command: Any, name: str) -> Iterator[str]:
    for child in command.commands.values():
        whole = f"{name} {child.name}"
        if getattr(child, "commands", None):
            yield from _commands(child, whole)
            continue
        given = [one for one in child.params if not one.opts[0].startswith("-")]
        names = [
            f"\\fI{one.name}\\fR" if one.required else f"[\\fI{one.name}\\fR]" for one in given
        ]
        yield f".SS {' '.join([_text(whole), *names])}"
        yield from _paragraphs(child.help or "")
        yield from _options(child)
        if child.epilog:
            yield ".PP"
            yield _text(child.epilog)


def _options(command: Any) -> Iterator[str]:
    for one in command.params:
        if not one.opts[0].startswith("-"):
            yield from _item(f"\\fI{one.name}\\fR", one.help or "", bold=False)
            continue
        value = "" if getattr(one, "is_flag", False) else f" \\fI{one.name}\\fR"
        names = ", ".join(f"\\fB{_text(name)}\\fR{value}" for name in one.opts)
        yield from _item(names, one.help or "", bold=False)


def _item(name: str, meaning: str, *, bold: bool = True) -> Iterator[str]:
    yield ".TP"
    yield f"\\fB{name}\\fR" if bold else name
    yield _text(meaning)


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(cleandoc(text).split("\n\n")):
        if number:
            yield ".PP"
        yield _text(" ".join(paragraph.split()))


def _text(text: str) -> str:
    r"""Words as roff takes them literally; a line must not begin as a request does.

    >>> _text("it's --json, and `x`")
    "it\\(aqs \\-\\-json, and x"
    """
    text = text.replace("\\-", "-").replace("\\", "\\e").replace("`", "")
    text = text.replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
    return re.sub(r"^\.", r"\\&.", text)
