"""Calls that are signed with a key of which we know the public half."""

import base64
import binascii
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from dispatch.channels.hooks.proof import ANOTHER_KEY, NOT_SIGNED, check_configured
from dispatch.errors import NotGenuine, ProviderUnavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

Hash = Literal["sha1", "sha256"]

_AROUND = re.compile(r"-----[A-Z ]+-----|\\n|\s")
"""What is around a key in PEM; in variables of the environment line ends are often written out."""

NOT_INSTALLED = (
    "the signature of the call needs a library that is not installed"
    " - install dispatch with its extra 'hooks'"
)


def check_signature(
    given: str,
    public_key: str,
    *parts: bytes | str,
    hashed: Hash = "sha256",
    option: str = "webhook_public_key",
) -> None:
    """That `given` is the signature, as base64, of the parts one after another.

    The key is EC or RSA, in PEM or its base64 alone. Raises NotGenuine, and ProviderUnavailable
    where the library for it is not installed: then the service had better come again.
    """
    text = check_configured(public_key, option)
    if not given:
        raise NotGenuine(NOT_SIGNED, unsigned=True)
    key = read_public_key(text)
    if key is None:
        raise NotGenuine(
            f"'{option}' of the channel is no public key - copy it anew from the service"
        )
    data = b"".join(one if isinstance(one, bytes) else one.encode() for one in parts)
    check_signed_with(key, given, data, hashed)


def check_signed_with(key: "PublicKeyTypes", given: str, data: bytes, hashed: Hash) -> None:
    """That `given` is the signature of the data by the owner of this key; raises NotGenuine."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: PLC0415

    algorithm = hashes.SHA256() if hashed == "sha256" else hashes.SHA1()  # noqa: S303 - theirs
    try:
        signature = base64.b64decode(given, validate=True)
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), algorithm)
        else:
            raise NotGenuine("the call is signed with a key of a kind that nobody signs with")
    except (InvalidSignature, binascii.Error, ValueError):
        raise NotGenuine(ANOTHER_KEY) from None


@lru_cache(maxsize=32)
def read_public_key(text: str) -> "PublicKeyTypes | None":
    """The key in PEM, or in base64 without the lines around it; None where that is no key.

    Raises ProviderUnavailable where the library is not installed.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            load_der_public_key,
        )
    except ImportError:
        raise ProviderUnavailable(NOT_INSTALLED) from None
    encoded = _AROUND.sub("", text)
    try:
        return load_der_public_key(base64.b64decode(encoded, validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return None
