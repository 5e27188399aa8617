"""What somebody fills in who joins the team, read and checked field by field."""

from typing import TYPE_CHECKING

from dispatch.config.files.addresses import checked_address
from dispatch.errors import BadInput
from dispatch.model.team.password import LONGEST, SHORTEST, Weakness, weakness_of
from dispatch.model.team.person import handle_of
from dispatch.pipeline.team.join import Newcomer

if TYPE_CHECKING:
    from dispatch.web.team.visit import Visit

LONGEST_NAME = 100


def read_newcomer(visit: "Visit", email: str) -> tuple[Newcomer, dict[str, str]]:
    """What they say of themselves, and what is wrong with it by field; `email` is theirs."""
    form, words = visit.form, visit.words
    name, password = form("name"), form.raw("password")
    errors = name_error(visit, name)
    handle = form("handle")
    try:
        handle = handle_of(handle)
    except BadInput:
        errors["handle"] = words("sign_in.bad_handle") if handle else words("errors.required")
    if weak := password_error(visit, password, of=(email, name, handle)):
        errors["password"] = weak
    return Newcomer(handle, name, email, password, visit.words.locale), errors


def name_error(visit: "Visit", name: str) -> dict[str, str]:
    """What is wrong with a name, at its field."""
    if not name:
        return {"name": visit.words("errors.required")}
    if len(name) > LONGEST_NAME or not name.isprintable():
        return {"name": visit.words("sign_in.bad_name", most=LONGEST_NAME)}
    return {}


def read_email(visit: "Visit") -> tuple[str, dict[str, str]]:
    """The address that was filled in, and what is wrong with it."""
    email = visit.form("email")
    try:
        return checked_address(email), {}
    except ValueError:
        return email, {"email": visit.words("sign_in.bad_email" if email else "errors.required")}


def password_error(visit: "Visit", password: str, *, of: tuple[str, ...]) -> str:
    """Why a new password cannot be taken; empty where it can."""
    if not password:
        return visit.words("errors.required")
    match weakness_of(password, of=of):
        case Weakness.SHORT:
            return visit.words("sign_in.short", least=SHORTEST)
        case Weakness.LONG:
            return visit.words("sign_in.long", most=LONGEST)
        case Weakness.PLAIN:
            return visit.words("sign_in.plain")
        case Weakness.KNOWN:
            return visit.words("sign_in.known")
    return ""
