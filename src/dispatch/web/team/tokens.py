"""Tokens of programs: made, shown one time, watched, revoked."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from dispatch.errors import NotFound
from dispatch.model.team.api_token import LONGEST_NAME, PERIODS, ApiToken, needed
from dispatch.model.team.role import Role, rights_of
from dispatch.web.team.numbers import number_in
from dispatch.web.team.visit import Visit


@dataclass(frozen=True, slots=True)
class Row:
    """A token; `days` are left to it. `lost` says whether its maker may do less than it was for."""

    token: ApiToken
    state: str
    days: int
    lost: bool

    @property
    def holds(self) -> bool:
        """Whether it opens anything."""
        return self.state in {"active", "ends_soon"}


def show(visit: Visit) -> Response:
    """All of them, and a form to make one."""
    return visit.page("tokens.html", **_values(visit))


def make(visit: Visit) -> Response:
    """Make one, and show it: in this answer, and never again."""
    typed: dict[str, Any] = {
        "name": " ".join(visit.form("name").split()),
        "days": number_in(visit.form("days")),
        "roles": [role for role in Role if role.value in set(visit.form.all("role"))],
    }
    errors: dict[str, str] = {}
    if not 0 < len(typed["name"]) <= LONGEST_NAME:
        errors["name"] = visit.words("tokens.error_name")
    if not typed["roles"] or needed(typed["roles"], of=visit.person):
        errors["role"] = visit.words("tokens.error_roles")
    if typed["days"] not in PERIODS:
        errors["days"] = visit.words("errors.bad_form")
    if errors:
        return visit.wrong("tokens.html", errors, **_values(visit) | {"typed": typed})
    token, secret = visit.app.team.make_api_token(**typed, of=visit.by, by=visit.by)
    return visit.page("tokens.html", **_values(visit) | {"made": token, "secret": secret})


def revoke(visit: Visit) -> Response:
    """Have one open nothing any more."""
    number = number_in(visit.part("id"))
    if number is None:
        raise NotFound(f"token {visit.part('id')}: there is none")
    visit.app.team.revoke_api_token(number, by=visit.by)
    return visit.to("/tokens", said="token_revoked")


def _values(visit: Visit) -> dict[str, Any]:
    with visit.app.store.read() as tx:
        tokens, names = tx.api_tokens.all(), tx.persons.names()
    rows = [_row(one, visit) for one in tokens]
    return {
        "here": "people",
        "made": None,
        "secret": "",
        "rows": sorted(rows, key=lambda row: not row.holds),
        "holding": sum(row.holds for row in rows),
        "soon": sum(row.state == "ends_soon" for row in rows),
        "names": names,
        "offered": [role for role in Role if not needed([role], of=visit.person)],
        "periods": PERIODS,
        "typed": {"name": "", "days": PERIODS[0], "roles": [Role.VIEWER]},
        "api": f"{visit.app.workspace.publisher.public_url}/api/v1",
    }


def _row(token: ApiToken, visit: Visit) -> Row:
    if token.revoked:
        state = "revoked"
    elif not token.holds(visit.now):
        state = "ended"
    else:
        state = "ends_soon" if token.ends_soon(visit.now) else "active"
    lost = not rights_of(token.roles) <= token.person.rights
    return Row(token, state, max(0, (token.ends - visit.now).days), lost)
