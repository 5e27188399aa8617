"""What every process of ours does, seen from within: it keeps to its limits, and tells its bugs."""

import gc
import sys
import traceback
from collections.abc import Callable
from typing import IO

from dispatch.subprocesses.limits import limit_memory


def run(serve: Callable[[IO[bytes], IO[bytes]], object]) -> None:
    """Serve whoever has started this process, within its memory, until they hang up."""
    limit_memory()
    gc.freeze()  # what was imported is never garbage
    gc.enable()  # where it was not looked for while that was done
    serve(sys.stdin.buffer, sys.stdout.buffer)


def for_the_other_side(bug: Exception) -> RuntimeError:
    """A bug as an error that can be sent and raised there, with its traceback as a note."""
    told = RuntimeError(f"{type(bug).__name__}: {bug}")
    told.add_note("".join(traceback.format_exception(bug)))
    return told
