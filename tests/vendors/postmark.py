"""Postmark: answers for each message of a batch, and fills in its unsubscribe link."""

import json
import re
from email.utils import parseaddr
from typing import Any

import httpx

from dispatch.providers.postmark import Postmark, PostmarkOptions
from dispatch.testing.clock import FakeClock
from vendors._headers import decoded
from vendors.vendor import Received

PLACEHOLDER = re.compile(r"\{\{\{?\s*pm:[^}]*\}\}\}?", re.IGNORECASE)

OWN = {"x-pm-keepid"}
"""Headers that are meant for it, and go no further."""


class PostmarkVendor:
    """https://postmarkapp.com/developer/user-guide/send-email-with-api/batch-emails."""

    name = "postmark"

    def provider(self, http, secret, **options: Any) -> Postmark:
        return Postmark(PostmarkOptions(server_token=secret, **options), http, FakeClock())

    def answer(self, request):
        if request.url.path == "/server":
            return httpx.Response(
                200,
                json={"ID": 1, "Name": "Newsletter", "DeliveryType": "Live"},
            )
        if request.url.path.startswith("/message-streams/"):
            stream = {
                "ID": request.url.path.rpartition("/")[2],
                "MessageStreamType": "Broadcasts",
                "ArchivedAt": None,
                "SubscriptionManagementConfiguration": {"UnsubscribeHandlingType": "Custom"},
            }
            return httpx.Response(200, json=stream)
        mails = json.loads(request.content)
        return httpx.Response(200, json=[taken(number) for number, _ in enumerate(mails)])

    def mails(self, request):
        if request.method != "POST":
            return []
        return [self._received(mail) for mail in json.loads(request.content)]

    def _received(self, mail):
        name, address = parseaddr(mail["To"])
        fill = lambda text: PLACEHOLDER.sub("https://unsubscribe.postmarkapp.com", text)  # noqa: E731
        return Received(
            to=address,
            name=name,
            sender=parseaddr(mail["From"])[1],
            subject=fill(mail["Subject"]),
            text=fill(mail["TextBody"]),
            html=fill(mail["HtmlBody"]),
            headers={
                one["Name"].lower(): decoded(one["Value"])
                for one in mail["Headers"]
                if one["Name"].lower() not in OWN
            },
            pictures=tuple(
                one["ContentID"].removeprefix("cid:") for one in mail.get("Attachments", ())
            ),
            id=mail["Metadata"]["delivery"],
        )


def taken(number: int) -> dict[str, Any]:
    """What it answers for a message that it takes."""
    name = f"b7bc2f4a-e38e-4336-af7d-{number:012}"
    return {"ErrorCode": 0, "Message": "OK", "MessageID": name, "SubmittedAt": "2026-11-29T08:00Z"}


VENDOR = PostmarkVendor()
