"""Connect a channel, or change one: a form made from its provider's options, with a check."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from pydantic import BaseModel
from starlette.responses import Response

from dispatch.channels.find import find_provider, provider_names
from dispatch.channels.open import OptionProblem, check_options
from dispatch.channels.provider import Account, Carries
from dispatch.config.splice.change import Change, Put, Remove
from dispatch.errors import BadInput, ChangedMeanwhile, NotFound, NotWritable
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.text.suggestions import did_you_mean
from dispatch.web.team.frame import in_english
from dispatch.web.team.meanwhile import lines_since
from dispatch.web.team.option_fields import (
    FILE,
    PREFIX,
    OptionField,
    fields_of,
    first_ones,
    number_of,
    written_by,
)
from dispatch.web.team.provider_words import ProviderWords, title_of
from dispatch.web.team.quotas import quota_shown
from dispatch.web.team.visit import Visit
from dispatch.words.catalogues import Words

if TYPE_CHECKING:
    from dispatch.pipeline.delivery.check_channel import Tried

PACE = ("per_second", "per_day", "connections")
"""What of a pace has a field; the rest of it stays as the file has it."""


PLAIN = Markup('autocomplete="off" spellcheck="false"')
"""Attributes of a field for what no browser should guess or correct."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A provider to choose; `about` says what it is."""

    name: str
    title: str
    about: Markup
    is_mail: bool
    stays_here: bool


def new(visit: Visit) -> Response:
    """Choose a provider, and fill in what it needs."""
    return _page(visit, name="", provider=visit.asked("provider"), written={}, pace={})


def edit(visit: Visit) -> Response:
    """The same form for one that is there; its name and provider stay."""
    plan = _plan(visit)
    return _page(
        visit, name=plan.name, provider=plan.provider, written=plan.options, pace=_pace_of(plan)
    )


def connect(visit: Visit) -> Response:
    """Check what was filled in, or save it."""
    provider, name = visit.form("provider"), visit.form("name")
    if provider not in provider_names():
        advice = did_you_mean(provider, provider_names())
        raise NotFound(f"provider '{provider}': unknown - {advice}")
    errors = {} if name else {"name": visit.words("channels.name_missing")}
    if name in visit.app.workspace.channels:
        errors["name"] = visit.words("channels.name_taken")
    return _posted(visit, name=name, provider=provider, before={}, errors=errors)


def save(visit: Visit) -> Response:
    """The same for one that is there."""
    plan = _plan(visit)
    return _posted(visit, name=plan.name, provider=plan.provider, before=plan.options, errors={})


def _posted(
    visit: Visit,
    *,
    name: str,
    provider: str,
    before: Mapping[str, Any],
    errors: dict[str, str],
) -> Response:
    options = written_by(visit.form, find_provider(provider).Options, before)
    pace = {key: text for key in PACE if (text := visit.form(f"pace-{key}"))}
    values: dict[str, Any] = {"name": name, "provider": provider, "written": options, "pace": pace}
    if named := _new_files(visit, options, before):
        return _page(visit, errors=named, **values)
    plan = ChannelPlan(name=name or "new", provider=provider, options=options)
    errors = _errors(check_options(plan, visit.app.channels.secret)) | errors
    changes = _changes(name, provider, options, pace)
    try:
        return _looked(visit, plan, changes, values, errors=errors, is_new=not before)
    except ChangedMeanwhile:
        return _meanwhile(visit, changes, values)


def _looked(
    visit: Visit,
    plan: ChannelPlan,
    changes: Sequence[Change],
    values: dict[str, Any],
    *,
    errors: dict[str, str],
    is_new: bool,
) -> Response:
    try:
        values["diff"] = visit.app.texts.look(changes, seen=visit.form("seen") or None).diff()
    except BadInput as error:
        errors = _errors_of_file(error, values["name"]) | errors
    if errors:
        return _page(visit, errors=errors, **values)
    if visit.app.channels.access.is_needed(plan):
        # A person agrees at the network once the channel is there: until then nobody lets it in.
        if not visit.form.has("save"):
            return _page(visit, awaits=True, **values)
        return _saved(visit, changes, values, tried=None, is_new=is_new)
    tried = visit.app.channels.try_plan(plan)
    problem = tried.problem
    values |= {"account": tried.account, "problem": problem}
    if not visit.form.has("save"):
        return _page(visit, **values)
    if problem and visit.form("anyway") != "yes":
        return _page(visit, errors={"check": in_english(problem)}, **values)
    return _saved(visit, changes, values, tried=tried, is_new=is_new)


def _saved(
    visit: Visit,
    changes: Sequence[Change],
    values: Mapping[str, Any],
    *,
    tried: "Tried | None",
    is_new: bool,
) -> Response:
    name: str = values["name"]
    try:
        visit.app.texts.change_plan(
            changes,
            by=visit.by,
            seen=visit.form("seen") or None,
            act="channel.connect" if is_new else "channel.change",
            kind="channel",
            subject=name,
        )
    except NotWritable as error:
        return _page(visit, errors={"file": in_english(str(error))}, **values)
    if tried is None:
        return visit.to(f"/channels/{name}#access", "channel_to_connect")
    visit.app.channels.keep_tried(name, tried, by=visit.by)
    return visit.to(f"/channels/{name}", "channel_saved")


def _meanwhile(visit: Visit, changes: Sequence[Change], values: dict[str, Any]) -> Response:
    """409: what was typed, and what would be written into the file as it is now."""
    with suppress(BadInput):
        values["diff"] = visit.app.texts.look(changes).diff()
    return _page(
        visit,
        errors={"file": visit.words("errors.meanwhile")},
        status=HTTPStatus.CONFLICT,
        meanwhile=lines_since(visit, visit.form("seen")),
        **values,
    )


def _new_files(
    visit: Visit, options: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, str]:
    """An error for each file that the options name, and did not: what is in it goes elsewhere.

    Who may write schedules.yaml can read files there anyway, and who has only these pages cannot.
    """
    named = [one for one, value in options.items() if str(value).startswith(FILE)]
    return {
        PREFIX + one: visit.words("channels.file_by_hand")
        for one in named
        if options[one] != before.get(one)
    }


def _changes(
    name: str, provider: str, options: Mapping[str, Any], pace: Mapping[str, str]
) -> list[Put | Remove]:
    place = ("channels", name)
    changes: list[Put | Remove] = [Put((*place, "provider"), provider)]
    if options:
        changes.append(Put((*place, "options"), dict(options)))
    else:
        changes.append(Remove((*place, "options")))
    for key in PACE:
        where = (*place, "pace", key)
        changes.append(Put(where, number_of(pace[key])) if key in pace else Remove(where))
    return changes


def _page(
    visit: Visit,
    *,
    name: str,
    provider: str,
    written: Mapping[str, Any],
    pace: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 0,
    **values: Any,
) -> Response:
    options = find_provider(provider).Options if provider in provider_names() else None
    fields = fields_of(options, written) if options else []
    shown: dict[str, Any] = {
        "account": None,
        "problem": "",
        "diff": [],
        "meanwhile": [],
        "awaits": False,
        **values,
    }
    account = shown.pop("account")
    folded = {one.id for one in fields[first_ones(fields) :]}
    seen = visit.form("seen") if status != HTTPStatus.CONFLICT else ""
    said_of = ProviderWords(visit.words, provider)
    return visit.page(
        "channel_form.html",
        status_code=status or (422 if errors else 200),
        tried=bool(account or shown["problem"]),
        account=account or Account(""),
        quota=quota_shown(account.quota, visit.words) if account else None,
        here="channels",
        errors=errors or {},
        kinds=_kinds(visit.words) if "name" not in visit.request.path_params else [],
        channel=visit.request.path_params.get("name", ""),
        channel_name=name,
        provider=provider if options else "",
        fields=fields,
        pace=pace,
        paces=PACE,
        labels=_labels(visit, options, said_of),
        said_of=said_of,
        provider_title=partial(title_of, visit.words),
        many=first_ones(fields),
        more_open=bool(pace)
        or any(name.startswith("pace-") or name in folded for name in errors or {})
        or any(PREFIX + name in folded for name in written),
        plain=PLAIN,
        suggesting=_suggesting,
        number_attributes=Markup('inputmode="decimal" autocomplete="off"'),
        why_not=visit.app.texts.why_not(),
        seen=seen or visit.app.texts.plan.fingerprint,
        **shown,
    )


def _labels(visit: Visit, options: type[BaseModel] | None, said: ProviderWords) -> dict[str, str]:
    """Field to the name that people see, for the errors above the form."""
    words = visit.words
    own = {PREFIX + name: said.label(name) for name in options.model_fields} if options else {}
    pace = {f"pace-{key}": words(f"channels.pace_{key}") for key in PACE}
    return {"name": words("channels.short_name"), "check": words("channels.the_check")} | own | pace


def _suggesting(field: OptionField) -> Markup:
    return PLAIN + (Markup(' list="{}-list"').format(field.id) if field.suggested else "")


def _kinds(words: Words) -> list[Kind]:
    """By what people call them; those from which nothing leaves come last."""
    found = (_kind(ProviderWords(words, name)) for name in provider_names())
    return sorted(found, key=lambda one: (one.stays_here, one.title.casefold()))


def _kind(said: ProviderWords) -> Kind:
    name, title = said.provider, said.title
    try:
        capabilities = find_provider(name).capabilities
    except NotFound as error:
        return Kind(name, title, Markup("{}").format(error), is_mail=False, stays_here=False)
    carries = Carries.EMAIL in capabilities.carries
    return Kind(name, title, said.about, carries, capabilities.stays_here)


def _errors(problems: list[OptionProblem]) -> dict[str, str]:
    """Each at its field: `options.port` is `option-port`."""
    found: dict[str, str] = {}
    for one in problems:
        field = PREFIX + one.key.removeprefix("options.") if one.key != "options" else "check"
        found.setdefault(field, in_english(f"{one.problem} - {one.advice}"))
    return found


def _errors_of_file(error: BadInput, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in error.problems:
        key = str(getattr(one, "key", "")).removeprefix("channels.").removeprefix(f"{name}.")
        place = key.replace("pace.", "pace-").replace("options.", PREFIX)
        problem = f"{getattr(one, 'problem', one)} - {getattr(one, 'advice', '')}".rstrip(" -")
        found.setdefault(
            place if place.startswith(("pace-", PREFIX)) else "name", in_english(problem)
        )
    return found


def _plan(visit: Visit) -> ChannelPlan:
    name, channels = visit.part("name"), visit.app.workspace.channels
    if name not in channels:
        raise NotFound(f"channel {name}: not in schedules.yaml - {did_you_mean(name, channels)}")
    return channels[name]


def _pace_of(plan: ChannelPlan) -> dict[str, str]:
    values = {key: getattr(plan.pace, key) for key in PACE}
    return {key: f"{value:g}" for key, value in values.items() if value is not None}
