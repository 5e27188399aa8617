"""MailerSend, as https://developers.mailersend.com/api/v1/email tells."""

import json
import re

import httpx

from dispatch.providers.mailersend import MailerSend, MailerSendOptions
from dispatch.testing.clock import FakeClock
from vendors.vendor import Received

TAG = re.compile(r"\{\{(.*?)\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
"""Its template language is Twig (https://developers.mailersend.com/api/v1/features)."""


class MailerSendService:
    """Compiles texts as templates once, only where personalization is given."""

    name = "mailersend"

    def provider(self, http, secret, **options):
        return MailerSend(MailerSendOptions(api_token=secret, **options), http, FakeClock())

    def answer(self, request):
        path = request.url.path
        if path.endswith("/api-quota"):
            said = {"quota": 1000, "remaining": 752, "reset": "2026-11-30T00:00:00Z"}
        elif path.endswith("/domains"):
            said = {"data": [{"name": "example.org", "is_verified": True, "domain_settings": {}}]}
        else:
            return httpx.Response(202, headers={"X-Message-Id": "5e42957d51f1d94a1070a733"})
        return httpx.Response(200, json=said)

    def mails(self, request):
        if not request.url.path.endswith("/email"):
            return []
        mail = json.loads(request.content)
        personal = mail.get("personalization")

        def fill(text):
            if not personal:
                return text.replace("{{unsubscribe}}", "MAILERSEND'S OWN")
            data = personal[0]["data"]
            return TAG.sub(lambda it: data.get((it[1] or "").strip(), "MAILERSEND'S OWN"), text)

        headers = {one["name"].lower(): one["value"] for one in mail.get("headers", [])}
        if "list_unsubscribe" in mail:
            headers["list-unsubscribe"] = f"<{mail['list_unsubscribe']}>"
        return [
            Received(
                to=one["email"],
                name=one.get("name", ""),
                sender=mail["from"]["email"],
                subject=fill(mail["subject"]),
                text=fill(mail.get("text", "")),
                html=fill(mail.get("html", "")),
                headers=headers,
                pictures=tuple(each["id"] for each in mail.get("attachments", [])),
                id=mail["tags"][0],
            )
            for one in mail["to"]
        ]


VENDOR = MailerSendService()
