"""A secret that both sides know is taken in any way in which a service can send it."""

import pytest
from pydantic import SecretStr

from dispatch.channels.hooks.call import HookCall
from dispatch.channels.hooks.shared import check_shared
from dispatch.errors import NotGenuine
from vendors.hooks.recorded import basic

LOGIN, TOKEN = "postmark:long and secret é", "s3cret-token"

GENUINE = [
    (LOGIN, {"authorization": basic(LOGIN)}),
    (LOGIN, {"authorization": basic(LOGIN).replace("Basic", "BASIC")}),
    (TOKEN, {"authorization": f"Bearer {TOKEN}"}),
    (TOKEN, {"authorization": f"bearer  {TOKEN}"}),
    (TOKEN, {"authorization": TOKEN}),
    (TOKEN, {"authorization": basic(f"anybody:{TOKEN}")}),
    (TOKEN, {"x-webhook-secret": TOKEN}),
    (TOKEN, {"x-webhook-secret": TOKEN, "authorization": "Bearer of a proxy"}),
]

FORGED = [
    (LOGIN, {"authorization": basic("postmark:long and secret")}),
    (LOGIN, {"authorization": basic(":")}),
    (LOGIN, {"authorization": "Basic ???"}),
    (TOKEN, {"authorization": "Bearer s3cret-toke"}),
    (TOKEN, {"authorization": basic(f"{TOKEN}:other")}),
    (TOKEN, {"authorization": "Basic \udcff"}),
    (TOKEN, {"x-webhook-secret": "\udcff"}),
    (TOKEN, {"x-webhook-secret": TOKEN.upper()}),
]

UNSIGNED = [
    (LOGIN, {}),
    (LOGIN, {"authorization": f"Bearer {LOGIN}"}),
    (LOGIN, {"x-webhook-secret": LOGIN}),
    (TOKEN, {}),
    (TOKEN, {"authorization": "Bearer"}),
    (TOKEN, {"authorization": "", "x-webhook-secret": ""}),
]


@pytest.mark.parametrize(("secret", "headers"), GENUINE)
def test_a_call_that_has_the_secret_is_genuine(secret, headers):
    check_shared(HookCall(b"", headers), SecretStr(secret))


@pytest.mark.parametrize(("secret", "headers"), FORGED)
def test_a_call_with_another_secret_is_forged(secret, headers):
    with pytest.raises(NotGenuine) as raised:
        check_shared(HookCall(b"", headers), SecretStr(secret))

    assert not raised.value.unsigned
    assert secret not in str(raised.value)


@pytest.mark.parametrize(("secret", "headers"), UNSIGNED)
def test_a_call_that_proves_nothing_is_told_to_prove_it(secret, headers):
    with pytest.raises(NotGenuine) as raised:
        check_shared(HookCall(b"", headers), SecretStr(secret))

    assert raised.value.unsigned


@pytest.mark.parametrize("secret", ["", " ", ":", "postmark:", "postmark: "])
@pytest.mark.parametrize("scheme", [None, "Basic", "Bearer"])
def test_without_a_secret_nobody_is_believed(secret, scheme):
    given = {"Basic": basic(secret), "Bearer": f"Bearer {secret}"}
    headers = {"authorization": given[scheme]} if scheme else {}

    with pytest.raises(NotGenuine, match="'webhook_secret'") as raised:
        check_shared(HookCall(b"", headers), SecretStr(secret))

    assert not raised.value.unsigned
