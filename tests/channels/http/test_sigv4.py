"""Requests are signed as Amazon's own library signs them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from dispatch.channels.http.sigv4 import AwsKeys, sign

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
HOST = "https://email.eu-west-1.amazonaws.com"
NOW = datetime(2026, 11, 29, 21, 30, 5, tzinfo=UTC)
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def oracle(monkeypatch):
    """The headers as botocore makes them, from the arguments of `sign`."""

    def signed(method, url, *, content, headers, keys, region, service, now):
        monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: now.astimezone(UTC))
        request = AWSRequest(method, url, headers=dict(headers), data=content)
        token = keys.session_token or None
        credentials = Credentials(keys.access_key_id, keys.secret_access_key, token)
        SigV4Auth(credentials, service, region).add_auth(request)
        return dict(request.headers)

    return signed


@pytest.mark.parametrize(
    ("method", "url", "content", "headers"),
    [
        ("GET", f"{HOST}/v2/email/account", b"", {}),
        ("get", f"{HOST}/v2/email/account", b"", {}),
        ("POST", f"{HOST}/v2/email/outbound-emails", b'{"Content":{}}', JSON),
        ("POST", f"{HOST}/v2/email/outbound-emails", "é \0\xff".encode() * 999, JSON),
        ("GET", HOST, b"", {}),
        ("GET", f"{HOST}/", b"", {}),
        ("GET", f"{HOST}//v2///email/", b"", {}),
        ("GET", f"{HOST}/v2/./email/../x/", b"", {}),
        ("GET", f"{HOST}/../../v2/..", b"", {}),
        ("GET", f"{HOST}/v2/email/identities/news%40example.org", b"", {}),
        ("GET", f"{HOST}/v2/identities/b%C3%BCcher.example%2Fx~-_.'()*!$&+,;=:@", b"", {}),
        ("GET", f"{HOST}/list?PageSize=20&NextToken=a%2Bb%3D%3D", b"", {}),
        ("GET", f"{HOST}/list?b=2&a=1&a=%7E&A=0&a=0&flag&empty=&=x&x=y=z", b"", {}),
        ("GET", f"{HOST}/list?", b"", {}),
        ("GET", f"{HOST}/x?caf%C3%A9=%E5%B1%B1&space=%20&plus=+", b"", {}),
        ("GET", "https://email.example:443/v2", b"", {}),
        ("GET", "http://127.0.0.1:80/v2", b"", {}),
        ("GET", "http://127.0.0.1:5000/v2/email/account", b"", {}),
        ("GET", "https://EMAIL.Example:8443/v2", b"", {}),
        ("GET", "http://[::1]:5000/v2", b"", {}),
        ("PUT", f"{HOST}/v2", b"x", {"X-Amz-Target": "  a   b\t c ", "accept": "*/*", "B": ""}),
        ("PUT", f"{HOST}/v2", b"x", {"x-custom": "Ünï 山", "X-Custom-2": "1,2 , 3"}),
    ],
)
def test_signs_awkward_requests_as_amazons_library_does(oracle, method, url, content, headers):
    for token in ("", "FwoGZXIvYXdzE/+=="):
        how = {
            "content": content,
            "headers": headers,
            "keys": AwsKeys("AKIDEXAMPLE", SECRET, token),
            "region": "eu-west-1",
            "service": "ses",
            "now": NOW,
        }

        assert {**headers, **sign(method, url, **how)} == oracle(method, url, **how)


@pytest.mark.parametrize(
    ("now", "region", "secret"),
    [
        (datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))), "us-east-1", SECRET),
        (datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC), "us-gov-west-1", "é山"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=9))), "ap-south-2", "x"),
    ],
)
def test_signs_for_any_moment_region_and_key(oracle, now, region, secret):
    url = f"https://email.{region}.amazonaws.com/v2/email/account"
    how = {"content": b"", "headers": {}, "keys": AwsKeys("AKID", secret), "now": now}

    added = sign("GET", url, region=region, service="ses", **how)

    assert added == oracle("GET", url, region=region, service="ses", **how)


def test_shows_no_key_when_printed():
    keys = AwsKeys("AKID", SECRET, "token-of-this-session")

    assert SECRET not in f"{keys!r} {keys}"
    assert keys.session_token not in f"{keys!r} {keys}"
