"""The keys of a channel: its account, how fast it may go, how its mails are signed."""

from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.config.keys.group import Keys
from dispatch.config.keys.types import Domain, Name, Rate, Selector


class DkimKeys(Keys):
    """The signature that goes with every mail; needs the extra `dkim` and a record in the DNS."""

    domain: Domain = Field(
        description="Whose signature it is: the domain of the sender, or one above it.",
        examples=["example.org"],
    )
    selector: Selector = Field(
        description="The name of the key; the DNS has it at <selector>._domainkey.<domain>.",
        examples=["news"],
    )
    key: str = Field(
        description="The private key in PEM, Ed25519 or RSA, named as env:NAME or file:PATH.",
        examples=["file:/run/secrets/dkim.pem"],
    )


class WarmUpKeys(Keys):
    """A new sender's first days: a little more on each of them, until it is `per_day`."""

    first: int = Field(
        ge=1, strict=True, description="How many messages on the first day.", examples=[200]
    )
    days: int = Field(
        ge=1,
        le=365,
        strict=True,
        description="After how many days it is `per_day`.",
        examples=[14],
    )


class PaceKeys(Keys):
    """How fast a channel may go, all workers together; what is left out has no limit."""

    per_second: Rate | None = Field(
        default=None, description="Messages a second, evenly.", examples=[50]
    )
    per_day: int | None = Field(
        default=None,
        ge=1,
        strict=True,
        description="Messages a day, from midnight to midnight in the file's time zone.",
        examples=[20000],
    )
    per_domain: dict[Domain, Rate] = Field(
        default_factory=dict,
        description="Messages a second to the readers at one domain; the others do not wait.",
        examples=[{"gmail.com": 5}],
    )
    connections: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        strict=True,
        description="Connections open at once, or calls under way; by default 5 with `smtp`, else "
        "what suits the provider.",
        examples=[10],
    )
    warm_up: WarmUpKeys | None = Field(
        default=None, description="A new sender's first days; needs `per_day`."
    )

    @field_validator("warm_up")
    @classmethod
    def _leads_up(cls, warm_up: WarmUpKeys | None, info: ValidationInfo) -> WarmUpKeys | None:
        if warm_up is None or "per_day" not in info.data:  # not there: wrong itself
            return warm_up
        goal = info.data["per_day"]
        if goal is None:
            advice = "add per_day: what it leads up to, such as 20000"
            raise InvalidValueError("needs per_day beside it", advice)
        if warm_up.first > goal:
            problem = f"begins with {warm_up.first}, which is more than per_day"
            raise InvalidValueError(problem, f"begin with fewer than {goal}")
        return warm_up


class BudgetKeys(Keys):
    """What a channel may use up; it stops before that is passed, and goes on by itself."""

    posts_per_month: int = Field(
        ge=1,
        strict=True,
        description="Posts in a calendar month, by the file's time zone; each of a thread counts.",
        examples=[500],
    )


class ChannelKeys(Keys):
    """One account at a provider."""

    provider: Name = Field(description="The kind of service.", examples=["smtp"])
    options: dict[str, Any] = Field(
        default_factory=dict,
        description="What the provider needs to know. Secrets are named, as env:NAME or file:PATH.",
        examples=[{"host": "smtp.example.org", "password": "env:SMTP_PASSWORD"}],
    )
    dkim: DkimKeys | None = Field(
        default=None, description="How its mails are signed; they are not by default."
    )
    pace: PaceKeys | None = Field(
        default=None, description="How fast it may go; as fast as it can by default."
    )
    budget: BudgetKeys | None = Field(
        default=None,
        description="For networks that bill or cap what is posted; no limit by default.",
    )

    @field_validator("provider", mode="before")
    @classmethod
    def _in_lower_case(cls, provider: Any) -> Any:
        if isinstance(provider, str) and provider != provider.lower():
            problem = f"no provider is called {quoted(provider)}"
            raise InvalidValueError(problem, f"write it as {quoted(provider.lower())}")
        return provider
