"""The sender of an envelope says which delivery it was, and nobody else can write it."""

import re

import pytest

from dispatch.pipeline.messages.return_addresses import ReturnAddresses, key_in, read_tokens

OLD, NEW = "the first key of ours", "the second key of ours"
LARGEST = (1 << 63) - 1


def token_of(address: str) -> str:
    return address.partition("@")[0].rpartition("+")[2]


@pytest.mark.parametrize("key", [1, (7 << 32) + 18, LARGEST])
def test_a_return_address_is_short_and_survives_small_letters(key):
    made = ReturnAddresses("bounces-of-the-letter-2026@example.org", [OLD])

    address = made.maker("0192f3")(key)

    local, _, domain = address.partition("@")
    assert (domain, len(local) <= 64) == ("example.org", True)
    assert re.fullmatch(r"bounces-of-the-letter-2026\+[0-9a-z]{22,37}", local)
    assert [key_in(one) for one in read_tokens([token_of(address).upper()])] == [key]
    assert made.is_of(token_of(address), "0192f3")


def test_it_is_of_one_edition_and_one_key_alone():
    made = ReturnAddresses("bounces@example.org", [OLD])
    token = token_of(made.maker("e1")(0x10000000A))

    forged = [
        token.replace("10000000a", "10000000b"),
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        token_of(ReturnAddresses("bounces@example.org", [NEW]).maker("e1")(0x10000000A)),
        token_of(made.maker("e2")(0x10000000A)),
    ]

    assert made.is_of(token, "e1")
    assert not any(made.is_of(one, "e1") for one in forged)
    assert not made.is_of(token, "e2")


def test_keys_that_were_rotated_still_verify():
    before = token_of(ReturnAddresses("bounces@example.org", [OLD]).maker("e1")(18))
    rotated = ReturnAddresses("bounces@example.org", [OLD, NEW])

    assert rotated.is_of(before, "e1")
    assert token_of(rotated.maker("e1")(18)) != before


@pytest.mark.parametrize(
    "word",
    [
        "",
        "a",
        "+",
        "news",
        "a" * 21,
        "a0" + "x" * 20,
        "a012" + "x" * 20,
        "b12" + "x" * 20,
        "a" + "f" * 16 + "x" * 20,
        "a" + "1" * 17 + "x" * 20,
        "a1é" + "x" * 20,
        "a１" + "x" * 20,
        "a-1" + "x" * 20,
    ],
)
def test_other_words_are_no_tokens(word):
    found = list(read_tokens([word]))

    assert found == []
