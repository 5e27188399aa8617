"""The links in mails to the team. A token is reckoned from a seed with the workspace's key.

So a mail that waits holds no token, and a copy of the database opens no account.
"""

import base64
import secrets
from collections.abc import Sequence

from dispatch.signing import Signer, mark_of

_SEED_BYTES = 24
_TOKEN_BYTES = 32


class TeamLinks:
    """Makes tokens and links under the public address; the last of the `secrets` signs them."""

    def __init__(self, public_url: str, keys: Sequence[str]) -> None:
        self._base = f"{public_url}/team"
        self._signers = [Signer(key, "team link", _TOKEN_BYTES) for key in reversed(keys)]

    def new_seed(self) -> str:
        """What nobody can guess."""
        return secrets.token_urlsafe(_SEED_BYTES)

    def token(self, seed: str) -> str:
        """What the link holds."""
        return self.tokens(seed)[0]

    def mark(self, seed: str) -> str:
        """By what the database knows it."""
        return mark_of(self.token(seed))

    def token_with(self, mark: str, seed: str) -> str | None:
        """The same where its hash is this one, by whichever key; None where none makes it."""
        return next((one for one in self.tokens(seed) if mark_of(one) == mark), None)

    def reset_url(self, token: str) -> str:
        """The page where somebody chooses a new password."""
        return f"{self._base}/reset/{token}"

    def invitation_url(self, token: str) -> str:
        """The page where somebody joins."""
        return f"{self._base}/invitations/{token}"

    @property
    def reset_page(self) -> str:
        """The page where anybody asks for such a link."""
        return f"{self._base}/reset"

    def tokens(self, seed: str) -> list[str]:
        """What each key makes of a seed, the newest first."""
        made = (signer.sign(seed) for signer in self._signers)
        return [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in made]
