"""Resend: answers with the ids of what it took, and with the places of what it did not."""

import json
from email.utils import parseaddr
from typing import Any

import httpx

from dispatch.providers.resend import Resend, ResendOptions
from dispatch.testing.clock import FakeClock
from vendors._headers import decoded
from vendors.vendor import Received


class ResendVendor:
    """https://resend.com/docs/api-reference/emails/send-batch-emails."""

    name = "resend"

    def provider(self, http, secret, **options: Any) -> Resend:
        return Resend(ResendOptions(api_key=secret, **options), http, FakeClock())

    def answer(self, request):
        if request.url.path == "/domains":
            domain = {"name": "example.org", "status": "verified", "open_tracking": False}
            return httpx.Response(
                200, json={"data": [domain]}, headers={"x-resend-monthly-quota": "1200"}
            )
        if request.url.path == "/emails":
            return httpx.Response(200, json=taken(0))
        emails = json.loads(request.content)
        return httpx.Response(200, json={"data": [taken(at) for at, _ in enumerate(emails)]})

    def mails(self, request):
        if request.method != "POST":
            return []
        body = json.loads(request.content)
        return [self._received(one) for one in (body if isinstance(body, list) else [body])]

    def _received(self, email):
        [to] = email["to"]
        name, address = parseaddr(to)
        [tag] = [one["value"] for one in email["tags"] if one["name"] == "delivery"]
        return Received(
            to=address,
            name=name,
            sender=parseaddr(email["from"])[1],
            subject=email["subject"],
            text=email["text"],
            html=email["html"],
            headers={name.lower(): decoded(value) for name, value in email["headers"].items()},
            pictures=tuple(one["content_id"] for one in email.get("attachments", ())),
            id=tag.replace("_", "."),  # a tag takes no full stop
        )


def taken(number: int) -> dict[str, str]:
    """What it answers for an email that it takes."""
    return {"id": f"ae2014de-c168-4c61-8267-{number:012}"}


VENDOR = ResendVendor()
