"""What nh3 wrote, read as trees."""

import pytest

from dispatch.feeds.clean.nodes import DEEPEST, TAG, attributes_of, end_of_element, tree


def shape(node):
    return [
        (child.name, *shape(child)) if not isinstance(child, str) else child
        for child in node.children
    ]


@pytest.mark.parametrize(
    ("html", "name", "inside"),
    [
        ("<a>b</a>", "a", ["b"]),
        ("<a></a>", "a", []),
        ("<a>b<c>d</c>e</a>", "a", ["b", ("c", "d"), "e"]),
        ("<a><b>c</b><b>d</b></a>", "a", [("b", "c"), ("b", "d")]),
        ("x<a>b</a><c>d</c>", "a", ["b"]),
        ("<a>b<br>c<hr>d<img>e</a>", "a", ["b", ("br",), "c", ("hr",), "d", ("img",), "e"]),
        ("<a><b>c", "a", [("b",)]),
        ("<a>b</c>d</a>", "a", ["b", "d"]),
        ("</a>b", "", []),
        ("<a>1 &lt; 2 &amp;amp; 3</a>", "a", ["1 < 2 &amp; 3"]),
        ("<h1>b</h1>", "h1", ["b"]),
        ("<mjx-math>b</mjx-math>", "mjx-math", ["b"]),
    ],
)
def test_elements_hold_what_stands_between_their_tags(html, name, inside):
    node = tree(html)

    assert (node.name, shape(node)) == (name, inside)


def test_a_node_gives_its_elements_at_any_depth_and_all_its_text():
    node = tree('<a><b c="1">x<b c="2">y</b></b>z<d><a c="0"></a><b c="3">w</b></d></a>')

    assert [child.name for child in node.nodes()] == ["b", "d"]
    assert [one.attributes["c"] for one in node.within("b")] == ["1", "2", "3"]
    assert list(node.within("e")) == []
    assert node.text() == "xyzw"


def test_attributes_are_read_by_their_names_and_decoded():
    said = attributes_of(' a="1" data-b_c="&quot;x&quot; &amp; y" xlink:href="#z" d')

    assert said == {"a": "1", "data-b_c": '"x" & y', "xlink:href": "#z"}
    assert tree('<a b="c"></a>').attributes == {"b": "c"}


@pytest.mark.parametrize(
    ("html", "rest"),
    [
        ("<i>a</i>b", "b"),
        ("<i>a<i>b</i></i>c", "c"),
        ("<i>a</i><i>b</i>", "<i>b</i>"),
        ("<i>a<img>b</img></i>c", "c"),
        ("<i>a<i >b</i></i >c", "c"),
        ("<i>a", ""),
        ("<i><i>a</i>", ""),
    ],
)
@pytest.mark.parametrize("before", ["", "</i>x<i>", "x</i>"])
def test_an_element_ends_at_its_own_end(before, html, rest):
    whole = before + html

    assert whole[end_of_element(whole, TAG.match(whole, len(before))) :] == rest


def test_what_is_deeper_than_anyone_nests_hangs_on_the_last():
    node = tree("<b>" * (DEEPEST + 9) + "x")

    depth = 0
    while node.nodes():
        depth, node = depth + 1, node.nodes()[0]
    assert depth == DEEPEST - 1
    assert DEEPEST == 120
