"""Joining by a script of one's own: the form as JSON, described by OpenAPI."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from dispatch.config.values.simple import NAME
from dispatch.model.people.form import Confirm, Form
from dispatch.pipeline.people.proof_of_work import ProofOfWork
from dispatch.pipeline.people.read_sign_up import Slip
from dispatch.pipeline.people.show_form import titles_of
from dispatch.web.api.problems import KIND, FieldProblem, Problem, problem
from dispatch.web.joining import Posted, Reply, sign_up
from dispatch.web.public.fields import said
from dispatch.words.catalogues import words_in

if TYPE_CHECKING:
    from dispatch.app import App

MOST_TEXT = 4_000
Texts = str | list[str]
_DEEPEST = 3  # fields.name: what is below says how pydantic has tried to read it
_OWN = ("email", "agree", "token", "proof", "return")


class SignUp(BaseModel):
    """Who wants to join, and what else they filled in."""

    model_config = ConfigDict(extra="forbid", strict=True)

    email: str = Field(description="Their address.", max_length=1_000, examples=["ada@example.org"])
    agree: bool = Field(description="Whether they agreed to the form's consent.")
    fields: dict[str, Texts] = Field(
        default_factory=dict,
        description="The form's own fields by name; a list where several may be chosen.",
        max_length=40,
        examples=[{"name": "Ada", "topics": ["AI"]}],
    )
    language: str = Field(
        default="", description="Of the page that they read, such as fr.", max_length=35
    )
    proof: str = Field(
        default="", description="The solved challenge, where the form wants one.", max_length=4_000
    )


class Taken(BaseModel):
    """It was taken in, whoever it is."""

    detail: str = Field(description="What to tell them.")


def add_sign_ups(api: FastAPI) -> None:
    """Have the API take in who joins."""
    wrong: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "content": {KIND: {}}, "description": text}
        for status, text in {
            400: "The body could not be read.",
            404: "There is no such form.",
            413: "The body is too long.",
            415: "The body is not said to be JSON.",
            422: "Something cannot be used: `errors` says what.",
            429: "Too many from this network, or by this form: see `Retry-After`.",
            503: "The database is away: try again.",
        }.items()
    }
    api.add_api_route(
        "/forms/{form}/sign-ups",
        join,
        methods=["POST"],
        status_code=202,
        response_model=Taken,
        responses=wrong,
        summary="Fill in a form",
        description="What is answered tells nothing of who is known: the rest is in their mailbox.",
        operation_id="join",
        tags=["forms"],
    )


async def join(
    form: Annotated[
        str, Path(description="Its name in schedules.yaml.", pattern=f"^{NAME.pattern}$")
    ],
    body: SignUp,
    request: Request,
) -> Response:
    """Take in what a script posted."""
    app: App = request.app.state.app
    found = app.workspace.form(form)
    words = words_in(body.language or app.workspace.publisher.locale)
    given = {
        name: [text] if isinstance(text, str) else text
        for name, text in body.fields.items()
        if name not in _OWN
    }
    given |= {"email": [body.email], "agree": ["yes"] if body.agree else []}
    posted = Posted(
        found,
        given,
        consent=found.consent or words("join.consent", audience=titles_of(found, app.workspace)),
        language=words.tag,
        page=request.headers.get("origin", "")[:200] or "api/v1",
        proof=body.proof,
    )
    reply = await sign_up(request, posted)
    if reply.until or reply.slips:
        return _refused(found, reply, app)
    told = words("join.thanks") if found.confirm is Confirm.SINGLE else words("join.mailbox")
    return JSONResponse({"detail": told}, HTTPStatus.ACCEPTED)


def _refused(form: Form, reply: Reply, app: "App") -> Response:
    if reply.until:
        wait = (reply.until - app.clock()).total_seconds()
        detail = "too many sign-ups came from here - wait as long as Retry-After says"
        return problem(HTTPStatus.TOO_MANY_REQUESTS, detail, retry_after=wait)
    words = words_in("en")
    errors = [
        FieldProblem(field=name, problem=slip.value, detail=said(slip, words))
        for name, slip in reply.slips.items()
    ]
    detail, challenge = "something cannot be used - see errors", None
    if Slip.NO_PROOF in reply.slips.values():
        challenge = ProofOfWork(app.settings.secret_keys, form.name).challenge(app.clock())
        detail = "proof of work is missing - solve the challenge, and post its payload as proof"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors, challenge=challenge)


async def unreadable(request: Request, error: Exception) -> Response:
    """422: the body has another shape; 400 where it is no JSON at all, 415 where none says so."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        detail = "the body is not said to be JSON - send Content-Type: application/json"
        return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    if any(one["type"] == "json_invalid" for one in found):
        return problem(HTTPStatus.BAD_REQUEST, "the body is no JSON - post an object with email")
    errors = [
        FieldProblem(
            field=".".join(str(part) for part in one["loc"][1:_DEEPEST]) or "body",
            problem=str(one["type"]),
            detail=str(one["msg"]),
        )
        for one in found
    ]
    detail = "the body has not the right shape - see errors, and openapi.json"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)
