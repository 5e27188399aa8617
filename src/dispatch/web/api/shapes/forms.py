"""Public forms, as the API tells of them."""

from pydantic import BaseModel, ConfigDict, Field, RootModel

from dispatch.config.values.simple import NAME
from dispatch.web.api.cursors import Listed
from dispatch.web.api.shapes.plan import Keys


class FormShape(BaseModel):
    """A form by which people join."""

    name: str = Field(description="Its name.", examples=["readers"])
    audiences: list[str] = Field(description="What people join by it.", examples=[["readers"]])
    title: str = Field(description="Above the form; or empty.", examples=["Stay in touch"])
    fields: list[str] = Field(
        description="What it asks for beside the address.", examples=[["name", "topics"]]
    )
    confirm: str = Field(description="double: by a link in a mail; single.", examples=["double"])
    link: str = Field(
        description="Its public page.", examples=["https://news.example.org/subscribe/readers"]
    )
    sign_ups: int = Field(description="How many came by it in the last 30 days.", examples=[12])
    confirmed: int = Field(description="How many of them have confirmed it.", examples=[9])


class Forms(Listed[FormShape]):
    """A page of forms, in the order of schedules.yaml."""


class FormWhole(FormShape):
    """A form with its keys. The ETag is that of schedules.yaml."""

    plan: Keys = Field(
        description="What schedules.yaml says of it; empty where it says nothing of any form.",
        examples=[{"audiences": ["readers"], "fields": ["name"]}],
    )
    html: str = Field(description="What to paste into a page of another site.")


class NewForm(BaseModel):
    """A form to make."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        description="Its name in schedules.yaml.",
        pattern=f"^{NAME.pattern}$",
        examples=["visitors"],
    )
    plan: Keys = Field(
        description="Its keys, as schedules.yaml has them below `forms.<name>`.",
        examples=[{"audiences": ["readers"], "title": "Stay in touch"}],
    )


class FormPatch(RootModel[Keys]):
    """A merge patch (RFC 7396) of a form's keys: null takes one out, what is left out stays."""

    root: Keys = Field(examples=[{"title": "Stay in touch", "privacy": None}])
