"""What a page hides: found in foreign HTML, marked for the cleaning, taken out with its marks."""

import pytest

from dispatch.feeds.clean.hidden import WRAPPERS, mark_hidden, may_hide, without_hidden


@pytest.mark.parametrize(
    ("html", "may"),
    [
        ("<p>a</p>", False),
        ('<p style="display:none">a</p>', True),
        ('<p style="DISPLAY :\n NONE">a</p>', True),
        ('<p style="display: block">none</p>', False),
        ("<p hidden>a</p>", True),
        ("<p class=x HIDDEN>a</p>", True),
        ("<p title='x'hidden>a</p>", True),
        ('<p title="x"hidden>a</p>', True),
        ("<p hidden=until-found>a</p>", True),
        ("<p hidden/>", True),
        ("<p>hidden treasure</p>", False),
        ("<p class=hiddenly>a</p>", False),
        ("<p class=un-hidden>a</p>", False),
        ("<hidden>a", False),
        ("none of it is hidden", False),
    ],
)
def test_whether_anything_may_be_hidden(html, may):
    assert may_hide(html) is may


@pytest.mark.parametrize(
    ("tag", "name", "value", "kept"),
    [
        ("p", "style", "display:none", "-"),
        ("p", "style", "color:red; Display : None", "-"),
        ("p", "style", "color:red", None),
        ("p", "hidden", "", ""),
        ("p", "title", "display:none", "display:none"),
        ("img", "style", "display:none", "display:none"),
        ("img", "style", "width:1px", "width:1px"),
    ],
)
def test_what_is_kept_of_an_attribute(tag, name, value, kept):
    assert mark_hidden(tag, name, value) == kept


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("", ""),
        ("a", "a"),
        ("<p>a</p> b", "<p>a</p> b"),
        ('a<b style="-">b</b>c', "ac"),
        ('a<b hidden="">b</b>c', "ac"),
        ('<b style="-">a<i>b<u>c</u></i>d</b>e', "e"),
        ('<b style="-">a</b><b style="-">b</b>c', "c"),
        ('<b style="-">a<br>b<hr>c<img src="x"></b>d', "d"),
        ('a<br style="-">b<hr hidden="">c', "abc"),
        ('<img style="-" src="x">a', '<img style="-" src="x">a'),
        ('<img hidden="" src="x">', '<img hidden="" src="x">'),
        ('<b style="-">a</b>b</i>c', "b</i>c"),
        ('<p title="style">a</p>', '<p title="style">a</p>'),
        ("<h1>a</h1><h2>b</h2>", "<h1>a</h1><h2>b</h2>"),
        ('<section style="-">a</section>b', "b"),
    ],
)
def test_what_is_left(html, shown):
    assert without_hidden(html) == shown


@pytest.mark.parametrize("name", sorted(WRAPPERS))
def test_what_may_only_hide_goes_and_what_is_in_it_stays(name):
    assert without_hidden(f"a<{name}>b<p>c</p></{name}>d") == "ab<p>c</p>d"
