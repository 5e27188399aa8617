"""Logging in at a mail server, by the ways that both sides know (RFC 4954)."""

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass

from dispatch.channels.smtp.about import names_limit
from dispatch.channels.smtp.answers import read_code
from dispatch.channels.smtp.session import Session
from dispatch.errors import CredentialsRefused, ProviderUnavailable

LOGGED_IN = frozenset({235, 503})
"""503: we are already, by the address that we come from."""

CHALLENGE = 334

MOST_CHALLENGES = 3
"""Of one login: no way has more than two."""


@dataclass(frozen=True, slots=True)
class Way:
    """What is said together with AUTH, if anything is, and what to a challenge."""

    first: bytes | None
    respond: Callable[[bytes], bytes]


def log_in(session: Session, username: str, password: str) -> None:
    """Log in by the first way that works. Raises ProviderUnavailable or CredentialsRefused."""
    server = session.server
    offered = session.features.get("auth", "").upper().split()
    ways = [name for name in WAYS if name in offered and (name != "CRAM-MD5" or _has_md5())]
    if not ways:
        raise CredentialsRefused(
            f"{server}: offers no login that we know - check port and security"
        )
    if not (username + password).isascii():
        raise CredentialsRefused(
            f"{server}: username or password has letters that SMTP cannot send - change it"
        ) from None
    refusal = ""
    for name in ways:
        answer = _try(session, name, WAYS[name](username, password))
        code = read_code(answer)
        if code in LOGGED_IN:
            return
        no = session.no(answer)
        if code // 100 == 4 or (code // 100 == 5 and names_limit(str(no))):
            raise ProviderUnavailable(f"{server}: no login now ({no}) - tried again")
        if code // 100 != 5:
            raise ProviderUnavailable(
                f"{server}: answer to the login not understood ({no}) - tried again"
            )
        refusal = str(no)
    # Said so that whoever prints an error with all that led to it finds nothing that was sent.
    raise CredentialsRefused(
        f"{server}: login not accepted ({refusal}) - check username and password"
    ) from None


def said_at_login(username: str, password: str) -> list[str]:
    """What goes over the line at a login and shows the password to who can read base64."""
    said = (_plain_words(username, password), password.encode())
    return [b64encode(words).decode().rstrip("=") for words in said]


def _try(session: Session, name: str, way: Way) -> bytes:
    """The answer that is no challenge any more."""
    first = "" if way.first is None else f" {b64encode(way.first).decode()}"
    answer = session.ask("the login", f"AUTH {name}{first}")
    for _ in range(MOST_CHALLENGES):
        if read_code(answer) != CHALLENGE:
            return answer
        try:
            challenge = b64decode(answer[4:])
        except binascii.Error:
            raise ProviderUnavailable(
                f"{session.server}: asks at the login what cannot be read - tried again"
            ) from None
        answer = session.ask("the login", b64encode(way.respond(challenge)).decode())
    if read_code(answer) == CHALLENGE:
        raise ProviderUnavailable(f"{session.server}: asks without end at the login - tried again")
    return answer


def _has_md5() -> bool:
    """Systems that follow FIPS 140 have none."""
    try:
        hmac.new(b"", b"", "md5")
    except ValueError:
        return False
    return True


def _cram_md5(username: str, password: str) -> Way:
    def respond(challenge: bytes) -> bytes:
        digest = hmac.new(password.encode(), challenge, "md5").hexdigest()
        return f"{username} {digest}".encode()

    return Way(None, respond)


def _plain_words(username: str, password: str) -> bytes:
    return f"\0{username}\0{password}".encode()


def _plain(username: str, password: str) -> Way:
    said = _plain_words(username, password)
    return Way(said, lambda _: said)


def _login(username: str, password: str) -> Way:
    def respond(challenge: bytes) -> bytes:
        # A server that has not heard the name together with AUTH asks for it first.
        asks_for_name = challenge.lower().startswith(b"user")
        return (username if asks_for_name else password).encode()

    return Way(username.encode(), respond)


WAYS = {"CRAM-MD5": _cram_md5, "PLAIN": _plain, "LOGIN": _login}
"""In the order in which they are tried; the first does not show the password to who listens."""
