"""Signatures of requests to Amazon's services: AWS Signature Version 4.

As https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html describes them (looked at
2026-11-29), for every service but S3, which writes paths in another way. Why it is written here:
docs/adr/0094-requests-to-amazon-are-signed-here.md.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"

USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class AwsKeys:
    """What Amazon knows an account by; `session_token` belongs to keys that expire."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


def sign(
    method: str,
    url: str,
    *,
    content: bytes,
    headers: Mapping[str, str],
    keys: AwsKeys,
    region: str,
    service: str,
    now: datetime,
) -> dict[str, str]:
    """The headers to send besides `headers`, which it covers as well.

    `url` is written as it will be sent, percent-encoded.
    The service takes a signature for some minutes around `now`.
    """
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    added = {"X-Amz-Date": moment}
    if keys.session_token:
        added["X-Amz-Security-Token"] = keys.session_token
    covered = _covered({**headers, **added, "Host": _host(url)})
    canonical = _canonical(method, url, covered, content)
    to_sign = "\n".join((ALGORITHM, moment, scope, _sha256(canonical.encode())))
    key = f"AWS4{keys.secret_access_key}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    added["Authorization"] = (
        f"{ALGORITHM} Credential={keys.access_key_id}/{scope},"
        f" SignedHeaders={';'.join(covered)}, Signature={_hmac(key, to_sign).hex()}"
    )
    return added


def _canonical(method: str, url: str, covered: Mapping[str, str], content: bytes) -> str:
    parts = urlsplit(url)
    return "\n".join(
        (
            method.upper(),
            quote(_path(parts.path), safe="/~"),  # once more than it is in the URL
            _query(parts.query),
            *(f"{name}:{value}" for name, value in covered.items()),
            "",
            ";".join(covered),
            _sha256(content),
        )
    )


def _path(path: str) -> str:
    """The path without `.`, `..` and empty parts."""
    kept: list[str] = []
    for one in path.split("/"):
        if one == "..":
            del kept[-1:]
        elif one not in {"", "."}:
            kept.append(one)
    return "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")


def _query(query: str) -> str:
    """Names and values as they are, sorted."""
    pairs = sorted(one.partition("=")[::2] for one in query.split("&") if one)
    return "&".join(f"{name}={value}" for name, value in pairs)


def _covered(headers: Mapping[str, str]) -> dict[str, str]:
    """Lower-case names to values with single spaces, in the order in which they are signed."""
    return {
        name: " ".join(value.split())
        for name, value in sorted((name.lower(), value) for name, value in headers.items())
    }


def _host(url: str) -> str:
    parts = urlsplit(url)
    port = "" if parts.port in {None, USUAL_PORTS.get(parts.scheme)} else f":{parts.port}"
    host = parts.hostname or ""
    return (f"[{host}]" if ":" in host else host) + port


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
