"""Whom a suppression keeps away: an address, a domain, or all domains below one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.model.people.subscriber import email_key


class SuppressionWord(StrEnum):
    """What a word on record says of a suppression."""

    SUPPRESSED = "suppressed"
    LIFTED = "lifted"  # by the team, with a note why
    ASKED = "asked"  # by the reader, to lift it


@dataclass(frozen=True, slots=True)
class Target:
    """What is suppressed: `key` as it is kept, an email key or how such keys end.

    A domain is itself only: '@example.org' is not '.example.org', which is all that are below it.
    """

    key: str

    @property
    def is_domain(self) -> bool:
        """Whether it is about more than one address."""
        return self.key.startswith(("@", "."))

    @property
    def and_its_domains(self) -> "list[Target]":
        """An address, and each domain by which it may be kept away.

        >>> [one.key for one in Target("ada@news.example.org").and_its_domains]
        ['ada@news.example.org', '@news.example.org', '.example.org', '.org']
        """
        name, _, domain = self.key.rpartition("@")
        labels = domain.split(".")
        above = [Target(f".{'.'.join(labels[at:])}") for at in range(1, len(labels))]
        return [self, Target(f"@{domain}"), *above] if name else [self]

    def __str__(self) -> str:
        return f"*{self.key}" if self.key.startswith(".") else self.key


def target_of(text: str) -> Target:
    """What somebody means who writes an address, '@example.org', 'example.org' or '*.example.org'.

    >>> [target_of(one).key for one in ("Ada@Example.org", "example.org", "*.example.org")]
    ['ada@example.org', '@example.org', '.example.org']
    """
    key = email_key(text)
    if key.startswith("*."):
        return Target(key[1:])
    return Target(key if "@" in key or key.startswith(".") else f"@{key}")


@dataclass(frozen=True, slots=True)
class WordOfSuppression:
    """One word on record about a suppression."""

    target: str
    what: str
    reason: str
    source: str
    note: str
    at: datetime
