"""Mailjet: answers for each message of a call, in their order."""

import json
from typing import Any

import httpx

from dispatch.providers.mailjet import Mailjet, MailjetOptions
from dispatch.testing.clock import FakeClock
from vendors._headers import decoded
from vendors.vendor import Received

FORBIDDEN = frozenset(
    {"from", "sender", "subject", "to", "cc", "bcc", "return-path", "received", "date", "list-id"}
    | {"message-id", "user-agent", "x-mailer", "x-mj-customid", "x-mailjet-trackopen"}
)
"""Most of the headers for which it refuses a message."""


class MailjetVendor:
    """https://dev.mailjet.com/email/guides/send-api-v31/."""

    name = "mailjet"

    def provider(self, http, secret, **options: Any) -> Mailjet:
        options = {"api_key": "0a1b2c3d4e5f60718293a4b5c6d7e8f9", **options}
        return Mailjet(MailjetOptions(secret_key=secret, **options), http, FakeClock())

    def answer(self, request):
        if request.url.path == "/v3/REST/sender":
            senders = [
                {"Email": "lettre@example.org", "Status": "Active"},
                {"Email": "old@example.org", "Status": "Inactive"},
            ]
            return httpx.Response(200, json={"Count": 2, "Data": senders, "Total": 2})
        messages = json.loads(request.content)["Messages"]
        answers = [
            refused("send-0011", "A forbidden header is set.", "Headers")
            if FORBIDDEN & {name.lower() for name in message["Headers"]}
            else taken(number, message)
            for number, message in enumerate(messages)
        ]
        return httpx.Response(200, json={"Messages": answers})

    def mails(self, request):
        if request.method != "POST":
            return []
        return [self._received(one) for one in json.loads(request.content)["Messages"]]

    def _received(self, message):
        assert message["TemplateLanguage"] is False  # else its texts would be templates
        [to] = message["To"]
        return Received(
            to=to["Email"],
            name=to.get("Name", ""),
            sender=message["From"]["Email"],
            subject=message["Subject"],
            text=message["TextPart"],
            html=message["HTMLPart"],
            headers={name.lower(): decoded(value) for name, value in message["Headers"].items()},
            pictures=tuple(one["ContentID"] for one in message.get("InlinedAttachments", ())),
            id=message["CustomID"],
        )


def taken(number: int, message: dict[str, Any]) -> dict[str, Any]:
    """What it answers for a message that it takes."""
    to = {
        "Email": message["To"][0]["Email"],
        "MessageUUID": f"cb927469-36fd-4c02-bce4-{number:012}",
        "MessageID": 70650219165027410 + number,
        "MessageHref": f"https://api.mailjet.com/v3/REST/message/{70650219165027410 + number}",
    }
    return {"Status": "success", "CustomID": message["CustomID"], "To": [to], "Cc": [], "Bcc": []}


def refused(code: str, words: str, *about: str, status: int = 400) -> dict[str, Any]:
    """What it answers for a message that it does not take."""
    error = {
        "ErrorIdentifier": "88b5ca9f-5f1f-42e7-a45e-9ecbad0c285e",
        "ErrorCode": code,
        "StatusCode": status,
        "ErrorMessage": words,
        "ErrorRelatedTo": list(about),
    }
    return {"Status": "error", "Errors": [error]}


VENDOR = MailjetVendor()
