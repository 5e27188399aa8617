"""Joining: a form, ours or one that stands on another site, and where it leads."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from dispatch.model.people.form import HONEYPOT, Confirm, Form
from dispatch.pipeline.people.proof_of_work import ProofOfWork
from dispatch.pipeline.people.read_sign_up import Given, Slip
from dispatch.pipeline.people.show_form import html_to_paste, titles_of
from dispatch.web.form import read_fields
from dispatch.web.joining import Posted, cadences_of, sign_up, tokens_of
from dispatch.web.limits import JOIN_BYTES, JOIN_FIELDS
from dispatch.web.page import leaf, words_for
from dispatch.web.public.fields import said, shown_fields
from dispatch.web.public.problems import too_many
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.app import App

LONGEST_PAGE = 300
TO_BE_FOUND = {"X-Robots-Tag": "all"}


def ask(request: Request) -> Response:
    """The form; with `?embed` the HTML of it, to be put into another site."""
    app: App = request.app.state.app
    form = app.workspace.form(request.path_params["form"])
    words = words_for(request)
    if "embed" in request.query_params:
        return PlainTextResponse(html_to_paste(form, app.workspace, words))
    given = {name: request.query_params.getlist(name) for name in ("email",)}
    return _page(request, form, words, given=given, slips={})


async def subscribe(request: Request) -> Response:
    """Take in what was filled in, whoever it is; what cannot be used is asked once more."""
    app: App = request.app.state.app
    form = app.workspace.form(request.path_params["form"])
    given = await read_fields(request, most_bytes=JOIN_BYTES, most_fields=JOIN_FIELDS)
    words = words_for(request)
    if set(given) == {"email"}:  # a line of the archive, or of a site: the form has more to ask
        return _page(request, form, words, given=given, slips={})
    titles, token = titles_of(form, app.workspace), _first(given, "token")
    posted = Posted(
        form,
        given,
        consent=form.consent or words("join.consent", audience=titles),
        language=words.tag,
        page=_stood_at(request, form, app, ours=token is not None),
        token=token,
        proof=_first(given, "proof") or "",
    )
    reply = await sign_up(request, posted)
    if reply.until:
        return too_many(request, reply.until)
    if reply.slips:
        return _page(request, form, words, given=given, slips=reply.slips)
    back = _first(given, "return")
    if posted.token is None and back in form.returns:
        return RedirectResponse(back, HTTPStatus.SEE_OTHER)
    email, single = _first(given, "email") or "", form.confirm is Confirm.SINGLE
    heading = words("join.thanks") if single else words("join.mailbox")
    text = words("join.single", email=email) if single else words("join.double", email=email)
    return leaf(request, "subscribed.html", words, heading=heading, text=text, single=single)


def _page(
    request: Request, form: Form, words: Words, *, given: Given, slips: Mapping[str, Slip]
) -> Response:
    app: App = request.app.state.app
    now, titles = app.clock(), titles_of(form, app.workspace)
    fields = list(
        shown_fields(form, words, cadences=cadences_of(form, app), given=given, slips=slips)
    )
    labels = {one.name: one.label for one in fields}
    labels |= {"email": words("join.email"), "agree": words("join.agree")}
    proof = ProofOfWork(app.settings.secret_keys, form.name) if form.proof_of_work else None
    return leaf(
        request,
        "subscribe.html",
        words,
        status_code=HTTPStatus.UNPROCESSABLE_ENTITY if slips else HTTPStatus.OK,
        headers=TO_BE_FOUND,
        form=form,
        title=form.title or words("join.title", audience=titles),
        about=form.about.splitlines() or _about(form, app),
        email=_first(given, "email") or "",
        fields=fields,
        consent=form.consent or words("join.consent", audience=titles),
        agreed=bool(_first(given, "agree")),
        errors={name: said(slip, words) for name, slip in slips.items()},
        labels=labels,
        honeypot=HONEYPOT,
        token=tokens_of(form, app).make(now, aged=bool(slips)),
        challenge=json.dumps(proof.challenge(now)) if proof else "",
        double=form.confirm is Confirm.DOUBLE,
    )


def _about(form: Form, app: "App") -> list[str]:
    """What comes: of each audience, with its name where there are several."""
    workspace, several = app.workspace, len(form.audiences) > 1
    told = [
        (workspace.audience_title(one), workspace.audiences[one].about)
        for one in form.audiences
        if one in workspace.audiences
    ]
    return [f"{title}: {about}" if several else about for title, about in told if about]


def _stood_at(request: Request, form: Form, app: "App", *, ours: bool) -> str:
    """Where the form stood, for the record: our page, or what the browser tells of another."""
    if ours:
        return f"{app.workspace.publisher.public_url}/subscribe/{form.name}"
    told = request.headers.get("referer") or request.headers.get("origin") or ""
    try:
        parts = urlsplit(told)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"}:
        return ""
    site = parts.netloc.rpartition("@")[2]  # a password is nothing for a record
    return f"{parts.scheme}://{site}{parts.path}"[:LONGEST_PAGE]


def _first(given: Given, name: str) -> str | None:
    return next((text.strip() for text in given.get(name, ())), None)
