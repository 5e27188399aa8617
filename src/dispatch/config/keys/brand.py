"""The keys of brand: in schedules.yaml."""

from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from dispatch.config.keys.group import Keys
from dispatch.config.values import brand as words

WIDEST_LOGO = 536
"""Pixels: the column of our letters."""

Colour = Annotated[
    str,
    PlainValidator(words.colour),
    WithJsonSchema({"type": "string", "pattern": f"^{words.COLOUR.pattern}$"}),
]


class BrandKeys(Keys):
    """How letters and readers' pages look: yours."""

    logo: Annotated[str, AfterValidator(words.logo)] | None = Field(
        default=None,
        description="A PNG, JPEG or GIF of the workspace, which goes with each letter (100 KB at"
        " most), or an https address, which mail programs fetch.",
        examples=["brand/logo.png", "https://example.org/logo.png"],
    )
    logo_width: int | None = Field(
        default=None,
        ge=16,
        le=WIDEST_LOGO,
        strict=True,
        description="How wide it is shown, in pixels; by default a file of the workspace as wide as"
        " it is, 200 at most, and any other 160. For sharp screens a file has twice as many.",
    )
    accent: Colour | None = Field(
        default=None,
        description="The colour of links and small headings, in quotes. Where it could not be read,"
        " a darker or lighter shade of it is taken.",
        examples=["#a8321a"],
    )
    address: Annotated[str, AfterValidator(words.postal_address)] | None = Field(
        default=None,
        description="Where post reaches you, for the foot of letters and pages: the law of many"
        " countries asks for it.",
        examples=["La Lettre, 12 rue des Martyrs, 75009 Paris"],
    )
    website: Annotated[str, AfterValidator(words.website)] | None = Field(
        default=None,
        description="Your site, for the foot of letters; on pages the logo leads there.",
        examples=["https://example.org"],
    )
