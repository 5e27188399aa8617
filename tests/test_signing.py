"""What was signed earlier holds, letter by letter."""

import pytest

from dispatch.model.people.ending import Marker
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.tokens import Bearer, Tokens
from dispatch.pipeline.websub.callbacks import Callbacks
from dispatch.signing import Signer, same

SECRETS = ["an old key", "a new kéy"]
LINKS = SignedLinks("https://news.example", SECRETS)
ADA, BOB = "0" * 16 + "f" * 16, "0123456789abcdef" * 2

# Each of these was made by the code that signed before `signing.py` was there.
UNSUBSCRIBE = "b20000000000000000ffffffffffffffffH5KdzKbWP1Oa1p7PyqwAB7naojswczdfojzq"
CADENCE = "b20123456789abcdef0123456789abcdef5r9IncLNCtDVwQDMvzxdn62Tnrswg5dfovzhglodve"
BY_THE_OLD_KEY = "b1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaajNg6sG2DvoyV0y2QRL10I01pojswczdfojzq"
WITH_A_NUMBER = "42.cmVhZGVycw.y3yLd8gRRbxzcaKO-RMDSi-g"
PUSH_SECRET = "m8j3ND-Cr9jYD4legcZlhXM5e7Xs-yHGvz2p39rSuQI"


def test_links_are_what_they_were():
    assert LINKS.unsubscribe_token(ADA, "readers") == UNSUBSCRIBE
    assert LINKS.cadence_token(BOB, "lecteurs-é") == CADENCE
    assert Tokens(SECRETS[:1], "unsubscribe").maker("readers")("a" * 32) == BY_THE_OLD_KEY


@pytest.mark.parametrize(
    ("token", "bearer"),
    [
        (UNSUBSCRIBE, Bearer("readers", ADA)),
        (BY_THE_OLD_KEY, Bearer("readers", "a" * 32)),
        (WITH_A_NUMBER, Bearer("readers", number=42)),
    ],
)
def test_links_that_people_have_are_read(token, bearer):
    assert LINKS.read_unsubscribe(token) == bearer


def test_addresses_that_hubs_have_are_what_they_were():
    callbacks = Callbacks("https://news.example", "a secret")

    address = "https://news.example/push/push1.hn0YGHigFrhwgk__kOeLExIh"
    assert callbacks.url("push1") == address
    assert callbacks.read(address.rpartition("/")[2]) == "push1"
    assert callbacks.secret("push1") == PUSH_SECRET
    assert callbacks.fingerprint("push1") == "f750d134c562d43aad611ed21d0ef939"


def test_marks_of_endings_are_what_they_were():
    marker = Marker("a secret")

    assert marker.key == "38e955ac"
    assert marker.left("ada@example.org", "readers") == "1ff70c53e59c09ec6216c082d06852ff"
    assert marker.left_by_link("f" * 32, "readers") == "eb1c8037a4a2ebe7ece161bb6321c310"
    assert marker.suppressed("ad\udc80a") == "bf27f684c698268087e7d7b0f62f89e2"


def test_a_signature_for_one_purpose_or_by_another_secret_is_no_other():
    signed = {
        Signer(secret, purpose, 16).sign(said)
        for secret in ("one", "two")
        for purpose in ("links", "marks")
        for said in ("a", "b")
    }

    assert len(signed) == 8


@pytest.mark.parametrize(
    ("given", "is_same"), [("a", True), ("b", False), ("", False), ("aa", False), ("\udcff", False)]
)
def test_what_is_given_is_compared(given, is_same):
    assert same(given, "a") is is_same
