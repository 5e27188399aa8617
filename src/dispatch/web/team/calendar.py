"""The calendar: a month, a week or a list of days, and as a file for other calendars."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta

from starlette.responses import Response

from dispatch.errors import BadInput
from dispatch.pipeline.editions.plan_days import HORIZON
from dispatch.web.team.calendar_file import calendar_file
from dispatch.web.team.campaign_titles import titles
from dispatch.web.team.days import Choice, Event, events, start_of_day
from dispatch.web.team.queries import with_query
from dispatch.web.team.times import capital
from dispatch.web.team.visit import Visit

VIEWS = ("month", "week", "list")

IN_A_CELL = {"month": 6, "week": 30}
"""Of more, a day shows the first, and a link to the rest."""

LISTED_DAYS = 31
MOST_LISTED = 60
"""A page of the list ends with the day in which it has so many."""

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)

IN_FILE_BEFORE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Day:
    """A cell of the month, or a day of the list."""

    date: date
    weekday: str
    name: str
    title: str
    is_other: bool
    is_today: bool
    events: Sequence[Event]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What of the calendar somebody looks at: the kind of view, and a day in it."""

    view: str
    day: date

    @property
    def first(self) -> date:
        """The first day that is shown."""
        if self.view == "list":
            return self.day
        start = self.day.replace(day=1) if self.view == "month" else self.day
        return start - timedelta(days=start.weekday())

    @property
    def after(self) -> date:
        """The first day that is not."""
        if self.view == "list":
            return self.day + timedelta(days=LISTED_DAYS)
        if self.view == "week":
            return self.first + _WEEK
        last = _next_month(self.day) - _DAY
        return last + timedelta(days=7 - last.weekday())

    @property
    def before(self) -> "Look":
        """The one before."""
        steps = {
            "month": (self.day.replace(day=1) - _DAY).replace(day=1),
            "week": self.first - _WEEK,
            "list": self.day - timedelta(days=LISTED_DAYS),
        }
        return Look(self.view, steps[self.view])

    @property
    def next(self) -> "Look":
        """The one after."""
        return Look(self.view, _next_month(self.day) if self.view == "month" else self.after)

    @property
    def text(self) -> str:
        """As an address says it."""
        return f"{self.day:%Y-%m}" if self.view == "month" else self.day.isoformat()


def show(visit: Visit) -> Response:
    """The page."""
    today = visit.times.local(visit.now).date()
    look = _look(visit, today)
    choice = Choice(visit.asked("campaign"), visit.asked("channel"))
    found = _events(visit, look, choice)
    days = list(_days(visit, look, found, today))
    listed = _listed(days) if look.view == "list" else ()
    following = look.next
    if listed and listed[-1] is not days[-1]:
        following = Look("list", listed[-1].date + _DAY)
    return visit.page(
        "calendar.html",
        here="calendar",
        wide=True,
        look=look,
        heading=_heading(visit, look, listed),
        weeks=[days[at : at + 7] for at in range(0, len(days), 7)],
        listed=[day for day in listed if day.events],
        views=[(view, _address(Look(view, _kept(look, today)), choice)) for view in VIEWS],
        before=_address(look.before, choice),
        following=_address(following, choice),
        today=_address(Look(look.view, today), choice),
        day_address=lambda day: _address(Look("list", day), choice),
        choice=choice,
        campaigns=list(titles(visit).items()),
        channels=list(visit.app.workspace.channels),
        horizon=HORIZON.days,
        link=visit.app.calendar.links.url(visit.person),
    )


def file(visit: Visit) -> Response:
    """For other calendars: by a link of somebody's own, without signing in."""
    with visit.app.store.read() as tx:
        person = visit.app.calendar.links.whose(visit.part("token"), tx=tx)
        first = start_of_day(visit) - IN_FILE_BEFORE
        found = events(visit, tx, first=first, until=start_of_day(visit) + HORIZON)
    text = calendar_file(visit.in_language_of(person), found)
    headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)


def new_link(visit: Visit) -> Response:
    """Give oneself a link; the one before is over."""
    visit.app.calendar.new_link(by=visit.by)
    return visit.to("/calendar?link=new#link", said="calendar_link")


def end_link(visit: Visit) -> Response:
    """Let one's link be over."""
    visit.app.calendar.end_link(by=visit.by)
    return visit.to("/calendar", said="calendar_link_ended")


def _look(visit: Visit, today: date) -> Look:
    for view in VIEWS:
        if said := visit.asked(view):
            return Look(view, _day(f"{said}-01" if view == "month" else said))
    return Look("month", today)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not MINYEAR + 1 < day.year < MAXYEAR - 1:
        raise BadInput([f"calendar: {text[:32]!r} is no day - write it such as 2026-12-24"])
    return day


def _events(visit: Visit, look: Look, choice: Choice) -> Mapping[date, list[Event]]:
    """Day to what it has."""
    first, until = start_of_day(visit, look.first), start_of_day(visit, look.after)
    with visit.app.store.read() as tx:
        found = events(visit, tx, first=first, until=until, choice=choice)
    by_day: dict[date, list[Event]] = {}
    for one in found:
        by_day.setdefault(one.local.date(), []).append(one)
    return by_day


def _days(
    visit: Visit, look: Look, found: Mapping[date, list[Event]], today: date
) -> Iterator[Day]:
    most = IN_A_CELL.get(look.view)
    day = look.first
    while day < look.after:
        here = found.get(day, [])
        yield Day(
            date=day,
            weekday=visit.words.moment(_noon(visit, day), "EEE"),
            name=visit.words.moment(_noon(visit, day), visit.words("calendar.day")),
            title=capital(visit.times.day(day, full=True)),
            is_other=look.view == "month" and day.month != look.day.month,
            is_today=day == today,
            events=here[:most],
            more=len(here) - len(here[:most]),
        )
        day += _DAY


def _listed(days: Sequence[Day]) -> Sequence[Day]:
    """As many days as fill a page."""
    number = 0
    for at, day in enumerate(days):
        number += len(day.events)
        if number >= MOST_LISTED:
            return days[: at + 1]
    return days


def _heading(visit: Visit, look: Look, listed: Sequence[Day]) -> str:
    if look.view == "month":
        pattern = visit.words("calendar.month_of")
        heading = visit.words.moment(_noon(visit, look.day), pattern)
        return capital(heading)
    last = listed[-1].date if listed else look.after - _DAY
    first, until = visit.times.day(look.first), visit.times.day(last)
    return capital(visit.words("calendar.from_to", first=first, last=until))


def _noon(visit: Visit, day: date) -> datetime:
    return datetime.combine(day, time(12), visit.app.zone)


def _kept(look: Look, today: date) -> date:
    """The day to go on from in another view: today where that is in sight."""
    if look.view != "list" and look.first <= today < look.after:
        return today
    return look.day


def _address(look: Look, choice: Choice) -> str:
    query = {look.view: look.text, "campaign": choice.campaign, "channel": choice.channel}
    return with_query("/calendar", query)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
