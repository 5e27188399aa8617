"""What X takes, by its pages."""

from vendors.descriptions.networks import FORM, NUMBER, SECRETLY, WORDS, Call, words
from vendors.descriptions.rules import FLAG, fields, items

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
        kind=FORM,
        headers=SECRETLY,
    ),
)
"""https://docs.x.com/x-api/"""
