"""Which texts are addresses, and what is said of those that are not."""

import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.config.files.addresses import checked_address
from dispatch.config.files.problems import InvalidValueError


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        "ada.lovelace+news@mail.example.co.uk",
        "o'brien@example.org",
        "x_y-z@sub-domain.example.org",
        "#!$%&'*+-/=?^_`{}|~@example.org",
        f"{'a' * 64}@example.org",
        "ada@reader.invalid",
        "ada@example.test",
        "jürgen@example.org",
        "用户@example.org",
    ],
)
def test_takes_an_address_as_it_is_written(address):
    assert checked_address(f"  {address} ") == address


@pytest.mark.parametrize("address", ["ada@müller.example", "ada@xn--mller-kva.example"])
def test_gives_a_foreign_domain_in_the_form_every_server_takes(address):
    assert checked_address(address) == "ada@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "an address looks like name@example.org"),
        ("ada", "an address looks like name@example.org"),
        ("@example.org", "the part before @ is missing"),
        ("ada@", "the part after @ needs a dot, as in example.org"),
        ("ada@example", "the part after @ needs a dot, as in example.org"),
        ("ada@localhost.", "the part after @ needs a dot, as in example.org"),
        ("ada@example,org", "check the dots after @"),
        ("ada@example..org", "check the dots after @"),
        ("ada @example.org", "remove the space"),
        ("ada@example.org, bob@example.org", "write one address only"),
        ("ada@bob@example.org", "write one address only"),
        ("Ada <ada@example.org>", "write the address alone, and the name in its own place"),
        ("a..da@example.org", "check its spelling"),
        ("ada@-example.org", "check its spelling"),
        ("ada@[127.0.0.1]", "check its spelling"),
        (f"{'a' * 65}@example.org", "check its spelling"),
        ("ada@xn--zz.example", "check its spelling"),
        ("ada\x00@example.org", "check its spelling"),
    ],
)
def test_says_what_is_wrong_with_what_is_none(text, advice):
    with pytest.raises(InvalidValueError) as caught:
        checked_address(text)

    assert "is not an e-mail address" in caught.value.problem
    assert caught.value.advice == advice


def test_a_very_long_text_is_refused_quickly_and_shown_short():
    with pytest.raises(InvalidValueError) as caught:
        checked_address("a@" * 1_000_000)

    assert len(str(caught.value)) < 150


@given(st.text() | st.from_regex(r"\A[a-zé.\"-]{0,3}@[a-zü.\[-]{0,5}\Z"))
def test_any_text_is_an_address_without_spaces_or_is_refused(text):
    try:
        address = checked_address(text)
    except InvalidValueError:
        return

    assert address.count("@") == 1
    assert not any(char.isspace() or char in '<>,;"' for char in address)


OURS_ALONE = {
    "test@io": "we want a dot after @: without one it is nearly always a slip",
    "test@xn--example.com": "that is no punycode",
}
"""Where our verdict is not that of the collection, and why.

Spaces and line ends around an address are not judged here: we take them away.
"""


@pytest.mark.parametrize("file", ["tests.xml", "tests-original.xml"])
def test_judges_like_the_isemail_collection(file):
    data = os.environ.get("DISPATCH_TEST_DATA")
    if not data:
        pytest.skip("DISPATCH_TEST_DATA does not name the folder with the isemail collection")
    tree = ET.parse(Path(data) / "email-addresses-isemail" / file)
    cases = [(written(case), usable(case)) for case in tree.getroot().iter("test")]

    differing = {text for text, good in cases if is_address(text) != good and text == text.strip()}

    assert len(cases) > 100
    assert differing <= set(OURS_ALONE)


def is_address(text: str) -> bool:
    try:
        checked_address(text)
    except InvalidValueError:
        return False
    return True


def written(case: ET.Element) -> str:
    # Control characters stand in the file as their pictures, from U+2400.
    text = case.findtext("address") or ""
    return "".join(chr(ord(c) - 0x2400) if 0x2400 <= ord(c) < 0x2420 else c for c in text)


def usable(case: ET.Element) -> bool:
    # A domain without records is the domain name system's business, not the form's.
    return case.findtext("category") in {"ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"}
