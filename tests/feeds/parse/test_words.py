"""Titles, names and topics in one line: what is markup, what is a word, and who is named."""

import pytest

from dispatch.feeds.parse.words import Kind, name_in, words_of_line


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    "title",
    [
        "The <canvas> element and <b> too",
        "Why I use <b> and not <strong>",
        "The <br> tag",
        "Use </p> with care",
        "Vec<String> and List<T>",
        "2 < 3 > 1",
        "<dialog>, finally",
        "Between <b> and </b> there is room",
    ],
)
def test_a_title_that_speaks_of_tags_keeps_them(title, kind):
    assert words_of_line(title, kind) == title


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("A <b>bold</b> move", "A bold move"),
        ("<i>Unclosed", "Unclosed"),
        ("Closed</b>", "Closed"),
        ("One<br>two<br/> three", "One two three"),
        ('<a href="https://x.example/">Link</a>', "Link"),
        ("<em>Why</em> I use <b> & <canvas>", "Why I use <b> & <canvas>"),
        ("<b><i>Both</i></b>", "Both"),
    ],
)
def test_markup_of_a_title_is_taken_out(title, words, kind):
    assert words_of_line(title, kind) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Arts &amp; Culture", "Arts & Culture"),
        ("Tom &#38; Ana", "Tom & Ana"),
        ("Caf&eacute; <canvas>", "Café <canvas>"),
        ("AT&T", "AT&T"),
        ("&lt;b&gt; &amp; co", "<b> & co"),
        ("a &amp;amp; b", "a &amp; b"),
    ],
)
def test_entities_are_decoded_once_unless_the_format_says_that_there_are_none(text, words):
    assert words_of_line(text, Kind.UNSAID) == words
    assert words_of_line(text, Kind.HTML) == words
    assert words_of_line(text, Kind.TEXT) == text


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("Rael Dornfest (mailto:rael@oreilly.example)", "Rael Dornfest"),
        ("mailto:rael@oreilly.example (Rael Dornfest)", "Rael Dornfest"),
        ("MAILTO:rael@oreilly.example?subject=hello", ""),
        ("<a href='mailto:rael@oreilly.example'>Rael</a>", "Rael"),
        ("Rael &lt;rael@oreilly.example&gt;", "Rael"),
        ("Ada (Editor) <ada@b.example>", "Ada (Editor)"),
        ("ada@b.example, Ada", "Ada"),
        ("Ada [ada@b.example]", "Ada"),
        ("Tom &amp; Ana", "Tom & Ana"),
        ("<b>Ada</b>", "Ada"),
        ("@ada", "@ada"),
        ("Ada (@ada@social.example)", "Ada (@ada@social.example)"),
        ("Team @ Work", "Team @ Work"),
        ("ada @ b.example", ""),
        ("ada@b.example (Ada) and bob@b.example (Bob)", "Ada and Bob"),
        ("Ada - ada@b.example", "Ada"),
        ("Ada | ada@b.example", "Ada"),
        ('Ada <a href="mailto:ada@b.example">', "Ada"),
        ("Ada", "Ada"),
    ],
)
def test_a_byline_gives_the_name_and_no_address(byline, name):
    assert name_in(byline) == name


def test_a_byline_of_nothing_but_addresses_takes_no_time():
    assert name_in("a@" * 10_000) == ""
