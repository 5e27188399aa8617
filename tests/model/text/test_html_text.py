"""The text of HTML on one line: what kept lines apart, and words that were pictures."""

import pytest

from dispatch.model.text.plain_text import text_of_html
from dispatch.render.templates.html_teaser import html_teaser


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<ul><li>Mardi 2 : jazz</li><li>Samedi 6 : bal</li></ul>",
            "Mardi 2 : jazz · Samedi 6 : bal",
        ),
        (
            "<p>To buy:</p><ul><li>bread</li><li>tea</li></ul><p>Now.</p>",
            "To buy: bread · tea · Now.",
        ),
        ("<ol><li><p>One.</p></li><li><p>Two.</p></li></ol>", "One. Two."),
        ("Mardi 2 : jazz<br>Samedi 6 : bal", "Mardi 2 : jazz · Samedi 6 : bal"),
        ("We went<br>to the harbour<br>", "We went to the harbour"),
        (
            "<dl><dt>Bread</dt><dd>is baked</dd><dt>Tea</dt><dd>is drunk</dd></dl>",
            "Bread is baked · Tea is drunk",
        ),
        ("今日は<br>晴れ", "今日は 晴れ"),
        ("10<sup>6</sup> m, 2<sup>n+1</sup>, CO<sub>2</sub>", "10⁶ m, 2ⁿ⁺¹, CO₂"),
        ('In 1990<sup><a href="#f">3</a></sup> we', "In 1990³ we"),
        ("the 1<sup>st</sup>, 2<sup>e</sup>", "the 1st, 2e"),
        ("<p>One</p><p>two</p>", "One two"),
        ('<p>It is <img src="x" alt="5 km"> away.</p>', "It is 5 km away."),
        ('<p>So happy <img src="x" alt=":smile:" width="20"></p>', "So happy :smile:"),
        ('<p><img src="x" alt="A boat"> Long ago there was</p>', "Long ago there was"),
        (
            '<p>Long ago. <img src="x" alt="A boat" width="600"> There was</p>',
            "Long ago. There was",
        ),
        ('<p>Long ago</p><figure><img src="x" alt="A boat"></figure>', "Long ago"),
        ('<p>Long ago<br><img src="x" alt="A boat"><br>there was</p>', "Long ago there was"),
    ],
)
def test_html_on_one_line_says_the_same(html, text):
    assert text_of_html(html) == text
    assert text_of_html(html_teaser(html, words=100)) == text
