"""What is wrong with a call, as scripts read it: problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from dispatch.model.team.role import Right, roles_with

KIND = "application/problem+json"
OWN = "urn:dispatch:problem:"
"""How the types of problems begin that say more than their status."""


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Its name.")
    problem: str = Field(description="A word for programs, such as no_address.")
    detail: str = Field(description="The same for people, with what to do.")


class Problem(BaseModel):
    """What is wrong."""

    type: str = Field(
        default="about:blank",
        description="about:blank where the status says its kind; else one of ours, such as"
        " urn:dispatch:problem:missing-right.",
    )
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong, and what to do.")
    errors: list[FieldProblem] = Field(default_factory=list, description="Of which fields.")
    right: str | None = Field(default=None, description="Which right the token lacks.")
    roles: list[str] | None = Field(default=None, description="The roles that have that right.")
    challenge: dict[str, Any] | None = Field(
        default=None,
        description="Where proof of work is missing: an ALTCHA challenge (version 2), whose solved"
        " payload is to be posted as proof.",
    )


class ProblemResponse(JSONResponse):
    """A problem on its way."""

    media_type = KIND


class Refused(Exception):
    """A call gets this problem for an answer, and nothing was done."""

    def __init__(self, response: ProblemResponse) -> None:
        self.response = response
        super().__init__(response.status_code)


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    kind: str = "",
    errors: Sequence[FieldProblem] = (),
    retry_after: float = 0,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> ProblemResponse:
    """An answer with a problem of a `kind` of ours, if any; `retry_after` is in seconds."""
    said = Problem(
        type=f"{OWN}{kind}" if kind else "about:blank",
        title=status.phrase,
        status=status.value,
        detail=detail,
        errors=list(errors),
        **more,
    )
    sent = dict(headers or {})
    if retry_after:
        sent["Retry-After"] = str(max(1, ceil(retry_after)))
    return ProblemResponse(said.model_dump(exclude_none=True), status.value, headers=sent)


def missing_right(right: Right) -> ProblemResponse:
    """403: what the token lacks, and which roles have it."""
    roles = [role.value for role in roles_with(right)]
    detail = (
        f"right '{right}' is missing - a token has it by the role {' or '.join(roles)},"
        " as long as who made it has it"
    )
    headers = {"WWW-Authenticate": 'Bearer realm="dispatch", error="insufficient_scope"'}
    return problem(
        HTTPStatus.FORBIDDEN,
        detail,
        kind="missing-right",
        right=right.value,
        roles=roles,
        headers=headers,
    )
