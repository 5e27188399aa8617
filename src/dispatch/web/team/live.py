"""An edition that is going out: its page, and the events that keep it up to date."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.responses import PlainTextResponse, Response

from dispatch.channels.feedback import Feedback
from dispatch.clock import Clock
from dispatch.model.campaigns.approval import NOBODY_NEEDED
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.team.act import Done
from dispatch.pipeline.delivery.watch import Progress, watch_edition
from dispatch.store.transactions import Transaction
from dispatch.web.events import EventStream, event
from dispatch.web.team.gate import session_of
from dispatch.web.team.numbers import number_in
from dispatch.web.team.progress import blocks, note
from dispatch.web.team.published import published_of
from dispatch.web.team.visit import Visit
from dispatch.web.team.watching import Watcher, Watching, is_watched

RELOADS = (20, 60)
"""Seconds after which the page may load again by itself, where somebody asks for that."""


def show(visit: Visit, edition: Edition | None = None, **more: Any) -> Response:
    """The page of an edition that is sending or paused; `more` is for one that shows an error."""
    edition = edition or edition_of(visit)
    if "posted" not in more:
        more |= published_of(visit, edition)
    with visit.app.store.read() as tx:
        progress = _look(visit, edition, visit.app.clock, visit.app.channels.feedback())
        approver = tx.persons.find(edition.approved_by)
        pause = _pause(edition, tx) if edition.state is EditionState.PAUSED else None
        pauser = tx.persons.find(pause.by) if pause else None
    speeds = watching_of(visit).speeds
    note(speeds, edition.id, progress)
    seconds = number_in(visit.asked("reload")) or 0
    plan = edition.content.email
    values: dict[str, Any] = {
        "edition": edition,
        "content": edition.content,
        "course": progress.course,
        "progress": progress,
        "approver": approver.name if approver else _by_hand(edition.approved_by),
        "pause": pause,
        "pauser": pauser.name if pauser else pause and pause.by,
        "blocks": blocks(edition.id, progress, speeds, visit.times),
        "waiting": progress.counted.by_state,
        "pause_at": plan.pause_at if plan else None,
        "share": visit.times.share,
        "reload": seconds if seconds in RELOADS else 0,
        **more,
    }
    headers = {"Refresh": str(seconds)} if seconds in RELOADS else {}
    status = 422 if values.get("errors") else 200
    return visit.page("live.html", status_code=status, here="editions", headers=headers, **values)


def events(visit: Visit) -> Response:
    """What has changed since the page was shown, for as long as the edition goes out.

    Who does not ask for events gets those of now, and an end.
    """
    edition = edition_of(visit)
    watching, app = watching_of(visit), visit.app
    feedback = app.channels.feedback()
    if not is_watched(edition.state):
        return Response(event("end", ""), media_type="text/event-stream")
    if "text/event-stream" not in visit.request.headers.get("accept", ""):
        now = _look(visit, edition, app.clock, feedback)
        made = blocks(edition.id, now, watching.speeds, visit.times)
        body = b"".join(event(name, html) for name, html in made.items())
        return Response(body, media_type="text/event-stream")
    if watching.is_full:
        return PlainTextResponse("too many watch\n", status_code=503)
    watcher = Watcher(
        state=visit.asked("state") or edition.state.value,
        words=visit.words,
        zone=app.zone,
        may_still=lambda: session_of(visit.request) is not None,
        stopping=app.stopping.is_set,
    )
    read = partial(_look, visit, edition, app.clock, feedback)
    return EventStream(watching.events(edition.id, watcher, read=read))


def edition_of(visit: Visit) -> Edition:
    """The edition that the address names."""
    with visit.app.store.read() as tx:
        return tx.editions.get(visit.part("id"))


def watching_of(visit: Visit) -> Watching:
    """Who watches, in this process."""
    watching: Watching = visit.request.app.state.watching
    return watching


def _by_hand(approved_by: str) -> str:
    return "" if approved_by == NOBODY_NEEDED else approved_by


def _pause(edition: Edition, tx: Transaction) -> Done | None:
    """Who has paused it; None where it was the limit of refusals, or nobody says."""
    done = tx.audit.about("edition", edition.id)
    last = next((one for one in done if one.act == "edition.pause"), None)
    return last if last and last.by and last.detail.get("reason") == edition.reason else None


def _look(
    visit: Visit, edition: Edition, clock: Clock, feedback: Mapping[str, Feedback]
) -> Progress:
    with visit.app.store.read() as tx:
        plans = visit.app.workspace.channels
        return watch_edition(edition, tx, plans=plans, now=clock(), feedback=feedback)
