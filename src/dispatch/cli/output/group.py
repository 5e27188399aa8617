"""Groups of commands: what is typed anywhere, and what a list of commands says of each."""

from typing import Any

from typer.core import TyperGroup

TYPED_ANYWHERE = frozenset({"_quiet", "_verbose"})
"""Options of `dispatch` that people also type after the command."""

WIDTH = 80
"""Columns of a terminal that nobody has made wider."""


class Group(TyperGroup):
    """A group whose commands take what people type anywhere, too."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            known = {one.name for one in command.params}
            for one in ctx.find_root().command.params:
                if one.name in TYPED_ANYWHERE and one.name not in known:
                    command.params.append(one)
            beside = max(map(len, self.commands)) + 6  # the names, and the space around them
            command.short_help = command.short_help or in_short(command.help, WIDTH - beside)
        return command


def in_short(help_text: str | None, room: int) -> str:
    """As much of the first sentence as fits, ending where a part of it ends.

    >>> in_short("Show the editions, newest first, and how many more. For each one.", 40)
    'Show the editions, newest first.'
    >>> in_short("Show the channels.", 40)
    'Show the channels.'
    """
    sentence = " ".join((help_text or "").split("\n\n")[0].split()).partition(". ")[0].rstrip(".")
    while len(sentence) >= room and any(stop in sentence for stop in ",;:"):
        sentence = sentence[: max(map(sentence.rfind, ",;:"))]
    return f"{sentence}." if sentence else ""
