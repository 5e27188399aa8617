"""Reading YAML: plain values, lines, and one clear sentence for what cannot be read."""

from pathlib import Path

import pytest

from dispatch.config.files.yaml_file import MAX_BYTES, read_yaml
from dispatch.errors import BadInput


@pytest.fixture
def read(tmp_path: Path):
    def read(content: str | bytes):
        path = tmp_path / "schedules.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_yaml(path)

    return read


def complaint(read, content: str | bytes) -> str:
    with pytest.raises(BadInput) as caught:
        read(content)
    [problem] = caught.value.problems
    return str(problem)


def test_gives_plain_values(read):
    content = "a: {text: x, number: -3, part: 1.5, yes: true, nothing: ~, list: [1, b]}\n"

    tree = read(content).tree

    assert tree == {
        "a": {
            "text": "x",
            "number": -3,
            "part": 1.5,
            "yes": True,
            "nothing": None,
            "list": [1, "b"],
        }
    }


@pytest.mark.parametrize("word", ["0123", "1_000", "1e400", ".nan", "2026-99-99", "09:00", "no"])
def test_leaves_what_programs_read_differently_as_it_is_written(read, word):
    tree = read(f"a: {word}\n").tree

    assert tree == {"a": word}


def test_a_text_folded_over_lines_is_one_line(read):
    file = read("a: >-\n  one\n  line\nb: |-\n  two\n  lines\n")

    assert file.tree == {"a": "one line", "b": "two\nlines"}
    assert file.problems == ()


def test_keys_are_text_even_where_they_look_like_numbers(read):
    tree = read("2026: x\ntrue: y\n").tree

    assert tree == {"2026": "x", "true": "y"}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(read):
    file = read(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")

    assert file.tree == {"a": 1, "b": 2}
    assert file.lines.of("b") == 2


def test_knows_the_line_of_every_key_and_list_entry(read):
    lines = read("a:\n  b:\n    - x\n    - y: 1\n").lines

    assert lines.of("a", "b") == 2
    assert lines.of("a", "b", 1) == 4
    assert lines.of("a", "b", 1, "y") == 4


def test_a_key_that_is_not_written_has_the_line_of_what_it_belongs_in(read):
    lines = read("x: 1\na:\n  b: 1\n").lines

    assert lines.of("a", "missing") == 2
    assert lines.of("missing") is None


def test_an_alias_repeats_a_value(read):
    file = read("a: &shared {x: 1}\nb: *shared\n")

    assert file.tree == {"a": {"x": 1}, "b": {"x": 1}}
    assert file.problems == ()


def test_a_key_written_twice_names_both_lines(read):
    file = read("a:\n  x: 1\n  y: 2\n  x: 3\n")

    assert list(map(str, file.problems)) == [
        "schedules.yaml:4: a.x: is written twice - keep it here or in line 2"
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: !!python/object:os.system x\n", "has the tag 'python/object:os.system'"),
        ("a: !secret x\n", "has the tag '!secret'"),
        ("? [a, b]\n: 1\n", "a key must be a word"),
        ('a: "\\0"\n', "contains a character that is no text"),
        ('a: "\\ud800"\n', "contains a character that is no text"),
    ],
)
def test_what_schedules_never_need_is_a_problem(read, content, said):
    [problem] = read(content).problems

    assert said in str(problem)
    assert problem.line == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "schedules.yaml: is empty - "),
        ("# nothing yet\n", "schedules.yaml: is empty - "),
        ("---\n", "schedules.yaml: is empty - "),
        ("a: 1\nb: {<<: {x: 1}}\n", "schedules.yaml:2: '<<' is not known here - "),
        ("- a\n- b\n", "schedules.yaml:1: is not a list of 'key: value' lines - "),
        ("just words", "schedules.yaml:1: is not a list of 'key: value' lines - "),
        (
            "a:\n\tb: 1\n",
            "schedules.yaml:2: a tab stands where only spaces may - indent with spaces",
        ),
        ("a: 1\nb: [1\nc: 1\n", "schedules.yaml:2: a bracket is not closed or a comma is missing"),
        ("a: 1\nb: 'x\nc: 1\n", "schedules.yaml:2: a quote or bracket is never closed - close it"),
        ("a: b: c\n", "schedules.yaml:1: a colon stands where none may - "),
        ("a: 1\nnonsense\nb: 1\n", "schedules.yaml:2: this is not a 'key: value' line - "),
        ("a: *hunter2\n", "schedules.yaml:1: a value begins with * - put it in quotes"),
        ("a: @x\n", "schedules.yaml:1: a value begins with a sign that YAML uses - "),
        ("a: 1\n---\nb: 1\n", "schedules.yaml:2: a second document begins - remove the line '---'"),
        ("a: 1\nb: \x01\n", "schedules.yaml:2: contains a character that is no text - "),
        ("a: 1\nb: caf\xe9\n".encode("latin-1"), "schedules.yaml:2: is not UTF-8 text - "),
        ("a: 1\n".encode("utf-16"), "schedules.yaml:1: is not UTF-8 text - "),
        ("[" * 30_000, "schedules.yaml:1: is nested more than 20 levels deep - "),
        ("- " * 3_000, "schedules.yaml:1: is nested more than 20 levels deep - "),
        ("a: &a [*a]\n", "schedules.yaml: is nested more than 20 levels deep - "),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence_with_its_line(read, content, sentence):
    said = complaint(read, content)

    assert said.startswith(sentence)


def test_a_few_aliases_cannot_make_a_mountain(read):
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 10)
    )

    said = complaint(read, bomb)

    assert said.startswith("schedules.yaml: says more than 50000 values - ")


def test_a_huge_file_is_refused_unread(read):
    said = complaint(read, b"#" * (MAX_BYTES + 1))

    assert said == "schedules.yaml: is larger than 1 MB - is it the right file?"


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(BadInput, match=r"there is no such file in .* 'dispatch init'"):
        read_yaml(tmp_path / "schedules.yaml")


def test_a_folder_in_the_place_of_the_file_is_bad_input(tmp_path):
    (tmp_path / "schedules.yaml").mkdir()

    with pytest.raises(BadInput, match="cannot be read"):
        read_yaml(tmp_path / "schedules.yaml")


def test_a_broken_line_is_never_quoted_because_it_may_hold_a_secret(read):
    said = complaint(read, "password: hunter2: 'hunter2\n")

    assert "hunter2" not in said
