"""What is sealed opens with its keys, for what it was sealed for, and nowhere else."""

import sys
from base64 import urlsafe_b64encode

import pytest

from dispatch.sealing import SealBroken, Sealer, read_key

ONE, TWO = (urlsafe_b64encode(bytes([each]) * 32).decode() for each in (1, 2))
SECRET = "what a network gave us"


def test_what_was_sealed_opens_and_shows_nothing_of_itself():
    sealed = Sealer([ONE]).seal(SECRET, "a")

    assert Sealer([ONE]).open(sealed, "a") == SECRET
    assert "network" not in sealed
    assert sealed != Sealer([ONE]).seal(SECRET, "a")  # each time another


def test_the_first_key_seals_and_all_of_them_open():
    old = Sealer([ONE]).seal(SECRET, "a")
    both = Sealer([TWO, ONE])

    assert both.open(old, "a") == SECRET
    assert Sealer([TWO]).open(both.seal(SECRET, "a"), "a") == SECRET


def test_with_another_key_it_says_that_the_key_is_missing():
    sealed = Sealer([ONE]).seal(SECRET, "a")

    with pytest.raises(SealBroken, match="a key that is not there"):
        Sealer([TWO]).open(sealed, "a")


def test_what_was_moved_elsewhere_does_not_open():
    sealed = Sealer([ONE]).seal(SECRET, "a")

    with pytest.raises(SealBroken, match="sealed for something else"):
        Sealer([ONE]).open(sealed, "b")


@pytest.mark.parametrize("damage", ["", "1", "1.", "2.{}", "{}!", "1.{mark}.", "1.{mark}.AAAA"])
def test_what_is_damaged_is_said_to_be(damage):
    sealed = Sealer([ONE]).seal(SECRET, "a")
    mark, rest = sealed.split(".")[1:]
    damaged = (
        damage.format(f"{mark}.{rest}", mark=mark) if damage != "{}!" else sealed[:-6] + "AAAA=="
    )

    with pytest.raises(SealBroken, match="damaged"):
        Sealer([ONE]).open(damaged, "a")


def test_each_bit_counts():
    sealed = Sealer([ONE]).seal(SECRET, "a")
    start, text = sealed.rsplit(".", 1)

    for place in range(0, len(text) - 2, 7):
        other = "A" if text[place] != "A" else "B"
        with pytest.raises(SealBroken, match="damaged"):
            Sealer([ONE]).open(f"{start}.{text[:place]}{other}{text[place + 1 :]}", "a")


def test_without_a_key_nothing_is_sealed():
    assert not Sealer([])
    with pytest.raises(SealBroken, match="no key"):
        Sealer([]).seal(SECRET, "a")


@pytest.mark.parametrize(
    "key", ["", "short", "correct horse battery staple", ONE[:-3], ONE + "AA", "é" * 44]
)
def test_a_key_is_32_bytes_and_is_not_shown_where_it_is_not(key):
    with pytest.raises(ValueError, match="is not 32 bytes in base64") as caught:
        read_key(key)
    assert not key or key not in str(caught.value)


def test_a_key_may_be_written_as_other_programs_write_base64():
    assert read_key(ONE.rstrip("=").replace("-", "+").replace("_", "/")) == read_key(ONE)


def test_without_the_extra_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers.aead", None)

    with pytest.raises(SealBroken, match=r"dispatch-digest\[tokens\]"):
        Sealer([ONE]).check()
