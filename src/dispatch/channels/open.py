"""From a channel as the workspace describes it to a provider that is ready to send."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, get_args

import structlog
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from dispatch.channels.account_mark import account_mark
from dispatch.channels.find import find_provider
from dispatch.channels.mail.dkim import Signer, SigningKey, read_key
from dispatch.channels.provider import (
    Account,
    Capabilities,
    Closing,
    Connects,
    Provider,
    Wired,
)
from dispatch.clock import Clock
from dispatch.errors import (
    BadInput,
    CredentialsRefused,
    DispatchError,
    NotFound,
    ProviderUnavailable,
    SampleRecipient,
)
from dispatch.model.campaigns.campaign import ChannelPlan
from dispatch.model.campaigns.pace import Pace
from dispatch.model.delivery.tokens import Tokens
from dispatch.model.people.sample import is_sample
from dispatch.model.text.cutting import cut
from dispatch.model.text.plain_text import printable
from dispatch.model.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

log = structlog.get_logger()

SecretOf = Callable[[str], SecretStr]
"""Turns `env:NAME` or `file:PATH` into what it names; raises ValueError or a DispatchError,
whose text is `problem - advice`."""


class TokenSource(Protocol):
    """Gives a channel's provider the tokens that its network gave us."""

    def __call__(self) -> Tokens:
        """Those that hold now; raises a ProviderError where there are none."""
        ...

    def ends(self) -> "datetime | None":
        """When only a person can get another access; None: never, or not told."""
        ...


TokensOf = Callable[[ChannelPlan, Connects], TokenSource]
"""A channel and its provider to what keeps its tokens."""

WIRED_CONNECTIONS = 5
"""Where nothing else is configured: many mail servers take no more from one sender."""

MOST_OF_ACCOUNT = 500
"""Characters of an account's name, and of each note."""

REFERENCES = ("env:", "file:")


@dataclass(frozen=True, slots=True)
class Channel:
    """One configured account, ready to send; for one thread at a time.

    `account_mark` is the same for all channels that lead to the account, `posts_per_month` its
    budget.
    """

    name: str
    provider_name: str
    provider: Provider[Any]
    capabilities: Capabilities
    signer: Signer | None = None
    pace: Pace = field(default_factory=Pace)
    account_mark: str = ""
    posts_per_month: int | None = None
    tokens: TokenSource | None = None

    @property
    def connections(self) -> int:
        """How many of its connections all workers together may have open."""
        return most_at_once(self.pace, self.capabilities, wired=isinstance(self.provider, Wired))

    def account(self) -> Account:
        """Who we are there, after really talking to the service; raises a ProviderError."""
        try:
            found = self.provider.check()
        except DispatchError:
            raise
        except Exception as caught:  # such as an answer of a shape that nobody thought of
            log.exception("channel.crashed", channel=self.name)
            raise ProviderUnavailable(
                f"{self.name}: {type(caught).__name__} inside the provider, while it was checked"
                " - see whether the answers are the service's own"
            ) from caught
        account = _readable(found if isinstance(found, Account) else Account(str(found)))
        return replace(account, ends=self.tokens.ends()) if self.tokens else account

    def check_recipient(self, address: str) -> None:
        """Raise SampleRecipient where it is a sample person's, and a mail would leave for it."""
        if is_sample(address) and not self.capabilities.stays_here:
            raise SampleRecipient(
                f"{address}: a sample person, so channel {self.name} sends nothing there - "
                "write to an address of your own; only an outbox takes mail for sample people"
            )

    def close(self) -> None:
        """Let go of what the provider keeps open; called once."""
        if isinstance(self.provider, Closing):
            self.provider.close()


def _readable(account: Account) -> Account:
    """What a service says of itself, as far as anybody can read it."""
    quota = account.quota
    told = (quota.left, quota.most) if quota else ()
    if not all(one is None or isinstance(one, int) for one in told):
        quota = None
    name, *notes = (cut(printable(one), MOST_OF_ACCOUNT) for one in (account.name, *account.notes))
    can = tuple(cut(printable(one), MOST_OF_ACCOUNT) for one in account.can)
    return replace(account, name=name, quota=quota, notes=tuple(notes), can=can)


def most_at_once(pace: Pace, declared: Capabilities, *, wired: bool) -> int:
    """How many calls or connections a channel may have under way, all workers together."""
    if pace.connections is not None:
        return pace.connections
    return WIRED_CONNECTIONS if wired else declared.calls_at_once


class OptionProblem(NamedTuple):
    """One problem of a channel; `key` is the path below the channel, such as `options.port`."""

    key: str
    problem: str
    advice: str


def open_channel(
    plan: ChannelPlan,
    *,
    http: "httpx.Client",
    clock: Clock,
    folder: Path,
    secret: SecretOf,
    tokens: TokensOf | None = None,
) -> Channel:
    """Build the provider of a channel from its options; talks to nobody yet.

    Relative paths in the options start at `folder`. `tokens` has what networks gave us, for those
    that let us in by OAuth. Raises BadInput with every problem.
    """
    provider, options, problems = _prepare(plan, folder, secret)
    key, unsigned = _signing_key(plan, provider, secret)
    problems += unsigned
    if problems or provider is None or options is None:
        raise BadInput([_sentence(plan, problem) for problem in problems])
    signer = Signer(plan.dkim.domain, plan.dkim.selector, key, clock) if plan.dkim and key else None
    ready = provider(options, http, clock)
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
