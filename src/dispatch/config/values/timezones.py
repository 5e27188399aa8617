"""Time zones as people write them, and what those mean that are easily taken for another one."""

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from importlib.resources import files
from zoneinfo import ZoneInfo

from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.model.text.suggestions import SHORTEST_PLACE, closest, near_places

ANY = "write a name such as Europe/Paris"

_OFFSET = re.compile(
    r"(?P<etc>etc/)?(?:gmt|utc|z|ut)?\s*(?P<sign>[+\-\u2010-\u2015\u2212])\s*"
    r"(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?:\s*h)?",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\(((?:gmt|utc)[^)]*)\).*")
"""As lists of zones to choose from have it: the offset in front of some cities."""

_OF_COUNTRIES = ("us/", "canada/", "mexico/", "brazil/", "chile/")
"""Old zones that are parts of a country, and no cities."""

CITIES: Mapping[str, tuple[str, ...]] = {
    "-11:00": ("Pacific/Pago_Pago",),
    "-10:00": ("Pacific/Honolulu",),
    "-09:30": ("Pacific/Marquesas",),
    "-09:00": ("America/Anchorage", "Pacific/Gambier"),
    "-08:00": ("America/Los_Angeles", "Pacific/Pitcairn"),
    "-07:00": ("America/Denver", "America/Phoenix"),
    "-06:00": ("America/Chicago", "America/Costa_Rica"),
    "-05:00": ("America/New_York", "America/Bogota"),
    "-04:00": ("America/Halifax", "America/Puerto_Rico"),
    "-03:30": ("America/St_Johns",),
    "-03:00": ("America/Sao_Paulo",),
    "-02:00": ("America/Noronha",),
    "-01:00": ("Atlantic/Azores", "Atlantic/Cape_Verde"),
    "+00:00": ("Europe/London", "Africa/Abidjan"),
    "+01:00": ("Europe/Paris", "Africa/Lagos"),
    "+02:00": ("Europe/Athens", "Africa/Johannesburg"),
    "+03:00": ("Europe/Istanbul", "Africa/Nairobi"),
    "+03:30": ("Asia/Tehran",),
    "+04:00": ("Asia/Dubai",),
    "+04:30": ("Asia/Kabul",),
    "+05:00": ("Asia/Karachi",),
    "+05:30": ("Asia/Kolkata",),
    "+05:45": ("Asia/Kathmandu",),
    "+06:00": ("Asia/Dhaka",),
    "+06:30": ("Asia/Yangon",),
    "+07:00": ("Asia/Bangkok",),
    "+08:00": ("Asia/Singapore", "Australia/Perth"),
    "+08:45": ("Australia/Eucla",),
    "+09:00": ("Asia/Tokyo",),
    "+09:30": ("Australia/Adelaide", "Australia/Darwin"),
    "+10:00": ("Australia/Sydney", "Australia/Brisbane"),
    "+10:30": ("Australia/Lord_Howe",),
    "+11:00": ("Pacific/Noumea",),
    "+12:00": ("Pacific/Auckland", "Pacific/Fiji"),
    "+12:45": ("Pacific/Chatham",),
    "+13:00": ("Pacific/Tongatapu",),
    "+14:00": ("Pacific/Kiritimati",),
}
"""Cities by what their clocks are from UTC, outside summer time; one that has none comes last."""

CLOCKS: Mapping[str, tuple[str, ...]] = {
    "cet": ("Europe/Paris",),
    "cest": ("Europe/Paris",),
    "met": ("Europe/Paris",),
    "mest": ("Europe/Paris",),
    "mez": ("Europe/Berlin",),
    "mesz": ("Europe/Berlin",),
    "eet": ("Europe/Athens",),
    "eest": ("Europe/Athens",),
    "oez": ("Europe/Athens",),
    "wet": ("Europe/Lisbon",),
    "west": ("Europe/Lisbon",),
    "bst": ("Europe/London",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "msk": ("Europe/Moscow",),
    "trt": ("Europe/Istanbul",),
    "est": ("America/New_York", "America/Panama"),
    "edt": ("America/New_York",),
    "et": ("America/New_York",),
    "est5edt": ("America/New_York",),
    "cst": ("America/Chicago", "America/Costa_Rica", "Asia/Shanghai"),
    "cdt": ("America/Chicago",),
    "ct": ("America/Chicago",),
    "cst6cdt": ("America/Chicago",),
    "mst": ("America/Denver", "America/Phoenix"),
    "mdt": ("America/Denver",),
    "mt": ("America/Denver",),
    "mst7mdt": ("America/Denver",),
    "pst": ("America/Los_Angeles",),
    "pdt": ("America/Los_Angeles",),
    "pt": ("America/Los_Angeles",),
    "pst8pdt": ("America/Los_Angeles",),
    "akst": ("America/Anchorage",),
    "hst": ("Pacific/Honolulu",),
    "ast": ("America/Halifax", "America/Puerto_Rico"),
    "nst": ("America/St_Johns",),
    "brt": ("America/Sao_Paulo",),
    "art": ("America/Argentina/Buenos_Aires",),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "sgt": ("Asia/Singapore",),
    "hkt": ("Asia/Hong_Kong",),
    "wat": ("Africa/Lagos",),
    "cat": ("Africa/Maputo",),
    "eat": ("Africa/Nairobi",),
    "sast": ("Africa/Johannesburg",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "aedt": ("Australia/Sydney",),
    "acst": ("Australia/Adelaide", "Australia/Darwin"),
    "awst": ("Australia/Perth",),
    "nzst": ("Pacific/Auckland",),
    "nzdt": ("Pacific/Auckland",),
    "eastern": ("America/New_York", "America/Toronto"),
    "central": ("America/Chicago", "America/Winnipeg"),
    "mountain": ("America/Denver", "America/Edmonton"),
    "pacific": ("America/Los_Angeles", "America/Vancouver"),
    "samoa": ("Pacific/Apia", "Pacific/Pago_Pago"),
}
"""Cities by what people call their clocks; several where people mean several."""

_FIXED: Mapping[str, str] = {"est": "-05:00", "mst": "-07:00", "hst": "-10:00"}
"""Of those that are zones by themselves, the ones that know no summer time."""


@lru_cache(maxsize=2048)
def timezone(text: str) -> str:
    """An IANA time zone, as the list spells it. Raises InvalidValueError."""
    try:
        if _canonical(text) == text:
            ZoneInfo(text)
            return text
    except (KeyError, ValueError, OSError):  # OSError: a folder of zones, such as 'Europe'
        pass
    # The advice takes milliseconds, and a file may have many.
    raise InvalidValueError(f"unknown time zone {quoted(text)}", partial(_advice, text.strip()))


@lru_cache(maxsize=2048)
def timezone_of_person(text: str) -> str:
    """The same, as other products write it: in any letter case. Raises InvalidValueError.

    >>> timezone_of_person("europe/zurich"), timezone_of_person("AMERICA/NEW YORK")
    ('Europe/Zurich', 'America/New_York')
    """
    word = text.strip().replace(" ", "_")
    try:
        return timezone(_canonical(word))
    except InvalidValueError:
        return timezone(text)


@lru_cache(maxsize=2048)
def easily_mistaken(zone: str) -> tuple[str, str] | None:
    """What a zone that is one means, where many who write it mean another, and what to write.

    None for most. `Etc/GMT+2` is two hours behind UTC: its sign is the other way round.
    """
    word = zone.lower()
    found = _OFFSET.fullmatch(word)
    if found and found["etc"] and int(found["hours"]):
        hours, behind = int(found["hours"]), found["sign"] == "+"
        meaning = f"is always {_hours(hours)} {'behind' if behind else 'ahead of'} UTC"
        other = "-" if behind else "+"
        advice = "if that is meant, it is right"
        if (offset := f"{'+' if behind else '-'}{hours:02}:00") in CITIES:
            advice += f"; for UTC{_shown(offset)} {_city_advice(offset)}"
        return f"{quoted(zone)} {meaning} (UTC{other}{hours})", advice
    if word in _FIXED:
        meaning = f"{quoted(zone)} is always UTC{_shown(_FIXED[word])}, also in summer"
        return meaning, _told(CLOCKS[word])
    if word in CLOCKS:
        meaning = f"{quoted(zone)} is the clock of a region, with its summer time"
        return meaning, _told(CLOCKS[word])
    return None


def _advice(word: str) -> str:
    plain = word.lower()
    if exact := _zones().get(plain):
        mistaken = easily_mistaken(exact)
        return "; ".join(mistaken) if mistaken else f"did you mean '{exact}'?"
    if listed := _LISTED.fullmatch(plain):
        plain = listed[1]
    if found := _OFFSET.fullmatch(plain):
        sign = "+" if found["sign"] == "+" else "-"
        return _city_advice(f"{sign}{int(found['hours']):02}:{found['minutes'] or '00'}")
    clock = re.sub(r"( (standard|daylight|summer))? time\b.*", "", plain)
    if clock in CLOCKS:
        return _told(CLOCKS[clock])
    return _similar(plain)


def _city_advice(offset: str) -> str:
    """The cities whose clocks are so far from UTC, in words."""
    cities = CITIES.get("+00:00" if offset == "-00:00" else offset)
    if not cities:
        return ANY
    return f"{_told(cities)} (UTC{_shown(offset)} outside summer time)"


def _told(cities: tuple[str, ...]) -> str:
    named = " or ".join(f"'{city}'" for city in cities)
    return f"write the city that is meant, such as {named}"


def _shown(offset: str) -> str:
    """An offset as people say it: +2, -3:30."""
    hours, _, minutes = offset[1:].partition(":")
    return f"{offset[0]}{int(hours)}" + (f":{minutes}" if minutes != "00" else "")


def _hours(number: int) -> str:
    return f"{number} hour{'s' if number > 1 else ''}"


def _similar(word: str) -> str:
    """The zone of a city, or of a slip of the pen; those that are no city are never guessed."""
    area, _, city = word.replace(" ", "_")[:64].strip("/").rpartition("/")
    cities = _cities()
    if not area:  # as in "Europe Paris", too
        whole = closest(city, {key for key in _zones() if "/" in key and len(city) == len(key)})
        found = [_zones()[one] for one in whole] or _near(city, cities)
    else:
        areas = {key.rpartition("/")[0] for key in _zones() if "/" in key} - {"etc"}
        there = {
            key.rpartition("/")[2]: [zone]
            for one in closest(area, areas)
            for key, zone in _zones().items()
            if key.rpartition("/")[0] == one
        }
        found = _near(city, there, shortest=SHORTEST_PLACE - 1) or cities.get(city, [])
    return f"did you mean '{found[0]}'?" if found else ANY


def _near(
    city: str, cities: Mapping[str, list[str]], *, shortest: int = SHORTEST_PLACE
) -> list[str]:
    """The zones of a city, or of the only one that is a slip away."""
    if city in cities:
        return cities[city]
    near = near_places(city, cities, shortest=shortest)
    return cities[near[0]] if len(near) == 1 else []


@lru_cache(maxsize=1)
def _cities() -> Mapping[str, list[str]]:
    cities: dict[str, list[str]] = {}
    for key, zone in _zones().items():
        if "/" in key and key[:4] != "etc/" and not key.startswith(_OF_COUNTRIES):
            cities.setdefault(key.rpartition("/")[2], []).append(zone)
    return cities


def _canonical(key: str) -> str:
    # A file system that does not tell cases apart opens any spelling.
    return _zones().get(key.lower(), key)


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    """Every zone by its name in lower case; one file is read, not a thousand."""
    listed = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return {zone.lower(): zone for zone in listed}
