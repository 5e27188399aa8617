"""The pictures of a template are read with it, within bounds."""

import pytest

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.brand import Brand
from dispatch.model.editions.picture import MOST_BYTES
from dispatch.render.templates.pictures import LOGO, load_pictures
from dispatch.testing.samples import a_png

LARGE = a_png() + b"\0" * (MOST_BYTES - len(a_png()))


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "templates" / "weekly" / "images").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def home(workspace):
    return workspace / "templates" / "weekly"


def test_they_have_the_names_that_a_template_says(workspace, home):
    for name in ("header.PNG", "images/a b.jpg", ".hidden.png"):
        (home / name).write_bytes(a_png())
    (home / "digest.txt").write_text("x")
    (workspace / "logo.png").write_bytes(a_png())

    found = load_pictures(workspace, "weekly", Brand(logo="logo.png"))

    assert list(found) == ["header.PNG", "images/a b.jpg", LOGO]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"a.png": LARGE + b"x"}, r"weekly/a.png: 101 KB - 100 KB is the limit.*save it smaller"),
        ({"a.png": LARGE, "b.png": LARGE, "c.gif": a_png()}, "weekly: 201 KB of pictures"),
        ({"a.png": b"<html>"}, "weekly/a.png: is no PNG, JPEG or GIF"),
        ({f"{number}.png": a_png(1, 1) for number in range(21)}, "21 pictures - 20 is the limit"),
    ],
)
def test_what_mails_should_not_carry_is_told(workspace, home, files, problem):
    for name, data in files.items():
        (home / name).write_bytes(data)

    with pytest.raises(TemplateFailed, match=problem):
        load_pictures(workspace, "weekly", Brand())


def test_a_link_to_outside_is_not_followed(workspace, home, tmp_path_factory):
    secret = tmp_path_factory.mktemp("outside") / "a.png"
    secret.write_bytes(a_png())
    for path, brand in ((home / "a.png", Brand()), (workspace / "l.png", Brand(logo="l.png"))):
        path.symlink_to(secret)

        with pytest.raises(TemplateFailed, match="is a link to outside"):
            load_pictures(workspace, "weekly", brand)

        path.unlink()


@pytest.mark.parametrize(
    ("logo", "advice"),
    [
        ("lgo.png", r"did you mean 'logo.png'\?"),
        ("Brnd/logo.png", r"there is no folder 'Brnd'; did you mean 'brand'\?"),
        ("brand/new/logo.png", "there is no folder 'new'$"),
        ("www.example.org/logo.png", "write https://www.example.org/logo.png if it is on the web"),
    ],
)
def test_a_logo_that_is_not_there_is_told(workspace, logo, advice):
    (workspace / "logo.png").write_bytes(a_png())
    (workspace / "brand").mkdir()

    with pytest.raises(TemplateFailed, match=f"{logo}: no such file - {advice}"):
        load_pictures(workspace, "weekly", Brand(logo=logo))
