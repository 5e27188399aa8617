"""Signatures are checked with public keys, as people copy them from the pages of services."""

import base64
import sys

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from dispatch.channels.hooks.public_key import check_signature, read_public_key
from dispatch.errors import NotGenuine, ProviderUnavailable

DATA = b"what was told"


@pytest.fixture(scope="module")
def key():
    return ec.generate_private_key(ec.SECP256R1())


def pem(key) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def test_a_key_counts_however_it_was_copied(key):
    given = base64.b64encode(key.sign(DATA, ec.ECDSA(hashes.SHA256()))).decode()
    text = pem(key)
    alone = "".join(text.splitlines()[1:-1])

    for written in (text, text.replace("\n", "\\n"), alone, f" {alone[:40]}\n{alone[40:]} "):
        check_signature(given, written, DATA[:4], DATA[4:])
        with pytest.raises(NotGenuine, match="another key"):
            check_signature(given, written, DATA + b"!")


@pytest.mark.parametrize("hashed", ["sha1", "sha256"])
def test_rsa_is_checked_by_the_hash_that_the_service_has(hashed):
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    algorithm = hashes.SHA1() if hashed == "sha1" else hashes.SHA256()
    given = base64.b64encode(key.sign(DATA, padding.PKCS1v15(), algorithm)).decode()

    check_signature(given, pem(key), DATA, hashed=hashed)
    with pytest.raises(NotGenuine):
        check_signature(given, pem(key), DATA, hashed="sha256" if hashed == "sha1" else "sha1")


def test_what_is_no_key_or_no_signature_proves_nothing(key):
    other = pem(ed25519.Ed25519PrivateKey.generate())
    for given, written in (("AAAA", other), ("???", pem(key)), ("AAAA", "no key"), ("A", "-----")):
        with pytest.raises(NotGenuine) as refused:
            check_signature(given, written, DATA)
        assert not refused.value.unsigned
    with pytest.raises(NotGenuine) as refused:
        check_signature("", pem(key), DATA)
    assert refused.value.unsigned


def test_without_the_library_the_service_is_to_come_again(key, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    read_public_key.cache_clear()

    with pytest.raises(ProviderUnavailable, match="install dispatch with its extra 'hooks'"):
        check_signature("AAAA", "MFkw", DATA)
