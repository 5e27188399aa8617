"""The keys of forms: and audiences: in schedules.yaml."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema

from dispatch.config.keys.group import Keys
from dispatch.config.keys.types import DURATION, Name, Text
from dispatch.config.values import forms as words
from dispatch.config.values.simple import web_address
from dispatch.model.people.form import PER_HOUR, Confirm, FormField

_FIELD = {
    "anyOf": [
        {"type": "string", "pattern": f"^{words.FIELD.pattern}$"},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "label": {"type": "string"},
                    "choices": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "required": {"type": "boolean"},
                },
                "additionalProperties": False,
            },
        },
    ]
}
Fields = Annotated[
    tuple[FormField, ...],
    PlainValidator(words.form_fields),
    WithJsonSchema({"type": "array", "items": _FIELD, "maxItems": words.MOST_FIELDS}),
]
_WEB = {"type": "string", "pattern": "^https?://"}
_YES = {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}
Proof = Annotated[bool, PlainValidator(words.proof_of_work), WithJsonSchema(_YES)]
Reminder = Annotated[timedelta, PlainValidator(words.reminder), WithJsonSchema(DURATION)]
Web = Annotated[str, AfterValidator(web_address), WithJsonSchema(_WEB)]
Page = Annotated[str, AfterValidator(words.page_of_site), WithJsonSchema(_WEB)]
Origin = Annotated[str, AfterValidator(words.origin), WithJsonSchema(_WEB)]


def _yes(value: Any) -> Any:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class AudienceKeys(Keys):
    """How readers see an audience, where they choose or join it."""

    title: Text | None = Field(
        default=None, description="Its name; by default the titles of its campaigns."
    )
    about: Text | None = Field(default=None, description="A sentence on what comes, and how often.")


class FormKeys(Keys):
    """A page by which people join, at /subscribe/ and its name."""

    audiences: list[Name] = Field(
        min_length=1, description="What people join by it.", examples=[["readers"]]
    )
    title: Text | None = Field(
        default=None, description="The heading of its page; by default it names the audiences."
    )
    about: Text | None = Field(
        default=None, description="A sentence below; by default those of the audiences."
    )
    fields: Fields = Field(
        default=(),
        description="What it asks for beside the address: name, topics, cadence, locale, timezone,"
        " or names of your own. Of topics and your own, the `choices` may be named, and the `label`"
        " and whether they are `required`.",
        examples=[["name", {"topics": {"choices": ["AI", "Drawing"]}}]],
    )
    consent: Annotated[str, AfterValidator(words.consent)] | None = Field(
        default=None,
        description="What people agree to, as it goes on record with its date; by default a"
        " sentence in the reader's language.",
        examples=["I would like to get the letter, and can leave at any time."],
    )
    privacy: Web | None = Field(
        default=None,
        description="The page on which you tell what you keep of people; linked beside the"
        " consent.",
        examples=["https://example.org/privacy"],
    )
    confirm: Confirm = Field(
        default=Confirm.DOUBLE,
        description="double: people are in once they have confirmed by a link in a mail; single: at"
        " once, and the record says that nobody confirmed it.",
    )
    welcome: (
        Annotated[
            str,
            BeforeValidator(_yes),
            WithJsonSchema({"anyOf": [{"const": True}, _FIELD["anyOf"][0]]}),
        ]
        | None
    ) = Field(
        default=None,
        description="The campaign whose latest edition people get once they are in; yes: that of"
        " the first audience.",
        examples=["yes", "weekly"],
    )
    remind: Reminder | None = Field(
        default=None,
        description="After how long who has not confirmed is reminded, once; less than the 7 days"
        " that the link holds; never by default.",
        examples=["3d"],
    )
    via: Name | None = Field(
        default=None,
        description="The channel of its mails; by default that of the first audience's campaign.",
        examples=["mail"],
    )
    template: Name | None = Field(
        default=None,
        description="A folder in templates/ for the mail in which people confirm; `confirm` by"
        " default, if there is one.",
    )
    return_: list[Page] = Field(
        default_factory=list,
        alias="return",
        description="Pages of other sites to which it may lead back, where the form stands there.",
        examples=[["https://example.org/thanks"]],
    )
    origins: list[Origin] = Field(
        default_factory=list,
        description="Sites whose scripts may post it as JSON.",
        examples=[["https://example.org"]],
    )
    proof_of_work: Proof = Field(
        default=False,
        description="yes: the browser of who joins has to reckon for a second, which costs those"
        " who fill it in by the thousand. Needs JavaScript, and the extra `altcha`.",
    )
    refuse: Annotated[str, AfterValidator(words.file_of_workspace)] | None = Field(
        default=None,
        description="A file of the workspace with domains, and parts before the @, that it does not"
        " take, one a line.",
        examples=["refused.txt"],
    )
    per_hour: int = Field(
        default=PER_HOUR,
        ge=1,
        le=1_000_000,
        strict=True,
        description="Sign-ups that it takes in an hour, whoever they are from.",
    )
