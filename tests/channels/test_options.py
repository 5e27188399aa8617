"""Addresses that let in whoever knows them are checked, and never shown."""

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from dispatch.channels.options import SecretAddress, secrets_of


class Options(BaseModel):
    url: SecretAddress


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/a-long-secret-path", "hooks.example/a-long-secret-path", "https://["],
)
def test_what_is_no_address_is_refused_without_repeating_it(url):
    with pytest.raises(ValidationError) as raised:
        Options(url=SecretStr(url))

    assert url not in str(raised.value)


def test_an_address_is_shown_nowhere():
    options = Options(url=SecretStr("https://hooks.example/services/T0/a-long-secret-path/"))

    assert "secret" not in f"{options} {options!r}"
    assert options.url.get_secret_value() == "https://hooks.example/services/T0/a-long-secret-path"


def test_its_long_parts_are_secrets_as_they_stand_and_as_they_are_meant():
    url = "https://hooks.example/services/T0/a-long-secret-path?sv=1.0&sig=0123456789abcdef%2F%2B"

    found = [one.get_secret_value() for one in secrets_of(SecretStr(url))]

    assert found == ["a-long-secret-path", "0123456789abcdef%2F%2B", "0123456789abcdef/+"]
