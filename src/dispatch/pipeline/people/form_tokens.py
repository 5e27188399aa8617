"""The token in a form's page: that we made it, and when, so that nobody fills it in by the second.

It names nobody. One token serves all who post it within its time: what counts them are the limits.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum

from dispatch.signing import Signer, same

MIN_AGE = timedelta(seconds=2)
"""Quicker than this nobody reads a page and types an address; a program that fills it in waits."""

MAX_AGE = timedelta(hours=24)
"""A page that is left open for a day is filled in anew, with what was typed."""

_SALT, _SIGNATURE = 8, 16


class FormToken(Enum):
    """What a token that was posted says."""

    GOOD = "good"
    EARLY = "early"  # nobody is that quick
    OVER = "over"  # the page was open for too long
    FOREIGN = "foreign"  # not of ours, or of another form


class FormTokens:
    """Makes and reads tokens of one form; the last of the secrets signs them."""

    def __init__(
        self, keys: Sequence[str], form: str, *, salt: Callable[[int], str] = secrets.token_hex
    ) -> None:
        self._form = form
        self._signers = [Signer(key, "form token", _SIGNATURE) for key in keys]
        self._salt = salt

    def make(self, now: datetime, *, aged: bool = False) -> str:
        """A token; an `aged` one can be used at once, as whoever gets it has typed already."""
        made = int((now - MIN_AGE if aged else now).timestamp())
        return self._signed(self._signers[-1], f"{made:x}", self._salt(_SALT))

    def read(self, token: str, now: datetime) -> FormToken:
        """What it says."""
        made, _, rest = token.partition(".")
        salt, _, _ = rest.partition(".")
        if not any(same(token, self._signed(one, made, salt)) for one in self._signers):
            return FormToken.FOREIGN
        age = now - datetime.fromtimestamp(int(made, 16), UTC)
        if age < MIN_AGE:
            return FormToken.EARLY
        return FormToken.GOOD if age <= MAX_AGE else FormToken.OVER

    def ends(self, token: str) -> datetime:
        """When one that we made is over."""
        return datetime.fromtimestamp(int(token.partition(".")[0], 16), UTC) + MAX_AGE

    def _signed(self, signer: Signer, made: str, salt: str) -> str:
        signature = signer.sign(f"{self._form}\0{made}\0{salt}").hex()
        return f"{made}.{salt}.{signature}"
