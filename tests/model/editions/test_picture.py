"""What a mail can hold as a picture, told by its bytes."""

import pytest

from dispatch.model.editions.picture import read_picture
from dispatch.testing.samples import a_png

GIF = b"GIF89a" + (300).to_bytes(2, "little") + (40).to_bytes(2, "little") + b"\0" * 9 + b";"
FRAME = b"\xff\xc2\x00\x11\x08" + (480).to_bytes(2) + (640).to_bytes(2) + b"\0" * 10
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff" + FRAME + b"\xff\xda\0\xff\xd9"


@pytest.mark.parametrize(
    ("data", "kind", "sides"),
    [
        (a_png(1200, 200), "image/png", (1200, 200)),
        (GIF, "image/gif", (300, 40)),
        (JPEG, "image/jpeg", (640, 480)),
        (a_png(3, 2) + b"more", "image/png", (3, 2)),
        (JPEG + b"more", "image/jpeg", (640, 480)),
        (GIF + b"\0\0", "image/gif", (300, 40)),
    ],
)
def test_kind_and_sides_are_in_the_bytes(data, kind, sides):
    picture = read_picture("a.png", data)

    assert (picture.kind, (picture.width, picture.height)) == (kind, sides)


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg/>", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff",
     b"\xff\xd8\xff\xe0\x00\x00", JPEG[:15]],
)  # fmt: skip
def test_what_no_mail_program_is_sure_to_show_is_none(data):
    with pytest.raises(ValueError, match="no PNG, JPEG or GIF"):
        read_picture("a.png", data)


@pytest.mark.parametrize(
    "data",
    [*(a_png()[:length] for length in (22, 30, 60, -12, -1)), JPEG[:-1], JPEG[:-5], GIF[:-1],
     a_png(0, 0), a_png(5, 0)],
)  # fmt: skip
def test_what_is_cut_off_is_told(data):
    with pytest.raises(ValueError, match="is cut off or damaged - save it again"):
        read_picture("a.png", data)
