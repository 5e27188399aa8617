"""Rules for vendors that publish no description of their API, from what their pages say.

Each call is a method, a path, the headers it needs and the JSON it takes. All were looked at on
2026-11-29; where they are from stands beside them. A field that is not named is wrong.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from vendors.descriptions.json_schema import said

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
OFF: Schema = {"const": False}
NAMED_TEXTS: Schema = {"type": "object", "additionalProperties": TEXT}


def items(of: Schema, *, most: int | None = None) -> Schema:
    return {"type": "array", "items": of, "minItems": 1} | ({"maxItems": most} if most else {})


def fields(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


@dataclass(frozen=True)
class Call:
    """One call that a vendor takes; `body` is None where it takes none."""

    method: str
    path: str
    body: Schema | None = None
    headers: Sequence[str] = field(default=())
    most_bytes: int | None = None


POSTMARK_MAIL = fields(
    {
        "From": TEXT,
        "To": TEXT,
        "Cc": TEXT,
        "Bcc": TEXT,
        "Subject": {"type": "string", "maxLength": 2000},
        "Tag": {"type": "string", "maxLength": 1000},
        "HtmlBody": TEXT,
        "TextBody": TEXT,
        "ReplyTo": TEXT,
        "MessageStream": TEXT,
        "TrackOpens": OFF,  # a vendor takes more; we promise that it is off
        "TrackLinks": {"const": "None"},
        # https://postmarkapp.com/support/article/1125-custom-metadata-faq
        "Metadata": {
            **NAMED_TEXTS,
            "maxProperties": 10,
            "propertyNames": {"maxLength": 20},
            "additionalProperties": {"type": "string", "maxLength": 80},
        },
        "Headers": items(fields({"Name": TEXT, "Value": TEXT}, "Name", "Value")),
        "Attachments": items(
            fields(
                {
                    "Name": TEXT,
                    "Content": TEXT,
                    "ContentType": TEXT,
                    "ContentID": {"type": "string", "pattern": "^cid:"},
                },
                "Name",
                "Content",
                "ContentType",
            )
        ),
    },
    "From",
    "To",
    "MessageStream",
    "TrackOpens",
    "TrackLinks",
)
"""https://postmarkapp.com/developer/api/email-api, and the types of its own libraries:
https://github.com/ActiveCampaign/postmark.js/blob/master/src/client/models/message."""

POSTMARK = (
    Call("POST", "/email/batch", items(POSTMARK_MAIL, most=500), ("x-postmark-server-token",)),
    Call("POST", "/email", POSTMARK_MAIL, ("x-postmark-server-token",)),
    # https://postmarkapp.com/developer/api/server-api and .../message-streams-api
    Call("GET", "/server", headers=("x-postmark-server-token",)),
    Call("GET", "/message-streams/[^/]+", headers=("x-postmark-server-token",)),
)

SPARKPOST_PERSON = fields({"email": TEXT, "name": TEXT, "header_to": TEXT}, "email")
SPARKPOST_FILE = fields({"name": TEXT, "type": TEXT, "data": TEXT}, "name", "type", "data")
SPARKPOST = (
    Call(
        "POST",
        "/api/v1/transmissions",
        fields(
            {
                "options": fields(
                    {
                        **dict.fromkeys(("open_tracking", "click_tracking", "initial_open"), OFF),
                        "transactional": FLAG,
                        "sandbox": FLAG,
                        "skip_suppression": FLAG,
                        "inline_css": FLAG,
                        "perform_substitutions": FLAG,
                        "start_time": TEXT,
                        "ip_pool": TEXT,
                    },
                    "open_tracking",
                    "click_tracking",
                ),
                "campaign_id": {"type": "string", "maxLength": 64},
                "description": {"type": "string", "maxLength": 1024},
                "metadata": {"type": "object"},
                "substitution_data": {"type": "object"},
                "return_path": TEXT,
                "recipients": items(
                    fields(
                        {
                            "address": SPARKPOST_PERSON,
                            "metadata": {"type": "object"},
                            "substitution_data": {"type": "object"},
                            "tags": items(TEXT, most=10),
                            "return_path": TEXT,
                        },
                        "address",
                    )
                ),
                "content": fields(
                    {
                        "html": TEXT,
                        "text": TEXT,
                        "amp_html": TEXT,
                        "subject": TEXT,
                        "from": fields({"email": TEXT, "name": TEXT}, "email"),
                        "reply_to": TEXT,
                        "headers": NAMED_TEXTS,
                        "attachments": items(SPARKPOST_FILE),
                        "inline_images": items(SPARKPOST_FILE),
                    },
                    "subject",
                    "from",
                ),
            },
            "recipients",
            "content",
            "options",
        ),
        ("authorization",),
    ),
    # https://developers.sparkpost.com/api/account/ and .../sending-domains/
    Call("GET", "/api/v1/account", headers=("authorization",)),
    Call("GET", "/api/v1/sending-domains(/[^/]+)?", headers=("authorization",)),
)
"""https://developers.sparkpost.com/api/transmissions/."""

MAILERSEND_NAME: Schema = {"type": "string", "pattern": "^[^;,]+$"}
MAILERSEND_RECIPIENT = fields({"email": TEXT, "name": MAILERSEND_NAME}, "email")
MAILERSEND_MAIL = fields(
    {
        "from": fields({"email": TEXT, "name": TEXT}, "email"),
        "to": items(MAILERSEND_RECIPIENT, most=50),
        "cc": items(MAILERSEND_RECIPIENT, most=10),
        "bcc": items(MAILERSEND_RECIPIENT, most=10),
        "reply_to": fields({"email": TEXT, "name": TEXT}, "email"),
        "subject": {"type": "string", "maxLength": 998},
        "text": {"type": "string", "maxLength": 2_000_000},
        "html": {"type": "string", "maxLength": 2_000_000},
        "attachments": items(
            fields(
                {
                    "content": TEXT,
                    "disposition": {"enum": ["inline", "attachment"]},
                    "filename": TEXT,
                    "id": TEXT,
                },
                "content",
                "filename",
            )
        ),
        "template_id": TEXT,
        "tags": items(TEXT, most=5),
        "personalization": items(fields({"email": TEXT, "data": {"type": "object"}}, "email")),
        "precedence_bulk": FLAG,
        "send_at": {"type": "integer"},
        "in_reply_to": TEXT,
        "references": items(TEXT),
        "settings": fields(
            dict.fromkeys(("track_clicks", "track_opens", "track_content"), OFF),
            "track_clicks",
            "track_opens",
        ),
        "list_unsubscribe": {"type": "string", "pattern": "^https?://"},
        "headers": items(fields({"name": TEXT, "value": TEXT}, "name", "value")),
    },
    "from",
    "to",
    "subject",
    "settings",
)
"""https://developers.mailersend.com/api/v1/email, with its tables of limits."""

MAILERSEND = (
    Call("POST", "/v1/email", MAILERSEND_MAIL, ("authorization",)),
    Call("POST", "/v1/bulk-email", items(MAILERSEND_MAIL, most=500), ("authorization",)),
    # https://developers.mailersend.com/general (quota) and .../api/v1/domains
    Call("GET", "/v1/(api-quota|domains)", headers=("authorization",)),
)

SCALEWAY_PERSON = fields({"email": TEXT, "name": TEXT}, "email")
SCALEWAY = (
    Call(
        "POST",
        "/transactional-email/v1alpha1/regions/[a-z]{2}-[a-z]{3}/emails",
        fields(
            {
                "from": SCALEWAY_PERSON,
                **dict.fromkeys(("to", "cc", "bcc"), items(SCALEWAY_PERSON)),
                "subject": TEXT,
                "text": TEXT,
                "html": TEXT,
                "project_id": TEXT,
                "attachments": items(
                    fields({"name": TEXT, "type": TEXT, "content": TEXT}, "name", "type", "content")
                ),
                "send_before": TEXT,
                "additional_headers": items(fields({"key": TEXT, "value": TEXT}, "key", "value")),
            },
            "from",
            "to",
            "subject",
            "text",
            "html",
            "project_id",
        ),
        ("x-auth-token",),
    ),
    Call(
        "GET",
        "/transactional-email/v1alpha1/regions/[a-z]{2}-[a-z]{3}/(domains|statistics)(/[^/]+)?",
        headers=("x-auth-token",),
    ),
    Call(
        "GET",
        "/transactional-email/v1alpha1/regions/[a-z]{2}-[a-z]{3}/project-consumption",
        headers=("x-auth-token",),
    ),
)
"""https://www.scaleway.com/en/developers/api/transactional-email/, and its own library:
https://github.com/scaleway/scaleway-sdk-go/blob/master/api/tem/v1alpha1/tem_sdk.go."""

POSTAL = (
    Call(
        "POST",
        "/api/v1/send/raw",
        fields(
            {
                "mail_from": {"type": "string", "minLength": 1},
                "rcpt_to": items(TEXT),
                "data": {"type": "string", "pattern": "^[A-Za-z0-9+/]+={0,2}$"},
                "bounce": FLAG,
            },
            "mail_from",
            "rcpt_to",
            "data",
        ),
        ("x-server-api-key",),
    ),
    # https://github.com/postalserver/postal/blob/main/config/routes.rb takes it by GET as well.
    Call("GET", "/api/v1/messages/message", headers=("x-server-api-key",)),
)
"""https://github.com/postalserver/postal/tree/main/app/controllers/legacy_api."""

RULES = {
    "mailersend": MAILERSEND,
    "postal": POSTAL,
    "postmark": POSTMARK,
    "scaleway": SCALEWAY,
    "sparkpost": SPARKPOST,
}


def by_rules(calls: Sequence[Call]) -> Callable[[httpx.Request], list[str]]:
    def objections(request: httpx.Request) -> list[str]:
        path = request.url.raw_path.decode().partition("?")[0]
        for call in calls:
            if call.method == request.method and re.fullmatch(call.path, path):
                return list(_against(call, request))
        return [f"{request.method} {path}: no such call"]

    return objections


def _against(call: Call, request: httpx.Request) -> Any:
    yield from (f"{one}: is missing" for one in call.headers if not request.headers.get(one))
    if call.body is None:
        if request.content:
            yield "a body where none belongs"
        return
    if call.most_bytes and len(request.content) > call.most_bytes:
        yield f"a body of {len(request.content)} bytes"
    if not request.headers.get("content-type", "").startswith("application/json"):
        yield f"content-type: {request.headers.get('content-type')!r}"
    yield from said(Draft202012Validator(call.body), json.loads(request.content))
