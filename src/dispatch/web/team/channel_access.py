"""Letting a channel into its account in the browser: to the network and back."""

import structlog
from starlette.responses import Response

from dispatch.errors import LinkOver
from dispatch.model.team.passes import VALID_FOR, Purpose
from dispatch.pipeline.access.consent import MOST, ConsentFailed
from dispatch.sealing import SealBroken
from dispatch.web.team import cookie
from dispatch.web.team.channels import page_of
from dispatch.web.team.frame import in_english
from dispatch.web.team.provider_words import title_of
from dispatch.web.team.visit import Visit

log = structlog.get_logger()

CAME = ("state", "code", "error", "error_description")
"""What networks send back."""


def set_out(visit: Visit) -> Response:
    """A page that sends on by itself: browsers let no form lead to another site, as ours say."""
    name = visit.part("name")
    plan = visit.app.channels.plan(name)
    try:
        address, secret = visit.app.channels.access.to_network(name, by=visit.by)
    except SealBroken as error:
        return _wrong(visit, str(error))
    answer = visit.page(
        "to_network.html",
        here="channels",
        address=address,
        channel=name,
        network=title_of(visit.words, plan.provider),
    )
    seconds = int(VALID_FOR[Purpose.CONNECT].total_seconds())
    cookie.give(visit.request, answer, secret, cookie.CONNECT, seconds=seconds)
    return answer


def come_back(visit: Visit) -> Response:
    """They are back: with a code that is worth our tokens, or with an error."""
    answer = _came_back(visit)
    cookie.take_back(visit.request, answer, cookie.CONNECT)
    return answer


def end(visit: Visit) -> Response:
    """Forget what the network gave us."""
    name = visit.part("name")
    ended = visit.app.channels.access.end(name, by=visit.by)
    return visit.to(f"/channels/{name}", "channel_access_ended" if ended else "")


def _came_back(visit: Visit) -> Response:
    name = visit.part("name")
    visit.app.channels.plan(name)
    secret = cookie.token_in(visit.request, cookie.CONNECT)
    came = {one: visit.asked(one)[:MOST] for one in CAME if visit.asked(one)}
    place = f"/channels/{name}"
    if not secret or "state" not in came:
        return visit.to(place, "channel_begin_anew")
    try:
        check = visit.app.channels.access.from_network(name, secret, came, by=visit.by)
    except LinkOver:
        return visit.to(place, "channel_begin_anew")
    except (ConsentFailed, SealBroken) as error:
        if isinstance(error, ConsentFailed) and error.denied:
            return visit.to(place, "channel_denied")
        log.warning("access.not_given", channel=name, problem=str(error))
        return _wrong(visit, str(error))
    return visit.to(place, "channel_not_fine" if check.problem else "channel_let_in")


def _wrong(visit: Visit, problem: str) -> Response:
    return visit.wrong("channel.html", {"access": in_english(problem)}, **page_of(visit))
