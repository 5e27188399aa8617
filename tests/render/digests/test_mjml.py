import re

import pytest

from dispatch.errors import TemplateFailed
from dispatch.render.digests.mjml import html_of_mjml
from render.render_samples import Page

COLUMN = """<mjml>
<mj-body>
<mj-section>
<mj-column>
{}
</mj-column>
</mj-section>
</mj-body>
</mjml>"""


def html(mjml: str) -> str:
    return html_of_mjml(mjml, template="own", sources={"digest.mjml": mjml})


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<mj-text>never closed", "digest.mjml:5: <mj-text> is not closed before </mj-column>"),
        ("<mj-text><p>a</mj-text>", "digest.mjml:5: <p> is not closed before </mj-text>"),
        ("</mj-text>", "digest.mjml:4: <mj-column> is not closed before </mj-text>"),
        ("<mj-txt>a</mj-txt>", "digest.mjml:5: <mj-txt> is no MJML element"),
        ("<mj-text color=red>a</mj-text>", "digest.mjml:5: <mj-text> has a value without quotes"),
        ("<mj-include path='/etc/passwd' />", "digest.mjml:5: not MJML near"),
    ],
)
def test_broken_mjml_is_told_with_its_line(inside: str, message: str) -> None:
    with pytest.raises(TemplateFailed, match=re.escape(f"templates/own/{message}")):
        html(COLUMN.format(inside))


@pytest.mark.parametrize("mjml", ["", "hello", "<html></html>", "{", "<mjml><mj-body>"])
def test_what_is_not_mjml_at_all_is_refused(mjml: str) -> None:
    with pytest.raises(TemplateFailed, match=r"^templates/own/digest.mjml"):
        html(mjml)


def test_spaces_between_elements_do_not_matter() -> None:
    mjml = "<mjml>  <mj-head>  <mj-title>t</mj-title>  \n </mj-head> <mj-body> </mj-body> </mjml>"

    page = html(mjml)

    assert "<title>t</title>" in page


def test_a_font_that_mrml_knows_is_not_fetched() -> None:
    page = html(COLUMN.format('<mj-text font-family="Ubuntu, Roboto, Lato">a</mj-text>'))

    assert "fonts.googleapis" not in page
    assert not Page(page).all("link")


def test_what_is_for_certain_screens_survives_the_inlining() -> None:
    style = (
        "<mj-head><mj-style>.a { color: red } @media (prefers-color-scheme: dark) "
        "{ .a { color: white !important } }</mj-style></mj-head><mj-body>"
    )
    mjml = COLUMN.format('<mj-text><p class="a">x</p></mj-text>').replace("<mj-body>", style)

    page = html(mjml)

    assert "@media (prefers-color-scheme: dark)" in page
    assert "color: red" in str(Page(page).all("p")[0]["style"])
    assert "#outlook a" in page


@pytest.mark.parametrize(
    "words", ["🏳️‍🌈", "e\u0301", "a\\b", "a\xa0b", "été 日本", "l'été", "a\u2028b"]
)
def test_an_attribute_keeps_every_letter(words: str) -> None:
    image = f'<mj-image src="https://a.example/x.png" alt="{words}" />'
    inside = f'{image}<mj-text><i title="{words}">x</i></mj-text>'

    page = Page(html(COLUMN.format(inside)))

    assert [attrs["alt"] for attrs in page.all("img")] == [words]
    assert [attrs["title"] for attrs in page.all("i")] == [words]


def test_quotes_inside_quotes_and_lines_inside_an_attribute_come_through() -> None:
    inside = "<mj-text><i title='say \"a\"' style='color: red;\n  margin: 0'>x</i></mj-text>"

    [attrs] = Page(html(COLUMN.format(inside))).all("i")

    assert attrs == {"title": 'say "a"', "style": "color: red;   margin: 0"}
