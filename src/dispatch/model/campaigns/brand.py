"""How a publisher looks to readers: logo, colour, address; the same in letters and on pages."""

from dataclasses import dataclass

from dispatch.model.text.colours import most_readable_on, readable_on

LIGHT = "#f4efe6"
"""The darkest ground on which letters and pages print the accent by day."""

DARK = "#2a251d"
"""The lightest one by night."""


LOGO_WIDTH, LOGO_HEIGHT = 200, 120
"""Pixels that a logo takes at most, unless somebody said how wide it is."""

UNKNOWN_WIDTH = 160
"""How wide one is shown of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Brand:
    """What schedules.yaml says under `brand:`; what it does not say is empty or 0.

    `logo` is a path in the workspace or an https address, shown `logo_width` pixels wide. `accent`
    is a colour such as #a8321a. `address` is where post reaches the publisher; it may have lines.
    """

    logo: str = ""
    logo_width: int = 0
    accent: str = ""
    address: str = ""
    website: str = ""

    @property
    def logo_is_file(self) -> bool:
        """Whether the logo goes with each letter, and is not fetched from the web."""
        return bool(self.logo) and not self.logo.startswith("https://")

    def logo_sides(self, width: int, height: int) -> tuple[int, int]:
        """How large to show a logo of these sides; the height is 0 where they are not known."""
        if not width or not height:
            return self.logo_width or UNKNOWN_WIDTH, 0
        shown = self.logo_width or min(width, LOGO_WIDTH, LOGO_HEIGHT * width // height) or 1
        return shown, max(round(shown * height / width), 1)

    @property
    def accent_on_light(self) -> str:
        """The accent, or a darker shade of it that can be read on paper."""
        return self.accent and readable_on(self.accent, LIGHT)

    @property
    def accent_on_dark(self) -> str:
        """The accent, or a lighter shade of it that can be read at night."""
        return self.accent and readable_on(self.accent, DARK)

    @property
    def text_on_accent(self) -> str:
        """The colour for words that stand on the accent."""
        return self.accent and most_readable_on(self.accent)
