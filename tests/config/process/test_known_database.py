"""What a workspace remembers of its database."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from dispatch.config.process.known_database import FILE, KnownDatabase
from dispatch.errors import BadInput
from dispatch.model.workspace.database_identity import Identity, Known, Recognition, recognise


@pytest.fixture
def known(tmp_path) -> KnownDatabase:
    return KnownDatabase(tmp_path)


def test_nothing_is_known_at_first(known):
    assert known.read() is None


def test_a_database_is_remembered_with_its_age_and_nobody_else_reads_that(known, tmp_path):
    noted = known.note(Identity("a", 3))

    assert noted
    assert known.read() == Known("a", 3)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_it_never_grows_younger(known):
    known.note(Identity("a", 7))

    noted = known.note(Identity("a", 3))

    assert noted
    assert known.read() == Known("a", 7)


def test_who_is_late_beside_another_process_says_nothing_new_and_is_no_older_database(known):
    known.note(Identity("a", 6))
    known.note(Identity("a", 8), on_disk=False)

    noted = known.note(Identity("a", 7))

    assert noted
    assert (known.read().age, known.read().on_disk) == (8, 7)


def test_another_database_takes_its_place_only_where_nothing_went_out(known):
    known.note(Identity("a", 0))
    first = known.note(Identity("b", 5))
    second = known.note(Identity("c", 9))

    assert (first, second) == (True, False)
    assert known.read() == Known("b", 5)


def test_a_persons_word_takes_any(known):
    known.note(Identity("b", 5))

    known.adopt(Identity("c", 1))

    assert known.read() == Known("c", 1)


def test_of_many_that_write_at_once_the_oldest_is_remembered(known):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda age: known.note(Identity("a", age)), range(1, 60)))

    assert known.read() == Known("a", 59)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"\0" * 120,
        b"not json",
        b'{"database": 7, "age": 1}',
        b'{"database": "a"}',
        b"[]",
        b"\xff\xfe",
        b"{}",
    ],
)
def test_what_cannot_be_read_is_said_and_stays(known, tmp_path, content):
    (tmp_path / FILE).write_bytes(content)

    for look in (known.read, lambda: known.note(Identity("a", 1))):
        with pytest.raises(BadInput, match=rf"{FILE}: cannot be read .* 'dispatch db adopt'"):
            look()

    assert (tmp_path / FILE).read_bytes() == content


def test_a_person_can_have_what_cannot_be_read_replaced(known, tmp_path):
    (tmp_path / FILE).write_bytes(b"not json" * 100)

    known.adopt(Identity("a", 1))

    assert known.read() == Known("a", 1)


def test_what_an_earlier_version_has_written_is_read_and_the_workspace_gets_a_name(known, tmp_path):
    line = '{"database": "a", "age": 3}'.ljust(119) + "\n"
    (tmp_path / FILE).write_text(line)
    before = known.read()

    known.note(Identity("a", 3))

    assert before == known.read() == Known("a", 3)
    assert len(known.workspace()) == 16


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(BadInput, match=r"cannot be written .* DISPATCH_STATE_FOLDER"):
        KnownDatabase(tmp_path / "nowhere").note(Identity("a", 1))


@pytest.mark.parametrize(
    ("identity", "known", "stands"),
    [
        (Identity("a", 0), None, Recognition.FIRST),
        (Identity("a", 9), None, Recognition.FIRST),
        (Identity("a", 3), Known("a", 3), Recognition.KNOWN),
        (Identity("a", 4), Known("a", 3), Recognition.KNOWN),
        (Identity("a", 2), Known("a", 3), Recognition.OLDER),
        (Identity("a", 0), Known("a", 1), Recognition.OLDER),
        (Identity("b", 0), Known("a", 1), Recognition.LOST),
        (Identity("b", 1), Known("a", 1), Recognition.OTHER),
        (Identity("b", 1), Known("a", 0), Recognition.FIRST),
        (Identity("b", 0), Known("a", 0), Recognition.FIRST),
    ],
)
def test_a_database_stands_to_what_is_known_as_the_first_the_same_another_or_an_older_one(
    identity, known, stands
):
    assert recognise(identity, known) is stands


class TestAfterAPowerCut:
    """The database may be as old as it was on the disk, the file as it was written last."""

    @pytest.fixture
    def started(self, tmp_path):
        return lambda boot: KnownDatabase(tmp_path, boot=boot)

    @pytest.fixture
    def known(self, started):
        known = started("one")
        known.note(Identity("a", 5))
        known.note(Identity("a", 9), on_disk=False)
        return known

    @pytest.mark.parametrize(
        ("boot", "age", "stands"),
        [
            ("one", 9, Recognition.KNOWN),
            ("one", 8, Recognition.OLDER),
            ("two", 5, Recognition.KNOWN),
            ("two", 4, Recognition.OLDER),
        ],
    )
    def test_it_is_known_from_what_was_on_the_disk_on(self, known, boot, age, stands):
        assert recognise(Identity("a", age), known.read(), boot=boot) is stands

    def test_from_then_on_its_age_counts_again(self, known, started):
        again = started("two")

        noted = again.note(Identity("a", 6)), again.note(Identity("a", 8), on_disk=False)

        assert noted == (True, True)
        assert again.read().least("two") == 8
        assert again.read().least("three") == 6

    def test_what_one_has_on_the_disk_counts_though_another_went_on_since(self, started):
        known = started("one")
        known.note(Identity("a", 5))
        known.note(Identity("a", 9), on_disk=False)

        noted = started("one").note(Identity("a", 7))

        assert noted
        assert known.read().least("one") == 9
        assert known.read().least("two") == 7

    def test_a_file_of_before_had_all_on_the_disk(self, tmp_path, started):
        line = b'{"database": "a", "age": 7, "workspace": "w"}'.ljust(239) + b"\n"
        (tmp_path / FILE).write_bytes(line)

        started("one").note(Identity("a", 8), on_disk=False)

        assert started("two").read().least("two") == 7

    def test_the_longest_line_has_room(self, tmp_path):
        known = KnownDatabase(tmp_path, boot="b" * 32)
        known.note(Identity("d" * 32, 10**9))
        known.note(Identity("d" * 32, 10**9 + 1, grown={"w" * 16: 10**9 + 1}))

        assert (tmp_path / FILE).stat().st_size == 240
        assert known.read().on_disk == 10**9 + 1
