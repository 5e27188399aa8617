"""The file that says who has left: one line each, never taken back, whatever breaks."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from dispatch.config.process.endings_file import EndingsFile
from dispatch.errors import BadInput
from dispatch.model.people.ending import Ending, Markers, What

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


def ending(mark: str, what: What = What.LEFT) -> Ending:
    return Ending(mark, what, NOW, "k1")


@pytest.fixture
def file(tmp_path) -> EndingsFile:
    return EndingsFile(tmp_path / ".dispatch-endings")


def test_endings_are_read_as_they_were_added(file):
    added = [ending("a"), ending("b", What.SUPPRESSED), ending("c")]
    for one in added:
        file.add(one)

    said = file.read()

    assert list(said.endings) == added
    assert said.size == file.size()
    assert said.unreadable == 0


def test_only_what_is_new_is_read_from_a_place_on(file):
    file.add(ending("a"))
    before = file.read()
    file.add(ending("b"))

    said = file.read(before.size)

    assert [one.mark for one in said.endings] == ["b"]
    assert (said.file_id, said.size) == (before.file_id, file.size())


def test_nobody_else_may_read_it(file):
    file.add(ending("a"))

    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_line_that_was_cut_off_costs_itself_and_no_other(file):
    file.add(ending("a"))
    with file.path.open("ab") as broken:
        broken.write(b"2026-11-29T08:00:00+00:00 lef")
    file.add(ending("b"))

    said = file.read()

    assert [one.mark for one in said.endings] == ["a", "b"]
    assert said.unreadable == 1


@pytest.mark.parametrize(
    "line", [b"\0\0\0\0", b"\xff\xfe", b"yesterday left k1 x", b"2026-11-29 came k1 x", b"x" * 9000]
)
def test_what_makes_no_sense_is_counted_and_left_out(file, line):
    file.add(ending("a"))
    with file.path.open("ab") as broken:
        broken.write(line + b"\n")
    file.add(ending("b"))

    said = file.read()

    assert ([one.mark for one in said.endings], said.unreadable) == (["a", "b"], 1)


def test_processes_that_write_at_once_lose_nothing(file):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: file.add(ending(str(number))), range(100)))

    said = file.read()

    assert {one.mark for one in said.endings} == set(map(str, range(100)))
    assert said.unreadable == 0


def test_there_is_none_at_first(file):
    assert file.size() == 0


def test_nothing_is_added_to_another_kind_of_file(file):
    file.path.write_bytes(b"email,name\n")

    with pytest.raises(BadInput, match="is no file of endings"):
        file.add(ending("a"))

    assert file.path.read_bytes() == b"email,name\n"


def test_it_can_be_added_to_whatever_the_umask(file):
    before = os.umask(0o377)
    try:
        file.add(ending("a"))
    finally:
        os.umask(before)

    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"email,name\nada@example.org,Ada\n", b"\x00\x01", b"SQLite"])
def test_another_kind_of_file_is_no_file_of_endings(file, content):
    file.path.write_bytes(content)

    with pytest.raises(BadInput, match="is no file of endings - name the file that dispatch"):
        file.read()


def test_no_address_can_be_read_in_it(file):
    marker = Markers(["a secret of sixteen bytes"]).newest
    # Of letters that are no hexadecimal digits: marks are of those.
    file.add(Ending(marker.left("zoe@example.org", "readers"), What.LEFT, NOW, marker.key))

    text = file.path.read_text()

    assert "zoe" not in text
    assert "example" not in text
    assert "readers" not in text


def test_marks_say_nothing_to_who_has_another_secret():
    ours, others = Markers(["a secret of sixteen bytes"]), Markers(["another secret of ours"])

    assert ours.left("ada@example.org", "readers") != others.left("ada@example.org", "readers")
    assert ours.keys.isdisjoint(others.keys)


def test_a_mark_is_about_one_thing_alone():
    marker = Markers(["a secret of sixteen bytes"]).newest

    marks = {
        marker.left("ada@example.org", "readers"),
        marker.left("ada@example.org", "press"),
        marker.left("ada@example.or", "greaders"),
        marker.left_by_link("ada@example.org", "readers"),
        marker.suppressed("ada@example.org"),
        marker.left("ada@example.org", ""),
    }

    assert len(marks) == 6
