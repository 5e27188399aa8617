"""Pictures as feeds and pages have them, the bad ones included; made here, so that none is kept."""

from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


def saved(picture: Image.Image, form: str, **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def red(width: int = 200, height: int = 100, mode: str = "RGB") -> Image.Image:
    colours = {"RGB": (255, 0, 0), "RGBA": (255, 0, 0, 128), "CMYK": (0, 255, 255, 0), "L": 76}
    return Image.new(mode, (width, height), colours[mode])


@cache
def photograph(width: int = 800, height: int = 600) -> bytes:
    return saved(Image.effect_noise((width, height), 80).convert("RGB"), "JPEG", quality=92)


def sixteen_bits() -> bytes:
    picture = Image.new("I;16", (100, 60))
    for x in range(100):
        for y in range(60):
            picture.putpixel((x, y), x * 655)
    return saved(picture, "PNG")


def sideways() -> bytes:
    """200 by 100 as stored, to be turned by its EXIF, which also says where it was taken."""
    picture = red()
    exif = picture.getexif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (48.0, 51.0, 24.0)}
    return saved(picture, "JPEG", exif=exif, comment=b"by somebody")


def moving(form: str) -> bytes:
    blue = Image.new("RGB", (200, 100), "blue")
    return saved(red(), form, save_all=True, append_images=[blue])


def with_profile(profile: bytes = b"") -> bytes:
    found = profile or ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(red(), "JPEG", icc_profile=found)
