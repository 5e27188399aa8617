"""What a token is made of, letter by letter, and which keys may sign."""

import base64
import hashlib
import re
from dataclasses import FrozenInstanceError

import pytest

from dispatch.errors import NotFound
from dispatch.pipeline.messages.tokens import KEY_LETTERS, MOST_KEYS, Bearer, Tokens

ADA = "8d4e9526d502452db560b4314aaece91"
KEYS = [f"secret number {number:03} long" for number in range(MOST_KEYS + 2)]


def token_of(*secrets, audience="readers", purpose="unsubscribe"):
    return Tokens(secrets, purpose).maker(audience)(ADA)


def test_its_parts_stand_where_the_description_says():
    token = token_of("a secret of sixteen bytes")

    assert (token[:1], token[1:2], token[2:34]) == ("b", "1", ADA)
    assert re.fullmatch("[0-9a-zA-Z]{24}", token[34:58])
    assert token[58:] == "ojswczdfojzq"


def test_its_signature_is_a_keyed_hash_of_all_the_rest():
    secret = "a secret of sixteen bytes"
    key = hashlib.sha256(secret.encode()).digest()
    signed = b"b1" + ADA.encode() + b"ojswczdfojzq"
    digest = hashlib.blake2b(signed, key=key, digest_size=24, person=b"unsubscribe2").digest()
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

    assert token_of(secret)[34:58] == "".join(alphabet[byte % 62] for byte in digest)


def test_no_two_keys_that_may_be_listed_have_one_letter():
    assert len(set(KEY_LETTERS)) == len(KEY_LETTERS) == MOST_KEYS
    assert "0" not in KEY_LETTERS


@pytest.mark.parametrize("number", [1, 2, 10, MOST_KEYS])
def test_the_last_key_signs_and_its_letter_says_so(number):
    token = token_of(*KEYS[:number])

    assert token[1] == KEY_LETTERS[number - 1]
    assert Tokens([KEYS[number - 1]], "unsubscribe").read(token) == Bearer("readers", ADA)


def test_with_more_keys_than_letters_a_letter_comes_again():
    keys = KEYS[: MOST_KEYS + 1]

    token = token_of(*keys)

    assert token[1] == KEY_LETTERS[0]
    assert Tokens(keys, "unsubscribe").read(token).public_id == ADA


def test_one_key_may_be_tried_whatever_the_letter_says():
    token = token_of(*KEYS[:3])

    assert Tokens(KEYS[2:3], "unsubscribe").read(token).audience == "readers"
    assert Tokens([KEYS[9], KEYS[2]], "unsubscribe").read(token).audience == "readers"
    with pytest.raises(NotFound):
        Tokens(KEYS[:2], "unsubscribe").read(token)


@pytest.mark.parametrize("audience", ["", "a", "ab", "abc", "abcd", "abcde", "abcdef"])
def test_an_audience_of_any_length_is_read_as_it_was_written(audience):
    token = token_of(KEYS[0], audience=audience)

    assert Tokens(KEYS[:1], "unsubscribe").read(token) == Bearer(audience, ADA)


def test_an_audience_that_is_written_in_another_way_is_not_ours():
    token = token_of(KEYS[0], audience="a")  # "me": the last bits of the "e" mean nothing

    with pytest.raises(NotFound):
        Tokens(KEYS[:1], "unsubscribe").read(token[:-1] + "f")


@pytest.mark.parametrize("token", ["", "b1x", "1.2.3"])
def test_what_it_is_for_is_said_of_one_that_is_not_ours(token):
    with pytest.raises(
        NotFound, match=r"^cadence link: not one of ours, or cut off - use the whole"
    ):
        Tokens(KEYS[:1], "cadence").read(token)


def test_an_old_one_is_read_with_any_key():
    old = "7.cmVhZGVycw.NcW8uN172kPcE_gNspwR3NaS"
    secret = "a secret of sixteen bytes"

    for keys in ([secret], [KEYS[0], secret], [secret, KEYS[0]]):
        assert Tokens(keys, "unsubscribe").read(old) == Bearer("readers", number=7)
    with pytest.raises(NotFound):
        Tokens(KEYS, "unsubscribe").read(old)
    with pytest.raises(NotFound):
        Tokens([secret], "cadence").read(old)


def _old(number, audience, secret):
    key = hashlib.sha256(secret.encode()).digest()
    middle = base64.urlsafe_b64encode(audience.encode()).decode().rstrip("=")
    signed = f"{number}.{middle}"
    digest = hashlib.blake2b(
        signed.encode(), key=key, digest_size=18, person=b"unsubscribe"
    ).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode()}"


@pytest.mark.parametrize("audience", ["", "a", "ab", "abc", "abcd", "ab?>~\u00ff"])
def test_an_old_one_has_an_audience_of_any_length_too(audience):
    token = _old(12, audience, KEYS[0])

    assert Tokens(KEYS[:1], "unsubscribe").read(token) == Bearer(audience, number=12)


def test_a_bearer_stays_who_it_is():
    bearer = Bearer("readers", ADA)

    with pytest.raises(FrozenInstanceError):
        bearer.audience = "others"
    assert not hasattr(bearer, "__dict__")
