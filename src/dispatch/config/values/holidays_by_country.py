"""Public holidays of countries and their parts, by the library `holidays`, which is an extra."""

import re
import warnings
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec

from dispatch.config.files.problems import InvalidValueError, did_you_mean, quoted
from dispatch.model.text.suggestions import asked, near_places

PREFIX = "holidays:"
FIRST_YEAR, LAST_YEAR = 2020, 2100
"""Between these they are asked for. Where the moon decides, the library may know fewer years."""

COUNTRY = re.compile(r"holidays:[A-Za-z]{2,3}(-.+)?")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its two letters (ISO 3166-1), and the part of it whose holidays are meant."""

    code: str
    part: str = ""


def country(word: str) -> Country:
    """What `holidays:FR` or `holidays:FR-57` names. Raises InvalidValueError."""
    code, _, part = word.strip().removeprefix(PREFIX).strip()[:_LONGEST].partition("-")
    if find_spec("holidays") is None:
        raise InvalidValueError(
            f"{quoted(word)} needs the extra 'holidays', which is not installed",
            "run pip install 'dispatch-digest[holidays]', or name a calendar: file:holidays.ics",
        )
    known = _countries()
    if code.upper() not in known:
        raise InvalidValueError(f"unknown country {quoted(code)}", lambda: _advice(code))
    found = known[code.upper()]
    return Country(found, _part(found, part) if part else "")


@cache
def days_of(country: Country) -> frozenset[date]:
    """The public holidays of these years, with the days off in lieu of those on a weekend."""
    import holidays  # noqa: PLC0415 - an extra, and slow to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says so where it knows fewer years
        return frozenset(
            holidays.country_holidays(
                country.code, subdiv=country.part or None, years=range(FIRST_YEAR, LAST_YEAR + 1)
            )
        )


def _part(code: str, written: str) -> str:
    import holidays  # noqa: PLC0415

    found = holidays.country_holidays(code)
    parts = {one.casefold(): one for one in found.subdivisions}
    names: dict[str, str] = getattr(found, "subdivisions_aliases", {})
    known: dict[str, str] = {name.casefold(): one for name, one in names.items()} | parts
    if written.casefold() in known:
        return known[written.casefold()]
    if not known:
        raise InvalidValueError(
            f"the holidays of {code} are the same everywhere", f"write {PREFIX}{code}"
        )
    advice = did_you_mean(written, (*found.subdivisions, *names))
    raise InvalidValueError(f"unknown part of {code} {quoted(written)}", advice)


def _advice(code: str) -> str:
    """The country that is meant, by its letters or its name."""
    names = {name.replace("_", " "): own[1] for name, own in _registry().items()}
    word = code.strip().replace("_", " ").lower()
    close = [word] if word in names else near_places(word, names)
    if close:
        return asked(f"{PREFIX}{names[one]}" for one in close)
    return f"write the two letters of the country (ISO 3166), such as {PREFIX}FR"


@cache
def _countries() -> dict[str, str]:
    """Each way to write a country's letters, such as FRA or UK, to the two that are its own."""
    return {code: own[1] for own in _registry().values() for code in own[1:]}


def _registry() -> dict[str, tuple[str, ...]]:
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    return COUNTRIES
