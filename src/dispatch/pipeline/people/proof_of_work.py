"""Proof of work: the browser of who joins reckons for a second, which a program does for each mail.

Challenges and their check are those of ALTCHA (the extra `altcha`); a challenge holds as long as
the token of the page that it stands in, and its solution for one address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dispatch.pipeline.people.form_tokens import MAX_AGE
from dispatch.signing import Signer

ALGORITHM = "PBKDF2/SHA-256"
"""What browsers have built in, so that no script of others is needed."""

COST = 5_000
"""Rounds for each try. It takes 256 tries on average: a second of a phone, 2 ms of ours."""

LONGEST = 4_000
"""Letters of a solution; ours have some 700."""


@dataclass(frozen=True, slots=True)
class Solution:
    """One that is right: the name of its challenge, and until when it holds."""

    nonce: str
    ends: datetime


class ProofOfWork:
    """Makes challenges of one form and checks what browsers made of them."""

    def __init__(self, keys: Sequence[str], form: str) -> None:
        self._form = form
        self._keys = [Signer(key, "proof of work", 32).sign("").hex() for key in keys]

    def challenge(self, now: datetime) -> dict[str, Any]:
        """A challenge as JSON has it."""
        from altcha import create_challenge  # noqa: PLC0415 - an extra

        made: dict[str, Any] = create_challenge(
            ALGORITHM,
            COST,
            data={"form": self._form, "made": int(now.timestamp())},
            hmac_secret=self._keys[-1],
        ).to_dict()
        return made

    def check(self, payload: str, now: datetime) -> Solution | None:
        """What a browser posted, if it solves a challenge of ours whose time is not over."""
        from altcha import Payload, verify_solution  # noqa: PLC0415 - an extra

        if not payload or len(payload) > LONGEST:
            return None
        try:
            if not any(verify_solution(payload, key).verified for key in self._keys):
                return None
            parameters = Payload.from_base64(payload).challenge.parameters
            said: dict[str, Any] = parameters.data or {}
            made = datetime.fromtimestamp(int(said["made"]), UTC)
            ours = said["form"] == self._form
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
            return None
        ends = made + MAX_AGE
        return Solution(str(parameters.nonce), ends) if ours and made <= now < ends else None
