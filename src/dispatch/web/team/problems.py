"""What the team sees when something is wrong: what it is, and what to do now."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dispatch.errors import Conflict, DispatchError, LinkOver, NotFound, StoreUnavailable, TooBusy
from dispatch.model.team.role import Right, roles_with
from dispatch.web.team.rescued import came_from, typed_in
from dispatch.web.told import told

if TYPE_CHECKING:
    from dispatch.web.serving.tally import Tally
    from dispatch.web.team.visit import Visit


PLURAL = {
    "editions": Right.LOOK,
    "posts": Right.LOOK,
    "campaigns": Right.LOOK,
    "feeds": Right.LOOK,
    "channels": Right.LOOK,
    "templates": Right.LOOK,
    "subscribers": Right.READERS,
    "forms": Right.PLAN,
    "people": Right.PEOPLE,
}
"""What has a list to go back to, and who may see that."""

MOST_NAMED = 5
"""People who are named to somebody who may not do something themselves."""


def forbidden(visit: "Visit", right: Right) -> Response:
    """403: which roles may do it, and who has one."""
    roles = roles_with(right)
    with visit.app.store.read() as tx:
        team = tx.persons.all()
    gives = Right.OWN if right is Right.OWN else Right.PEOPLE
    able = [person for person in team if person.may(right)]
    givers = [person for person in team if person.may(gives)]
    others = [person.name or person.handle for person in able if person not in givers]
    return visit.page(
        "forbidden.html",
        status_code=HTTPStatus.FORBIDDEN,
        headers={"X-Needs-Role": ", ".join(roles)},
        roles=roles,
        others=others[:MOST_NAMED],
        givers=givers[:MOST_NAMED],
    )


def foreign(visit: "Visit") -> Response:
    """403: a form that no page of ours has posted."""
    words = visit.words
    return _problem(
        visit, HTTPStatus.FORBIDDEN, words("problem.foreign"), words("problem.foreign_advice")
    )


def not_found(visit: "Visit", error: NotFound) -> Response:
    """404: there is no such thing, or nothing such of it, as the error then says."""
    if visit.request.method == "GET":
        return nothing(visit, told(error))
    words = visit.words
    advice = told(error)
    return _problem(visit, HTTPStatus.NOT_FOUND, words("problem.not_here"), advice, english=True)


def signed_out(visit: "Visit") -> Response:
    """403: the session has ended while somebody wrote, which is not lost with it."""
    words = visit.words
    return _problem(
        visit,
        HTTPStatus.FORBIDDEN,
        words("problem.signed_out"),
        words("problem.signed_out_advice"),
        sign_in=True,
    )


def nothing(visit: "Visit", advice: str = "") -> Response:
    """404: an address that no page of ours has; with the way to what there is of its kind."""
    words = visit.words
    noun, _, name = visit.request.url.path.removeprefix(visit.base).strip("/").partition("/")
    right = PLURAL.get(noun)
    known = right is not None and visit.may(right)
    one = known and "/" not in name  # else it may be there, and something of it is not
    own = one or not advice
    return _problem(
        visit,
        HTTPStatus.NOT_FOUND,
        words(f"problem.no_{noun}" if one else "problem.not_here"),
        words("problem.not_here_advice") if own else advice,
        english=not own,
        here=noun if known else "",
    )


def over(visit: "Visit", error: LinkOver, advice: str = "") -> Response:
    """410: a link of ours that holds no more, and what to do instead."""
    return _problem(visit, HTTPStatus.GONE, visit.words("problem.over"), advice or str(error))


def refused(visit: "Visit", status: int) -> Response:
    """What the routing refuses, such as a method."""
    words = visit.words
    advice = words("problem.not_here_advice")
    return _problem(visit, HTTPStatus(status), words("problem.bad"), advice)


def busy(visit: "Visit", _error: TooBusy) -> Response:
    """503: as much as may be at once is under way."""
    words = visit.words
    status = HTTPStatus.SERVICE_UNAVAILABLE
    answer = _problem(visit, status, words("problem.busy"), words("problem.busy_advice"))
    answer.headers["Retry-After"] = "5"
    return answer


def conflict(visit: "Visit", error: Conflict) -> Response:
    """409: what has changed, where no page shows it better."""
    return _problem(
        visit,
        HTTPStatus.CONFLICT,
        visit.words("problem.conflict"),
        told(error),
        english=True,
    )


def bad(visit: "Visit", error: DispatchError) -> Response:
    """422: what is wrong, where no form shows it at its field."""
    return _problem(
        visit,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        visit.words("problem.bad"),
        told(error),
        english=True,
    )


def unreadable(visit: "Visit", error: HTTPException, most: int) -> Response:
    """413 or 422: a form that is too large, or none."""
    words = visit.words
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        shown = f"{most // (1024 * 1024)} MB" if most >= 1024 * 1024 else f"{most // 1024} KB"
        advice = words("problem.large_advice", most=shown)
        answer = _problem(
            visit, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words("problem.large"), advice
        )
        answer.headers["Connection"] = "close"
        return answer
    return _problem(
        visit,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        words("problem.bad"),
        words("errors.bad_form"),
    )


def away(visit: "Visit", error: StoreUnavailable) -> Response:
    """503: the database cannot be used now; told in the log once a minute."""
    tally: Tally = visit.request.app.state.tally
    tally.note("web.page_unavailable", problem=str(error))
    words = visit.words
    return _problem(
        visit,
        HTTPStatus.SERVICE_UNAVAILABLE,
        words("problem.away"),
        words("problem.away_advice"),
        again=True,
    )


def failed(visit: "Visit", reference: str) -> Response:
    """500: nobody foresaw it; the log has a line with the same reference."""
    words = visit.words
    answer = _problem(
        visit,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        words("problem.failed"),
        words("problem.failed_advice", reference=reference),
        again=True,
    )
    answer.headers["X-Reference"] = reference
    return answer


def _problem(
    visit: "Visit",
    status: HTTPStatus,
    heading: str,
    advice: str,
    *,
    again: bool = False,
    sign_in: bool = False,
    here: str = "",
    english: bool = False,
) -> Response:
    return visit.page(
        "problem.html",
        status_code=status,
        here=here,
        heading=heading,
        advice=advice,
        status=int(status),
        again=again and visit.request.method == "GET",
        back="" if sign_in else came_from(visit),
        typed=typed_in(visit),
        sign_in=sign_in,
        english=english,
    )
