"""From a channel as the workspace describes it to a provider that is ready to send."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from dispatch.channels.account_mark import account_mark
from dispatch.channels.find import find_provider
from dispatch.channels.mail.dkim import Signer, SigningKey, read_key
from dispatch.channels.opened import Channel, TokenSource
from dispatch.channels.provider import Connects, Provider
from dispatch.clock import Clock
from dispatch.errors import BadInput, CredentialsRefused, DispatchError, NotFound
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.delivery.tokens import Tokens
from dispatch.model.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

SecretOf = Callable[[str], SecretStr]
"""Turns `env:NAME` or `file:PATH` into what it names; raises ValueError or a DispatchError,
whose text is `problem - advice`."""

TokensOf = Callable[[ChannelPlan, Connects], TokenSource]
"""A channel and its provider to what keeps its tokens."""

REFERENCES = ("env:", "file:")


class OptionProblem(NamedTuple):
    """One problem of a channel; `key` is the path below the channel, such as `options.port`."""

    key: str
    problem: str
    advice: str


def open_channel(
    plan: ChannelPlan,
    *,
    http: "Callable[[], httpx.Client]",
    clock: Clock,
    folder: Path,
    secret: SecretOf,
    tokens: TokensOf | None = None,
) -> Channel:
    """Build the provider of a channel from its options; talks to nobody yet.

    `http` gives the client, for all but those whose wires open anywhere.

    Relative paths in the options start at `folder`. `tokens` has what networks gave us, for those
    that let us in by OAuth. Raises BadInput with every problem.
    """
    provider, options, problems = _prepare(plan, folder, secret)
    key, unsigned = _signing_key(plan, provider, secret)
    problems += unsigned
    if problems or provider is None or options is None:
        raise BadInput([_sentence(plan, problem) for problem in problems])
    signer = Signer(plan.dkim.domain, plan.dkim.selector, key, clock) if plan.dkim and key else None
    # What needs none is not made to wait for one, nor to find room for it.
    client = None if hasattr(provider, "wires") else http()
    ready = provider(options, cast("httpx.Client", client), clock)
    source = None
    if isinstance(ready, Connects) and getattr(options, "token", None) is None:
        source = (tokens or _NoTokens)(plan, ready)
        ready.use_tokens(source)
    return Channel(
        plan.name,
        plan.provider,
        ready,
        provider.capabilities,
        signer,
        plan.pace,
        account_mark(plan, ready),
        plan.posts_per_month,
        source,
    )


class _NoTokens:
    """Where nobody keeps any."""

    def __init__(self, plan: ChannelPlan, _provider: Connects) -> None:
        self._channel = plan.name

    def __call__(self) -> Tokens:
        raise CredentialsRefused(
            f"{self._channel}: nobody has let us in yet - dispatch channels connect {self._channel}"
        )

    def ends(self) -> "datetime | None":
        return None


def check_options(plan: ChannelPlan, secret: SecretOf) -> list[OptionProblem]:
    """Everything that is wrong with a channel's provider, options and key, all at once."""
    provider, _, problems = _prepare(plan, Path(), secret)
    return problems + _signing_key(plan, provider, secret)[1]


Prepared = tuple[type[Provider[Any]] | None, BaseModel | None, list[OptionProblem]]


def _prepare(plan: ChannelPlan, folder: Path, secret: SecretOf) -> Prepared:
    try:
        provider = find_provider(plan.provider)
    except NotFound as error:
        return None, None, [OptionProblem("provider", *_split(str(error)))]
    values, problems = _resolve(plan.options, provider.Options, secret)
    failed = {problem.key for problem in problems}
    try:
        options = provider.Options.model_validate(values, context={"folder": folder})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        others = [_in_words(details, provider.Options) for details in found]
        if failed:  # what was not found may be all that the options as a whole are missing
            failed.add("options")
        return provider, None, problems + [one for one in others if one.key not in failed]
    return provider, options, problems


def _signing_key(
    plan: ChannelPlan, provider: type[Provider[Any]] | None, secret: SecretOf
) -> tuple[SigningKey | None, list[OptionProblem]]:
    """The key that the channel signs its mails with, if it shall, and what is wrong with it."""
    if plan.dkim is None or provider is None:
        return None, []
    if not provider.capabilities.takes_mail:
        problem = f"provider '{plan.provider}' writes the mails itself, so they cannot be signed"
        return None, [OptionProblem("dkim", problem, "remove it; the service may sign them")]
    if not provider.capabilities.keeps_headers:
        problem = f"provider '{plan.provider}' changes headers that are signed, so none would hold"
        return None, [OptionProblem("dkim", problem, "remove it, and let the service sign them")]
    if not plan.dkim.key.startswith(REFERENCES):
        return None, [OptionProblem("dkim.key", *_WRITTEN_OUT)]
    try:
        return read_key(secret(plan.dkim.key).get_secret_value()), []
    except (ValueError, DispatchError) as error:
        return None, [OptionProblem("dkim.key", *_split(str(error)))]


def _resolve(
    written: Mapping[str, Any], options: type[BaseModel], secret: SecretOf
) -> tuple[dict[str, Any], list[OptionProblem]]:
    """The options with every reference replaced by what it names, and what went wrong."""
    values: dict[str, Any] = {}
    problems: list[OptionProblem] = []
    for key, value in written.items():
        field = options.model_fields.get(key)
        if field is None and options.model_config.get("extra") == "forbid":
            values[key] = value  # its name is wrong, whatever it leads to
            continue
        secretly = field is not None and _is_secret(field.annotation)
        if isinstance(value, str) and value.startswith(REFERENCES):
            try:
                found = secret(value)
            except (ValueError, DispatchError) as error:
                problems.append(OptionProblem(f"options.{key}", *_split(str(error))))
            else:
                values[key] = found if secretly else found.get_secret_value()
        elif secretly:
            problems.append(OptionProblem(f"options.{key}", *_WRITTEN_OUT))
        else:
            values[key] = value
    return values, problems


_WRITTEN_OUT = (
    "a secret is written out here",
    "keep it elsewhere and name the place: env:NAME or file:PATH; if it was shared, renew it",
)


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or SecretStr in get_args(annotation)


def secret_options(options: type[BaseModel]) -> list[str]:
    """Those of a provider's options that are secrets."""
    fields = options.model_fields.items()
    return [name for name, field in fields if _is_secret(field.annotation)]


_KINDS = {
    "int_": "must be a whole number",
    "float_": "must be a number",
    "bool_": "must be true or false",
    "string_type": "must be text - put it in quotes",
    "string_too_short": "is empty",
    "list_type": "must be a list",
    "model_": "must be a group of keys",
    "dict_type": "must be a group of keys",
}
"""What pydantic expected, by how the name of its error begins, in the words of this project."""


def _in_words(details: ErrorDetails, options: type[BaseModel]) -> OptionProblem:
    path = ".".join(str(part) for part in details["loc"])
    key = f"options.{path}" if path else "options"
    field = options.model_fields.get(str(details["loc"][0])) if details["loc"] else None
    about = field.description or "" if field else ""
    match details["type"]:
        case "extra_forbidden":
            return OptionProblem(key, "unknown key", did_you_mean(path, options.model_fields))
        case "missing":
            return OptionProblem(key, "is missing", f"add it: {about}" if about else "add it")
        case "literal_error":
            return OptionProblem(key, "unknown word", f"use {details['ctx']['expected']}")
        case "value_error":
            return OptionProblem(key, *_split(str(details["ctx"]["error"])))
    known = [words for kind, words in _KINDS.items() if details["type"].startswith(kind)]
    said = known[0] if known else details["msg"][:1].lower() + details["msg"][1:]
    problem, advice = _split(said)
    meant = f"it should be: {about}" if about else ""
    return OptionProblem(key, problem, "; ".join(filter(None, (advice, meant))) or "correct it")


def _split(sentence: str) -> tuple[str, str]:
    problem, _, advice = sentence.partition(" - ")
    return problem, advice


def _sentence(plan: ChannelPlan, problem: OptionProblem) -> str:
    advice = f" - {problem.advice}" if problem.advice else ""
    return f"channels.{plan.name}.{problem.key}: {problem.problem}{advice}"
