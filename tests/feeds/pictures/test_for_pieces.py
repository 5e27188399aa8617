"""What somebody uploads for a piece becomes a picture that mails show, or the word for why not."""

from io import BytesIO
from struct import pack
from zlib import crc32

import pytest
from PIL import Image

from dispatch.feeds.pictures import for_pieces
from dispatch.feeds.pictures.for_pieces import make_for_piece
from dispatch.feeds.pictures.reader import FOR_PIECES, PictureReader, needs_extra
from dispatch.model.editions.uploaded import (
    MOST_FRAMES,
    MOST_HEIGHT,
    MOST_MOVING_WIDTH,
    MOST_WIDTH,
    Unfit,
)
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


def opened(picture):
    return Image.open(BytesIO(picture.data))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        pytest.param(lambda: saved(red(), "JPEG"), "image/jpeg", id="jpeg"),
        pytest.param(lambda: saved(red(mode="CMYK"), "JPEG"), "image/jpeg", id="cmyk"),
        pytest.param(lambda: saved(red(), "WEBP", lossless=True), "image/jpeg", id="webp"),
        pytest.param(lambda: saved(red(), "PNG"), "image/png", id="png"),
        pytest.param(lambda: saved(red(), "GIF"), "image/png", id="gif"),
        pytest.param(with_profile, "image/jpeg", id="profile"),
    ],
)
def test_a_picture_of_any_kind_is_one_that_all_mail_programs_show(make, kind):
    data = make()

    found = make_for_piece(data)

    assert (found.kind, found.width, found.height) == (kind, 200, 100)
    red_, green, blue = opened(found).convert("RGB").getpixel((5, 5))
    assert red_ > 250
    assert max(green, blue) < 5
    assert make_for_piece(data) == found


def test_it_is_upright_and_says_nothing_of_where_it_was_taken():
    found = make_for_piece(sideways())

    assert (found.width, found.height) == (100, 200)
    assert not opened(found).getexif()
    assert b"somebody" not in found.data


@pytest.mark.parametrize(
    ("width", "height", "kept"),
    [
        pytest.param(3_000, 1_500, (MOST_WIDTH, MOST_WIDTH // 2), id="wide"),
        pytest.param(500, 5_000, (MOST_HEIGHT // 10, MOST_HEIGHT), id="high"),
        pytest.param(20_000, 1_000, (MOST_WIDTH, 60), id="very-wide"),
    ],
)
def test_it_is_no_larger_than_a_mail_shows(width, height, kept):
    found = make_for_piece(saved(red(width, height, "L"), "PNG"))

    assert (found.width, found.height) == opened(found).size == kept


def test_a_drawing_has_a_palette_and_loses_nothing():
    drawing = red(400, 300)
    drawing.paste("blue", (10, 10, 50, 50))

    found = make_for_piece(saved(drawing, "PNG"))

    assert opened(found).mode == "P"
    assert opened(found).convert("RGB").tobytes() == drawing.tobytes()


def test_what_shines_through_stays_so():
    found = make_for_piece(saved(red(mode="RGBA"), "WEBP", lossless=True))

    assert found.kind == "image/png"
    assert opened(found).convert("RGBA").getpixel((5, 5)) == (255, 0, 0, 128)


def test_what_shines_through_and_has_all_colours_has_fewer(monkeypatch):
    monkeypatch.setattr(for_pieces, "MOST_PNG", 100_000)
    noise = Image.effect_noise((200, 200), 90)
    many = Image.merge("RGBA", (noise, noise.rotate(90), noise.rotate(180), noise.rotate(270)))

    found = make_for_piece(saved(many, "PNG", compress_level=1))

    assert found.kind == "image/png"
    assert len(found.data) < for_pieces.MOST_PNG
    assert len(set(opened(found).convert("RGBA").getchannel("A").tobytes())) > 1


def test_sixteen_bits_are_as_bright_as_they_were():
    found = make_for_piece(sixteen_bits())

    assert opened(found).convert("L").getpixel((10, 5)) in range(20, 30)
    assert opened(found).convert("L").getpixel((90, 5)) in range(225, 235)


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_what_moves_does_so_still(form):
    found = make_for_piece(moving(form))

    picture = opened(found)
    assert (found.kind, picture.n_frames) == ("image/gif", 2)
    second = picture.copy()
    picture.seek(1)
    assert picture.convert("RGB").getpixel((5, 5))[2] > 250
    assert second.convert("RGB").getpixel((5, 5))[0] > 250


def test_what_moves_is_clear_where_it_was_and_no_wider_than_the_column():
    one, two = red(1_300, 100, "RGBA"), red(1_300, 100, "RGBA")
    for picture, left in ((one, 0), (two, 700)):
        picture.paste((0, 0, 0, 0), (left, 0, left + 600, 100))

    found = make_for_piece(saved(one, "WEBP", save_all=True, append_images=[two], lossless=True))

    picture = opened(found)
    assert found.width == MOST_MOVING_WIDTH
    assert picture.convert("RGBA").getpixel((20, 20))[3] == 0
    picture.seek(1)
    assert picture.convert("RGBA").getpixel((580, 20))[3] == 0
    assert picture.convert("RGBA").getpixel((20, 20))[3] == 255


def frames(number, size=(20, 20)):
    made = [Image.new("L", size, at % 256) for at in range(number)]
    return saved(made[0], "GIF", save_all=True, append_images=made[1:])


def said_to_be(width, height):
    """A PNG whose head says that it is so large."""
    data = bytearray(saved(red(), "PNG"))
    data[16:24] = pack(">II", width, height)
    data[29:33] = pack(">I", crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(lambda: HTML, Unfit.NO_PICTURE, id="html"),
        pytest.param(lambda: SVG, Unfit.NO_PICTURE, id="svg"),
        pytest.param(lambda: b"\0" * 100, Unfit.NO_PICTURE, id="nothing"),
        pytest.param(lambda: photograph()[:20_000], Unfit.DAMAGED, id="cut-jpeg"),
        pytest.param(lambda: saved(red(), "PNG")[:60], Unfit.DAMAGED, id="cut-png"),
        pytest.param(lambda: moving("GIF")[:200], Unfit.DAMAGED, id="cut-gif"),
        pytest.param(lambda: saved(red(), "WEBP")[:60], Unfit.DAMAGED, id="cut-webp"),
        pytest.param(lambda: saved(red(1, 1), "GIF"), Unfit.TOO_SMALL, id="dot"),
        pytest.param(lambda: saved(red(20_000, 40), "PNG"), Unfit.TOO_SMALL, id="thread"),
        pytest.param(lambda: said_to_be(20_000, 20_000), Unfit.TOO_MANY_PIXELS, id="bomb"),
        pytest.param(lambda: frames(MOST_FRAMES + 1), Unfit.MOVES_TOO_MUCH, id="film"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_a_word(make, why):
    data = make()

    with pytest.raises(ValueError, match=f"^{why}$"):
        make_for_piece(data)


def test_a_film_that_stays_too_heavy_is_refused(monkeypatch):
    monkeypatch.setattr(for_pieces, "MOST_KEPT", 50_000)
    made = [Image.effect_noise((300, 150), 100 + at) for at in range(3)]

    with pytest.raises(ValueError, match=f"^{Unfit.MOVES_TOO_MUCH}$"):
        make_for_piece(saved(made[0], "GIF", save_all=True, append_images=made[1:]))


def test_it_is_read_in_a_process_of_its_own():
    reader = PictureReader(program=FOR_PIECES, without=needs_extra)
    try:
        found = reader(saved(red(2_000, 1_000), "JPEG"))
        with pytest.raises(ValueError, match=r"^damaged$"):
            reader(photograph()[:20_000])
    finally:
        reader.close()

    assert (found.width, found.height) == (MOST_WIDTH, MOST_WIDTH // 2)
