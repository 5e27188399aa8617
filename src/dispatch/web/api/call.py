"""A program calls: all that a handler works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import quote

from pydantic import BaseModel
from starlette.requests import Request

from dispatch.errors import NotFound
from dispatch.model.team.api_token import ApiToken
from dispatch.model.team.person import Person
from dispatch.model.team.role import Right
from dispatch.web.api.problems import Refused, missing_right

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.api.cursors import Bound

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(kw_only=True)
class Call:
    """`raw` is the body as it came, `body` and `asked` what was read of it and of the query.

    `cursors` are those of the list that is asked for, if it is one with pages.
    """

    request: Request
    app: "App"
    token: ApiToken
    now: datetime
    raw: bytes = b""
    body: BaseModel | None = None
    asked: BaseModel | None = None
    cursors: "Bound | None" = None
    _known: dict[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        """In whose name the program speaks."""
        return self.token.person

    @property
    def by(self) -> str:
        """Their handle, as use cases want it."""
        return self.token.person.handle

    @property
    def rights(self) -> frozenset[Right]:
        """What the token may do now."""
        return self.token.rights

    def may(self, right: Right) -> bool:
        """Whether it may do something."""
        return right in self.rights

    def need(self, right: Right) -> None:
        """Raise Refused (403) where it may not do something that only some of its calls do."""
        if not self.may(right):
            raise Refused(missing_right(right))

    def said(self, model: type[Model]) -> Model:
        """The body, as the operation's `takes` has read it."""
        return _read_as(model, self.body)

    def query(self, model: type[Model]) -> Model:
        """What stands behind the question mark, as the operation's `query` has read it."""
        return _read_as(model, self.asked)

    def part(self, name: str) -> str:
        """A part of the address, such as an id; raises NotFound for what no database takes."""
        part = str(self.request.path_params[name])
        if "\0" in part:
            raise NotFound("address: nothing is called that")
        return part

    def number(self, name: str) -> int:
        """A part of the address that is a number of ours; raises NotFound for any other."""
        part = self.part(name)
        if not (part.isascii() and part.isdecimal() and len(part) <= _LONGEST_NUMBER):
            raise NotFound(f"{part}: no number of ours - see the list")
        return int(part)

    def found_at(self, *parts: str) -> dict[str, str]:
        """The header that says where a thing is that was made: the address of its GET."""
        begin = self.request.scope.get("root_path", "")
        return {"Location": "/".join([begin, *(quote(part, safe="") for part in parts)])}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What is read once for a call: its tag and its change are of the same thing."""
        if name not in self._known:
            self._known[name] = make()
        return cast("T", self._known[name])

    def again(self, name: str, made: T) -> T:
        """What it is after the change: the answer's tag is of that."""
        self._known[name] = made
        return made


def _read_as(model: type[Model], said: BaseModel | None) -> Model:
    if not isinstance(said, model):
        raise TypeError(f"the operation reads no {model.__name__}: say so where it is listed")
    return said


_LONGEST_NUMBER = 18
