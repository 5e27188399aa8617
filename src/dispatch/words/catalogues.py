"""Sentences by their names, in the languages whose catalogues stand in this folder."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

ENGLISH = "en"
"""What is said where no language is asked for, or a catalogue does not say it."""

_AT_ITS_END = re.compile(r"\{(\w+)\}\.(?!\.)")
_DAY_OF_MONTH = re.compile(r"(?<!d)d(?=\sMMM)")


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language: `words("unsubscribe.to", email=address)`.

    `locale` is that of its catalogue, such as `fr` or `pt_BR`.
    """

    locale: str
    _translations: GNUTranslations = field(repr=False)

    def __call__(self, name: str, /, *, count: int | None = None, **values: object) -> str:
        """A sentence with its values filled in; with `count`, in the plural form that goes with it.

        `count` is also a value. Whole numbers are written as people of that language write them.
        Raises LookupError for a name that no catalogue has, and for a value that is not given.
        """
        if count is None:
            text = self._translations.gettext(name)
        else:
            text = self._translations.ngettext(name, name, count)
            values["count"] = count
        if text == name:
            raise LookupError(f"{name}: no such sentence, singular or plural - add it to en.po")
        shown = {key: self._shown(value) for key, value in values.items()}
        found = text.format_map(shown)
        return _with_one_stop(text, shown) if ".." in found else found

    def moment(self, moment: datetime, pattern: str) -> str:
        """A moment with its names in this language; `pattern` has Unicode date fields.

        It is told by its own clock, whatever zone that is in. In French the first day of a month,
        and no other, is an ordinal: `1er décembre`.
        """
        from babel.dates import format_datetime  # noqa: PLC0415 - slow to import

        if moment.day == 1 and self.locale.startswith("fr"):
            pattern = _DAY_OF_MONTH.sub("d'er'", pattern)
        return format_datetime(moment, pattern, locale=self.locale)

    @property
    def tag(self) -> str:
        """The language as HTML names it (RFC 5646), such as `pt-BR`."""
        return self.locale.replace("_", "-")

    @property
    def name(self) -> str:
        """What people of that language call it, such as `Français`."""
        from babel import Locale  # noqa: PLC0415 - slow to import

        name = Locale.parse(self.locale).get_display_name() or self.tag
        return name[0].upper() + name[1:]

    @property
    def direction(self) -> str:
        """`rtl` for languages written from right to left, else `ltr`."""
        from babel import Locale  # noqa: PLC0415 - slow to import

        return Locale.parse(self.locale).text_direction

    def _shown(self, value: object) -> object:
        if not isinstance(value, int):
            return value
        from babel.numbers import format_decimal  # noqa: PLC0415 - slow to import

        return format_decimal(value, locale=self.locale)


def _with_one_stop(text: str, values: Mapping[str, object]) -> str:
    """A sentence whose last word has a full stop already, as `8 déc.`, needs no other."""

    def closed(at: re.Match[str]) -> str:
        return at[0][:-1] if str(values.get(at[1], "")).endswith(".") else at[0]

    return _AT_ITS_END.sub(closed, text).format_map(values)


class Catalogues:
    """The languages of a folder, each read when it is asked for.

    A file `<locale>.po` is one, and so are the files of a folder `<locale>/` together.
    """

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, list[Path]] = {}
        for path in sorted([*folder.glob("*.po"), *folder.glob("*/*.po")]):
            locale = path.stem if path.parent == folder else path.parent.name
            self._files.setdefault(locale, []).append(path)
        self._words: dict[str, Words] = {}

    @property
    def locales(self) -> list[str]:
        """Those that there are, by their names."""
        return sorted(self._files)

    def pick(self, wanted: Iterable[str]) -> Words:
        """The first wanted language that there is, with its region or without; else English.

        However a tag is written: `fr-CA`, `fr_ca` and `FR` are fine. What is no tag is passed over.
        """
        from babel import negotiate_locale  # noqa: PLC0415 - slow to import

        tags = (part for tag in wanted for part in _from_special_to_general(tag))
        found = negotiate_locale(tags, self._files) or ENGLISH
        spelled = {locale.lower(): locale for locale in self._files}
        return self._words_of(spelled[found.lower()])

    def _words_of(self, locale: str) -> Words:
        if locale not in self._words:
            self._words[locale] = Words(locale, self._translations(locale))
        return self._words[locale]

    def _translations(self, locale: str) -> GNUTranslations:
        """What it does not say is said in the language without its region, then in English."""
        found = _read(locale, self._files[locale])
        more_general = [*_from_special_to_general(locale)][1:]
        for other in (*more_general, ENGLISH):
            if other in self._files and other != locale:
                found.add_fallback(self._translations(other))
                break
        return found


def words_in(*wanted: str) -> Words:
    """Our sentences in the first wanted language that there is; in English if there is none.

    >>> words_in("fr-CA")("unsubscribe.title")
    'Se désabonner'
    """
    return ours().pick(wanted)


def team_words_in(*wanted: str) -> Words:
    """The sentences of the team's pages, likewise.

    >>> team_words_in("fr")("frame.home")
    'Accueil'
    """
    return for_team().pick(wanted)


@cache
def for_team() -> Catalogues:
    """The languages of the team's pages: a folder for each, a file for each noun."""
    return Catalogues(Path(__file__).parent / "team")


@cache
def ours() -> Catalogues:
    """The languages that dispatch itself has."""
    return Catalogues(Path(__file__).parent)


def _read(locale: str, paths: Iterable[Path]) -> GNUTranslations:
    """A catalogue, compiled in memory: so it is the text that people edit which is installed.

    What its translator has marked as uncertain (fuzzy) is left out.
    """
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - slow to import
    from babel.messages.pofile import read_po  # noqa: PLC0415

    parts = []
    for path in paths:
        with path.open("rb") as file:
            parts.append(read_po(file, locale=locale, abort_invalid=True))
    whole, *others = parts
    for part in others:
        for message in part:
            if message.id:
                whole[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _from_special_to_general(tag: str) -> Iterator[str]:
    """`zh_Hant_TW`, `zh_Hant`, `zh`: a language, its script and its region are looked at, no more.

    >>> list(_from_special_to_general("fr-CA"))
    ['fr_CA', 'fr']
    """
    parts = tag.replace("-", "_").split("_", 3)[:3]
    while parts:
        yield "_".join(parts)
        parts = parts[:-1]
