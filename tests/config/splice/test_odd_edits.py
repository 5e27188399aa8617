"""Edits where a file is written in a way that few would choose: done well, or not at all."""

import pytest

from dispatch.config.splice import section
from dispatch.config.splice.apply import spliced
from dispatch.config.splice.change import Append, Put, Remove, Unchangeable
from dispatch.config.splice.edits import Text

FEEDS = ", ".join(f"feed{number}" for number in range(13))

CASES = {
    "a text of lines has no room before a remark": (
        "a: old  # why\n",
        Put(("a",), "y\nz"),
        'a: "y\\nz"  # why\n',
    ),
    "nor where it stands in a list": (
        "a:\n  - old  # why\n  - b\n",
        Put(("a", 0), "y\nz"),
        'a:\n  - "y\\nz"  # why\n  - b\n',
    ),
    "a remark before a value stays before it": (
        "a: # why\n  - b\n",
        Put(("a",), {"c": 1}),
        "a: # why\n  {c: 1}\n",
    ),
    "a word in the place of lines stands behind its key": (
        "a:\n  - b\n  - c\nd: 1\n",
        Put(("a",), "x"),
        "a: x\nd: 1\n",
    ),
    "a long line in brackets is broken": (
        f"a:\n  feeds: [{FEEDS}]\n",
        Append(("a", "feeds"), "another"),
        f"a:\n  feeds: [{FEEDS},\n          another]\n",
    ),
    "a short one is not": ("a: [b]\n", Append(("a",), "c"), "a: [b, c]\n"),
    "one more comes first in brackets": ("a: [b]\n", Put(("a",), ["x", "b"]), "a: [x, b]\n"),
    "one more comes last by its number": ("a:\n- b\n", Put(("a", 1), "c"), "a:\n- b\n- c\n"),
    "the first of brackets goes": ("a: {b: 1, c: 2}\n", Remove(("a", "b")), "a: {c: 2}\n"),
    "the last of brackets goes": ("a: [b, c]\n", Remove(("a", 1)), "a: [b]\n"),
    "and leaves the remark of the one before": (
        "a: {b: 1,  # one\n    c: 2}\n",
        Remove(("a", "c")),
        "a: {b: 1  # one\n}\n",
    ),
    "the first leaves its own remark": (
        "a: {b: 1,  # one\n    c: 2}\n",
        Remove(("a", "b")),
        "a: {  # one\n    c: 2}\n",
    ),
    "a comma on the next line": (
        "a: {b: 1  # one\n  , c: 2}\n",
        Remove(("a", "c")),
        "a: {b: 1  # one\n  ,}\n",
    ),
    "a list of lists": (
        "a:\n- - x\n  - y\n",
        Put(("a", 0), ["x", "z", "y"]),
        "a:\n- - x\n  - z\n  - y\n",
    ),
    "the last line goes with the break before it": ("b: 2\na: 1", Remove(("a",)), "b: 2"),
    "what is all there is leaves brackets": ("a: 1", Remove(("a",)), "{}"),
    "a place that no list has is gone already": ("a: [b]\n", Remove(("a", 5)), "a: [b]\n"),
    "and so is what stands below a word": ("a: b\n", Remove(("a", "c", "d")), "a: b\n"),
    "one of two that share is changed alone": (
        "a: &x 1\nb: [*x, *x]\n",
        Put(("b", 0), 2),
        "a: &x 1\nb: [2, *x]\n",
    ),
}


@pytest.mark.parametrize(("text", "change", "after"), CASES.values(), ids=CASES)
def test_an_odd_text_is_changed_with_as_little_as_can_be(text, change, after):
    assert spliced(text, [change]) == after


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("", Put(("a",), 1)),
        ("# nothing\n", Put(("a",), 1)),
        ("a: {b: 1  # one\n  , c: 2}\n", Remove(("a", "b"))),
        ("a:\n- - x\n  - y\n", Put(("a", 0), ["z", "x", "y"])),
        ("a: [b, ~]\n", Remove(("a", 1))),
        ("a: b\n", Put(("a",), "\ud800")),
        ("? [a]\n: 1\n", Put(("b",), 2)),
    ],
    ids=repr,
)
def test_what_would_come_out_wrong_is_left_to_people(text, change):
    with pytest.raises(Unchangeable):
        spliced(text, [change])


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (Text.with_value, ("a", "b")),
        (Text.with_value, (0,)),
        (Text.with_value, ("l", 7)),
        (Text.with_item, ("a", 0)),
        (Text.with_item, ("l", "x")),
        (Text.with_item, ("l", 7)),
        (Text.replaced, ("z",)),
        (Text.replaced, ("l", 0, "z")),
    ],
)
def test_an_edit_that_has_no_place_says_which(edit, path):
    with pytest.raises(Unchangeable) as found:
        edit(Text.of("a: b\nl:\n- x\n"), path, 1)

    assert found.value.path == path


def test_lines_are_indented_as_the_group_that_is_there_already():
    wide, flat = "a:\n     b: 1\nl: x\n", "a: 1\nl: x\n"
    value = {f"key{number}": "a long text that needs its room" for number in range(4)}

    for text, indent in ((wide, 5), (flat, 2)):
        after = spliced(text, [Put(("l",), value)])
        assert f"l:\n{' ' * indent}key0: a long text" in after


def test_a_large_file_that_becomes_wrong_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(section, "LARGE", 0)
    text = "b: 1\na:\n  d: {e: 1  # one\n    , f: 2}\n"

    with pytest.raises(Unchangeable):
        spliced(text, [Remove(("a", "d", "e"))])
