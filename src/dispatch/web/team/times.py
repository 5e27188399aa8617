"""Moments, spans and figures as the team reads them: in the workspace's zone, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from dispatch.words.catalogues import Words

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Times:
    """Tells moments as seen at `now` by the clocks of `zone`."""

    words: Words
    zone: ZoneInfo
    now: datetime

    def when(self, moment: datetime) -> Markup:
        """A moment: `today 15:42`, `Tue 17 Nov, 09:00`; a later one with how long until then."""
        text = self.plain(moment)
        if moment > self.now:
            text += f" ({self.words('time.in', span=self.span(moment - self.now))})"
        return self._marked(moment, text)

    def short(self, moment: datetime) -> Markup:
        """The same without how long until then."""
        return self._marked(moment, self.plain(moment))

    def plain(self, moment: datetime) -> str:
        """The same as plain text."""
        here, today = self.local(moment), self.local(self.now).date()
        clock = self.clock(moment)
        near = {0: "time.today", -1: "time.yesterday", 1: "time.tomorrow"}
        name = near.get((here.date() - today).days)
        if name:
            return self.words(name, time=clock)
        return self.words("time.at", day=self.day(here.date()), time=clock)

    def ago(self, moment: datetime) -> Markup:
        """How long it is since, or until, a moment."""
        apart = self.now - moment
        name = "time.ago" if apart >= timedelta(0) else "time.in"
        return self._marked(moment, self.words(name, span=self.span(abs(apart))))

    def clock(self, moment: datetime) -> str:
        """The time of day."""
        return self.words.moment(self.local(moment), self.words("time.clock"))

    def clock_of(self, wall: datetime) -> str:
        """A time on the wall, whatever the zone."""
        return self.words.moment(wall.replace(tzinfo=self.zone), self.words("time.clock"))

    def day(self, day: date, *, full: bool = False) -> str:
        """A day: `Tue 17 Nov`, with its year where that differs; `full`: `Tuesday 17 November`."""
        name = "time.day" if day.year == self.local(self.now).year else "time.day_year"
        pattern = self.words("time.full_day" if full else name)
        return self.words.moment(
            datetime(day.year, day.month, day.day, 12, tzinfo=self.zone), pattern
        )

    def span(self, span: timedelta) -> str:
        """How long something takes: `45 s`, `16 h 48 min`, `3 days`."""
        if span < MINUTE:
            return self.words("time.seconds", n=max(0, int(span.total_seconds())))
        if span >= 2 * DAY:
            return self.words("time.days", count=span // DAY)
        hours, minutes = divmod(span // MINUTE, 60)
        if not hours:
            return self.words("time.minutes", n=minutes)
        return self.words("time.hours_minutes" if minutes else "time.hours", h=hours, m=minutes)

    @property
    def city(self) -> str:
        """Whose clocks these are: the place that stands for the zone."""
        from babel.dates import get_timezone_location  # noqa: PLC0415 - slow to import

        if self.zone.key == "UTC":
            return self.zone.key
        return get_timezone_location(self.zone, locale=self.words.locale, return_city=True)

    def any_of(self, names: Sequence[str]) -> str:
        """Several names, of which one is enough: `Marie or Jean`."""
        from babel.lists import format_list  # noqa: PLC0415 - slow to import

        return format_list(list(names), style="or", locale=self.words.locale)

    def all_of(self, names: Sequence[str]) -> str:
        """Several names that all count: `Tue 1 Dec and Tue 8 Dec`."""
        from babel.lists import format_list  # noqa: PLC0415 - slow to import

        return format_list(list(names), locale=self.words.locale)

    def number(self, number: int) -> str:
        """A whole number with its separators."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - slow to import

        return format_decimal(number, locale=self.words.locale)

    def size(self, number: int) -> str:
        """A number of bytes in whole units, such as `25 MB`, as services name their limits."""
        from babel.units import format_unit  # noqa: PLC0415 - slow to import

        kilo = 1024 if number % 1024 == 0 else 1000
        unit = "mega" if number >= kilo**2 else "kilo"
        value = round(number / kilo ** (2 if unit == "mega" else 1), 1)
        return format_unit(value, f"digital-{unit}byte", "short", locale=self.words.locale)

    def share(self, part: int, whole: int) -> str:
        """A share with one decimal; never 100 % while one is missing, nor 0 % where one is.

        Five times "0.1 %" would add up to more than there is: what is less is said to be less.
        """
        from babel.numbers import format_decimal  # noqa: PLC0415 - slow to import

        tenths = round(1000 * part / whole) if whole else 0
        less = "<\u00a0" if 0 < 1000 * part < whole else ""
        if 0 < part < whole:
            tenths = min(max(tenths, 1), 999)
        shown = format_decimal(tenths / 10, "#,##0.#", locale=self.words.locale)
        return f"{less}{shown}{self._before_percent}%"

    def percent(self, share: float) -> str:
        """A share such as 0.0015 in hundredths, with two decimals at most."""
        from babel.numbers import format_percent  # noqa: PLC0415 - slow to import

        pattern = f"#,##0.##{self._before_percent}%"
        return format_percent(share, pattern, locale=self.words.locale)

    @property
    def _before_percent(self) -> str:
        return "\u202f" if self.words.locale.startswith("fr") else " "

    def local(self, moment: datetime) -> datetime:
        """By the clocks of the workspace."""
        return moment.astimezone(self.zone)

    def _marked(self, moment: datetime, text: str) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(
            self.local(moment).isoformat(timespec="minutes"), text
        )


def capital(text: str) -> str:
    """With a capital at its beginning: some languages write days and months without."""
    return text[:1].upper() + text[1:]
