"""A signature that others verify, that covers what matters, and that keeps its key."""

import re
import sys
from base64 import b64decode
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.channels.mail.dkim import ALWAYS, Signer, read_key
from dispatch.channels.mail.mime import to_mime
from dispatch.model.delivery.message import Address
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import SUBSCRIBERS, an_email

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)  # dkimpy refuses signatures from the future
KINDS = ("ed25519", "rsa")


def pem(key, protection=None):
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, protection or NoEncryption()
    ).decode()


@cache
def key_text(kind):
    if kind == "rsa":
        return pem(rsa.generate_private_key(65537, 2048))
    return pem(ed25519.Ed25519PrivateKey.generate())


@cache
def signer(kind="ed25519"):
    return Signer("example.org", "news", read_key(key_text(kind)), FakeClock(NOW))


def signed(data, kind="ed25519"):
    return signer(kind).sign(data) + data


def is_valid(data, kind="ed25519"):
    """What dkimpy says of a mail, given the record that the signer wants published."""
    name, value = signer(kind).record
    dns = {f"{name}.".encode(): value.encode()}
    return dkim.verify(data, dnsfunc=lambda asked, timeout: dns.get(asked))


@pytest.fixture(autouse=True, scope="module")
def curve():
    """Lends dkimpy the Ed25519 of `cryptography` in place of PyNaCl, which is not installed."""

    class BadSignatureError(Exception):
        pass

    class VerifyKey:
        def __init__(self, key, encoder):
            self._key = ed25519.Ed25519PublicKey.from_public_bytes(encoder(key))

        def verify(self, data, signature):
            try:
                self._key.verify(signature, data)
            except InvalidSignature as error:
                raise BadSignatureError from error

    lent = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=VerifyKey),
        encoding=SimpleNamespace(Base64Encoder=b64decode),
        exceptions=SimpleNamespace(BadSignatureError=BadSignatureError, ValueError=ValueError),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dkim, "nacl", lent, raising=False)
        yield


def a_mail(**changes):
    return to_mime(an_email(**changes), date=NOW)


def header_of(data, name):
    head = data.partition(b"\r\n\r\n")[0].decode()
    [value] = re.findall(rf"(?mi)^{name}:((?:.*\r?\n?)(?:[ \t].*\r?\n?)*)", head)
    return re.sub(r"\s+", " ", value).strip()


def tags_of(data):
    """The tags of the signature, without spaces."""
    tags = header_of(data, "DKIM-Signature").replace(" ", "").split(";")
    return dict(tag.split("=", 1) for tag in tags)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("subscriber", SUBSCRIBERS, ids=lambda one: one.email)
def test_a_digest_to_anybody_is_verified(kind, subscriber):
    data = a_mail(to=Address(subscriber.email, subscriber.name), html="<p>  été  </p>\n" * 500)

    assert is_valid(signed(data, kind), kind)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
GAPS = st.sampled_from([" ", "  ", "\t", " \t ", "\r\n ", "\r\n\t", "\r\n  ", " \r\n\t "])
VALUES = st.builds(
    "".join,
    st.lists(st.tuples(GAPS | st.just(""), WORDS | st.just("=?utf-8?b?w6k=?=")).map("".join)),
)
NAMES = st.sampled_from(
    [
        "From", "TO", "subject", "Subject", "Date", "Message-ID", "Content-Type", "Reply-To",
        "Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "X-Other", "Received",
    ]
)  # fmt: skip
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
LINES = st.lists(
    st.sampled_from([b"", b" ", b"\t", b".", b"..", b"a  b", b"text \t", b"From me"])
    | st.binary(max_size=40).map(lambda line: re.sub(rb"[\r\n]", b" ", line))
)
BODIES = LINES.map(b"\r\n".join)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(headers=HEADERS, body=BODIES | st.none())
def test_any_mail_is_verified(kind, headers, body):
    fields = [("From", " Ada <ada@example.org>"), *headers]
    head = "".join(f"{name}:{value}\r\n" for name, value in fields).encode()
    data = head if body is None else head + b"\r\n" + body

    assert is_valid(signed(data, kind), kind)


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n\r\n"])
def test_an_empty_body_has_the_hash_that_the_rfc_names(body):
    tags = tags_of(signed(b"From: ada@example.org\r\n\r\n" + body))

    # RFC 6376, 3.4.3
    assert tags["bh"] == "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="


COVERED = (
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe",
    "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", COVERED)
def test_a_changed_header_breaks_it(kind, name):
    data = signed(a_mail(), kind)
    head, separator, body = data.partition(b"\r\n\r\n")

    changed = head.replace(f"\r\n{name}: ".encode(), f"\r\n{name}: x".encode()) + separator + body

    assert changed != data
    assert not is_valid(changed, kind)


@pytest.mark.parametrize("name", [*COVERED, "Cc", "Reply-To"])
def test_a_header_that_somebody_adds_breaks_it(name):
    data = signed(a_mail())
    added = f"{name}: eve@example.net\r\n".encode()

    assert not is_valid(added + data)
    assert not is_valid(data.replace(b"\r\n\r\n", b"\r\n" + added + b"\r\n", 1))


@pytest.mark.parametrize("name", COVERED)
def test_a_header_that_somebody_takes_out_breaks_it(name):
    data = signed(a_mail())

    without = re.sub(rf"(?m)^{name}: .*\r\n(?:[ \t].*\r\n)*".encode(), b"", data, count=1)

    assert without != data
    assert not is_valid(without)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("old", "new"),
    [(b"nouvelles", b"nouvelle"), (b"\r\n--=_", b"\r\n\r\n--=_"), (b"--\r\n", b"--\r\nmore\r\n")],
)
def test_a_changed_body_breaks_it(kind, old, new):
    data = signed(a_mail(text="voici les nouvelles"), kind)
    head, separator, body = data.partition(b"\r\n\r\n")

    assert old in body
    assert not is_valid(head + separator + body.replace(old, new), kind)


def test_what_servers_do_on_the_way_leaves_it_whole():
    data = signed(a_mail(subject="A long subject of many words that fits into no single line " * 3))
    head, separator, body = data.partition(b"\r\n\r\n")

    folded_anew = head.replace(b" many", b"\r\n\tmany").replace(b"To: ", b"TO:  ")
    received = b"Received: from a by b; Sat, 31 Jan 2026 08:00:01 +0000\r\nReturn-Path: <x@y>\r\n"

    assert folded_anew != head
    assert is_valid(received + folded_anew + separator + body + b"\r\n\r\n")


def test_another_domain_or_selector_does_not_verify_it():
    data = signed(a_mail())

    assert not is_valid(data.replace(b"s=news", b"s=mews"))
    assert not is_valid(data.replace(b"d=example.org", b"d=example.com"))


def test_each_header_is_signed_once_more_than_it_is_there():
    names = tags_of(signed(a_mail()))["h"].split(":")

    assert {name: names.count(name.lower()) for name in COVERED} == dict.fromkeys(COVERED, 2)
    assert (names.count("cc"), names.count("reply-to")) == (1, 1)
    assert set(names) == {name.decode() for name in ALWAYS} | {
        "list-id", "list-unsubscribe", "list-unsubscribe-post",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_says_who_signed_how_and_when(kind):
    tags = tags_of(signed(a_mail(), kind))

    assert (tags["v"], tags["a"], tags["c"]) == ("1", f"{kind}-sha256", "relaxed/simple")
    assert (tags["d"], tags["s"], tags["t"]) == ("example.org", "news", str(int(NOW.timestamp())))


@pytest.mark.parametrize("kind", KINDS)
def test_the_field_is_a_proper_header(kind):
    data = signer(kind).sign(a_mail())

    assert data.endswith(b"\r\n")
    first, *others = data[:-2].split(b"\r\n")
    assert first.startswith(b"DKIM-Signature: ")
    assert all(re.match(rb" \S", line) for line in others)
    assert max(map(len, (first, *others))) <= 78


def test_the_record_of_a_known_key_is_the_known_one():
    # RFC 8463, appendix A
    seed = b64decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    key = read_key(pem(ed25519.Ed25519PrivateKey.from_private_bytes(seed)))

    record = Signer("football.example.com", "brisbane", key, FakeClock(NOW)).record

    assert str(record) == (
        "brisbane._domainkey.football.example.com TXT "
        '"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'
    )


def public_text():
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


BAD_KEYS = {
    "no key at all": ("hunter22", "is no private key in PEM - it begins with -----BEGIN"),
    "half a key": (key_text("ed25519")[:80], "is no private key in PEM - it begins with"),
    "the public half": (public_text(), "is no private key in PEM - it begins with"),
    "a key with a passphrase": (
        pem(ed25519.Ed25519PrivateKey.generate(), BestAvailableEncryption(b"hunter22")),
        "the key has a passphrase - write it without one",
    ),
    "another curve": (
        pem(ec.generate_private_key(ec.SECP256R1())),
        "is a key of a kind that DKIM does not know - make one of Ed25519 or RSA",
    ),
    "a short key": (
        pem(rsa.generate_private_key(65537, 1024)),
        "is an RSA key of 1024 bits - make one of 2048 to 4096 bits",
    ),
}


@pytest.mark.parametrize(("text", "problem"), BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_key_that_cannot_sign_is_told_and_not_shown(text, problem):
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}") as caught:
        read_key(text)

    said = str(caught.value)
    lines = [line for line in text.splitlines() if line and not line.startswith("---")]
    assert not [line for line in lines if line in said]
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_says_what_to_install_where_the_library_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives", None)

    with pytest.raises(ValueError, match="not installed - install dispatch with its extra 'dkim'"):
        read_key(key_text("ed25519"))


@pytest.mark.parametrize("kind", KINDS)
def test_shows_nothing_of_its_key(kind):
    shown = repr(signer(kind)) + str(signer(kind).record)

    lines = key_text(kind).splitlines()[1:-1]
    assert not [line for line in lines if line in shown]
