"""Languages are named as services know them."""

import os
from pathlib import Path

import pytest

from dispatch.model.text.languages import language_tag


@pytest.mark.parametrize("language", ["", "?", "jaja", "123", "-", "f", "a-DE"])
def test_what_is_no_language_is_left_out(language):
    assert language_tag(language) == ""


def test_whatever_it_gives_is_a_tag_by_the_rules_of_the_network():
    data = os.environ.get("DISPATCH_TEST_DATA")
    if not data:
        pytest.skip("DISPATCH_TEST_DATA is not set: the network's own cases are not at hand")
    syntax = Path(data, "atproto-interop/syntax")
    valid = _lines(syntax / "language_syntax_valid.txt")
    invalid = _lines(syntax / "language_syntax_invalid.txt")

    given = {one: language_tag(one) for one in valid + invalid}

    assert not {*given.values()} & {*invalid}
    assert given["pt-BR"] == "pt-BR"
    assert given["hy-Latn-IT-arevela"] == "hy-Latn-IT"
    assert given["JA"] == "ja"


def _lines(path):
    lines = path.read_text("utf-8").splitlines()
    return [one for one in lines if one and not one.startswith("#")]
