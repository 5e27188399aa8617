"""Calls to Amazon's services: signed, and with the errors that all of them have in common.

The errors, looked at 2026-11-29: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
"""

import re
from dataclasses import dataclass

from dispatch.channels.http.calls import Api
from dispatch.channels.http.reply import Reply
from dispatch.channels.http.sigv4 import AwsKeys, sign
from dispatch.errors import CredentialsRefused, NotAllowed

UNKNOWN_KEY = (
    "the key is not known ({}) - check the option 'access_key_id', and 'session_token' if its keys"
    " expire"
)
EXPIRED_KEYS = "the keys have expired ({}) - put new ones in place"
WRONG_SIGNATURE = "the signature is not right ({}) - check the option 'secret_access_key'"
WRONG_CLOCK = "the clock of this machine is wrong ({}) - set it"

PROBLEMS = {
    "UnrecognizedClient": UNKNOWN_KEY,
    "InvalidClientTokenId": UNKNOWN_KEY,
    "OptInRequired": UNKNOWN_KEY,
    "ExpiredToken": EXPIRED_KEYS,
    "InvalidSignature": WRONG_SIGNATURE,
    "SignatureDoesNotMatch": WRONG_SIGNATURE,
    "IncompleteSignature": WRONG_SIGNATURE,
    "MissingAuthenticationToken": WRONG_SIGNATURE,
    "RequestExpired": WRONG_CLOCK,
}
"""What is wrong with the account. Not every service answers all of these by 403, and some write
"Exception" behind."""

OF_THE_CLOCK = re.compile("signature (expired|not yet current)", re.IGNORECASE)
"""Such words come with another kind, too."""

DENIED = frozenset({"AccessDenied", "NotAuthorized"})


@dataclass(frozen=True, slots=True)
class AmazonApi:
    """One account at one service in one region."""

    api: Api
    keys: AwsKeys
    region: str
    service: str

    def call(self, method: str, path: str, content: bytes = b"") -> Reply:
        """One request, whose content is JSON, and its reply, sorted as by `Api.call`."""
        headers = {"Content-Type": "application/json"} if content else {}
        signature = sign(
            method,
            self.api.url + path,
            content=content,
            headers=headers,
            keys=self.keys,
            region=self.region,
            service=self.service,
            now=self.api.clock(),
        )
        return self.api.call(
            method, path, headers={**headers, **signature}, content=content or None
        )


def error_kind(reply: Reply) -> str:
    """The name of an error, which is written in one of three ways; empty where there is none."""
    if not reply.refused:
        return ""
    said = reply.headers.get("x-amzn-ErrorType") or reply.read("__type") or reply.read("code")
    return str(said or "").partition(":")[0].rpartition("#")[2]


def judge_account(reply: Reply) -> None:
    """Raise CredentialsRefused where an error is one of the account that all services know."""
    kind = error_kind(reply).removesuffix("Exception")
    if kind in DENIED:
        raise NotAllowed(
            f"{reply.provider}: the key may not do this ({reply.words})"
            " - allow it in the key's policy"
        )
    problem = WRONG_CLOCK if OF_THE_CLOCK.search(reply.words) else PROBLEMS.get(kind)
    if problem:
        raise CredentialsRefused(f"{reply.provider}: {problem.format(reply.words)}")
