"""What Threads takes, by Meta's pages."""

from vendors.descriptions.networks import FORM, NUMBER, SECRETLY, WORDS, Call, words
from vendors.descriptions.rules import TEXT, fields

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
        kind=FORM,
    ),
    Call(
        "POST",
        "/v1.0/me/threads_publish",
        fields({"creation_id": NUMBER}, "creation_id"),
        kind=FORM,
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
        kind=FORM,
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
