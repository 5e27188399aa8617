"""The process that renders, within its limits, until stdin ends."""

import gc

if __name__ == "__main__":
    gc.disable()  # nothing that is imported is garbage; `run` enables it

import os
import pickle
from typing import IO, TYPE_CHECKING, Any

from dispatch.errors import DispatchError, TemplateFailed
from dispatch.model.editions.edition import EditionContent
from dispatch.render.digests import compile_variant  # noqa: F401 - what most of us are started for
from dispatch.render.digests.mjml import MrmlGaveUp
from dispatch.render.local_renderer import LocalRenderer
from dispatch.render.subprocesses.request import CONTENTS, KEPT, Request
from dispatch.subprocesses.child import for_the_other_side, run
from dispatch.subprocesses.limits import SPARE, set_alarm
from dispatch.subprocesses.messages import FULL, READY, receive, send

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Child:
    """Does what it is asked; it keeps the contents that it was told of last."""

    def __init__(self) -> None:
        self._done = 0
        renderer = LocalRenderer()
        self._contents: dict[int, EditionContent] = {}
        self._tasks: Mapping[str, Callable[..., object]] = {
            "proof": _proof,
            "digest": renderer.digest,
            "variant": renderer.variant,
            "page": renderer.page,
            "headline": renderer.headline,
            "snippets": renderer.snippets,
        }
        self._others: Mapping[str, Callable[..., object]] = {
            "check_template": _check_template,
            "check_mail_template": _check_mail_template,
            "check_page": _check_page,
            "check_segment": _check_segment,
            "reader_mail": renderer.reader_mail,
            "pick": lambda *asked: renderer.pick(*asked, seconds=0),
        }

    def do(self, request: Request) -> tuple[object, Exception | None]:
        """What it gives, and what it raises."""
        try:
            if request.content is not None:
                self._keep(request.number, request.content)
            if request.number:
                content = self._contents[request.number]
                return self._tasks[request.task](content, *request.args, **request.more), None
            return self._others[request.task](*request.args, **request.more), None
        except MrmlGaveUp as refusal:
            if self._done:
                os._exit(FULL)  # it may have lacked the memory that others took: tried anew
            return None, TemplateFailed(str(refusal))
        except DispatchError as refusal:
            return None, TemplateFailed(str(refusal))
        except MemoryError:
            os._exit(FULL)  # nothing that needs memory can be relied on
        except Exception as bug:  # noqa: BLE001 - it is raised again, on the other side
            return None, for_the_other_side(bug)
        finally:
            self._done += 1

    def _keep(self, number: int, content: EditionContent) -> None:
        while len(self._contents) >= CONTENTS:
            del self._contents[next(iter(self._contents))]  # as those who ask reckon with
        self._contents[number] = content


# What checks imports more than making variants takes, which is what a sender waits for.


def _proof(content: EditionContent) -> None:
    from dispatch.render.trials.proof import proof

    proof(content)


def _check_template(*asked: Any, **more: Any) -> list[str]:
    from dispatch.render.trials.check import check_template

    return check_template(*asked, **more)


def _check_mail_template(*asked: Any, **more: Any) -> list[str]:
    from dispatch.render.trials.check_mail import check_mail_template

    return check_mail_template(*asked, **more)


def _check_page(*asked: Any) -> list[str]:
    from dispatch.render.trials.check_page import check_page

    return check_page(*asked)


def _check_segment(segment: str) -> None:
    from dispatch.render.templates.segment import compile_segment

    compile_segment(segment)


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Do one thing after the other until the service hangs up, or has nothing for a while."""
    child = Child()
    answers.write(READY)
    answers.flush()
    while True:
        set_alarm(KEPT + SPARE)
        try:
            request: Request = pickle.loads(receive(requests))  # noqa: S301 - of our parent
        except EOFError:
            return
        set_alarm(request.seconds + SPARE)
        send(answers, pickle.dumps(child.do(request)))


if __name__ == "__main__":
    run(serve)
