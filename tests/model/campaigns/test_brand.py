"""How a brand looks: a colour that can be read, a logo that fits."""

import pytest

from dispatch.model.campaigns.brand import DARK, LIGHT, Brand
from dispatch.model.text.colours import LEAST_CONTRAST, contrast


@pytest.mark.parametrize(
    "accent", ["#ffffff", "#000000", "#ffe600", "#a8321a", "#777777", "#0000ff"]
)
def test_every_accent_can_be_read_by_day_and_by_night(accent):
    brand = Brand(accent=accent)

    assert contrast(brand.accent_on_light, LIGHT) >= LEAST_CONTRAST
    assert contrast(brand.accent_on_dark, DARK) >= LEAST_CONTRAST
    assert contrast(brand.text_on_accent, brand.accent) >= LEAST_CONTRAST


def test_one_that_can_be_read_stays():
    assert Brand(accent="#a8321a").accent_on_light == "#a8321a"
    assert Brand().accent_on_light == ""


@pytest.mark.parametrize(
    ("width", "sides", "shown"),
    [
        (0, (400, 100), (200, 50)),
        (0, (90, 30), (90, 30)),  # never larger than it is
        (0, (300, 900), (40, 120)),
        (320, (640, 64), (320, 32)),
        (0, (0, 0), (160, 0)),
        (220, (0, 0), (220, 0)),
    ],
)
def test_a_logo_is_shown_as_large_as_it_may_be(width, sides, shown):
    assert Brand(logo="logo.png", logo_width=width).logo_sides(*sides) == shown
