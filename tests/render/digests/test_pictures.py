"""Pictures in the HTML of a digest: those of the template go with the mail."""

import pytest

from dispatch.model.editions.picture import read_picture
from dispatch.render.digests.pictures import (
    pictures_in,
    relative_addresses,
    shown_alone,
    with_pictures,
)
from dispatch.testing.samples import a_png

HEADER = read_picture("a b.png", a_png())
NAMED = {"a b.png": HEADER}


@pytest.mark.parametrize(
    "before",
    [
        '<img src="a b.png">', "<img alt='>' src='a%20b.png'>", '<IMG SRC="./a b.png"/>',
        '<td background="a b.png">', '<td style="background:#fff url(a%20b.png) no-repeat">',
        "<td style=\"background:url('a b.png')\">", "<style>.x{background:url(a%20b.png)}</style>",
        '<!--[if mso]><v:fill src="a b.png" /><![endif]-->',
        '<td style="background:url(&quot;a b.png&quot;)">',
        '<img srcset="a%20b.png">', "<source srcset='a%20b.png 1x,./a%20b.png 2x'>",
        '<video poster="a b.png">',
    ],
)  # fmt: skip
def test_its_name_becomes_the_one_in_the_mail(before):
    html = with_pictures(before, NAMED)

    assert HEADER.address in html
    assert "b.png" not in html
    assert pictures_in(html, [HEADER, HEADER]) == (HEADER,)
    assert HEADER.data in shown_alone(html, [HEADER])


@pytest.mark.parametrize("name", ["l'été (2).png", "a&b.png", "100%.png"])
@pytest.mark.parametrize("before", ['<img src="{}">', "<td style='background:url(\"{}\")'>"])
def test_its_name_may_have_signs(name, before):
    html = with_pictures(before.format(name.replace("'", "&#39;")), {name: HEADER})

    assert HEADER.address in html


@pytest.mark.parametrize(
    "html",
    ['<p>src="a b.png"</p>', '<img src="https://x.example/a b.png">', '<a href="a b.png">',
     '<img src="c.png">', '<img src="A B.png">'],
)  # fmt: skip
def test_anything_else_stays(html):
    assert with_pictures(html, NAMED) == html


def test_addresses_that_lead_nowhere_are_found():
    html = (
        '<img src="c.png"><img src="https://x.example/a.png"><img src="cid:x"><img src="">'
        '<img src="data:,"><td background="/d.png"><img src="//x.example/a.png">'
        '<img srcset="https://x.example/a,b.png 1x, e.png 2x"><img src="l\'f.png">'
    )

    assert list(relative_addresses(html)) == ["c.png", "/d.png", "e.png", "l'f.png"]
