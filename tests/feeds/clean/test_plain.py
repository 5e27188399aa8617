"""Plain text stays as its author laid it out."""

import pytest

from dispatch.feeds.clean.plain import html_of_plain, html_of_undeclared, line_of_plain

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
