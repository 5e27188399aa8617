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


def test_of_many_that_write_at_once_and_do_not_wait_for_the_disk_the_oldest_is_remembered(tmp_path):
    known = KnownDatabase(tmp_path, boot="now")
    for age in (0, 1):
        known.note(Identity("a", age))
    with ThreadPoolExecutor(8) as pool:
        noting = pool.map(lambda age: known.note(Identity("a", age), durable=False), range(2, 60))
        assert all(noting)

    assert known.read() == Known("a", 59)


class TestWhatIsWrittenOverAndOver:
    """Before each hand-over, without waiting for the disk: mostly our own line, a little older."""

    @pytest.fixture
    def known(self, tmp_path):
        known = KnownDatabase(tmp_path, boot="now")
        for age in (2, 3):
            known.note(Identity("a", age, grown={"w": age}), on_disk=2)
        return known

    @pytest.fixture
    def other(self, tmp_path):
        return KnownDatabase(tmp_path, boot="now")

    def said(self, known):
        found = known.read()
        return found.id, found.age, found.by, found.by_age, found.boot, found.on_disk

    def test_only_the_ages_change(self, known, tmp_path):
        name, size = known.workspace(), (tmp_path / FILE).stat().st_size

        noted = [known.note(Identity("a", age), durable=False, on_disk=1) for age in (4, 5, 1000)]

        assert noted == [True] * 3
        assert self.said(known) == ("a", 1000, "w", 3, "now", 2)
        assert (known.workspace(), (tmp_path / FILE).stat().st_size) == (name, size)

    def test_what_the_disk_has_grows_with_it(self, known):
        known.note(Identity("a", 9), durable=False, on_disk=8)

        assert self.said(known) == ("a", 9, "w", 3, "now", 8)

    def test_who_had_it_grow_is_said_where_that_is_known(self, known):
        known.note(Identity("a", 4, grown={"v": 4, "w": 3}), durable=False)

        assert self.said(known) == ("a", 4, "v", 4, "now", 4)

    def test_a_greater_age_of_another_process_stays(self, known, other):
        other.note(Identity("a", 20), durable=False)

        noted = known.note(Identity("a", 5), durable=False, on_disk=4)

        assert noted
        assert self.said(other) == ("a", 20, "w", 3, "now", 20)

    def test_another_database_that_was_adopted_meanwhile_stays(self, known, other):
        other.adopt(Identity("b", 1))

        assert not known.note(Identity("a", 4), durable=False)
        assert other.read() == Known("b", 1)

    def test_another_database_is_not_taken_for_ours(self, known):
        assert not known.note(Identity("b", 4), durable=False)
        assert known.read() == Known("a", 3)

    def test_a_younger_one_is_not_said(self, known):
        known.note(Identity("a", 2), durable=False)

        assert self.said(known) == ("a", 3, "w", 3, "now", 2)

    def test_one_that_was_put_back_from_before_is_gone_on_with(self, known, tmp_path):
        before = (tmp_path / FILE).read_bytes()
        known.note(Identity("a", 4), durable=False, on_disk=2)
        (tmp_path / FILE).unlink()
        (tmp_path / FILE).write_bytes(before)

        known.note(Identity("a", 5), durable=False, on_disk=2)

        assert self.said(known) == ("a", 5, "w", 3, "now", 2)

    def test_one_that_is_gone_is_made_anew(self, known, tmp_path):
        (tmp_path / FILE).unlink()

        assert known.note(Identity("a", 4), durable=False)
        assert known.read() == Known("a", 4)

    @pytest.mark.parametrize("content", [b"", b"not json", b"{" * 241])
    def test_one_that_cannot_be_read_is_said(self, known, tmp_path, content):
        (tmp_path / FILE).write_bytes(content)

        with pytest.raises(BadInput, match="cannot be read"):
            known.note(Identity("a", 4), durable=False)

        assert (tmp_path / FILE).read_bytes() == content


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
