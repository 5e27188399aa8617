"""Settings of the workspace and the state of the service, as the API tells of them."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

_SENDER = "The name that readers' mails come from."
_MOST = 500


class Settings(BaseModel):
    """What schedules.yaml says for all campaigns; null where it says nothing.

    In a change, what is left out stays, and null takes a key out of the file.
    """

    model_config = ConfigDict(extra="forbid")

    sender_name: str | None = Field(
        default=None, description=_SENDER, max_length=_MOST, examples=["La Lettre"]
    )
    sender_email: str | None = Field(
        default=None,
        description="The address that they come from.",
        max_length=_MOST,
        examples=["lettre@example.org"],
    )
    locale: str | None = Field(
        default=None, description="The language of readers.", max_length=_MOST, examples=["fr"]
    )
    timezone: str | None = Field(
        default=None,
        description="By whose clocks the team plans.",
        max_length=_MOST,
        examples=["Europe/Paris"],
    )
    address: str | None = Field(
        default=None, description="Our postal address, below each mail.", max_length=_MOST
    )
    website: str | None = Field(
        default=None,
        description="Our site.",
        max_length=_MOST,
        examples=["https://www.example.org"],
    )
    public_url: str | None = Field(
        default=None,
        description="Where readers' links lead.",
        max_length=_MOST,
        examples=["https://news.example.org"],
    )
    accent: str | None = Field(
        default=None, description="The colour of links.", max_length=_MOST, examples=["#b03a2e"]
    )
    erase_after: str | None = Field(
        default=None,
        description="How long people are kept who have left; null: without end.",
        max_length=_MOST,
        examples=["24 months"],
    )
    keep_networks: bool | None = Field(
        default=None, description="Whether it is kept from which network somebody has joined."
    )
    second_factor: bool | None = Field(
        default=None,
        description="Whether everybody of the team has to set up an app. It and the rest: only"
        " with the right 'own'; else null.",
    )
    service_name: str | None = Field(
        default=None, description="The service by which people sign in.", max_length=_MOST
    )
    service_issuer: str | None = Field(
        default=None, description="The address of that service.", max_length=_MOST
    )
    service_client_id: str | None = Field(
        default=None, description="Who we are there.", max_length=_MOST
    )
    service_client_secret: str | None = Field(
        default=None,
        description="The name of our secret there: env:NAME or file:PATH, never itself.",
        max_length=_MOST,
        examples=["env:OIDC_SECRET"],
    )


class Status(BaseModel):
    """Whether the work goes on."""

    ready: bool = Field(description="Whether nobody has to do anything.")
    problems: list[str] = Field(description="What somebody has to do something about.")
    waits: list[str] = Field(description="What stands by its nature, such as a paused channel.")
    seconds_since_tick: float | None = Field(
        description="Since the service last looked for what is due; null: it never has.",
        examples=[4.2],
    )
    version: str = Field(description="The version of dispatch.", examples=["1.0.0"])
    now: datetime = Field(description="The service's own time.")
