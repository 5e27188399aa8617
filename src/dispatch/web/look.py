"""How readers' pages look: as the publisher's letters do."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.brand import Brand
from dispatch.render.templates.pictures import load_logo
from dispatch.web.statics import fingerprint

if TYPE_CHECKING:
    from dispatch.app import App

BRAND_SHEET = "brand.css"


@dataclass(frozen=True, slots=True)
class Look:
    """Empty texts are for what the publisher says nothing about.

    `logo` is an address, that of a file inside of the page itself. `images` is where the page may
    have pictures from, for its Content-Security-Policy.
    """

    name: str = ""
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0
    accent: str = ""
    accent_at_night: str = ""
    address: tuple[str, ...] = ()
    website: str = ""

    @property
    def images(self) -> str:
        """The logo's own site, or nothing: a logo that is a file is part of the page."""
        if not self.logo or self.logo.startswith("data:"):
            return ""
        parts = urlsplit(self.logo)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def sheet(self) -> str:
        """The publisher's colours as a style sheet, as pages have no style of their own.

        It is empty where the publisher has none.
        """
        if not self.accent:
            return ""
        return f":root {{ --brand: light-dark({self.accent}, {self.accent_at_night}); }}\n"

    @property
    def mark(self) -> str:
        """The fingerprint of that sheet."""
        return fingerprint(self.sheet.encode())


def look_of(request: Request) -> Look:
    """The look of the workspace that answers."""
    app: App = request.app.state.app
    publisher = app.workspace.publisher
    brand = publisher.brand
    logo, width, height = _logo(app.workspace.folder, brand)
    return Look(
        name=publisher.sender.name,
        logo=logo,
        logo_width=width,
        logo_height=height,
        accent=brand.accent_on_light,
        accent_at_night=brand.accent_on_dark,
        address=tuple(brand.address.splitlines()),
        website=brand.website,
    )


def _logo(folder: Path, brand: Brand) -> tuple[str, int, int]:
    """Address, width and height; a page does without a file that cannot be had."""
    if not brand.logo_is_file:
        return brand.logo, *brand.logo_sides(0, 0)
    try:
        written = (folder / brand.logo).stat().st_mtime_ns
        return _read(folder, brand, written)
    except (OSError, TemplateFailed):
        return "", 0, 0


@lru_cache(maxsize=4)
def _read(folder: Path, brand: Brand, written: int) -> tuple[str, int, int]:  # noqa: ARG001
    picture = load_logo(folder, brand)
    inside = f"data:{picture.kind};base64,{picture.data}"
    return inside, *brand.logo_sides(picture.width, picture.height)
