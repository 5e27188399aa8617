"""One thing that programs can ask of us: its address, who may, and what goes in and comes out."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import BaseModel

from dispatch.model.team.role import Right
from dispatch.web.limits import CALL_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.web.api.call import Call

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """`handler` answers a call; its name is the operation's, its docstring what is told of it.

    `gives` is the model of what it answers; None: nothing (204), or whatever `media` is, as
    a `Response` that the handler has made. `takes` is the model of the body, which is JSON;
    `raw` are the types of a body that is handed on as it came (`call.raw`). `query` is the model of
    what stands behind the question mark. `tag` gives the ETag of what is asked for or changed: who
    changes it has to say by If-Match what they saw. `may` are statuses of problems that it can
    answer beside those that all do. A change is made by turns, and in one transaction with the
    answer to its Idempotency-Key; one that is `slow`, as it asks elsewhere, writes files or takes
    long, is made at once and on its own. `again` makes what is answered to who repeats a call, from
    the last part of the `Location` that was answered: for what tells of readers, as no answer with
    such is kept. `also` is a status with the same model, where nothing had to be done any more.
    What is read in `one_picture` is read in one transaction, which is quicker: only for what
    renders nothing and asks nobody else.
    """

    method: str
    path: str
    handler: "Callable[[Call], object]"
    right: Right
    gives: type[BaseModel] | None = None
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = HTTPStatus.OK
    also: int = 0
    slow: bool = False
    one_picture: bool = False
    may: tuple[int, ...] = ()
    tag: "Callable[[Call], str] | None" = None
    media: str = JSON
    raw: tuple[str, ...] = ()
    most_bytes: int = CALL_BYTES
    again: "Callable[[Call, str], object] | None" = None

    @property
    def name(self) -> str:
        """What it is called, such as `list_editions`."""
        return str(getattr(self.handler, "__name__", "operation"))

    @property
    def noun(self) -> str:
        """What it is about, as the description groups operations."""
        return self.path.split("/")[1].partition(".")[0]

    @property
    def changes(self) -> bool:
        """Whether it may leave anything other than it was."""
        return self.method != "GET"
