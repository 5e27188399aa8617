"""All that a reader may choose, on one page; looking at it changes nothing (P8)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.errors import BadInput, LinkOver, NotFound
from dispatch.model.campaigns.sending import known_zone
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.people.topics import topics_of
from dispatch.pipeline.people.change_address import ask_for_new_address
from dispatch.pipeline.people.form_words import cadence_labels
from dispatch.pipeline.people.languages import languages_of
from dispatch.pipeline.people.leave import leave
from dispatch.pipeline.people.pause import LONGEST, SOURCE, WEEKS, day_of_weeks, pause_until, resume
from dispatch.pipeline.people.save_preferences import save_preferences
from dispatch.pipeline.people.show_preferences import Preferences, show_preferences
from dispatch.pipeline.people.suppress import ask_to_lift
from dispatch.web.choices import languages, zones
from dispatch.web.chooser import choices_path, chooser_of
from dispatch.web.form import read_fields
from dispatch.web.limits import CHOICE_BYTES, CHOICE_FIELDS
from dispatch.web.page import LANGUAGE, PRIVATE, leaf, words_for
from dispatch.web.preference_form import Fields, first, read_day, read_wishes
from dispatch.web.public.left import left_page
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns


class Slip(Enum):
    """What may be wrong with what was posted."""

    NOTHING = auto()
    NO_DAY = auto()
    BAD_DAY = auto()
    NO_ADDRESS = auto()
    SAME_ADDRESS = auto()


def show(request: Request) -> Response:
    """The page as it stands now."""
    chooser = chooser_of(request)
    if chooser.reader is None:
        return _test_mail(request)
    return _page(request, chooser.reader, done=request.query_params.get("done", ""))


async def change(request: Request) -> Response:
    """Do what one of its buttons says; the same again changes nothing more."""
    reader = chooser_of(request).reader
    status, fields = 0, dict[str, list[str]]()
    try:
        fields = dict(
            await read_fields(request, most_bytes=CHOICE_BYTES, most_fields=CHOICE_FIELDS)
        )
    except HTTPException as error:
        status = error.status_code
    if any(len(texts) > 1 for name, texts in fields.items() if name != "topic"):
        status = 422
    if reader is None:
        return _test_mail(request)
    turns: Turns = request.app.state.turns
    return await turns.share(_changed, request, reader, fields, status)


def _changed(request: Request, reader: Subscriber, fields: Fields, status: int) -> Response:
    if status:
        return _page(request, reader, slip=Slip.NOTHING, status_code=status)
    handler = _BUTTONS.get(first(fields, "do"), _save)
    return handler(request, reader, fields)


def _save(request: Request, reader: Subscriber, fields: Fields) -> Response:
    app: App = request.app.state.app
    try:
        saved = save_preferences(
            reader,
            partial(read_wishes, fields),
            app.workspace,
            store=app.store,
            clock=app.clock,
            endings=app.tools.endings,
        )
    except BadInput:
        return _page(request, reader, slip=Slip.NOTHING, fields=fields)
    if saved.left:
        return left_page(request, reader, saved.left)
    return _done(request, "saved")


def _leave_all(request: Request, reader: Subscriber, _fields: Fields) -> Response:
    app: App = request.app.state.app
    with app.store.read() as tx:
        everything = list(tx.consents.standing(reader.id))
    left = leave(
        reader,
        everything,
        source=SOURCE,
        store=app.store,
        clock=app.clock,
        endings=app.tools.endings,
    )
    return left_page(request, reader, left) if left else _done(request, "saved")


def _pause(request: Request, reader: Subscriber, fields: Fields) -> Response:
    app: App = request.app.state.app
    zone = _zone(app, reader)
    day = read_day(fields, today=_today(app, zone))
    if day is None:
        return _page(request, reader, slip=Slip.NO_DAY, fields=fields)
    try:
        pause_until(reader.id, day, zone, store=app.store, clock=app.clock)
    except BadInput:
        return _page(request, reader, slip=Slip.BAD_DAY, fields=fields)
    return _done(request, "paused")


def _resume(request: Request, reader: Subscriber, _fields: Fields) -> Response:
    app: App = request.app.state.app
    resume(reader.id, store=app.store, clock=app.clock)
    return _done(request, "resumed")


def _ask_team(request: Request, reader: Subscriber, _fields: Fields) -> Response:
    app: App = request.app.state.app
    try:
        ask_to_lift(reader.email, store=app.store, clock=app.clock)
    except NotFound:  # it was lifted meanwhile: the page says so by not asking any more
        return _done(request, "saved")
    return _done(request, "asked")


def _move(request: Request, reader: Subscriber, fields: Fields) -> Response:
    app: App = request.app.state.app
    try:
        email = checked_address(first(fields, "email"))
    except InvalidValueError:
        return _page(request, reader, slip=Slip.NO_ADDRESS, fields=fields)
    asked = ask_for_new_address(
        reader,
        email,
        via=app.workspace.mail_channel(),
        locale=reader.locale or words_for(request, reader).tag,
        store=app.store,
        clock=app.clock,
        ids=app.tools.new_id,
    )
    if not asked:
        return _page(request, reader, slip=Slip.SAME_ADDRESS, fields=fields)
    return _done(request, "written")


_BUTTONS: dict[str, Callable[[Request, Subscriber, Fields], Response]] = {
    "save": _save,
    "pause": _pause,
    "resume": _resume,
    "ask": _ask_team,
    "address": _move,
    "leave": _leave_all,
}


def _done(request: Request, what: str) -> Response:
    """The page anew, so that loading it again asks for nothing twice."""
    query = {"done": what}
    if LANGUAGE in request.query_params:
        query[LANGUAGE] = request.query_params[LANGUAGE][:35]
    return RedirectResponse(f"?{urlencode(query)}", status_code=303, headers=PRIVATE)


def _page(
    request: Request,
    reader: Subscriber,
    *,
    done: str = "",
    slip: Slip | None = None,
    fields: Fields | None = None,
    status_code: int = 0,
) -> Response:
    app: App = request.app.state.app
    shown = _shown(app, reader)
    reader, words = shown.reader, words_for(request, shown.reader)
    zone = _zone(app, reader)
    today = _today(app, zone)
    days = [(weeks, day_of_weeks(weeks, today)) for weeks in WEEKS]

    def day(moment: datetime) -> str:
        return words.moment(moment.astimezone(zone), words("preferences.day"))

    return leaf(
        request,
        "preferences.html",
        words,
        status_code=status_code or (422 if slip else 200),
        reader=reader,
        shown=shown,
        problem=_slips(words)[slip] if slip else "",
        done=_dones(words).get(done, ""),
        typed={name: first(fields or {}, name) for name in ("weeks", "day", "email")},
        labels=cadence_labels(words),
        known_languages=list(languages(languages_of(app.workspace), reader.locale)),
        zones=zones(),
        standard_zone=app.workspace.publisher.timezone,
        has_topic=lambda topic: topic in topics_of(reader.topics),
        pauses=[(weeks, words.moment(_noon(one), words("preferences.day"))) for weeks, one in days],
        opened=first(fields or {}, "do"),
        first_day=date.fromordinal(today.toordinal() + 1).isoformat(),
        last_day=(today + LONGEST).isoformat(),
        day=day,
        own=choices_path(app, reader),
    )


def _slips(words: Words) -> Mapping[Slip, str]:
    return {
        Slip.NOTHING: words("preferences.missing"),
        Slip.NO_DAY: words("preferences.no_day"),
        Slip.BAD_DAY: words("preferences.bad_day"),
        Slip.NO_ADDRESS: words("preferences.no_address"),
        Slip.SAME_ADDRESS: words("preferences.same_address"),
    }


def _dones(words: Words) -> Mapping[str, str]:
    """What was done, by the end of the page's address."""
    return {
        "saved": words("preferences.done_saved"),
        "paused": words("preferences.done_paused"),
        "resumed": words("preferences.done_resumed"),
        "asked": words("preferences.done_asked"),
        "written": words("preferences.done_written"),
    }


def _shown(app: "App", reader: Subscriber) -> Preferences:
    shown = show_preferences(reader.id, app.workspace, store=app.store, now=app.clock())
    if shown is None:
        raise LinkOver("preferences link: nobody's any more - ask for a new one")
    return shown


def _test_mail(request: Request) -> Response:
    words = words_for(request)
    title, text = words("preferences.title"), words("preferences.nobodys")
    heading = words("preferences.heading")
    return leaf(request, "said.html", words, title=title, heading=heading, text=text, links=())


def _zone(app: "App", reader: Subscriber) -> ZoneInfo:
    name = reader.timezone
    return ZoneInfo(name if name and known_zone(name) else app.workspace.publisher.timezone)


def _today(app: "App", zone: ZoneInfo) -> date:
    return app.clock().astimezone(zone).date()


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("UTC"))
