"""SparkPost as its documentation has it (https://developers.sparkpost.com/api/template-language/).

Expressions in values are not executed. Three braces write a value as it is; with two it is escaped
in HTML and in links. Braces that belong to no expression have to be escaped: here they are an
error. Two brackets behind a link in plain text hold settings of that link.
"""

import html
import json
import re
from email.utils import parseaddr

import httpx

from dispatch.providers.sparkpost import Sparkpost, SparkpostOptions
from dispatch.testing.clock import FakeClock
from vendors._headers import decoded
from vendors.vendor import Received

KEYWORDS = {
    *("address", "email", "email_id", "env_from", "return_path", "and", "break", "do", "else"),
    *("elseif", "end", "false", "for", "function", "if", "local", "nil", "not", "or", "each"),
    *("return", "then", "true", "until", "while"),
}
_BRACES = re.compile(
    r"\[\[data-msys-[^\]]*\]\]|\{\{\{\s*([A-Za-z_]\w*)\s*\}\}\}"
    r"|\{\{\s*([A-Za-z_]\w*)\s*\}\}|\{\{|\}\}"
)

LOOKS = {
    "/api/v1/account": {
        "customer_id": 7,
        "company_name": "Acme",
        "status": "active",
        "usage": {
            "day": {"used": 2_000, "limit": 50_000},
            "month": {"used": 9_000, "limit": 500_000},
        },
    },
    "/api/v1/sending-domains": [
        {
            "domain": "example.org",
            "status": {"ownership_verified": True, "compliance_status": "valid"},
        },
        {"domain": "example.net", "status": {"ownership_verified": False}},
    ],
}


class SparkpostVendor:
    """Takes everything."""

    name = "sparkpost"

    def provider(self, http, secret, **options):
        return Sparkpost(SparkpostOptions(api_key=secret, **options), http, FakeClock())

    def answer(self, request):
        if request.method == "GET":
            return httpx.Response(200, json={"results": LOOKS[request.url.path]})
        people = len(json.loads(request.content)["recipients"])
        return taken(people, 0)

    def mails(self, request):
        if request.url.path != "/api/v1/transmissions":
            return []
        call = json.loads(request.content)
        assert call["options"]["transactional"]  # or its own List-Unsubscribe goes out
        return [self._mail(call, one) for one in call["recipients"]]

    def _mail(self, call, recipient):
        content = call["content"]
        values = {
            **recipient["metadata"],
            **call.get("substitution_data", {}),
            **recipient["substitution_data"],
        }
        assert not KEYWORDS & values.keys()
        sender = content["from"]
        return Received(
            to=recipient["address"]["email"],
            name=_name(recipient["address"]),
            sender=sender["email"],
            subject=_filled(content["subject"], values),
            text=_filled(content.get("text", ""), values),
            html=_filled(content.get("html", ""), values, escape=True),
            headers={
                name.lower(): decoded(_filled(text, values))
                for name, text in content["headers"].items()
            },
            pictures=tuple(one["name"] for one in content.get("inline_images", ())),
            id=recipient["metadata"]["delivery"],
        )


def taken(accepted, rejected, **more):
    """The answer to a transmission."""
    results = {
        "total_rejected_recipients": rejected,
        "total_accepted_recipients": accepted,
        "id": "11668787484950529",
        **more,
    }
    return httpx.Response(200, json={"results": results})


def _filled(text, values, *, escape=False):
    def one(found):
        bare, escaped = found.groups()
        assert bare or escaped, f"braces that belong to nothing in {text!r}"
        value = values.get(bare or escaped, "")
        return html.escape(value) if escape and escaped else value

    return _BRACES.sub(lambda found: "" if found[0].startswith("[[") else one(found), text)


def _name(address):
    header = address.get("header_to") or f'"{address.get("name", "")}" <{address["email"]}>'
    name, email = parseaddr(header)
    assert email == address["email"]
    return name


VENDOR = SparkpostVendor()
