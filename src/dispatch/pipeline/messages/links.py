"""The signed links in what we send: who may do what, without a login."""

import string
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from dispatch.pipeline.messages.return_addresses import ReturnAddresses
from dispatch.pipeline.messages.tokens import Bearer, Tokens

_LETTERS = string.digits + string.ascii_lowercase
_VERSION = 2
"""Letters of a version in a token."""

LINK_VERSIONS = len(_LETTERS) ** _VERSION
"""So many versions links have; then they begin anew."""


class SignedLinks:
    """Makes and reads links under the public address; the last of the `secrets` signs them.

    A link has no end date: somebody may want to leave years later. `returning` is the address of
    the mailbox that gets what comes back; empty where there is none.
    """

    def __init__(self, public_url: str, secrets: Sequence[str], returning: str = "") -> None:
        self._said = public_url, tuple(secrets), returning
        self._public_url = public_url
        self._returning = returning
        self.returns = ReturnAddresses(returning, secrets)
        self._leaving = Tokens(secrets, "unsubscribe")
        self._choosing = Tokens(secrets, "cadence")
        self._preferences = Tokens(secrets, "preferences")
        self._confirming = Tokens(secrets, "confirm")
        self._moving = Tokens(secrets, "new address")
        self._undoing = Tokens(secrets, "undo")

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process makes the same."""
        return SignedLinks, self._said

    def unsubscribe_token(self, public_id: str, audience: str) -> str:
        """What proves that whoever has it may end this subscription."""
        return self.unsubscribe_tokens(audience)(public_id)

    def unsubscribe_tokens(self, audience: str) -> Callable[[str], str]:
        """Makes the tokens of one audience: a reader's public id to token, as above."""
        return self._leaving.maker(audience)

    def unsubscribe_url(self, token: str) -> str:
        """The page with the button, which is also the address for one-click (RFC 8058).

        It ends with the token.
        """
        return f"{self._public_url}/unsubscribe/{token}"

    def unsubscribe_mail(self, token: str, sender: str) -> str:
        """The mail by which somebody leaves: to the mailbox that is read, or else to a person."""
        return f"mailto:{self._returning or sender}?subject={quote(f'unsubscribe {token}')}"

    @property
    def has_returns(self) -> bool:
        """Whether there is a mailbox for what comes back."""
        return bool(self._returning)

    def read_unsubscribe(self, token: str) -> Bearer:
        """Who it is for; raises NotFound for a link that we did not make."""
        return self._leaving.read(token)

    def cadence_token(self, public_id: str, audience: str) -> str:
        """What proves that whoever has it may choose how often this reader gets it."""
        return self.cadence_tokens(audience)(public_id)

    def cadence_tokens(self, audience: str) -> Callable[[str], str]:
        """Makes the tokens of one audience: a reader's public id to token, as above."""
        return self._choosing.maker(audience)

    def cadence_url(self, token: str) -> str:
        """The page where a reader chooses; it ends with the token."""
        return f"{self._public_url}/cadence/{token}"

    def read_cadence(self, token: str) -> Bearer:
        """Who it is for; raises NotFound for a link that we did not make."""
        return self._choosing.read(token)

    def preferences_tokens(self, audience: str, version: int = 0) -> Callable[[str], str]:
        """Makes tokens by which readers choose: public id to token, all of the same length.

        `version` is that of the readers' links; `audience` is the one whose letter it stands in, or
        empty.
        """
        return self._preferences.maker(f"{_written(version)}{audience}")

    def preferences_url(self, token: str) -> str:
        """The page where a reader chooses everything; it ends with the token."""
        return f"{self._public_url}/preferences/{token}"

    def read_preferences(self, token: str) -> Bearer:
        """Who it is for, and of which version it is; raises NotFound for one that is not ours."""
        bearer = self._preferences.read(token)
        version, audience = bearer.audience[:_VERSION], bearer.audience[_VERSION:]
        return replace(bearer, audience=audience, version=int(version, 36))

    def confirm_url(self, public_id: str, form: str) -> str:
        """The page where somebody confirms what they have filled in."""
        return f"{self._public_url}/confirm/{self._confirming.maker(form)(public_id)}"

    def read_confirm(self, token: str) -> Bearer:
        """Which sign-up it is for, its form as the audience; raises NotFound."""
        return self._confirming.read(token)

    def new_address_url(self, public_id: str) -> str:
        """The page where a reader confirms another address."""
        return f"{self._public_url}/address/{self._moving.maker('')(public_id)}"

    def undo_token(self, public_id: str, left: str) -> str:
        """What proves that whoever has it has just left; `left` is what they have."""
        return self._undoing.maker(left)(public_id)

    def read_undo(self, token: str) -> Bearer:
        """Who has left, and as the audience what; raises NotFound."""
        return self._undoing.read(token)

    def read_new_address(self, token: str) -> Bearer:
        """Which change of address it is for; raises NotFound."""
        return self._moving.read(token)


def _written(version: int) -> str:
    high, low = divmod(version % LINK_VERSIONS, len(_LETTERS))
    return _LETTERS[high] + _LETTERS[low]
