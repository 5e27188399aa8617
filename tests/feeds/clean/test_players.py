"""Players, films and images for programs: what each tag of a foreign page is turned into."""

import pytest

from dispatch.feeds.clean.embeds import LONGEST_LABEL, with_links_for_embeds

HOME = "https://blog.example"
BASE = f"{HOME}/posts/1"
FILM = "8Fn_30AD7Pk"
WATCH = f"https://www.youtube.com/watch?v={FILM}"


def made(html):
    return with_links_for_embeds(html, base=BASE)


def link(url, label):
    return f"<a href={url}>▶ {label}</a>"


@pytest.mark.parametrize("html", ["", "a", "<p>a</p>", "<img src=x>", "<source src=x>", "<videos>"])
def test_without_a_player_nothing_changes(html):
    assert made(html) == html


@pytest.mark.parametrize(
    ("player", "shown"),
    [
        (f"<iframe src=//youtube.com/embed/{FILM}>", link(WATCH, "YouTube")),
        (f"<IFRAME SRC=//youtube.com/embed/{FILM} title='My film'>", link(WATCH, "My film")),
        (f"<iframe data-lazy-src=//youtube.com/embed/{FILM}>", link(WATCH, "YouTube")),
        (
            f"<iframe src=/x data-src=//youtube.com/embed/{FILM}>",
            link(f"{HOME}/x", "blog.example"),
        ),
        ("<iframe src=/y src=/x>", link(f"{HOME}/y", "blog.example")),
        ("<iframe data-a-src=/y data-b-src=/x>", link(f"{HOME}/y", "blog.example")),
        ("<iframe data-title=/x data-a-src=/y>", link(f"{HOME}/y", "blog.example")),
        ("<iframe src=about:blank data-a-src=/y>", link(f"{HOME}/y", "blog.example")),
        ("<iframe src=//youtube.com/about>", link("https://youtube.com/about", "YouTube")),
        ("<iframe src=/x aria-label=Two></iframe>", link(f"{HOME}/x", "Two")),
        ("<lite-youtube videoid=8Fn_30AD7Pk title=One>", link(WATCH, "One")),
        (f"<amp-facebook data-href={HOME}/x>", link(f"{HOME}/x", "blog.example")),
    ],
)
def test_a_link_stands_for_a_frame_and_apart_from_the_text_around_it(player, shown):
    made_of = made(f"x{player}y").replace(player if player[1] in "la" else "", "")

    assert made_of == f"x {shown} y"
    assert made(f"x {player} y").count("  ") == 0
    assert made(f"<p>{player}").startswith(f"<p>{shown}")


@pytest.mark.parametrize(
    "frame",
    [
        "<iframe>",
        "<iframe src=javascript:x()>",
        "<iframe src=/x hidden>",
        "<iframe src=/x width=1>",
        "<iframe src=/x style='display:none'>",
        "<iframe src=https://www.facebook.com/plugins/like.php>",
    ],
)
def test_a_frame_that_shows_nothing_leaves_nothing(frame):
    assert made(f"x{frame}y") == "xy"
    assert made(f"x{frame}old</iframe>y") == "xy"


@pytest.mark.parametrize(
    ("player", "shown"),
    [
        ("<video src=/v/a%20b.mp4>", link(f"{HOME}/v/a%20b.mp4", "a b.mp4")),
        ("<audio data-src=/a.mp3>", link(f"{HOME}/a.mp3", "a.mp3")),
        ("<audio src=/a.mp3 title=One aria-label=Two>", link(f"{HOME}/a.mp3", "One")),
        ("<audio src=/a.mp3 aria-label=Two>", link(f"{HOME}/a.mp3", "Two")),
        ("<video src=https://x.example/>", link("https://x.example/", "x.example")),
        ("<video src='/a?b=1&amp;c=2'>", link(f"{HOME}/a?b=1&amp;c=2", "blog.example")),
        (f"<video src=//youtube.com/embed/{FILM}>", link(WATCH, "YouTube")),
        ("<video>", ""),
        ("<video src=blob:x>", ""),
        ("<video src=/a.SWF>", ""),
        ("<video src=https://www.facebook.com/tr?id=1>", ""),
    ],
)
def test_a_link_stands_for_a_player(player, shown):
    name = player[1:6]

    assert made(f"x{player}y") == (f"x {shown} y" if shown else "xy")
    assert made(f"x {player} y").count("  ") == (not shown)
    assert made(f"<p>{player}y</{name}>z") == (
        f"<p>{shown}<{name}> y</{name}> z" if shown else f"<p><{name}>y</{name}>z"
    )


def test_a_label_is_no_longer_than_a_title_and_on_one_line():
    title = "word " * LONGEST_LABEL

    made_of = made(f'<audio src=/a.mp3 title="{title}\nend">')

    label = made_of.partition("▶ ")[2].partition("</a>")[0]
    assert LONGEST_LABEL - 6 < len(label) <= LONGEST_LABEL
    assert "\n" not in label
    assert made("<audio src=/a.mp3 title='a &lt;\n&amp;'>").startswith(
        "<a href=https://blog.example/a.mp3>▶ a &lt; &amp;</a>"
    )


@pytest.mark.parametrize(
    ("html", "links"),
    [
        ("<video title=T><source src=/a.mp4><source src=/b.webm></video>", ["/a.mp4>▶ T"]),
        ("<video src=/a.mp4><source src=/b.webm></video>", ["/a.mp4>▶ a.mp4"]),
        ("<video></video><source src=/b.webm>", []),
        ("<video></VIDEO><audio><source data-src=/c.mp3></audio>", ["/c.mp3>▶ c.mp3"]),
        ("<video><audio src=/c.mp3>", ["/c.mp3>▶ c.mp3"]),
        ("<source src=/b.webm><video src=/a.mp4>", ["/a.mp4>▶ a.mp4"]),
        ("<video src=/a.mp4></video><video src=/b.mp4></video>",
         ["/a.mp4>▶ a.mp4", "/b.mp4>▶ b.mp4"]),
    ],
)  # fmt: skip
def test_a_player_has_one_link_to_its_first_file(html, links):
    result = made(html)

    assert [
        one.partition("</a>")[0] for one in result.split("<a href=https://blog.example")[1:]
    ] == (links)
    assert result.index("<video") > result.find("▶ T") if "T" in html else True


@pytest.mark.parametrize(("letters", "whole"), [(LONGEST_LABEL, True), (LONGEST_LABEL + 1, False)])
def test_a_label_of_a_hundred_letters_is_shown_whole(letters, whole):
    title = "x" * (letters - 2) + " y"

    assert LONGEST_LABEL == 100
    assert (f"▶ {title}</a>" in made(f"<audio src=/a.mp3 title='{title}'>")) is whole


A, B = "<img src=/a.jpg>", "<img src=/b.jpg>"
LATE = "<img data-src=/a.jpg>"
PIXEL = "<img src=/p.gif width=1>"


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (f"<noscript>{A}</noscript>", A),
        (f"{LATE}<noscript>{A}</noscript>", LATE),
        ("<img><noscript>" + A + "</noscript>", A),
        (f"<img> <noscript> {A} </noscript>", f" {A}"),
        (f"<img>x<noscript>{A}</noscript>", f"<img>x{A}"),
        (f"<noscript>{A}</noscript>{LATE}", A),
        (f"<noscript>{A}</noscript> {LATE}", f"{A} "),
        (f"<noscript>{A}</noscript>{B}", A + B),
        (f"{A}<noscript>{B}</noscript>", A + B),
        (f"<img><noscript>{A}</noscript>{B}", A + B),
        (f"<noscript>{A}{B}</noscript>", A + B),
        (f"<img><noscript>{PIXEL}</noscript>", "<img>"),
        (f"<noscript>Scripts, please <b>{A}</b></noscript>c", f"{A}c"),
        (
            "<noscript><iframe src=x></iframe>a</noscript>b",
            link(f"{BASE[:-1]}x", "blog.example") + " b",
        ),
        ("<noscript>a<video src=/v.mp4></noscript>b", "b"),
        (f"<noscript>{A}", f"<noscript>{A}"),
        ("a</noscript>b<noscript>c</noscript>", "abc".replace("c", "")),
    ],
)
def test_what_is_for_those_without_scripts_stands_in_for_what_a_script_shows(html, left):
    assert (
        made(html).replace("<noscript>", "" if html.count("</noscript") else "<noscript>") == left
    )


@pytest.mark.parametrize(
    "html",
    [
        "<script>'<noscript>'</script><noscript></noscript>a",
        "<script>'<video src=/a.mp4>'</script>",
        "<SCRIPT>'<iframe src=//youtube.com/embed/8Fn_30AD7Pk>'</SCRIPT>",
    ],
)
def test_words_of_a_program_are_left_to_the_cleaning(html):
    assert "▶" not in made(html)
    assert made(html).endswith(html[-1])


def test_after_a_program_tags_count_again():
    html = "<script>x</script><video src=/a.mp4>"

    assert made(html) == f"<script>x</script> {link(f'{HOME}/a.mp4', 'a.mp4')}"


def test_a_program_that_has_no_end_hides_nothing():
    assert "▶" in made("<script>x<video src=/a.mp4>")


@pytest.mark.parametrize(
    ("sources", "more"),
    [
        ("<source srcset=/a.jpg>", "/a.jpg"),
        ("<source data-srcset=/a.jpg>", "/a.jpg"),
        ("<source type=image/webp srcset=/a.webp><source srcset=/b.jpg>", "/b.jpg"),
        ("<source type=image/webp srcset=/a.webp><source type=IMAGE/PNG srcset=/b.png>", "/b.png"),
        (
            "<source type=image/avif srcset=/a.avif><source type=image/webp srcset=/b.webp>",
            "/a.avif",
        ),
        ("<source srcset=/b.jpg><source srcset=/c.jpg>", "/b.jpg"),
        ("<source><source srcset=/c.jpg>", "/c.jpg"),
        ('<source srcset="/a.jpg?x=1&amp;y=2">', "/a.jpg?x=1&amp;y=2"),
    ],
)
def test_the_image_of_a_picture_is_told_what_its_sources_offer(sources, more):
    html = f"<picture>{sources}<img alt=a></picture>"

    assert made(html) == f'<picture>{sources}<img data-picture="{more}"  alt=a></picture>'


def test_without_an_offer_or_after_the_picture_it_is_told_nothing():
    html = "<picture><source></picture><source srcset=/a.jpg><img>"

    assert made(html) == html
    assert made("<picture><source srcset=/a.jpg></picture><img>").endswith("<img>")
    assert made("<picture><source srcset=/a.jpg></picture><picture><img></picture>").endswith(
        "<picture><img></picture>"
    )


def test_what_its_sources_offer_counts_as_where_it_is():
    picture = "<picture><source srcset=/a.jpg><img></picture>"

    left = made(f"{picture}<noscript>{B}</noscript>")

    assert (left.count("<img"), B in left) == (1, False)


@pytest.mark.parametrize("html", ["<video>a</video>b</video>c", "x</audio>y<picture>"])
def test_an_end_too_many_changes_nothing(html):
    assert made(html) == html


def test_only_an_end_of_a_player_that_is_linked_parts_words():
    ended = f" {link(f'{HOME}/a.mp3', 'a.mp3')}<audio></audio> y</audio>z"
    one = f" {link(f'{HOME}/a.mp3', 'a.mp3')} <video>old</video>y"

    assert made("x<audio src=/a.mp3></audio>y</audio>z") == f"x{ended}"
    assert made("x<embed src=/a.mp3> <video>old</video>y").replace("<embed src=/a.mp3>", "") == (
        f"x{one}"
    )
    assert made("漢<picture>a") == "漢<picture>a"


IMAGE_OF_AMP = "<amp-img src=/{}></amp-img>"


def test_an_image_between_images_of_amp_stays():
    between = made(IMAGE_OF_AMP.format("a") + B + IMAGE_OF_AMP.format("c"))

    assert between == f"<img  src=/a>{B}<img  src=/c>"


ONE, TWO = link(f"{HOME}/1", "blog.example"), link(f"{HOME}/2", "blog.example")


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<iframe src=/1>a<iframe src=/2>b</iframe>c", f"{ONE} a {TWO} c"),
        ("<iframe src=/1>a</iframe>b<iframe src=/2>c", f"{ONE} b {TWO} c"),
        ("<iframe src=/1>a</iframe", ONE),
        ("<iframe src=/1></iframe><a href=/3>b</a>", f"{ONE}<a href=/3>b</a>"),
        ("<iframe src=/1><a href=/3>b</a>c", f"{ONE}<a href=/3>b</a>c"),
        ("<iframe src=/1><a href=/3>b</a></iframe>c", f"{link(f'{HOME}/3', 'b')} c"),
        ("<iframe src=/1 title=T><a href=/3>b</a></iframe>", link(f"{HOME}/3", "T")),
        ("<iframe src=/1><a href=javascript:x>b</a></iframe>", ONE),
        (
            f"<iframe src=https://www.youtube.com/embed/{FILM}><a href=/3>b</a></iframe>",
            link(WATCH, "YouTube"),
        ),
        (
            "<iframe src=https://archive.org/embed/x><a href=/3>b</a></iframe>",
            link("https://archive.org/details/x", "Internet Archive"),
        ),
    ],
)
def test_a_frame_ends_before_the_next_and_its_own_link_counts_where_no_page_is_known(html, left):
    assert made(html) == left


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<object><param name=movie value=/f.mp4>old</object>", "/f.mp4>▶ f.mp4"),
        ("<object><param name=SRC value=/f.mp4></object>", "/f.mp4>▶ f.mp4"),
        ("<object><param name=color value=/f.mp4></object>", ""),
        ("<video><param name=movie value=/f.mp4></video>", ""),
        ("<object></object><source src=/f.mp4>", ""),
        ("<object><object></object><source src=/f.mp4></object>", "/f.mp4>▶ f.mp4"),
        ("<object data=/f.svg type=Image/SVG+xml></object>", ""),
        ("<embed src=/f.mp3>", "/f.mp3>▶ f.mp3"),
        ("<embed src=/f.png type=image/png>", ""),
        ("<embed src=/f.mp3 hidden>", ""),
        ("<embed src=/f.mp3 height=0 type=audio/mpeg>", ""),
        ("<object title=T><embed src=/f.mp3 title=U></object>", "/f.mp3>▶ T"),
    ],
)
def test_a_link_stands_for_an_object_by_the_first_file_that_it_names(html, shown):
    links = [one.partition("</a>")[0] for one in made(html).split(f"<a href={HOME}")[1:]]

    assert links == ([shown] if shown else [])


@pytest.mark.parametrize(
    ("file", "page", "label"),
    [
        (f"https://www.youtube.com/v/{FILM}.swf", WATCH, "YouTube"),
        (
            "https://archive.org/embed/x.swf",
            "https://archive.org/details/x.swf",
            "Internet Archive",
        ),
        (f"https://www.youtube.com/v/{FILM}.mp4", WATCH, "YouTube"),
        (
            "https://archive.org/embed/x.mp4",
            "https://archive.org/details/x.mp4",
            "Internet Archive",
        ),
    ],
)
def test_a_page_for_people_is_called_by_its_site_and_not_by_a_file(file, page, label):
    assert made(f"<video src={file}>") == link(page, label)


@pytest.mark.parametrize(
    "player", [f"<iframe src=//youtube.com/embed/{FILM}>", f"<video src=//youtu.be/embed/{FILM}>"]
)
def test_the_same_for_those_without_scripts_is_told_once(player):
    closed = f"{player}</{player[1:7].strip()}>"

    assert (
        made(f"{closed}<noscript><iframe src={player.partition('src=')[2]}</noscript>").count("▶")
        == 1
    )


def test_a_link_needs_no_space_after_an_image():
    assert made(f"x{A}<iframe src=/1>") == f"x{A}{ONE}"
