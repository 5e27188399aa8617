"""What use cases refuse, as problems: one status for each kind of error."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from dispatch.errors import (
    BadInput,
    ChangedMeanwhile,
    Conflict,
    DispatchError,
    LinkOver,
    NotFound,
    NotWritable,
    ProviderError,
    StoreContended,
    StoreUnavailable,
    TooBusy,
)
from dispatch.web.api.answers import TagMissingError, TagOldError
from dispatch.web.api.problems import FieldProblem, ProblemResponse, problem
from dispatch.web.told import told

if TYPE_CHECKING:
    from dispatch.web.serving.tally import Tally


def told_of(request: Request, error: DispatchError) -> ProblemResponse:
    """The problem that an error is."""
    if isinstance(error, StoreUnavailable):
        return away(request, error)
    tell = next(tell for kind, tell in _TOLD if isinstance(error, kind))
    return tell(error)


def away(request: Request, error: Exception) -> ProblemResponse:
    """503: the database cannot be used now.

    That is told in the log once a minute, unless it is over in a moment.
    """
    if isinstance(error, StoreContended):
        detail = "others changed the same at once, and this was taken back - try again in a moment"
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, retry_after=1)
    tally: Tally = request.app.state.tally
    tally.note("web.page_unavailable", problem=str(error))
    detail = "the database cannot be used now - try again in a minute"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, retry_after=60)


def _busy(error: TooBusy) -> ProblemResponse:
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, told(error), retry_after=5)


def _unseen(error: TagMissingError) -> ProblemResponse:
    return problem(HTTPStatus.PRECONDITION_REQUIRED, str(error), kind="if-match-missing")


def _old(error: TagOldError) -> ProblemResponse:
    headers = {"ETag": f'"{error.tag}"'}
    return problem(HTTPStatus.PRECONDITION_FAILED, str(error), kind="changed", headers=headers)


def _bad(error: BadInput) -> ProblemResponse:
    errors = []
    for one in error.problems:
        name, _, said = str(one).partition(": ")
        if not said or "@" in name:  # of whom it is said is no field
            name, said = "body", str(one)
        errors.append(FieldProblem(field=name, problem="unusable", detail=said))
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, told(error), errors=errors)


def _as(status: HTTPStatus, kind: str = "") -> Callable[[DispatchError], ProblemResponse]:
    return lambda error: problem(status, told(error), kind=kind)


_TOLD: tuple[tuple[type[DispatchError], Callable[[Any], ProblemResponse]], ...] = (
    (TagMissingError, _unseen),
    (TagOldError, _old),
    (TooBusy, _busy),
    (NotFound, _as(HTTPStatus.NOT_FOUND)),
    (LinkOver, _as(HTTPStatus.GONE)),
    (ChangedMeanwhile, _as(HTTPStatus.CONFLICT, "changed")),
    (Conflict, _as(HTTPStatus.CONFLICT)),
    (NotWritable, _as(HTTPStatus.CONFLICT, "not-writable")),
    (BadInput, _bad),
    (ProviderError, _as(HTTPStatus.BAD_GATEWAY)),
    (DispatchError, _as(HTTPStatus.UNPROCESSABLE_ENTITY)),
)
"""How each is told; the first that fits."""
