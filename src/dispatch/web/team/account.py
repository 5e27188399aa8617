"""Oneself: language and look, password, second factor, and where one is signed in."""

from typing import Any

from starlette.responses import Response

from dispatch.errors import NotFound
from dispatch.model.team.person import Session
from dispatch.pipeline.team.factor import is_there
from dispatch.pipeline.team.tries import Wrong
from dispatch.web.team import cookie
from dispatch.web.team.arrival import new_browser
from dispatch.web.team.newcomers import name_error, password_error
from dispatch.web.team.numbers import number_in
from dispatch.web.team.sign_in import MOST, refused
from dispatch.web.team.visit import Visit
from dispatch.words.catalogues import for_team, team_words_in

THEMES = ("", "light", "dark")


def show(visit: Visit) -> Response:
    """The whole page."""
    return visit.page("account.html", **_values(visit))


def change(visit: Visit) -> Response:
    """Keep name, language, look and keys."""
    form, name = visit.form, visit.form("name")
    errors = name_error(visit, name)
    locale, theme = form("locale"), form("theme")
    if locale not in for_team().locales:
        errors["locale"] = visit.words("errors.required")
    if theme not in THEMES:
        errors["theme"] = visit.words("errors.required")
    if errors:
        return visit.wrong("account.html", errors, **_values(visit) | {"given_name": name})
    visit.app.signing_in.change_account(
        visit.person, name=name, locale=locale, theme=theme, keys_off=not form.has("keys")
    )
    return visit.to("/account", said="account_saved")


def change_password(visit: Visit) -> Response:
    """Choose another password; this session goes on, all others end."""
    person, old, new = visit.person, visit.form.raw("old")[:MOST], visit.form.raw("new")
    if not old:
        return visit.wrong(
            "account.html", {"old": visit.words("errors.required")}, **_values(visit)
        )
    if weak := password_error(visit, new, of=(person.email, person.name, person.handle)):
        return visit.wrong("account.html", {"new": weak}, **_values(visit))
    browser, token = new_browser(visit)
    wrong = visit.app.signing_in.change_password(_session(visit), old, new, browser)
    if wrong is not None:
        return wrong_password(visit, wrong, "old")
    answer = visit.to("/account", said="password_changed")
    cookie.give(visit.request, answer, token)
    return answer


def change_sessions(visit: Visit) -> Response:
    """End one session, or all others."""
    session, number = _session(visit), number_in(visit.form("end"))
    if visit.form.has("others"):
        ended = visit.app.signing_in.end_other_sessions(session)
        return visit.to("/account", said="sessions_ended", count=ended)
    if number is None:
        raise NotFound("session: there is no such one - see those that are open")
    visit.app.signing_in.end_session(session, number)
    if number == session.id:
        return visit.to("/sign-in", said="signed_out")
    return visit.to("/account", said="sessions_ended", count=1)


def wrong_password(visit: Visit, wrong: Wrong, field: str) -> Response:
    """The page again, with what is wrong at the field of the password."""
    return refused(visit, wrong, "account.html", "sign_in.wrong_own", field, **_values(visit))


def _values(visit: Visit) -> dict[str, Any]:
    person = visit.person
    with visit.app.store.read() as tx:
        sessions = tx.sessions.of(person, now=visit.now)
        left = tx.spare_codes.left(person) if person.has_factor else 0
    languages = [(one, team_words_in(one).name) for one in for_team().locales]
    return {
        "here": "account",
        "given_name": person.name,
        "languages": languages,
        "locale": person.locale or visit.words.locale,
        "sessions": sessions,
        "this": _session(visit).id,
        "spare_codes": left,
        "can_factor": is_there(),
        "must_factor": visit.app.workspace.sign_in.second_factor,
    }


def _session(visit: Visit) -> Session:
    if visit.session is None:
        raise NotFound("session: nobody is signed in - sign in")
    return visit.session
