"""A channel that signs says what the DNS has to say, or why it cannot sign."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

DKIM = "{domain: atelier.example, selector: news, key: file:dkim.pem}"


@pytest.fixture
def key(dispatch):
    """The key of a channel `signed` that is added to the workspace."""
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    dispatch.write(text, "dkim.pem")
    schedules = (dispatch.folder / "schedules.yaml").read_text(encoding="utf-8")
    dispatch.write(f"{schedules}\nchannels:\n  signed: {{provider: outbox, dkim: {DKIM}}}\n")
    return key


def test_channels_check_shows_the_record_to_publish(dispatch, key):
    people = dispatch("channels", "check")
    programs = dispatch("channels", "check", "--json")

    public = b64encode(key.public_key().public_bytes_raw()).decode()
    record = f'news._domainkey.atelier.example TXT "v=DKIM1; k=ed25519; p={public}"'
    assert (people.code, programs.code) == (0, 0)
    assert record in people.out.splitlines()
    assert {row["channel"]: row["dkim_record"] for row in programs.json} == {
        "signed": record,
        "outbox": None,
    }


def test_a_key_that_is_none_is_told_by_check_and_never_shown(dispatch, key):
    dispatch.write("hunter22", "dkim.pem")

    ended = dispatch("check")

    assert ended.code == 2
    assert "channels.signed.dkim.key: is no private key in PEM - it begins with" in ended.err
    assert "hunter22" not in ended.out + ended.err
