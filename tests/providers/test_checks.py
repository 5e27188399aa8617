"""A check that something else answers, whichever the vendor: nobody is let in, and it says so."""

import httpx
import pytest
from pydantic import SecretStr

from dispatch.errors import ProviderUnavailable
from vendors.every import EVERY

SECRET = SecretStr("the-key-of-the-account")
ELSEWHERE = {
    "html": b"<html><body>It works!</body></html>",
    "half": b'{"id": "<2026',
    "nothing": b"",
    "null": b"null",
    "list": b"[]",
}


@pytest.mark.parametrize("answered", ELSEWHERE)
@pytest.mark.parametrize("vendor", EVERY)
def test_a_page_of_somebody_else_lets_nobody_in(vendor, answered):
    answer = httpx.Response(200, content=ELSEWHERE[answered])
    http = httpx.Client(transport=httpx.MockTransport(lambda _: answer))

    with pytest.raises(ProviderUnavailable, match=" - check ") as raised:
        EVERY[vendor].provider(http, SECRET).check()

    assert "arrived" not in str(raised.value)
