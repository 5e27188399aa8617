"""What a service answered, and what of it may be shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.client import responses
from typing import Any, TypeVar, cast

from pydantic import SecretStr

from dispatch.errors import OutcomeUnknown, ProviderUnavailable
from dispatch.masking import masked

MOST_WORDS = 300
"""How many characters of a provider's own words a message shows."""

SHORTEST_SECRET = 8
"""A shorter one may as well be another word of an answer, such as one of its keys."""

T = TypeVar("T")

ERROR_KEYS = ("error", "message", "errors.0.message", "error.message")
"""Where most services say what is wrong."""


@dataclass(frozen=True)
class Reply:
    """What the service answered: it took the request, or refused it.

    `body` is None where the answer was too long, took too long or broke off.
    """

    provider: str
    status: int
    body: bytes | None
    secrets: tuple[SecretStr, ...] = field(default=(), repr=False)
    error_keys: tuple[str, ...] = ERROR_KEYS
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    harmless: bool = False  # it answers a request that changes nothing

    @property
    def refused(self) -> bool:
        """Whether the service understood the request and did nothing."""
        return not 200 <= self.status < 300

    def check_done(self) -> None:
        """Raise OutcomeUnknown for a 2xx that is not the service's: a page, or one without an end.

        For what is answered by a status alone, or by things nobody needs: a page for maintenance
        or of a proxy says 200, too.
        """
        if self.refused or (self.body is not None and not self.body.lstrip().startswith(b"<")):
            return
        raise OutcomeUnknown(
            f"{self.provider}: answered {self.status} with what is not its own"
            " - look there what has become of it"
        )

    def read(self, key: str) -> Any:
        """The JSON value at `key`, as in `text`; None where there is none, or no JSON."""
        return _look_up(self.json, key)

    def word(self, key: str) -> str:
        """The same where it is a word or a number, such as a code, without secrets; else empty."""
        value = self.read(key)
        is_word = isinstance(value, str | int) and not isinstance(value, bool)
        return self.shown(str(value)) if is_word else ""

    @property
    def words(self) -> str:
        """What a refusal says for people: the first of `error_keys` it has, or its status."""
        return self.own_words or f"HTTP {self.status} {phrase(self.status)}".strip()

    @property
    def own_words(self) -> str:
        """The first of `error_keys` it has; empty where the service says nothing."""
        for key in self.error_keys:
            value = _look_up(self.json, key)
            if isinstance(value, str) and value.strip():
                return self.shown(value)
        return ""

    def text(self, key: str) -> str:
        """The value at `key` of the JSON answer (`a.b` goes into objects, `a.0` into lists).

        Of a refusal without it, the best other words there are. Raises OutcomeUnknown where
        the request was taken and the value is not there: then nothing is known for certain. Where
        the request changes nothing, that is ProviderUnavailable.
        """
        if said := self.word(key):
            return said
        if self.refused:
            return self.words
        if self.harmless:
            raise ProviderUnavailable(
                f"{self.provider}: does not answer as expected: '{key}' is not there, or cannot be"
                " read - check its address"
            )
        raise OutcomeUnknown(
            f"{self.provider}: answered {self.status}, but without a readable '{key}'"
            " - look there whether the message arrived"
        )

    def shown(self, words: str) -> str:
        """Words of the service as a message may show them: one short line, without our secrets."""
        line = " ".join(words.split())[: 10 * MOST_WORDS]  # of which more may be hidden
        line = masked(line, *(secret.get_secret_value() for secret in self.secrets))
        return line if len(line) <= MOST_WORDS else line[: MOST_WORDS - 1] + "…"

    def needed(self, key: str, kind: type[T]) -> T:
        """The value at `key`, of this kind; the whole answer where the key is empty.

        For checks: raises ProviderUnavailable where the answer is none of this service.
        """
        value = self.read(key) if key else self.json
        if self.refused or not isinstance(value, kind):
            raise ProviderUnavailable(
                f"{self.provider}: another service answers there ({self.words})"
                " - check the option 'url'"
            )
        return cast("T", self.shown(value)) if isinstance(value, str) else value

    def objects(self, key: str) -> list[dict[str, Any]]:
        """The JSON objects in the list at `key`, their texts as by `text`; none without a list."""
        found = self.read(key)
        return [
            {
                name: self.shown(value) if isinstance(value, str) else value
                for name, value in one.items()
            }
            for one in (found if isinstance(found, list) else [])
            if isinstance(one, dict)
        ]

    @cached_property
    def json(self) -> Any:
        """The answer as JSON, without our secrets, which some repeat; None where it is none."""
        body = self.body or b""
        for one in self.secrets:
            secret = one.get_secret_value().encode("utf-8", "replace")
            if len(secret) >= SHORTEST_SECRET and secret in body:
                body = body.replace(secret, b"***")
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            return None


def _look_up(value: Any, key: str) -> Any:
    for part in key.split("."):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def phrase(status: int) -> str:
    """What a status means, in words."""
    return _PHRASES.get(status, "")


_PHRASES = {
    **responses,
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
"""As RFC 9110 has them, and Python since 3.13: what people read is the same on each."""
