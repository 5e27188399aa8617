"""The ways in which feeds write a moment, and the words that may stand in them."""

import re

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_DIGITS = r"(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?"
_HALF = r"(?: ?(?P<half>[ap])\.?m\.?(?![a-z]))?"
_OFFSET = r"[+-]\d{1,2}(?::?\d{2})?"
_ZONE = rf"(?P<zone>{_OFFSET}|[a-z]{{1,5}}(?:{_OFFSET})?|[a-z]+/[a-z/_+-]+\d*)"
_NOTE = r"(?: \([^()]*\))?"  # a name for the offset, as browsers add it
_NAMED = r"(?:\[[\w/+-]+\])?"  # the same, as Java adds it
_TIME = rf"{_CLOCK}{_HALF}(?: uhr)?(?: ?{_ZONE}{_NAMED})?{_NOTE}"
_LATER = rf"(?:(?:,| -)?(?: (?:at|à|um|kl\.?|o|las|a las|alle))? {_TIME})?"
_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_NAME = r"(?P<name>[^\W\d_]+)\.?"
_WEEKDAY = r"(?:[^\W\d_]+\.?(?:, ?| ))?"
_TH = r"(?:st|nd|rd|th)"
_OF = r"(?: de)?"

SHAPES = tuple(
    re.compile(shape)
    for shape in (
        # Mails (RFC 5322), with what people have made of it: full names, hyphens, ordinals.
        rf"{_WEEKDAY}{_DAY}(?:{_TH}|\.)?{_OF}[ -]{_NAME}{_OF}[ -](?P<year>\d{{4}}|\d\d){_LATER}",
        # The web (RFC 3339, W3C's note), with a space for the T, and digits left out.
        rf"{_YEAR}-{_MONTH}-{_DAY}(?:(?: ?t ?| ){_TIME})?",
        rf"{_YEAR}[年년] ?{_MONTH}[月월] ?{_DAY}[日일](?: \(?[^\W\d_]{{1,3}}\)?)?(?: {_TIME})?",
        rf"{_WEEKDAY}{_YEAR}(?P<mark>[/.]){_MONTH}(?P=mark){_DAY}{_LATER}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:[t ]?{_DIGITS} ?{_ZONE}?)?",
        rf"{_YEAR}-{_NAME}-{_DAY}(?:[t ]{_TIME})?",
        # Americans, and C's asctime.
        rf"{_WEEKDAY}{_NAME} {_DAY}{_TH}?,? {_YEAR}{_LATER}",
        rf"{_WEEKDAY}{_NAME} {_DAY} {_CLOCK}(?: {_ZONE})? {_YEAR}",
        # Less than a day: its beginning, as W3C's note has it.
        r"(?P<year>\d{4})(?:-(?P<month>\d\d))?",
    )
)
"""Each is for a whole text in small letters, with single spaces: what would be left over may be
what matters. Which of two numbers is the day nobody can tell, so that the year comes first or the
month has a name."""

_NAMES_OF_MONTHS = (
    (
        "jan january januar janvier enero gennaio januari janeiro janv ene gen január ιαν"
        " января янв stycznia sty leden ledna ocak tammikuuta"
    ),
    (
        "feb february februar février febrero febbraio fevereiro févr fév fev február februári φεβ"
        " февраля фев lutego lut únor února şubat helmikuuta"
    ),
    (
        "mar march märz mars marzo maart março mär mrz mrt március"
        " марта мар marca březen března mart maaliskuuta μάώ μαώ μαρ"
    ),
    (
        "apr april avril abril aprile avr abr április απρ"
        " апреля апр kwietnia kwi duben dubna nisan huhtikuuta"
    ),
    (
        "may mai mayo maggio mei maio mag május"
        " мая maj maja květen května mayıs toukokuuta μάι μαϊ μαι"
    ),
    (
        "jun june juni juin junio giugno junho giu június"
        " июня июн czerwca cze červen června haziran kesäkuuta ιούν ιον ιουν"
    ),
    (
        "jul july juli juillet julio luglio julho juil lug július"
        " июля июл lipca červenec července temmuz heinäkuuta ιούλ ιολ ιουλ"
    ),
    (
        "aug august août agosto augustus ago aoû augusztus"
        " августа авг sierpnia sie srpen srpna ağustos elokuuta αύγ αυγ"
    ),
    (
        "sep sept september septembre septiembre settembre setembro set szeptember"
        " сентября сен сент września wrz září eylül syyskuuta σεπ"
    ),
    (
        "oct october oktober octobre octubre ottobre outubro okt ott out október"
        " октября окт października paź říjen října ekim lokakuuta οκτ"
    ),
    "nov november novembre noviembre novembro ноября ноя listopada kasım marraskuuta νοέ νοε",
    (
        "dec december dezember décembre diciembre dicembre dezembro dez déc dic"
        " декабря дек grudnia gru prosinec prosince aralık joulukuuta δεκ"
    ),
)
MONTHS = {name: n for n, names in enumerate(_NAMES_OF_MONTHS, 1) for name in names.split()}

_HOURS_OF_ZONES = {
    -10: "hst", -9: "akst", -8: "pst pt akdt", -7: "mst mt pdt", -6: "cst ct mdt",
    -5: "est et cdt", -4: "ast at edt", -3: "adt brt art", 0: "z ut utc gmt wet",
    1: "cet met mez bst west", 2: "cest mest mesz eet sast", 3: "msk eest",
    8: "hkt sgt awst", 9: "jst kst", 10: "aest", 11: "aedt", 12: "nzst", 13: "nzdt",
}  # fmt: skip
ZONES = {name: hours for hours, names in _HOURS_OF_ZONES.items() for name in names.split()}
"""Hours by which a zone is ahead of UTC; of names that several have, what feeds mostly mean."""
