"""Where a request came from: what servers in front say is believed from the right, others not."""

from ipaddress import ip_network

import pytest
from starlette.requests import Request

from dispatch.web.network import address_of, network_of

OURS = (ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))
CLIENT = "198.51.100.7"


def request(peer, **headers):
    raw = [
        (name.replace("_", "-").encode(), value.encode())
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    client = (peer, 1234) if peer else None
    return Request({"type": "http", "headers": raw, "client": client})


@pytest.mark.parametrize(
    ("peer", "headers", "expected"),
    [
        (CLIENT, {}, CLIENT),
        (CLIENT, {"x_forwarded_for": "1.2.3.4"}, CLIENT),  # nobody of ours
        ("127.0.0.1", {}, "127.0.0.1"),
        ("127.0.0.1", {"x_forwarded_for": CLIENT}, CLIENT),
        ("127.0.0.1", {"x_forwarded_for": f"1.2.3.4, {CLIENT}"}, CLIENT),
        ("127.0.0.1", {"x_forwarded_for": f"1.2.3.4, {CLIENT}, 10.1.1.1"}, CLIENT),
        ("127.0.0.1", {"x_forwarded_for": ["1.2.3.4", CLIENT]}, CLIENT),
        ("127.0.0.1", {"x_forwarded_for": f"{CLIENT}:4711"}, CLIENT),
        ("127.0.0.1", {"x_forwarded_for": "unknown"}, "127.0.0.1"),
        ("127.0.0.1", {"x_forwarded_for": "1.2.3.4, nonsense, 10.1.1.1"}, "10.1.1.1"),
        ("127.0.0.1", {"forwarded": f"for={CLIENT};proto=https"}, CLIENT),
        ("127.0.0.1", {"forwarded": f'proto=http;For="{CLIENT}:80", for=10.1.1.1'}, CLIENT),
        ("127.0.0.1", {"forwarded": 'for="[2001:4860::1]:4711"'}, "2001:4860::1"),
        ("127.0.0.1", {"forwarded": "for=_hidden"}, "127.0.0.1"),
        ("127.0.0.1", {"forwarded": f"for={CLIENT}", "x_forwarded_for": CLIENT}, CLIENT),
        ("127.0.0.1", {"forwarded": "for=1.2.3.4", "x_forwarded_for": CLIENT}, "127.0.0.1"),
        ("::ffff:127.0.0.1", {"x_forwarded_for": f"::ffff:{CLIENT}"}, CLIENT),
        ("2001:db8::1", {"x_forwarded_for": "2001:4860::1"}, "2001:4860::1"),
        ("127.0.0.1", {"x_forwarded_for": "10.1.1.1, 10.1.1.2"}, "10.1.1.1"),
    ],
)
def test_the_first_from_the_right_that_is_no_server_of_ours_asks(peer, headers, expected):
    assert str(address_of(request(peer, **headers), OURS)) == expected


def test_what_comes_by_no_network_has_none():
    assert address_of(request(""), OURS) is None
    assert network_of(None) == ""
