"""Rules for networks that publish no description of their API, from what their pages say.

All were looked at on 2026-11-30; where they are from stands beside them. A field that is not named
is wrong, in a body as in a query.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from urllib.parse import parse_qsl

import httpx
from jsonschema import Draft202012Validator

from vendors.descriptions.json_schema import said
from vendors.descriptions.rules import FLAG, TEXT, Schema, fields, items

NOTHING = fields({})
WORDS: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {"type": "string", "pattern": "^[0-9]{1,19}$"}


def words(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


@dataclass(frozen=True)
class Call:
    """One call that a network takes; `body` is what it may say, `kind` how it is written."""

    method: str
    path: str
    body: Schema | None = None
    kind: str = "application/json"
    query: Schema = field(default_factory=lambda: NOTHING)
    headers: Sequence[tuple[str, str]] = (("authorization", "Bearer [!-~]+"),)


URN = r"urn:li:(?:person|organization):[\w-]+"
POST = r"urn%3Ali%3A(?:share|ugcPost)%3A[0-9]+"
IMAGE = words(r"urn:li:image:[\w-]+")
RESERVED = r"\\|{}@\[\]()<>#＃*_~"
LITTLE: Schema = {
    **words(
        rf"(?:[^{RESERVED}]|\\[{RESERVED}]|\{{hashtag\|\\#\|(?:\w|\\_)+\}}"
        rf"|@\[[^\]]+\]\({URN}\))*"
    ),
    "maxLength": 20_000,  # what is escaped is longer than what people read
}
"""https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format"""

VERSIONED = (
    ("authorization", "Bearer [!-~]+"),
    ("linkedin-version", "20[0-9]{4}"),
    ("x-restli-protocol-version", "2.0.0"),
)
SECRETLY = (("content-type", "application/x-www-form-urlencoded"),)
LINKEDIN = (
    Call(
        "POST",
        "/rest/posts",
        fields(
            {
                "author": words(URN),
                "commentary": LITTLE,
                "visibility": {"enum": ["PUBLIC", "CONNECTIONS", "LOGGED_IN"]},
                "distribution": fields(
                    {
                        "feedDistribution": {"enum": ["MAIN_FEED", "NONE"]},
                        "targetEntities": {"type": "array"},
                        "thirdPartyDistributionChannels": {"type": "array"},
                    },
                    "feedDistribution",
                ),
                "lifecycleState": {"const": "PUBLISHED"},
                "isReshareDisabledByAuthor": FLAG,
                "contentLandingPage": TEXT,
                "content": {
                    "oneOf": [
                        fields(
                            {
                                "article": fields(
                                    {
                                        "source": words("https?://.+"),
                                        "title": WORDS,
                                        "description": WORDS,
                                        "thumbnail": IMAGE,
                                        "thumbnailAltText": {"type": "string", "maxLength": 4086},
                                    },
                                    "source",
                                    "title",
                                )
                            },
                            "article",
                        ),
                        fields(
                            {
                                "media": fields(
                                    {
                                        "id": IMAGE,
                                        "title": TEXT,
                                        "altText": {"type": "string", "maxLength": 4086},
                                    },
                                    "id",
                                )
                            },
                            "media",
                        ),
                    ]
                },
            },
            *("author", "commentary", "visibility", "distribution", "lifecycleState"),
        ),
        headers=VERSIONED,
    ),
    Call(
        "POST",
        f"/rest/posts/{POST}",
        fields({"patch": fields({"$set": fields({"commentary": LITTLE})}, "$set")}, "patch"),
        headers=(*VERSIONED, ("x-restli-method", "PARTIAL_UPDATE")),
    ),
    Call("DELETE", f"/rest/posts/{POST}", headers=(*VERSIONED, ("x-restli-method", "DELETE"))),
    Call(
        "GET",
        "/rest/posts",
        query=fields(
            {
                "author": words(URN),
                "q": {"const": "author"},
                "count": words("[1-9][0-9]?|100"),
                "sortBy": {"enum": ["LAST_MODIFIED", "CREATED"]},
            },
            "author",
            "q",
        ),
        headers=VERSIONED,
    ),
    # .../community-management/shares/images-api
    Call(
        "POST",
        "/rest/images",
        fields({"initializeUploadRequest": fields({"owner": words(URN)}, "owner")}),
        query=fields({"action": {"const": "initializeUpload"}}, "action"),
        headers=VERSIONED,
    ),
    Call(
        "PUT",
        "/dms-uploads/.+",
        kind="image/(?:jpeg|png|gif)",
        query={"type": "object"},
    ),
    # .../community-management/organizations/organization-lookup-api
    Call("GET", "/rest/organizations/[0-9]+", headers=VERSIONED),
    # https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2
    Call("GET", "/v2/userinfo"),
    # https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow,
    # .../authorization-code-flow-native, .../programmatic-refresh-tokens, .../token-introspection
    Call(
        "POST",
        "/oauth/v2/accessToken",
        {
            "oneOf": [
                fields(
                    {
                        "grant_type": {"const": "authorization_code"},
                        "code": WORDS,
                        "redirect_uri": words("https?://.+"),
                        "client_id": WORDS,
                        "client_secret": WORDS,
                        "code_verifier": words("[A-Za-z0-9._~-]{43,128}"),
                    },
                    *("grant_type", "code", "redirect_uri", "client_id"),
                ),
                fields(
                    {
                        "grant_type": {"const": "refresh_token"},
                        **dict.fromkeys(("refresh_token", "client_id", "client_secret"), WORDS),
                    },
                    *("grant_type", "refresh_token", "client_id"),
                ),
            ]
        },
        kind="application/x-www-form-urlencoded",
        headers=SECRETLY,
    ),
    Call(
        "POST",
        "/oauth/v2/introspectToken",
        fields(
            dict.fromkeys(("client_id", "client_secret", "token"), WORDS),
            *("client_id", "client_secret", "token"),
        ),
        kind="application/x-www-form-urlencoded",
        headers=SECRETLY,
    ),
)
"""https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api"""

X = (
    # https://docs.x.com/x-api/posts/manage-tweets/introduction
    Call(
        "POST",
        "/2/tweets",
        fields(
            {
                "text": WORDS,
                "reply": fields({"in_reply_to_tweet_id": NUMBER}, "in_reply_to_tweet_id"),
                "media": fields({"media_ids": items(NUMBER, most=4)}, "media_ids"),
                "reply_settings": {
                    "enum": ["following", "mentionedUsers", "subscribers", "verified"]
                },
                "for_super_followers_only": FLAG,
                "made_with_ai": FLAG,
                "paid_partnership": FLAG,
            },
            "text",
        ),
    ),
    Call("DELETE", "/2/tweets/[0-9]{1,19}"),
    # https://docs.x.com/x-api/media/upload-media: a file and its fields
    Call(
        "POST",
        "/2/media/upload",
        fields(
            {
                "media": WORDS,
                "media_category": {"const": "tweet_image"},
                "media_type": {"enum": ["image/jpeg", "image/png", "image/webp"]},
            },
            "media",
            "media_category",
        ),
        kind="multipart/form-data",
    ),
    # https://docs.x.com/x-api/media/create-media-metadata
    Call(
        "POST",
        "/2/media/metadata",
        fields(
            {
                "id": NUMBER,
                "metadata": fields(
                    {"alt_text": fields({"text": {**WORDS, "maxLength": 1000}}, "text")}, "alt_text"
                ),
            },
            "id",
            "metadata",
        ),
    ),
    Call("GET", "/2/users/me"),
    # https://docs.x.com/x-api/posts/timelines/introduction
    Call(
        "GET",
        "/2/users/[0-9]{1,19}/tweets",
        query=fields(
            {
                "max_results": words("[5-9]|[1-9][0-9]|100"),
                "start_time": words(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"),
                "tweet.fields": words("[a-z_,]+"),
                "exclude": words("retweets|replies|retweets,replies"),
            }
        ),
    ),
    # https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token
    Call(
        "POST",
        "/2/oauth2/token",
        {
            "oneOf": [
                fields(
                    {
                        "grant_type": {"const": "authorization_code"},
                        "code": WORDS,
                        "redirect_uri": words("https?://.+"),
                        "client_id": WORDS,
                        "code_verifier": words("[A-Za-z0-9._~-]{43,128}"),
                    },
                    *("grant_type", "code", "redirect_uri", "client_id", "code_verifier"),
                ),
                fields(
                    {
                        "grant_type": {"const": "refresh_token"},
                        "refresh_token": WORDS,
                        "client_id": WORDS,
                    },
                    *("grant_type", "refresh_token", "client_id"),
                ),
            ]
        },
        kind="application/x-www-form-urlencoded",
        headers=SECRETLY,
    ),
)
"""https://docs.x.com/x-api/"""

FIELDS = words("[a-z_]+(?:,[a-z_]+)*")
THREADS = (
    Call(
        "POST",
        "/v1.0/me/threads",
        {
            "oneOf": [
                fields(
                    {
                        "media_type": {"const": "TEXT"},
                        "text": WORDS,
                        "link_attachment": words("https?://.+"),
                        "reply_to_id": NUMBER,
                        "topic_tag": words("[^.&]{1,50}"),
                        "reply_control": TEXT,
                    },
                    "media_type",
                    "text",
                ),
                fields(
                    {
                        "media_type": {"const": "IMAGE"},
                        "image_url": words("https://.+"),
                        "alt_text": {**WORDS, "maxLength": 1000},
                        "text": TEXT,
                        "reply_to_id": NUMBER,
                        "topic_tag": words("[^.&]{1,50}"),
                        "reply_control": TEXT,
                    },
                    "media_type",
                    "image_url",
                ),
            ]
        },
        kind="application/x-www-form-urlencoded",
    ),
    Call(
        "POST",
        "/v1.0/me/threads_publish",
        fields({"creation_id": NUMBER}, "creation_id"),
        kind="application/x-www-form-urlencoded",
    ),
    # https://developers.facebook.com/documentation/threads/posts/delete-posts
    Call("DELETE", "/v1.0/[0-9]+"),
    # .../documentation/threads/troubleshooting, .../retrieve-and-discover-posts
    Call("GET", "/v1.0/(?:me|[0-9]+)", query=fields({"fields": FIELDS})),
    Call("GET", "/v1.0/me/threads_publishing_limit", query=fields({"fields": FIELDS}, "fields")),
    Call(
        "GET",
        "/v1.0/me/(?:threads|replies)",
        query=fields({"fields": FIELDS, "limit": words("[0-9]+"), "since": words("[0-9]{10}")}),
    ),
    # https://developers.facebook.com/documentation/threads/get-started/get-access-tokens-and-permissions
    Call(
        "POST",
        "/oauth/access_token",
        fields(
            {
                "grant_type": {"const": "authorization_code"},
                "redirect_uri": words("https?://.+"),
                "code": words("[^#]+"),
                **dict.fromkeys(("client_id", "client_secret"), WORDS),
            },
            *("grant_type", "redirect_uri", "code", "client_id", "client_secret"),
        ),
        kind="application/x-www-form-urlencoded",
        headers=SECRETLY,
    ),
    # https://developers.facebook.com/docs/threads/get-started/long-lived-tokens
    Call(
        "GET",
        "/access_token",
        query=fields(
            {
                "grant_type": {"const": "th_exchange_token"},
                **dict.fromkeys(("client_secret", "access_token"), WORDS),
            },
            *("grant_type", "client_secret", "access_token"),
        ),
        headers=(),
    ),
    Call(
        "GET",
        "/refresh_access_token",
        query=fields(
            {"grant_type": {"const": "th_refresh_token"}, "access_token": WORDS},
            "grant_type",
            "access_token",
        ),
        headers=(),
    ),
)
"""https://developers.facebook.com/documentation/threads/posts"""

RULES = {"linkedin": LINKEDIN, "threads": THREADS, "x": X}


def by_rules(name: str) -> Callable[[httpx.Request], list[str]]:
    """What is wrong with a request, in words; nothing where the network takes it."""

    def objections(request: httpx.Request) -> list[str]:
        path = request.url.raw_path.decode().partition("?")[0]
        found = [
            list(_against(one, request))
            for one in RULES[name]
            if one.method == request.method and re.fullmatch(one.path, path)
        ]
        return min(found, key=len) if found else [f"{request.method} {path}: no such call"]

    return objections


def _against(call: Call, request: httpx.Request) -> Iterator[str]:
    for name, pattern in call.headers:
        if not re.match(f"{pattern}$", request.headers.get(name, "")):
            yield f"{name}: {request.headers.get(name)!r}"
    yield from said(Draft202012Validator(call.query), dict(request.url.params))
    kind = request.headers.get("content-type", "")
    if call.body is None:
        if request.content and not re.match(call.kind, kind):
            yield "a body where none belongs"
        return
    if not re.match(call.kind, kind):
        yield f"content-type: {kind!r}"
        return
    yield from said(Draft202012Validator(call.body), _body(request, kind))


def _body(request: httpx.Request, kind: str) -> object:
    text = request.content
    if kind.startswith("application/json"):
        return json.loads(text)
    if kind.startswith("multipart/"):
        whole = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + text)
        return {
            part.get_param("name", header="content-disposition"): part.get_payload()
            for part in whole.get_payload()
        }
    return dict(parse_qsl(text.decode(), keep_blank_values=True))
