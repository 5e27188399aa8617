"""No secret in what others say, whatever form they say it in."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.masking import masked

SECRETS = [
    "hunter22",
    "s p&a/ce",
    '100%+"sure" \'\\',
    "пароль",
    "é€ü漢字",
    "\U0001f600face",
    "x" * 3000,
]
LOGINS = ["", "marie:", "marie@example.org:", "\0marie\0", "\0\0", "user=a\x01auth=Bearer "]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "form",
    [
        str,
        str.upper,
        quote,
        quote_plus,
        lambda text: quote(text, safe=""),
        lambda text: quote(text, safe="").lower(),
        lambda text: json.dumps(text)[1:-1],
        lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
        html.escape,
        lambda text: text.encode().hex(),
    ],
    ids=["plain", "upper", "quote", "plus", "all", "lower", "json", "json-utf8", "html", "hex"],
)
def test_a_secret_is_known_in_every_spelling(secret, form):
    said = masked(f"401: {form(secret)} - who are you?", secret)

    assert said == "401: *** - who are you?"


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("before", LOGINS)
@pytest.mark.parametrize("after", ["", "x", "xy", "\x01\x01"])
@pytest.mark.parametrize(
    "form",
    [
        str,
        lambda text: text.rstrip("="),
        lambda text: text.replace("+", "-").replace("/", "_"),
        lambda text: quote(text, safe=""),
    ],
    ids=["padded", "bare", "url", "percent"],
)
def test_a_secret_is_known_in_base64_wherever_it_stands_in_it(secret, before, after, form):
    encoded = form(base64.b64encode(f"{before}{secret}{after}".encode()).decode())

    assert masked(f"535 {encoded}: no", secret) == "535 ***: no"


def test_base64_broken_over_lines_is_the_same():
    encoded = base64.encodebytes(b"marie@example.org:" + b"a very long pass phrase " * 5).decode()

    said = masked(encoded, "a very long pass phrase " * 5)

    assert "IHZlcnkg" not in said  # " very ", as it begins


@pytest.mark.parametrize("login", ["abc", "marie:abc", "\0marie\0abc"])
def test_a_short_password_is_known_in_base64_with_its_user(login):
    encoded = base64.b64encode(login.encode()).decode()

    assert masked(f"535 {encoded} no", "abc", username="marie") == "535 *** no"


def test_what_is_no_secret_stays():
    said = "535 5.7.8 Error: authentication failed: hunter, aHVudGVy"

    assert masked(said, "hunter22", "") == said


def test_two_secrets_side_by_side_are_one_mask():
    assert masked("marie-hunter22-other", "hunter22", "-other", "") == "marie-***"


@given(st.text(min_size=5), st.text(), st.text())
def test_a_secret_never_gets_through(secret, before, after):
    said = masked(f"{before}{secret}{after}", secret)

    assert not any(secret in piece for piece in said.split("***"))


@pytest.mark.parametrize("noise", [" ", "+", "%20", "A", "aHVudGVyMjI", "\\", "&"])
def test_a_megabyte_of_noise_is_looked_through(noise):
    said = masked(noise * (1_000_000 // len(noise)), "hunter22", " + + + +" * 20)

    assert len(said) <= 1_000_000
