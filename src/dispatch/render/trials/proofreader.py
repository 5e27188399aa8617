"""The process that `apart` starts: tries templates, within its limits, until stdin ends."""

import gc
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import IO

from dispatch.errors import DispatchError, TemplateFailed
from dispatch.render.trials.check import check_template
from dispatch.render.trials.proof import proof
from dispatch.render.trials.subprocess_renderer import KEPT
from dispatch.subprocesses.limits import SPARE, limit_memory, set_alarm
from dispatch.subprocesses.messages import FULL, READY, receive, send

TASKS: Mapping[str, Callable[..., object]] = {
    "proof": proof,
    "check_template": check_template,
}


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Do one task after the other until the service hangs up, or has none for a while.

    It says that it is ready. An answer is a pair: what the task gives, and what it raises.
    """
    answers.write(READY)
    answers.flush()
    while True:
        set_alarm(KEPT + SPARE)
        try:
            task, seconds, args, more = pickle.loads(receive(requests))  # noqa: S301 - of our parent
        except EOFError:
            return
        set_alarm(seconds + SPARE)
        send(answers, pickle.dumps(_do(TASKS[task], args, more)))


def _do(
    task: Callable[..., object], args: Iterable[object], more: Mapping[str, object]
) -> tuple[object, Exception | None]:
    try:
        return task(*args, **more), None
    except DispatchError as refusal:
        return None, TemplateFailed(str(refusal))
    except MemoryError:
        os._exit(FULL)  # nothing that needs memory can be relied on
    except Exception as bug:  # noqa: BLE001 - it is raised again, on the other side
        bug_there = RuntimeError(f"{type(bug).__name__}: {bug}")
        bug_there.add_note("".join(traceback.format_exception(bug)))
        return None, bug_there


if __name__ == "__main__":
    limit_memory()
    gc.freeze()  # what was imported is never garbage
    serve(sys.stdin.buffer, sys.stdout.buffer)
