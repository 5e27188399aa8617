"""Whether a text is an e-mail address: told quickly for the usual ones, strictly for the rest."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dispatch.config.files.problems import InvalidValueError, quoted
from dispatch.model.text.invisible import hidden_in, trimmed

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

MAX_ADDRESS = 254  # characters (RFC 5321, section 4.5.3.1.3, without the angle brackets)
MAX_LOCAL = 64  # octets before the @ (section 4.5.3.1.1)

# What nearly all addresses look like; the rest are left to email-validator, which takes
# twenty times as long. Two hyphens together may be punycode, which wants a closer look.
_USUAL = re.compile(
    r"[A-Za-z0-9_+'-]+(?:\.[A-Za-z0-9_+'-]+)*"
    r"@(?:(?!.{0,61}--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)

_STARTS_USUALLY = re.compile(f"(?!')(?:{_USUAL.pattern})")


def all_usual(texts: Sequence[str]) -> bool:
    """Whether each is an address as it stands, and short; told for many at a time."""
    return max(map(len, texts), default=0) <= MAX_LOCAL and all(
        map(_STARTS_USUALLY.fullmatch, texts)
    )


def is_usual(text: str) -> bool:
    """Whether this is an address as it stands, of those that nearly all are like."""
    return (
        len(text) <= MAX_ADDRESS and bool(_USUAL.fullmatch(text)) and text.index("@") <= MAX_LOCAL
    )


def checked_address(text: str) -> str:
    """The address in the form to use; raises InvalidValueError where it is none.

    Only the form is checked: no question is put to any server. A domain with letters outside
    ASCII is given in punycode, since that can be delivered everywhere; a local part
    outside ASCII is kept (SMTPUTF8). What nobody sees is taken away at the ends, and named inside.

    >>> checked_address(" ada@example.org ")
    'ada@example.org'
    >>> checked_address("ada@müller.example")
    'ada@xn--mller-kva.example'
    """
    address = trimmed(text)
    return address if is_usual(address) else _checked_closely(address)


def _checked_closely(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - often not needed

    problem = f"{quoted(address)} is not an e-mail address"
    if hidden := hidden_in(address):
        problem = f"{quoted(address)} contains what nobody sees: a {hidden}"
        raise InvalidValueError(problem, "delete the address, and type it anew")
    if len(address) > 4 * MAX_ADDRESS:
        raise InvalidValueError(problem, _advice(address))
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except (EmailNotValidError, ValueError) as error:
        raise InvalidValueError(problem, _advice(address)) from error
    last_label = found.ascii_domain.rpartition(".")[2]
    # No dot is a machine on the local network; digits at the end are a bare IP address.
    if last_label in {"", found.ascii_domain} or last_label.isdigit() or not _short_enough(found):
        raise InvalidValueError(problem, _advice(address))
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"


def _short_enough(found: "ValidatedEmail") -> bool:
    # email-validator leaves the length of the local part to its strict mode.
    return len(found.local_part.encode()) <= MAX_LOCAL


def _advice(address: str) -> str:  # noqa: PLR0911 - a list of mistakes, the likeliest first
    local, at, domain = address.rpartition("@")
    if not at:
        return "an address looks like name@example.org"
    if re.search(r"[,;]\s*\S+@", address) or address.count("@") > 1:
        return "write one address only"
    if "<" in address:
        return "write the address alone, and the name in its own place"
    if re.search(r"\s", address):
        return "remove the space"
    if not local:
        return "the part before @ is missing"
    if "," in domain or ".." in domain:
        return "check the dots after @"
    if "." not in domain.strip("."):
        return "the part after @ needs a dot, as in example.org"
    return "check its spelling"
