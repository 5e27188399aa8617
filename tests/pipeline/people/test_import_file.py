"""A file of people goes into the database row by row, whatever is in it."""

from dispatch import ids
from dispatch.pipeline.people.import_file import import_file
from pipeline_samples import MARKERS


def test_a_row_that_no_database_can_store_keeps_nobody_else_out(store, clock, tmp_path):
    people = "".join(f"r{number}@example.org,Zo\xe9 {number}\n" for number in range(1200)).encode()
    bad = b"nul@example.org,N\0l\nbytes@example.org,B\xff\n"
    path = tmp_path / "readers.csv"
    path.write_bytes(b"email,name\n" + people + bad + b"last@example.org,Zo\xc3\xab\n")

    report = import_file(path, store=store, clock=clock, ids=ids.new, markers=MARKERS)

    with store.read() as tx:
        last = tx.subscribers.find("last@example.org")
    assert (report.new, report.file.faulty) == (1201, 2)
    assert [problem.line for problem in report.file.problems] == [1202, 1203]
    assert last is not None
    assert last.name == "Zoë"
