"""SendGrid as its documentation has it.

https://www.twilio.com/docs/sendgrid/for-developers/sending-email/substitution-tags says that any
word may be a tag and that tags may be nested four deep: so values are read again, four times here.
That it reads headers as well is said nowhere; a name of a recipient goes into the header as it is
(https://github.com/sendgrid/sendgrid-python/issues/291).
"""

import json
from email.utils import parseaddr

import httpx

from dispatch.providers.sendgrid import Sendgrid, SendgridOptions
from dispatch.testing.clock import FakeClock
from vendors._headers import decoded
from vendors.vendor import Received

NESTED = 4

MOST = 10_000
"""Bytes of all substitutions for one recipient, by its API description; 50,000 by another page."""

MOST_TAGS = 150

LOOKS = {
    "/v3/scopes": {"scopes": ["mail.send", "user.credits.read"]},
    "/v3/user/username": {"username": "acme", "user_id": 7},
    "/v3/user/credits": {
        "remain": 98_000,
        "total": 100_000,
        "overage": 0,
        "used": 2_000,
        "last_reset": "2026-11-01",
        "next_reset": "2026-12-01",
        "reset_frequency": "monthly",
    },
    "/v3/whitelabel/domains": [{"domain": "example.org", "valid": True}],
    "/v3/verified_senders": {"results": [{"from_email": "ada@example.net", "verified": True}]},
}


class SendgridVendor:
    """Takes everything."""

    name = "sendgrid"

    def provider(self, http, secret, **options):
        return Sendgrid(SendgridOptions(api_key=secret, **options), http, FakeClock())

    def answer(self, request):
        if request.method == "GET":
            return httpx.Response(200, json=LOOKS[request.url.path])
        return httpx.Response(202, headers={"X-Message-Id": "14c5d75ce93.dfd.64b469"})

    def mails(self, request):
        if request.url.path != "/v3/mail/send":
            return []
        call = json.loads(request.content)
        content = {one["type"]: one["value"] for one in call["content"]}
        return [
            Received(
                to=one["to"][0]["email"],
                name=_name(one["to"][0]),
                sender=call["from"]["email"],
                subject=_filled(one.get("subject", call["subject"]), one),
                text=_filled(content.get("text/plain", ""), one),
                html=_filled(content.get("text/html", ""), one),
                headers={name.lower(): decoded(text) for name, text in one["headers"].items()},
                pictures=tuple(file["content_id"] for file in call.get("attachments", ())),
                id=one["custom_args"]["delivery"],
            )
            for one in call["personalizations"]
        ]


def _filled(text, personalization):
    tags = personalization.get("substitutions", {})
    size = sum(len(tag.encode()) + len(value.encode()) for tag, value in tags.items())
    assert size <= MOST, f"{size} bytes of substitutions"
    assert len(tags) <= MOST_TAGS
    for _ in range(NESTED):
        for tag, value in tags.items():
            text = text.replace(tag, value)
    return text


def _name(to):
    name, email = parseaddr(f"{to.get('name', '')} <{to['email']}>")
    assert email == to["email"]
    return name


VENDOR = SendgridVendor()
