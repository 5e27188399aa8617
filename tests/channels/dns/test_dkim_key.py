"""The key that is published is the one that signs, and one that receivers believe."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dispatch.channels.dns.dkim_key import KeyTrouble, read_published
from told_dns import ToldDns

NAME = "news._domainkey.atelier.fr"


def b64(data):
    return base64.b64encode(data).decode()


def rsa_key(bits, form=PublicFormat.SubjectPublicKeyInfo):
    key = rsa.generate_private_key(65537, bits).public_key()
    return [b64(key.public_bytes(Encoding.DER, one)) for one in (form, PublicFormat.PKCS1)]


RSA, PKCS1 = rsa_key(2048)
WEAK, _ = rsa_key(1024)
ED = b64(ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw())

JUDGED = [
    (f"v=DKIM1; k=rsa; p={RSA}", RSA, None, 2048),
    (f"v=DKIM1;k=rsa;p={RSA};", RSA, None, 2048),
    (f"p={RSA}", RSA, None, 2048),
    (f"v=DKIM1; h=sha1:sha256; s=email; t=s; n=ours; p={RSA[:100]} {RSA[100:]}", RSA, None, 2048),
    (f"v=DKIM1; p={PKCS1}", RSA, None, 2048),
    (f"v=DKIM1; k=ed25519; p={ED}", ED, None, 256),
    (f"v=DKIM1; p={RSA}", "", None, 2048),
    (f"v=DKIM1; p={WEAK}", "", KeyTrouble.WEAK, 1024),
    (f"v=DKIM1; p={WEAK}", RSA, KeyTrouble.OTHER, 1024),
    (f"v=DKIM1; p={RSA}", ED, KeyTrouble.OTHER, 2048),
    (f"v=DKIM1; t=y:s; p={RSA}", RSA, KeyTrouble.TEST, 2048),
    ("v=DKIM1; p=", RSA, KeyTrouble.REVOKED, 0),
    (f"v=DKIM1; p={RSA[:-60]}", RSA, KeyTrouble.BROKEN, 0),
    (f"v=DKIM1; p={RSA[:-3]}", RSA, KeyTrouble.BROKEN, 0),
    (f"v=DKIM1; p=-----BEGIN PUBLIC KEY-----{RSA}", RSA, KeyTrouble.BROKEN, 0),
    (f"v=DKIM2; p={RSA}", RSA, KeyTrouble.BROKEN, 0),
    (f"k=rsa; v=DKIM1; p={RSA}", RSA, KeyTrouble.BROKEN, 0),
    (f"v=DKIM1; k=dsa; p={RSA}", RSA, KeyTrouble.BROKEN, 0),
    (f"v=DKIM1; k=ed25519; p={RSA}", RSA, KeyTrouble.BROKEN, 0),
    (f"v=DKIM1; h=sha1; p={RSA}", RSA, KeyTrouble.BROKEN, 0),
    (f"v=DKIM1; s=web; p={RSA}", RSA, KeyTrouble.BROKEN, 0),
    (f"v=DKIM1; p={RSA}; p={RSA}", RSA, KeyTrouble.BROKEN, 0),
    ("v=DKIM1; k=rsa", RSA, KeyTrouble.BROKEN, 0),
]


@pytest.mark.parametrize(("record", "signs", "trouble", "bits"), JUDGED, ids=range(len(JUDGED)))
def test_a_record_is_judged_as_receivers_do(record, signs, trouble, bits):
    found = read_published(NAME, ToldDns({NAME: {"TXT": (record,)}}), public=signs)

    assert (found.trouble, found.bits) == (trouble, bits), found.detail


def test_one_of_several_is_anybodys_guess_and_no_key_is_told_as_such():
    several = {NAME: {"TXT": (f"v=DKIM1; p={RSA}", f"v=DKIM1; p={WEAK}", "something else")}}

    assert read_published(NAME, ToldDns(several)).trouble is KeyTrouble.SEVERAL
    assert read_published(NAME, ToldDns({})).trouble is KeyTrouble.MISSING
    assert read_published(NAME, ToldDns({NAME: "quiet"})).trouble is KeyTrouble.UNANSWERED
