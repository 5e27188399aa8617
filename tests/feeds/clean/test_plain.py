"""Plain text stays as its author laid it out."""

import pytest

from dispatch.feeds.clean.plain import (
    NARROWEST_COLUMN,
    WIDEST_COLUMN,
    has_markup,
    html_of_plain,
    html_of_undeclared,
    line_of_plain,
)

A = '<a href="https://a.example/x">https://a.example/x</a>'
WRAPPED = (
    "This text was broken by a program at some column, as mail programs do,\n"
    "and so none of its line ends says anything about what its author meant\n"
    "to say."
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("One\r\ntwo\r\n \r\nThree", "<p>One<br>two</p><p>Three</p>"),
        ("00:00 Start\n02:10 The ferry", "<p>00:00 Start<br>02:10 The ferry</p>"),
        ("1 < 2 & <b>3</b>", "<p>1 &lt; 2 &amp; &lt;b&gt;3&lt;/b&gt;</p>"),
        ("See https://a.example/x.", f"<p>See {A}.</p>"),
        ("(https://a.example/x)", f"<p>({A})</p>"),
        (
            "https://a.example/x_(y)",
            '<p><a href="https://a.example/x_(y)">https://a.example/x_(y)</a></p>',
        ),
        ("www.a.example/x", '<p><a href="https://www.a.example/x">www.a.example/x</a></p>'),
        ("mail me@www.a.example", "<p>mail me@www.a.example</p>"),
        (WRAPPED, f"<p>{WRAPPED.replace(chr(10), ' ')}</p>"),
        ("Laid out\n   with the XML\n   around it", "<p>Laid out with the XML around it</p>"),
        ("To buy\n  - bread\n  - tea", "<p>To buy<br>- bread<br>- tea</p>"),
        (
            "def f(x):\n    if x:\n        return 1",
            "<pre>def f(x):<br>    if x:<br>        return 1</pre>",
        ),
        ("a:\n    b\n    c", "<pre>a:<br>    b<br>    c</pre>"),
        (" /\\_/\\\n( o.o )", "<pre> /\\_/\\<br>( o.o )</pre>"),
        ("name\tage\nAda\t36", "<pre>name    age<br>Ada 36</pre>"),
        ("Two.  Spaces\nhere", "<p>Two.  Spaces<br>here</p>"),
        (" \n ", ""),
    ],
)
def test_lines_and_addresses_stay(text, html):
    assert html_of_plain(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Tom &amp; Ana\n2 &lt; 3", "<p>Tom &amp; Ana<br>2 &lt; 3</p>"),
        ("Tom &amp; Ana", "Tom &amp; Ana"),
        ("See https://a.example/x", f"<p>See {A}</p>"),
    ],
)
def test_a_text_of_no_declared_type_may_have_entities(text, html):
    assert html_of_undeclared(text) == html


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Mardi 2 : jazz\nSamedi 6 : bal", "Mardi 2 : jazz · Samedi 6 : bal"),
        ("One.\nTwo!\nThree", "One. Two! Three"),
        ("We went\nto the harbour", "We went to the harbour"),
        ("To buy\n- bread\n- tea", "To buy - bread - tea"),
        ("今日は\n晴れ", "今日は 晴れ"),
    ],
)
def test_lines_of_a_list_stay_apart_on_one_line(text, line):
    assert line_of_plain(text) == line


def link(address, shown=""):
    return f'<a href="{address}">{shown or address}</a>'


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("", False),
        ("1 < 2", False),
        ("1 <2> 3", False),
        ("<b>a", True),
        ("a</p>", True),
        ("a<br/>", True),
        ("a <!-- b\nc --> d", True),
        ("<a\nhref=x>", True),
        ("me <me@a.example", False),
        ("a > b", False),
        ("&lt;b&gt;", False),
    ],
)
def test_a_text_with_a_tag_is_html(text, has):
    assert has_markup(text) is has


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\rb", "<p>a<br>b</p>"),
        ("a\r\nb", "<p>a<br>b</p>"),
        ("a\u2028b\u2029c", "<p>a<br>b</p><p>c</p>"),
        ("a\n \t\n\n b", "<p>a</p><p>b</p>"),
        ("\n\na\n\n", "<p>a</p>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("One\n two\n three", "<p>One two three</p>"),
        ("One\n two\nthree", "<p>One<br>two<br>three</p>"),
        ("One\n 2 two", "<p>One<br>2 two</p>"),
        ("One\n (two", "<p>One (two</p>"),
        ("", ""),
    ],
)
def test_where_lines_and_paragraphs_end(text, html):
    assert html_of_plain(text) == html


def lines(*widths):
    return "\n".join("x" * width for width in widths)


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        (lines(NARROWEST_COLUMN, 10), True),
        (lines(NARROWEST_COLUMN - 1, 10), False),
        (lines(WIDEST_COLUMN, 10), True),
        (lines(WIDEST_COLUMN + 1, 10), False),
        (lines(WIDEST_COLUMN), False),
        # The next word, with its space, would have stood there: not the program broke the line.
        (lines(60, 50, 8), True),
        (lines(60, 50, 7), False),
        (lines(60, 50) + "\n" + "x" * 8 + " y", True),
        (lines(60, 50) + "\n" + "x" * 7 + " y", False),
    ],
)
def test_lines_that_a_program_broke_at_its_column_are_one(text, wrapped):
    assert ("<br>" not in html_of_plain(text) and "\n" in text) is wrapped
    assert (NARROWEST_COLUMN, WIDEST_COLUMN) == (60, 100)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("http://a.example", link("http://a.example")),
        ("HTTPS://a.example/x", link("HTTPS://a.example/x")),
        (
            "https://a.example/?a=1&b=2, or",
            link("https://a.example/?a=1&amp;b=2") + ", or",
        ),
        ("a https://a.example/x b http://b.example/ c",
         f"a {A} b {link('http://b.example/')} c"),
        ('"https://a.example/x"', f'"{A}"'),
        ("<https://a.example/x>", f"&lt;{A}&gt;"),
        ("[https://a.example/x]", f"[{A}]"),
        ("{https://a.example/x}.", f"{{{A}}}."),
        ("(see https://a.example/(x).)", f"(see {link('https://a.example/(x)')}.)"),
        ("https://a.example/x?!…", f"{A}?!…"),
        ("www.a.example/?u=//b", link("https://www.a.example/?u=//b", "www.a.example/?u=//b")),
        ("www.a.b//c", link("https://www.a.b//c", "www.a.b//c")),
        ("https://a.example/it's", link("https://a.example/it&#x27;s", "https://a.example/it's")),
        ("www.", "www."),
        ("www.com", "www.com"),
        ("xhttps://a.example/x", "xhttps://a.example/x"),
        ("/https://a.example/x", "/https://a.example/x"),
        ("it's", "it's"),
    ],
)  # fmt: skip
def test_an_address_ends_where_its_author_s_sentence_goes_on(text, html):
    assert html_of_plain(text) == f"<p>{html}</p>"


def test_a_text_of_no_declared_type_without_lines_and_addresses_stays_as_it_is():
    assert html_of_undeclared("a  b &lt; c") == "a  b &lt; c"
    assert html_of_undeclared("a&#10;b") == "<p>a<br>b</p>"
    assert html_of_undeclared("www.a.example") == (
        f"<p>{link('https://www.a.example', 'www.a.example')}</p>"
    )
