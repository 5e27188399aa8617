"""What a workflow of Teams takes, from what Microsoft's pages say (2026-11-30)."""

from vendors.descriptions.rules import FLAG, TEXT, Call, fields, items

LINK = {"type": "string", "pattern": "^https?://"}
OPEN_URL = fields(
    {"type": {"const": "Action.OpenUrl"}, "title": TEXT, "url": LINK},
    "type",
    "url",
)
TEXT_BLOCK = fields(
    {
        "type": {"const": "TextBlock"},
        "text": {"type": "string", "minLength": 1},
        "wrap": FLAG,
        "isSubtle": FLAG,
        "weight": {"enum": ["Default", "Lighter", "Bolder"]},
    },
    "type",
    "text",
)
IMAGE = fields(
    {
        "type": {"const": "Image"},
        "url": {"type": "string", "pattern": "^https://"},
        "altText": TEXT,
        "size": {"enum": ["Auto", "Stretch", "Small", "Medium", "Large"]},
        "selectAction": OPEN_URL,
    },
    "type",
    "url",
    "altText",
)
CONTAINER = fields(
    {
        "type": {"const": "Container"},
        "items": items({"oneOf": [TEXT_BLOCK, IMAGE]}),
        "selectAction": OPEN_URL,
    },
    "type",
    "items",
)
CARD = fields(
    {
        "$schema": TEXT,
        "type": {"const": "AdaptiveCard"},
        "version": {"enum": ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"]},
        "body": items({"oneOf": [TEXT_BLOCK, CONTAINER]}),
        "actions": items(OPEN_URL, most=6),
        "fallbackText": TEXT,
        "lang": {"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"},
    },
    "type",
    "version",
    "body",
)
"""https://adaptivecards.io/explorer/, and what Teams takes of it:
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference."""

TEAMS = (
    Call(
        "POST",
        "/workflows/[0-9a-f]{32}/triggers/manual/paths/invoke",
        fields(
            {
                "type": {"const": "message"},
                "attachments": items(
                    fields(
                        {
                            "contentType": {"const": "application/vnd.microsoft.card.adaptive"},
                            "contentUrl": {"type": "null"},
                            "content": CARD,
                        },
                        "contentType",
                        "content",
                    )
                ),
            },
            "type",
            "attachments",
        ),
        most_bytes=28 * 1024,
    ),
    Call("HEAD", "/?"),
)
"""https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook, with the size of
https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook.
"""
