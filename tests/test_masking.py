"""No secret in what others say, whatever form they say it in."""

import base64
import html
import json
import quopri
import re
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dispatch.masking import Mask, masked
from dispatch.model.text.plain_text import printable

SECRETS = [
    "hunter22",
    "s p&a/ce",
    '100%+"sure" \'\\',
    "пароль",
    "é€ü漢字",
    "\U0001f600face",
    "x" * 3000,
]


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def spelled(text: str, unit: str, between: str = "") -> str:
    return between.join(unit.format(byte) for byte in text.encode())


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
        lambda text: spelled(text, "\\x{:02x}"),
        lambda text: spelled(text, "\\x{:02X}"),
        lambda text: spelled(text, "\\{:03o}"),
        lambda text: spelled(text, "={:02X}"),
        lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
        lambda text: text.encode().hex(":"),
        lambda text: text.encode().hex(" "),
        lambda text: text.encode().hex("-"),
        lambda text: spelled(text, "0x{:02x}", ", "),
        lambda text: text.translate({code: 0xFEE0 + code for code in range(0x21, 0x7F)}),
    ],
    ids=[
        *("plain", "upper", "quote", "plus", "all", "lower", "json", "json-utf8", "html", "hex"),
        *("c", "c-upper", "octal", "printable", "quopri", "colons", "blanks", "dashes", "0x"),
        "wide",
    ],
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
    said = masked(f"535 {form(encoded(before + secret + after))}: no", secret)

    left = unquote(said.removeprefix("535 ").removesuffix(": no").replace("***", "")).rstrip("=")
    assert "***" in said
    assert len(left) <= len(encoded(before + after)) + 4  # those shared with its neighbours


@pytest.mark.parametrize("part", ["correct horse", "battery+staple", "horse/battery"])
def test_a_part_of_a_secret_is_known_too(part):
    secret = "correct horse/battery+staple?"

    assert masked(f"535 {part}... unknown", secret) == "535 ***... unknown"
    assert "***" in masked(f"535 {encoded(part)[:-2]}... unknown", secret)


@pytest.mark.parametrize("before", LOGINS)
@pytest.mark.parametrize("secret", ["hunter22", "correct horse battery", "пароль"])
def test_a_secret_is_known_in_base32_and_in_base64_of_base64(secret, before):
    login = (before + secret).encode()
    base32, twice = base64.b32encode(login).decode(), encoded(encoded(before + secret))

    shown = [masked(f"535 {form} no", secret).split()[1] for form in (base32, twice)]

    assert all("***" in one for one in shown)
    assert len(shown[0]) < len(base32) - len(secret)
    assert len(shown[1]) < len(twice) - len(secret)


def test_base64_broken_over_lines_is_the_same():
    whole = base64.encodebytes(b"marie@example.org:" + b"a very long pass phrase " * 5).decode()

    said = masked(whole, "a very long pass phrase " * 5)

    assert said.count("\n") <= 1
    assert "dmVyeSBsb25n" not in said  # "very long"


def test_a_secret_with_gaps_is_the_same():
    assert masked("535 h u n\nter 2\t2 no", "hunter22") == "535 *** no"


@pytest.mark.parametrize("login", ["abc", "marie:abc", "\0marie\0abc"])
def test_a_short_password_is_known_in_base64_with_its_user(login):
    said = masked(f"535 {encoded(login)} no", "abc", username="marie")

    assert said.replace("=", "") == "535 *** no"


def test_what_is_no_secret_stays():
    said = "535 5.7.8 Error: authentication failed: hunter, aHVudGV, %68 &amp; \\u0068"

    assert masked(said, "hunter22", "") == said


def test_two_secrets_side_by_side_are_both_hidden():
    assert masked("marie-hunter22-otherword", "hunter22", "-otherword", "") == "marie-******"


def test_a_mask_shows_no_secret_itself():
    assert "hunter22" not in repr(Mask("hunter22"))


INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")


@example("\u200b", "", "")
@given(st.text(min_size=1), st.text(), st.text())
def test_a_secret_never_gets_through(secret, before, after):
    said = masked(f"{before}{secret}{after}", secret)

    letters = INVISIBLE.sub("", printable(secret))  # of nothing but these no secret is made
    assert not letters or not any(printable(secret).strip() in one for one in said.split("***"))


@pytest.mark.parametrize(
    "noise", [" ", "+", "%20", "A", "aHVudGVyMjI", "\\", "&", "\\u0041", "&amp;"]
)
def test_a_lot_of_noise_is_looked_through(noise):
    said = masked(noise * (60_000 // len(noise)), "hunter22", " + + + +" * 20)

    assert len(said) <= 60_000


def test_a_key_of_many_lines_is_known():
    key = "\n".join(f"{number:064}" for number in range(200))

    assert masked(f"cannot read {key}", key) == "cannot read ***"
