"""What is wrong with a call, as scripts read it: problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

KIND = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Its name.")
    problem: str = Field(description="A word for programs, such as no_address.")
    detail: str = Field(description="The same for people, with what to do.")


class Problem(BaseModel):
    """What is wrong."""

    type: str = Field(default="about:blank", description="Nothing but the status says its kind.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong, and what to do.")
    errors: list[FieldProblem] = Field(default_factory=list, description="Of which fields.")
    challenge: dict[str, Any] | None = Field(
        default=None,
        description="Where proof of work is missing: an ALTCHA challenge (version 2), whose solved"
        " payload is to be posted as proof.",
    )


class ProblemResponse(JSONResponse):
    """A problem on its way."""

    media_type = KIND


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    errors: Sequence[FieldProblem] = (),
    challenge: Mapping[str, Any] | None = None,
    retry_after: float = 0,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """An answer with a problem; `retry_after` is in seconds."""
    said = Problem(
        title=status.phrase,
        status=status.value,
        detail=detail,
        errors=list(errors),
        challenge=dict(challenge) if challenge else None,
    )
    sent = dict(headers or {})
    if retry_after:
        sent["Retry-After"] = str(max(1, ceil(retry_after)))
    return ProblemResponse(said.model_dump(exclude_none=True), status.value, headers=sent)
