"""Brevo, as https://developers.brevo.com/reference/send-transac-email tells."""

import html
import json
import re

import httpx

from dispatch.providers.brevo import Brevo, BrevoOptions
from dispatch.testing.clock import FakeClock
from vendors.vendor import Received

TAG = re.compile(r"\{\{(.*?)\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
"""Its template language is like Django's
(https://help.brevo.com/hc/en-us/articles/360000946299)."""


class BrevoService:
    """Fills in `{{ params.x }}` once, escaped for HTML; whatever else is a field or a tag, too."""

    name = "brevo"

    def provider(self, http, secret, **options):
        return Brevo(BrevoOptions(api_key=secret, **options), http, FakeClock())

    def answer(self, request):
        path = request.url.path
        if path.endswith("/account"):
            plan = [{"type": "free", "credits": 300, "creditsType": "sendLimit"}]
            said = {"email": "ada@example.org", "plan": plan, "relay": {"enabled": True}}
        elif path.endswith("/senders"):
            said = {"senders": [{"id": 1, "email": "lettre@example.org", "active": True}]}
        else:
            return httpx.Response(201, json={"messageId": "<2026.1@relay.example>"})
        return httpx.Response(200, json=said)

    def mails(self, request):
        if not request.url.path.endswith("/smtp/email"):
            return []
        mail = json.loads(request.content)
        params = mail.get("params", {})

        def fill(text):
            return TAG.sub(
                lambda it: html.escape(str(params.get((it[1] or "").strip()[7:], "BREVO'S OWN"))),
                text,
            )

        headers = {name.lower(): value for name, value in mail["headers"].items()}
        headers.pop("idempotencykey")
        return [
            Received(
                to=one["email"],
                name=one.get("name", ""),
                sender=mail["sender"]["email"],
                subject=fill(mail["subject"]),
                text=fill(mail.get("textContent", "")),
                html=fill(mail["htmlContent"]),
                id=headers.pop("x-mailin-custom"),
                headers=headers,
            )
            for one in mail["to"]
        ]


VENDOR = BrevoService()
