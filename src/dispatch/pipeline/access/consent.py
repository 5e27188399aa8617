"""A person agrees at a network that we may post: there and back, by OAuth 2 with PKCE.

State and verifier are RFC 6749 10.12 and RFC 7636: who comes back is who has set out, and a code
that was overheard is worth nothing to anybody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.channels.http.oauth import s256
from dispatch.channels.provider import Connects
from dispatch.errors import DispatchError, ProviderError
from dispatch.masking import masked
from dispatch.model.delivery.tokens import Tokens
from dispatch.model.text.cutting import cut
from dispatch.model.text.plain_text import printable
from dispatch.signing import same

MOST = 4_000
"""Characters of what comes back that are looked at."""

MOST_SAID = 200


class ConsentFailed(DispatchError):
    """Nobody let us in: whoever came back brought no, nothing, or what is not theirs.

    `denied`: they said no there.
    """

    def __init__(self, message: str, *, denied: bool = False) -> None:
        self.denied = denied
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Way:
    """One way there and back; `state` and `verifier` are told to nobody else."""

    channel: str
    redirect: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)

    def address(self, provider: Connects) -> str:
        """Where a person agrees."""
        return provider.consent_address(self.redirect, self.state, s256(self.verifier))

    def is_for(self, came: Mapping[str, str]) -> bool:
        """Whether what came back belongs to it."""
        return same(came.get("state", "")[:MOST], self.state)

    def tokens(self, came: Mapping[str, str], provider: Connects) -> Tokens:
        """What they brought back is worth; raises ConsentFailed."""
        if not self.is_for(came):
            raise ConsentFailed(f"{self.channel}: that is not the way that was begun - begin anew")
        if error := came.get("error", ""):
            raise self._refused(error, came.get("error_description", ""))
        code = came.get("code", "")[:MOST]
        if not code:
            raise ConsentFailed(f"{self.channel}: the network sent no code - begin anew")
        try:
            return provider.trade(code, self.verifier, self.redirect)
        except ProviderError as error:
            said = masked(str(error), code, self.verifier)
            raise ConsentFailed(f"{self.channel}: {said}") from None

    def _refused(self, error: str, description: str) -> ConsentFailed:
        denied = error in ("access_denied", "user_cancelled_authorize", "user_cancelled_login")
        if denied:
            advice = "dispatch channels connect, once you agree"
            return ConsentFailed(f"{self.channel}: you said no there - {advice}", denied=True)
        said = cut(printable(description or error), MOST_SAID).rstrip(".")
        advice = "see whether the application's settings there have this redirect address"
        return ConsentFailed(f"{self.channel}: the network said: {said} - {advice} {self.redirect}")
