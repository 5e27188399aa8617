"""The process that reads feeds from stdin, within its limits, until that ends."""

import gc
import os
import pickle
from collections.abc import Callable
from typing import IO

from dispatch.errors import FeedError, FeedTooCostly, FeedUnreadable
from dispatch.feeds.parse.document import parse
from dispatch.feeds.web.address import shown
from dispatch.model.intake.feed import FeedDocument
from dispatch.subprocesses.child import for_the_other_side, run
from dispatch.subprocesses.limits import SPARE, set_alarm, used_memory
from dispatch.subprocesses.messages import FULL, READY, receive, send

Parse = Callable[..., FeedDocument]
"""What reads a body: `parse`, or another with the same parameters."""

LARGEST = 40_000_000  # bytes of an answer: the service has to hold it
MOST = 500  # feeds, so that nothing adds up
LARGE = 200_000  # bytes of a feed after which it is worth the time to tidy up
GROWN = 60_000_000  # bytes after a feed; memory is given back by ending


def serve(requests: IO[bytes], answers: IO[bytes], *, parse: Parse = parse) -> None:
    """Answer one feed after the other until the service hangs up, or it is time for a new process.

    It says that it is ready. An answer is a pair: what `parse` gives or raises, and whether it is
    the last.
    """
    answers.write(READY)
    answers.flush()
    for number in range(1, MOST + 1):
        try:
            url, content_type, seconds = pickle.loads(receive(requests))  # noqa: S301 - of our parent
        except EOFError:
            return
        set_alarm(seconds + SPARE)
        body = receive(requests)
        result = read(body, url, content_type, parse)
        set_alarm(0)
        last = number == MOST or used_memory() > GROWN
        answer = pickle.dumps((result, last), protocol=pickle.HIGHEST_PROTOCOL)
        if len(answer) > LARGEST:
            result = FeedTooCostly(
                f"{shown(url)}: its posts are too long - ask its owner for a feed with fewer posts"
            )
            last, answer = True, pickle.dumps((result, True))
        send(answers, answer)
        if last:
            return
        if len(body) > LARGE:
            del body, result, answer
            gc.collect()  # what feedparser leaves refers to itself


def read(
    body: bytes, url: str, content_type: str, parse: Parse = parse
) -> FeedDocument | Exception:
    """What `parse` gives or raises; where that is no FeedError it brings its traceback along."""
    try:
        return parse(body, url=url, content_type=content_type)
    except FeedError as refusal:
        return FeedUnreadable(str(refusal))
    except MemoryError:
        os._exit(FULL)  # nothing that needs memory can be relied on
    except Exception as bug:  # noqa: BLE001 - it is raised again, on the other side
        return for_the_other_side(bug)


if __name__ == "__main__":
    run(serve)
