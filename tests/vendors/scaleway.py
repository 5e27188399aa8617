"""Scaleway as its API reference describes it: texts and headers go out as they are.

https://www.scaleway.com/en/developers/api/transactional-email/emails
"""

import json

import httpx

from dispatch.providers.scaleway import HEADER, Scaleway, ScalewayOptions
from dispatch.testing.clock import FakeClock
from vendors.vendor import Received

PROJECT = "8d512135-9f5f-42b3-a900-9fdf0195b563"


class ScalewayVendor:
    name = "scaleway"

    def provider(self, http, secret, **options):
        given = {"secret_key": secret, "project_id": PROJECT, **options}
        return Scaleway(ScalewayOptions(**given), http, FakeClock())

    def answer(self, request):
        if request.url.path.endswith("/domains"):
            domains = [{"name": "example.org", "status": "checked"}]
            return httpx.Response(200, json={"total_count": 1, "domains": domains})
        if request.url.path.endswith("/project-consumption"):
            return httpx.Response(200, json={"monthly_emails_count": 1234})
        sent = [{"id": "655c27f2-b2a3", "status": "new", "mail_rcpt": "x", "try_count": 0}]
        return httpx.Response(200, json={"emails": sent})

    def mails(self, request):
        if request.method != "POST":
            return []
        call = json.loads(request.content)
        headers = {one["key"].lower(): one["value"] for one in call["additional_headers"]}
        delivery = headers.pop(HEADER.lower())
        return [
            Received(
                to=to["email"],
                name=to.get("name", ""),
                sender=call["from"]["email"],
                subject=call["subject"],
                text=call["text"],
                html=call["html"],
                headers=headers,
                id=delivery,
            )
            for to in call["to"]
        ]


VENDOR = ScalewayVendor()
