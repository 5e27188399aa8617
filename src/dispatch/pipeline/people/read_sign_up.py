"""What somebody filled in: read as a subscriber file's cells are, with what is wrong by field."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError
from dispatch.config.people.columns import MEANINGS
from dispatch.model.campaigns.cadence import Cadence, read_cadence
from dispatch.model.people.form import Form, FormField
from dispatch.model.people.sign_up import Profile
from dispatch.model.people.topics import topics_of
from dispatch.model.text.plain_text import one_line

LONGEST = 200
"""Characters of a name and of any other field."""

_LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)

_NO = frozenset({"", "0", "false", "n", "no", "non", "off"})
"""What a box, a list or two buttons on somebody's site post for who does not agree."""

Given = Mapping[str, Sequence[str]]
"""Field to what was posted for it: several where several can be chosen."""


class Slip(StrEnum):
    """What is wrong with one field; pages and problems have a sentence for each."""

    MISSING = "missing"
    NO_ADDRESS = "no_address"
    UNWANTED = "unwanted"  # the team does not take such addresses
    TOO_LONG = "too_long"
    LINK = "link"  # a name with an address of the web in it, which only advertisers have
    NO_CHOICE = "no_choice"
    NOT_AGREED = "not_agreed"
    EARLY = "early"
    OVER = "over"
    NO_PROOF = "no_proof"


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in; `slips` are what is wrong, by field, and then nothing of it counts."""

    email: str
    profile: Profile
    slips: Mapping[str, Slip]


def read_sign_up(
    form: Form, given: Given, *, offered: Collection[Cadence], language: str
) -> Filled:
    """Read what was posted; `offered` are the cadences that there are to choose.

    Names of fields that the form does not have are passed over.
    """
    slips: dict[str, Slip] = {}
    email = _email(form, given, slips)
    values = {one.name: _value(one, given, offered, slips) for one in form.fields}
    if all(text.strip().lower() in _NO for text in given.get("agree", ())):
        slips["agree"] = Slip.NOT_AGREED
    return Filled(email, _profile(form, values, language), slips)


def _profile(form: Form, values: Mapping[str, Sequence[str]], language: str) -> Profile:
    single = {name: found[0] for name, found in values.items() if found}
    known = {
        name: single[name] for name in ("name", "cadence", "locale", "timezone") if name in single
    }
    own = {
        one.name: ", ".join(values[one.name])
        for one in form.fields
        if not one.is_known and values[one.name]
    }
    return Profile(
        **known, topics=topics_of(values.get("topics", ())), fields=own, language=language
    )


def _email(form: Form, given: Given, slips: dict[str, Slip]) -> str:
    written = _first(given, "email")
    if not written:
        slips["email"] = Slip.MISSING
        return ""
    try:
        email = checked_address(written)
    except InvalidValueError:
        slips["email"] = Slip.NO_ADDRESS
        return ""
    if form.refuses(email):
        slips["email"] = Slip.UNWANTED
    return email


def _value(
    field: FormField, given: Given, offered: Collection[Cadence], slips: dict[str, Slip]
) -> list[str]:
    """What somebody said for a field, in our spelling; nothing where they said nothing."""
    written = list(_texts(field, given))
    if not written:
        if field.required:
            slips[field.name] = Slip.MISSING
        return []
    try:
        return list(dict.fromkeys(_meant(field, one, offered) for one in written))
    except _SlipError as error:
        slips[field.name] = error.slip
        return []


def _texts(field: FormField, given: Given) -> Iterator[str]:
    for text in given.get(field.name, ()):
        parts = text.split(",") if field.name == "topics" and not field.choices else [text]
        yield from filter(None, map(one_line, parts))


class _SlipError(ValueError):
    def __init__(self, slip: Slip) -> None:
        super().__init__(slip.value)
        self.slip = slip


def _meant(field: FormField, text: str, offered: Collection[Cadence]) -> str:
    if len(text) > LONGEST:
        raise _SlipError(Slip.TOO_LONG)
    if field.choices and text not in field.choices:
        raise _SlipError(Slip.NO_CHOICE)
    if field.name == "name" and _LINK.search(text):
        raise _SlipError(Slip.LINK)
    if field.name == "cadence":
        cadence = read_cadence(text)
        if cadence is None or cadence not in offered:
            raise _SlipError(Slip.NO_CHOICE)
        return cadence.value
    if field.name in {"locale", "timezone"}:
        try:
            return str(MEANINGS[field.name](text))
        except InvalidValueError:
            raise _SlipError(Slip.NO_CHOICE) from None
    return text


def _first(given: Given, name: str) -> str:
    return next((text.strip() for text in given.get(name, ()) if text.strip()), "")
