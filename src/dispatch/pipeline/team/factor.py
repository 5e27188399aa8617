"""Codes of an app (TOTP, RFC 6238). Its secret is in no database.

It is reckoned from a seed that is kept, with the workspace's key: who has a copy of the one
without the other cannot make codes.
"""

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from dispatch.errors import Conflict
from dispatch.signing import Signer

if TYPE_CHECKING:
    from pyotp import TOTP

STEP = 30
"""Seconds for which a code is shown; one before and one after count, too, as clocks differ."""

DIGITS = 6
SPARE_CODES = 10
_SECRET_BYTES = 20  # as RFC 4226 recommends
_SEED_BYTES = 18
_KEY_BYTES = 4
_SPARE_LETTERS = 16  # 80 bits: their hashes tell nothing
_GROUP = 4


class Factor:
    """Makes seeds, secrets and codes. Raises Conflict where the extra is missing, or the key."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = keys

    def new_seed(self) -> str:
        """The beginning of a new app; it names the key that goes with it."""
        seed = secrets.token_urlsafe(_SEED_BYTES)
        return f"{seed}.{_name(self._keys[-1], seed)}"

    def secret(self, seed: str) -> str:
        """What the app is to know, in base32."""
        random, _, name = seed.partition(".")
        for key in reversed(self._keys):
            if hmac.compare_digest(_name(key, random), name):
                made = Signer(key, "factor", _SECRET_BYTES).sign(random)
                return base64.b32encode(made).decode()
        raise Conflict(
            "second factor: its key is gone - use a spare code, or have an owner remove it"
        )

    def address(self, seed: str, *, who: str, issuer: str) -> str:
        """The same as the address that a picture for the app holds."""
        return self._totp(seed).provisioning_uri(name=who, issuer_name=issuer)

    def step_of(self, seed: str, code: str, *, now: datetime) -> int:
        """The moment that a code is of, as a number; 0 for a wrong one."""
        digits = "".join(code.split())
        if len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
            return 0
        totp, present = self._totp(seed), int(now.timestamp()) // STEP
        for step in (present, present - 1, present + 1):
            if hmac.compare_digest(totp.generate_otp(step), digits):
                return step
        return 0

    def _totp(self, seed: str) -> "TOTP":
        try:
            from pyotp import TOTP  # noqa: PLC0415 - an extra
        except ImportError:
            raise Conflict(NO_EXTRA) from None
        return TOTP(self.secret(seed), digits=DIGITS, interval=STEP)


NO_EXTRA = "second factor: the extra is missing - install dispatch-digest[factor]"


@cache
def is_there() -> bool:
    """Whether what it takes is installed."""
    from importlib.util import find_spec  # noqa: PLC0415

    return all(find_spec(name) for name in ("pyotp", "segno"))


def new_spare_codes() -> list[str]:
    """Codes for who has lost the app, such as `a2bc-...`, in four groups."""
    made = []
    for _ in range(SPARE_CODES):
        letters = base64.b32encode(secrets.token_bytes(_SPARE_LETTERS * 5 // 8)).decode().lower()
        made.append("-".join(letters[at : at + _GROUP] for at in range(0, _SPARE_LETTERS, _GROUP)))
    return made


def tidy_spare_code(code: str) -> str:
    """A spare code however it was typed."""
    return "".join(code.lower().replace("-", " ").split())


def _name(key: str, seed: str) -> str:
    return Signer(key, "factor key", _KEY_BYTES).sign(seed).hex()
