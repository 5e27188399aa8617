"""The process that reads pictures from stdin, within its limits, until that ends."""

import os
import pickle
from collections.abc import Callable
from typing import IO

from dispatch.feeds.pictures.ordinary import make_ordinary
from dispatch.model.editions.card import KeptPicture
from dispatch.subprocesses.child import run
from dispatch.subprocesses.limits import SPARE, set_alarm
from dispatch.subprocesses.messages import FULL, READY, receive, send


def serve(
    requests: IO[bytes],
    answers: IO[bytes],
    make: Callable[[bytes], KeptPicture] = make_ordinary,
) -> None:
    """Answer one picture after the other until the service hangs up; it says that it is ready.

    An answer is the picture, or a few words on what is wrong with it.
    """
    answers.write(READY)
    answers.flush()
    while True:
        try:
            seconds = float(receive(requests))
        except EOFError:
            return
        data = receive(requests)
        set_alarm(seconds + SPARE)
        result = read(data, make)
        set_alarm(0)
        send(answers, pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL))


def read(data: bytes, make: Callable[[bytes], KeptPicture]) -> KeptPicture | str:
    """The picture, or what is wrong with it."""
    try:
        return make(data)
    except ValueError as problem:
        return str(problem)
    except MemoryError:
        os._exit(FULL)  # nothing that needs memory can be relied on


if __name__ == "__main__":
    run(serve)
