"""A picture is made to fit each network, and is the same each time."""

from io import BytesIO

import pytest
from PIL import Image

from dispatch.channels.provider import PictureLimits
from dispatch.feeds.pictures.ordinary import make_ordinary
from dispatch.model.editions.card import keep
from dispatch.pipeline.messages import fit_picture as fitting
from dispatch.pipeline.messages.fit_picture import fit_picture
from odd_pictures import moving, photograph, red, saved

BOTH = ("image/jpeg", "image/png")
ROOMY = PictureLimits(kinds=BOTH, most_bytes=5_000_000)
PHOTOGRAPH = make_ordinary(photograph(800, 600))


def test_what_fits_stays_as_it_is():
    found = fit_picture(PHOTOGRAPH, ROOMY, "A view")

    assert (found.data, found.alt) == (PHOTOGRAPH.data, "A view")


@pytest.mark.parametrize("most", [200_000, 60_000, 15_000])
def test_a_photograph_has_no_more_bytes_than_it_may(most):
    limits = PictureLimits(kinds=BOTH, most_bytes=most)

    found = fit_picture(PHOTOGRAPH, limits, "")

    assert len(found.data) <= most < len(PHOTOGRAPH.data)
    assert Image.open(BytesIO(found.data)).size == (found.width, found.height)
    assert fit_picture(PHOTOGRAPH, limits, "") == found


def test_its_sides_are_no_longer_than_they_may_be():
    limits = PictureLimits(kinds=BOTH, most_bytes=1_000_000, most_side=300)

    found = fit_picture(PHOTOGRAPH, limits, "")

    assert (found.width, found.height) == (300, 225)


def test_what_shines_through_is_white_where_only_jpeg_is_taken():
    see_through = make_ordinary(saved(Image.new("RGBA", (60, 60), (0, 0, 0, 0)), "PNG"))
    limits = PictureLimits(kinds=("image/jpeg",), most_bytes=100_000)

    found = fit_picture(see_through, limits, "")

    assert found.kind == "image/jpeg"
    assert Image.open(BytesIO(found.data)).getpixel((5, 5)) == (255, 255, 255)


def test_what_shines_through_stays_so_as_long_as_it_fits():
    see_through = make_ordinary(saved(red(400, 400, "RGBA"), "PNG"))
    limits = PictureLimits(kinds=BOTH, most_bytes=100_000, most_side=100)

    found = fit_picture(see_through, limits, "")

    assert (found.kind, found.width) == ("image/png", 100)


def test_of_what_moves_there_is_the_first_frame():
    gif = keep("image/gif", 200, 100, moving("GIF"))  # as without Pillow
    found = fit_picture(gif, ROOMY, "")

    assert found.kind in BOTH
    assert Image.open(BytesIO(found.data)).convert("RGB").getpixel((5, 5))[0] > 250


def test_what_cannot_be_made_small_enough_is_left_out():
    assert fit_picture(PHOTOGRAPH, PictureLimits(kinds=BOTH, most_bytes=500), "") is None


def test_without_pillow_only_what_fits_goes(monkeypatch):
    monkeypatch.setattr(fitting, "is_available", lambda: False)

    assert fit_picture(PHOTOGRAPH, ROOMY, "") is not None
    assert fit_picture(PHOTOGRAPH, PictureLimits(kinds=BOTH, most_bytes=9_000), "") is None


def test_its_words_are_no_longer_than_they_may_be():
    limits = PictureLimits(kinds=BOTH, most_bytes=5_000_000, most_alt=20)

    found = fit_picture(PHOTOGRAPH, limits, "A view of the sea from the house")

    assert found.alt == "A view of the sea…"
