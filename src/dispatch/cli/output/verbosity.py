"""How much a command says: its last word, all of it as a rule, or more than that."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from typer import BadParameter


class Level(StrEnum):
    """How much is said."""

    QUIET = "quiet"
    NORMAL = "normal"
    VERBOSE = "verbose"


@dataclass(slots=True)
class Verbosity:
    """What this call was asked to say; `last` prints what it said last, if that is still to come.

    Errors are always said.
    """

    level: Level = Level.NORMAL
    last: Callable[[], object] | None = None

    @property
    def quiet(self) -> bool:
        """Whether only the last word is wanted."""
        return self.level is Level.QUIET

    @property
    def verbose(self) -> bool:
        """Whether more is wanted than people need as a rule."""
        return self.level is Level.VERBOSE

    def ask_for(self, level: Level) -> None:
        """Note what somebody typed; raises BadParameter where both were."""
        if self.level not in {Level.NORMAL, level}:
            raise BadParameter("-q and -v ask for contrary things - choose one of them")
        self.level = level

    def tell(self, tell: Callable[[], object]) -> None:
        """Print something, at once or, where it may be the last word, at the end."""
        if self.quiet:
            self.last = tell
        else:
            tell()

    def tell_whole(self) -> None:
        """From now on leave nothing out: all that comes is what was asked for."""
        if self.quiet:
            self.level = Level.NORMAL

    def end(self) -> None:
        """Print the last word."""
        last, self.last = self.last, None
        if last is not None:
            last()


_ASKED: ContextVar[Verbosity | None] = ContextVar("verbosity", default=None)


def verbosity() -> Verbosity:
    """What this call was asked to say; outside of one, all of it."""
    return _ASKED.get() or Verbosity()


def configure_log(*, as_json: bool = False, at_length: bool = False) -> None:
    """Have the log say as much as this call was asked to say.

    `at_length` is for commands that run on, and tell what they do by their log.
    """
    from dispatch import log

    asked = verbosity()
    more = asked.verbose or (at_length and not asked.quiet)
    log.configure(as_json=as_json, level="info" if more else "warning")


@contextmanager
def one_call() -> Iterator[Verbosity]:
    """Have a call of the command line say as much as it is asked for, and its last word."""
    asked = Verbosity()
    token = _ASKED.set(asked)
    try:
        yield asked
    finally:
        _ASKED.reset(token)


def ask_for_quiet(wanted: bool) -> None:
    """`--quiet`, wherever it stands."""
    if wanted:
        verbosity().ask_for(Level.QUIET)
        configure_log()


def ask_for_more(wanted: bool) -> None:
    """`--verbose`, wherever it stands."""
    if wanted:
        verbosity().ask_for(Level.VERBOSE)
        configure_log()
