"""What LinkedIn takes, by its pages."""

from vendors.descriptions.networks import FORM, SECRETLY, WORDS, Call, words
from vendors.descriptions.rules import FLAG, TEXT, Schema, fields

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
        kind=FORM,
        headers=SECRETLY,
    ),
    Call(
        "POST",
        "/oauth/v2/introspectToken",
        fields(
            dict.fromkeys(("client_id", "client_secret", "token"), WORDS),
            *("client_id", "client_secret", "token"),
        ),
        kind=FORM,
        headers=SECRETLY,
    ),
)
"""https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api"""
