"""Postal, a mail server that one runs oneself: each reader's finished mail is one call.

Looked at 2026-11-29, on Postal 3:
API: https://docs.postalserver.io/developer/api
send/raw: https://apiv1.postalserver.io/controllers/send/raw.html
Its source, which says more:
https://github.com/postalserver/postal/blob/main/app/controllers/legacy_api/send_controller.rb

Every answer of the API comes as HTTP 200. What it means is in its `status`: "success", "error" with
a code, or "parameter-error". A call that is no success has left nothing behind. Our Message-ID
stays in the mail, and Postal's reports repeat it, so the delivery needs no other name.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr

from dispatch.plugin import (
    Accepted,
    Account,
    Api,
    ApiAddress,
    Capabilities,
    Carries,
    Clock,
    CredentialsRefused,
    Extra,
    Mail,
    Outcome,
    OutcomeUnknown,
    ProviderUnavailable,
    Refused,
    Reply,
)

WHOLE_ACCOUNT = {
    "AccessDenied": "no key reached the server - see whether a proxy takes away X-Server-API-Key",
    "InvalidServerAPIKey": "the key is not known - make one of type API under the mail server's"
    " Credentials",
    "ServerSuspended": "the mail server is suspended - its administrators see why",
    "UnauthenticatedFromAddress": "the sender's domain is none of the mail server's - add it there"
    " under Domains, and verify it",
}


class PostalOptions(BaseModel, extra="forbid", frozen=True):
    """What schedules.yaml says under `options:`."""

    url: ApiAddress = Field(
        description="the address of the Postal installation",
        examples=["https://postal.example.org"],
    )
    server_api_key: SecretStr = Field(
        description="a credential of type API of the mail server that sends"
    )
    extra: Extra = {}


class Postal:
    """Sends by one mail server of an installation."""

    Options: ClassVar[type[BaseModel]] = PostalOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL}),
        takes_mail=True,
        calls_at_once=3,  # it answers five at once unless told otherwise, its own pages included
        tracking="account",
        source="https://docs.postalserver.io/developer/api",
        evidence="documented",
    )

    def __init__(self, options: PostalOptions, http: httpx.Client, clock: Clock) -> None:
        self._options = options
        self._api = Api(
            name="postal",
            url=f"{options.url}/api/v1",
            http=http,
            clock=clock,
            headers={"X-Server-API-Key": options.server_api_key.get_secret_value()},
            secrets=(options.server_api_key,),
            error_keys=("data.message", "data.code", "error", "message", "status"),
        )

    def send(self, batch: Sequence[Mail]) -> Sequence[Outcome]:
        """Send the one mail to the one recipient."""
        [mail] = batch
        call = {
            **self._options.extra,
            "mail_from": mail.sender,
            "rcpt_to": [mail.recipient],
            "data": b64encode(mail.data).decode(),
            "bounce": False,
        }
        reply = self._api.call("POST", "/send/raw", json=call)
        status = _status(reply)
        if reply.refused or status in {"error", "parameter-error"}:
            return [Refused(reply.words, sure=False)]
        sent = reply.read("data.messages")
        one = sent.get(mail.recipient) if isinstance(sent, dict) else None
        if status != "success" or not isinstance(one, dict) or "id" not in one:
            raise OutcomeUnknown(
                "postal: answered 200, but without an id for the recipient - look there whether the"
                " message arrived"
            )
        return [Accepted(str(one["id"]) if isinstance(one["id"], int | str) else "")]

    def check(self) -> Account:
        """The installation, after the key was taken by a call that asks for no message."""
        status = _status(reply := self._api.call("GET", "/messages/message"))
        if reply.refused or status not in {"error", "parameter-error", "success"}:
            raise ProviderUnavailable(
                "postal: the answer is not like one of Postal - check the option 'url', where its"
                " pages are"
            )
        note = "the first mail shows whether the sender's domain is verified"
        return Account(f"a mail server of {urlsplit(self._options.url).netloc}", notes=(note,))


def _status(reply: Reply) -> str:
    """What the answer is; raises CredentialsRefused where it says that nothing can be sent."""
    if problem := WHOLE_ACCOUNT.get(str(reply.read("data.code"))):
        raise CredentialsRefused(f"postal: {problem}")
    return str(reply.read("status"))
