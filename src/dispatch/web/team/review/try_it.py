"""A test of the digest by mail: to oneself, or anywhere for who may."""

from starlette.responses import Response

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.errors import DispatchError
from dispatch.model.delivery.message import Refused
from dispatch.model.team.role import Right
from dispatch.web.team.review.desk import Desk, desk_of
from dispatch.web.team.review.page import answer
from dispatch.web.team.review.previews import whom_of
from dispatch.web.team.visit import Visit


def send(visit: Visit) -> Response:
    """Send it, and say what came of it."""
    desk = desk_of(visit)
    own = visit.person.email
    address = visit.form("to", own) if visit.may(Right.MEND) else own
    reader = whom_of(visit, desk.edition).reader
    try:
        address = checked_address(address)
        sent = visit.app.editions.send_test_of(desk.edition, address, reader, by=visit.by)
    except InvalidValueError as error:
        return _wrong(desk, str(error), address)
    except DispatchError as error:  # whatever keeps a channel from taking it is said here
        return _wrong(desk, str(error), address)
    if isinstance(sent.outcome, Refused):
        return _wrong(desk, sent.outcome.reason, address)
    return visit.to(desk.path, "edition_tested" if address == own else "edition_tested_there")


def _wrong(desk: Desk, problem: str, address: str) -> Response:
    return answer(desk, errors={"to": problem}, typed={"to": address})
