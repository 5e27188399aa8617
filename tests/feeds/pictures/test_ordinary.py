"""Whatever is said to be a picture becomes an ordinary one, or a few words on what is wrong."""

from io import BytesIO

import pytest
from PIL import Image

from dispatch.feeds.pictures import ordinary
from dispatch.feeds.pictures.ordinary import MOST_SIDE, keep_as_it_is, make_ordinary
from dispatch.testing.samples import a_png
from odd_pictures import (
    HTML,
    SVG,
    moving,
    photograph,
    red,
    saved,
    sideways,
    sixteen_bits,
    with_profile,
)

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n"


def colour(picture, at=(5, 5)):
    return Image.open(BytesIO(picture.data)).convert("RGBA").getpixel(at)


def is_red(picture):
    red, green, blue, alpha = colour(picture)
    return red > 250 and green < 5 and blue < 5 and alpha == 255


# Pictures are made when their test runs: each process collects all tests.
@pytest.mark.parametrize(
    ("make", "kind"),
    [
        pytest.param(lambda: saved(red(), "JPEG"), "image/jpeg", id="jpeg"),
        pytest.param(lambda: saved(red(), "PNG"), "image/png", id="png"),
        pytest.param(lambda: saved(red().convert("P"), "PNG"), "image/png", id="palette"),
        pytest.param(lambda: saved(red(mode="CMYK"), "JPEG"), "image/jpeg", id="cmyk"),
        pytest.param(lambda: saved(red(), "WEBP", lossless=True), "image/jpeg", id="webp"),
        pytest.param(lambda: saved(red(), "AVIF"), "image/jpeg", id="avif"),
        pytest.param(lambda: moving("GIF"), "image/png", id="gif"),
        pytest.param(lambda: moving("WEBP"), "image/jpeg", id="moving-webp"),
        pytest.param(with_profile, "image/jpeg", id="profile"),
        pytest.param(lambda: with_profile(b"no profile at all"), "image/jpeg", id="bad-profile"),
    ],
)
def test_a_picture_of_any_kind_is_one_that_all_show(make, kind):
    data = make()

    found = make_ordinary(data)

    assert (found.kind, found.width, found.height) == (kind, 200, 100)
    assert is_red(found)
    assert make_ordinary(data) == found


def test_a_picture_is_turned_upright_and_says_nothing_else():
    found = make_ordinary(sideways())

    picture = Image.open(BytesIO(found.data))
    assert (found.width, found.height) == picture.size == (100, 200)
    assert not picture.getexif()
    assert "comment" not in picture.info
    assert b"somebody" not in found.data


def test_sixteen_bits_are_as_bright_as_they_were():
    found = make_ordinary(sixteen_bits())

    assert colour(found, (10, 5))[0] in range(20, 30)
    assert colour(found, (90, 5))[0] in range(225, 235)


def test_what_shines_through_stays_so():
    found = make_ordinary(saved(red(mode="RGBA"), "WEBP", lossless=True))

    assert found.kind == "image/png"
    assert colour(found) == (255, 0, 0, 128)


def test_a_large_photograph_is_made_smaller():
    found = make_ordinary(photograph(3_000, 1_500))

    assert (found.kind, found.width, found.height) == ("image/jpeg", MOST_SIDE, MOST_SIDE // 2)


def test_a_photograph_as_png_becomes_a_jpeg():
    noise = Image.effect_noise((900, 900), 90)
    found = make_ordinary(saved(Image.merge("RGB", (noise, noise, noise.rotate(90))), "PNG"))

    assert (found.kind, found.width) == ("image/jpeg", 900)


def bomb():
    return saved(Image.new("1", (20_000, 20_000)), "PNG")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        pytest.param(lambda: b"", "is no JPEG", id="empty"),
        pytest.param(lambda: HTML, "is no JPEG", id="html"),
        pytest.param(lambda: SVG, "is no JPEG", id="svg"),
        pytest.param(lambda: EPS, "is no JPEG", id="eps"),
        pytest.param(lambda: photograph()[:20_000], "is damaged", id="cut-jpeg"),
        pytest.param(lambda: saved(red(), "PNG")[:60], "is damaged", id="cut-png"),
        pytest.param(lambda: saved(red(1, 1), "GIF"), "is too small", id="dot"),
        pytest.param(
            lambda: saved(red(20_000, 100), "PNG"), "is too small to be shown", id="strip"
        ),
        pytest.param(bomb, "more than 40 million pixels", id="bomb"),
    ],
)
def test_what_is_no_picture_to_show_is_refused_in_words(make, problem):
    with pytest.raises(ValueError, match=problem):
        make_ordinary(make())


def test_without_pillow_an_ordinary_picture_stays_as_it_is():
    data = a_png(120, 40)

    found = keep_as_it_is(data)

    assert (found.kind, found.width, found.height, found.data) == ("image/png", 120, 40, data)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: SVG, id="svg"),
        pytest.param(lambda: moving("WEBP"), id="moving-webp"),
        pytest.param(lambda: photograph()[:20_000], id="cut-jpeg"),
        pytest.param(lambda: a_png(8, 8), id="dot"),
        pytest.param(lambda: a_png(1_700, 40), id="strip"),
    ],
)
def test_without_pillow_anything_else_is_refused(make):
    data = make()

    with pytest.raises(ValueError, match=r"is (no|cut|too)"):
        keep_as_it_is(data)


def test_a_bug_of_a_decoder_is_a_damaged_picture(monkeypatch):
    def broken(_data):
        raise RuntimeError("out of luck")

    monkeypatch.setattr(ordinary, "_made_ordinary", broken)

    with pytest.raises(ValueError, match="is damaged"):
        make_ordinary(b"x")
