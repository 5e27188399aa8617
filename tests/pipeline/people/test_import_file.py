"""A file of people goes into the database row by row, whatever is in it."""

import pytest

from dispatch import ids
from dispatch.pipeline.people.import_file import import_file
from dispatch.pipeline.people.subscribe import end_all_subscriptions
from dispatch.pipeline.people.suppress import suppress_address
from pipeline_samples import ENDINGS, MARKERS

PEOPLE = [f"r{number}@example.org" for number in range(7)]


class KilledError(Exception):
    """The process ends between two chunks."""


@pytest.fixture
def bring(store, clock, tmp_path):
    """Imports a text as `readers.csv`, three people to a chunk."""

    def bring(text, **options):
        path = tmp_path / "readers.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        tools = {"store": store, "clock": clock, "ids": ids.new, "markers": MARKERS}
        return import_file(path, **{**tools, "chunk_size": 3, "compare": True, **options})

    return bring


def listed(*emails, name="") -> str:
    return "email,name\n" + "".join(f"{email},{name}\n" for email in emails)


def names(store) -> dict[str, str]:
    with store.read() as tx:
        found = [one for _, one in tx.roster.listed(audience="readers")]
    return {one.subscriber.email: one.subscriber.name for one in found}


def test_a_row_that_no_database_can_store_keeps_nobody_else_out(store, bring):
    people = "".join(f"r{number}@example.org,Zo\xe9 {number}\n" for number in range(1200)).encode()
    bad = b"nul@example.org,N\0l\nbytes@example.org,B\xff\n"

    report = bring(b"email,name\n" + people + bad + b"last@example.org,Zo\xc3\xab\n")

    assert (report.new, report.file.faulty) == (1201, 2)
    assert [problem.line for problem in report.file.problems] == [1202, 1203]
    assert names(store)["last@example.org"] == "Zoë"


def test_people_come_in_chunk_by_chunk_and_each_row_counts_once_as_progress(store, bring):
    done: list[int] = []

    report = bring(listed(*reversed(PEOPLE), "nobody", PEOPLE[0]), progress=done.append)
    again = bring(listed(*PEOPLE))

    assert (report.new, report.file.people) == (7, 7)
    assert (report.file.faulty, report.file.duplicates) == (1, 1)
    assert sum(done) == 9
    assert len(done) >= 3
    assert (again.new, again.outcome.changed) == (0, 0)
    assert set(names(store)) == set(PEOPLE)


def test_who_is_new_comes_in_beside_who_has_changed_left_or_is_suppressed(store, clock, bring):
    tools = {"store": store, "clock": clock, "endings": ENDINGS}
    bring(listed(*PEOPLE[:5], name="Old"))
    end_all_subscriptions(PEOPLE[0], source="by phone", **tools)
    suppress_address(PEOPLE[4], reason="complaint", **tools)

    report = bring(listed(*(email.upper() for email in PEOPLE), name="New"))

    assert (report.new, report.outcome.new, report.outcome.changed) == (2, 2, 3)
    assert list(names(store).values()) == ["Old", "New", "New", "New", "Old", "New", "New"]
    [left] = report.disagreements
    assert "2 rows are of people who have left or are suppressed, and stay out" in left.problem
    assert left.problem.endswith("line 2 (left before), line 6 (suppressed)")
    with store.read() as tx:
        standing = [one.standing for _, one in tx.roster.listed(audience="readers")]
    assert standing == ["ended", "active", "active", "active", "suppressed", "active", "active"]


def test_the_same_fields_in_another_order_are_no_change(store, bring):
    bring("email,city,shoe\na@example.org,Lyon,41\nb@example.org,Bern,42\n")

    report = bring("shoe,email,city\n41,a@example.org,Lyon\n43,b@example.org,Bern\n")

    assert report.outcome.changed == 1


def test_a_later_line_keeps_out_whom_an_earlier_chunk_would_bring_in(store, bring):
    text = "email,status,opt_in\n" + "".join(f"{email},active,yes\n" for email in PEOPLE)

    report = bring(f"{text}{PEOPLE[1]},bounced,yes\nsilent@example.org,active,\n")

    assert (report.new, report.file.people, report.file.inactive) == (6, 6, 3)
    assert "line 3 (as line 9 says), line 9 ('bounced'), line 10" in str(report.file.problems)
    assert PEOPLE[1] not in names(store)


def test_who_is_active_and_gone_by_a_file_is_told_by_the_last_line_that_says_so(bring):
    bring(listed(*PEOPLE))

    report = bring(f"email,status\n{PEOPLE[0]},bounced\n{PEOPLE[0].upper()},unsubscribed\n")

    [told] = report.disagreements
    assert "1 rows say that somebody is not to be mailed who is active here" in told.problem
    assert told.problem.endswith("line 3 ('unsubscribed')")


def test_what_a_crash_leaves_out_the_next_import_brings_in(store, bring):
    def die(_):
        if names(store):
            raise KilledError

    with pytest.raises(KilledError):
        bring(listed(*PEOPLE, name="Ada"), progress=die)
    before = names(store)

    report = bring(listed(*PEOPLE, name="Ada"))

    assert set(before) == set(PEOPLE[:3])
    assert report.new == 4
    assert names(store) == dict.fromkeys(PEOPLE, "Ada")


def test_a_file_that_cannot_be_used_brings_nobody_in(store, bring):
    text = "email,Opt status\n" + "".join(f"{email},Y\n" for email in PEOPLE)

    report = bring(text)

    assert (report.file.readable, report.new, names(store)) == (False, 0, {})


def test_others_may_write_while_a_file_is_read(store, clock, bring):
    seen = []

    def write(_):
        with store.begin() as tx:  # would wait for half a minute, and then fail
            seen.append(tx.suppressions.add(f"{len(seen)}@x.example", reason="", now=clock()))

    bring(listed(*PEOPLE), progress=write)

    assert seen
    assert all(seen)


def test_a_rehearsed_import_leaves_nothing_and_can_be_repeated(store, bring):
    rehearsal = store.rehearsal()
    try:
        first = bring(listed(*PEOPLE), store=rehearsal)
        again = bring(listed(*PEOPLE), store=rehearsal)
    finally:
        rehearsal.close()

    assert (first.new, again.new, names(store)) == (7, 0, {})
