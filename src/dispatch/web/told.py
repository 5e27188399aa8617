"""An error as it is told where nobody types commands."""

from dispatch.errors import DispatchError


def told(error: DispatchError) -> str:
    """What an error says, without advice to type a command."""
    return "\n".join(_without_command(line) for line in str(error).split("\n"))


def _without_command(line: str) -> str:
    """A message without its advice, if that is for who works in a terminal.

    >>> _without_command("edition 1 is approved already - 'dispatch editions reject' drops it")
    'edition 1 is approved already'
    >>> _without_command("feed atelier: is not known - see the others")
    'feed atelier: is not known - see the others'
    """
    sentence, _, advice = line.partition(" - ")
    return sentence if "'dispatch " in advice else line
