"""The fields of a form as its page shows them, with what was typed and what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from dispatch.model.campaigns.cadence import Cadence
from dispatch.model.people.form import Form, FormField
from dispatch.pipeline.people.form_words import cadence_labels, label_of
from dispatch.pipeline.people.read_sign_up import LONGEST, Given, Slip
from dispatch.web.choices import zones
from dispatch.words.catalogues import Words, ours, words_in


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: value, what it is called, a hint, and whether it is chosen."""

    value: str
    label: str
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field. `kind` is text, one (of a few), some (of a few) or list (one of many)."""

    name: str
    label: str
    kind: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    hint: str = ""
    error: str = ""
    autocomplete: str = ""
    longest: int = LONGEST


def shown_fields(
    form: Form,
    words: Words,
    *,
    cadences: Sequence[Cadence],
    given: Given,
    slips: Mapping[str, Slip],
) -> Iterator[ShownField]:
    """Each of a form's own fields, with what was typed and what is wrong with it."""
    for one in form.fields:
        texts = [text for text in given.get(one.name, ()) if text]
        made = _shown(one, words, cadences, texts)
        if made is not None:
            yield _with_error(made, words, slips)


def said(slip: Slip, words: Words) -> str:
    """What is wrong with a field, in a sentence with what to do."""
    return {
        Slip.MISSING: words("join.missing"),
        Slip.NO_ADDRESS: words("join.no_address"),
        Slip.UNWANTED: words("join.unwanted"),
        Slip.TOO_LONG: words("join.too_long", count=LONGEST),
        Slip.LINK: words("join.link"),
        Slip.NO_CHOICE: words("join.no_choice"),
        Slip.NOT_AGREED: words("join.not_agreed"),
        Slip.EARLY: words("join.early"),
        Slip.OVER: words("join.over"),
        Slip.NO_PROOF: words("join.no_proof"),
    }[slip]


def _with_error(made: ShownField, words: Words, slips: Mapping[str, Slip]) -> ShownField:
    return replace(made, error=said(slips[made.name], words)) if made.name in slips else made


def _shown(
    one: FormField, words: Words, cadences: Sequence[Cadence], texts: Sequence[str]
) -> ShownField | None:
    label = label_of(one, words)
    value = texts[0] if texts else ""
    if one.name == "cadence":
        if not cadences:
            return None
        choices = tuple(_cadences(words, cadences, value))
        return ShownField(one.name, label, "one", choices=choices, required=one.required)
    if one.name == "timezone":
        return ShownField(one.name, label, "list", value, tuple(_zones(value)), one.required)
    if one.name == "locale" and not one.choices:
        languages = tuple(_languages(value or words.locale))
        return ShownField(one.name, label, "list", value, languages, required=one.required)
    if one.choices:
        kind = "some" if one.takes_several else "one"
        choices = tuple(Choice(text, text, chosen=text in texts) for text in one.choices)
        return ShownField(one.name, label, kind, value, choices, required=one.required)
    hint = words("join.topics_hint") if one.name == "topics" else ""
    known = "name" if one.name == "name" else ""
    return ShownField(
        one.name, label, "text", value, required=one.required, hint=hint, autocomplete=known
    )


def _zones(chosen: str) -> Iterator[Choice]:
    for zone in chain.from_iterable(zones().values()):
        yield Choice(zone, zone.replace("_", " "), chosen=zone == chosen)


def _cadences(words: Words, offered: Sequence[Cadence], value: str) -> Iterator[Choice]:
    labels = cadence_labels(words)
    for cadence in offered:
        label, hint = labels[cadence]
        yield Choice(cadence.value, label, hint, chosen=cadence.value == value)


def _languages(chosen: str) -> Iterator[Choice]:
    for locale in ours().locales:
        language = words_in(locale)
        yield Choice(language.tag, language.name, chosen=language.tag == chosen.replace("_", "-"))
