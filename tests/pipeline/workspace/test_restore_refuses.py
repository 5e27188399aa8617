"""A copy that is not put back, and why."""

import shutil

import pytest

from dispatch.config.process.endings_file import EndingsFile
from dispatch.errors import BadInput, UnfitDatabase
from dispatch.model.editions.edition import EditionState
from dispatch.store.backups.copies import back_up
from dispatch.store.transactions import Store
from restore_stage import Workspace


def test_a_copy_never_replaces_a_file(workspace):
    copy = workspace.back_up()

    with pytest.raises(BadInput, match="is there already - give the copy another name"):
        workspace.back_up()

    assert copy.exists()


def test_a_database_that_holds_something_is_not_replaced_unasked(workspace):
    workspace.stage.address()
    copy = workspace.back_up()

    with pytest.raises(BadInput, match=r"holds 1 editions and 4 subscribers - .* add --replace"):
        workspace.restore(copy, replace=False)

    assert workspace.stage.edition.state is EditionState.SENDING


@pytest.mark.parametrize("spoil", [b"", b"email,name\n", b"PK\x03\x04 no", b"SQLite format 3\0no"])
def test_what_is_no_copy_is_refused_and_nothing_is_changed(workspace, spoil):
    workspace.stage.address()
    file = workspace.folder / "spoilt"
    file.write_bytes(spoil)

    with pytest.raises(BadInput, match=r"is no copy|is damaged|is a copy of a database on"):
        workspace.restore(file)

    assert workspace.stage.edition.state is EditionState.SENDING


def test_a_copy_that_was_cut_off_is_refused_and_nothing_is_changed(workspace):
    workspace.stage.address()
    copy = workspace.back_up()
    cut = workspace.folder / "cut"
    data = copy.read_bytes()
    cut.write_bytes(data[: len(data) // 2])

    with pytest.raises(BadInput, match="is damaged"):
        workspace.restore(cut)

    assert workspace.stage.edition.state is EditionState.SENDING
    assert sorted(path.name for path in workspace.folder.iterdir()) == ["copy", "cut"]


def test_a_copy_of_a_newer_dispatch_is_refused(workspace, database_url):
    copy = workspace.back_up()
    make_newer(copy)

    with pytest.raises(UnfitDatabase, match="newer dispatch"):
        workspace.restore(copy)


def test_a_file_of_endings_that_is_none_is_said_before_anything_is_done(workspace, tmp_path):
    workspace.stage.address()
    copy = workspace.back_up()
    (tmp_path / "people.csv").write_text("email\nada@example.org\n")

    with pytest.raises(BadInput, match="is no file of endings"):
        workspace.restore(copy, endings=[EndingsFile(tmp_path / "people.csv")])

    assert workspace.stage.edition.state is EditionState.SENDING


def test_a_damaged_database_is_replaced_and_stays_beside(tmp_path, clock):
    workspace = Workspace(f"sqlite:///{tmp_path}/dispatch.db", clock, tmp_path)
    workspace.stage.address()
    copy = workspace.back_up()
    workspace.store.close()
    (tmp_path / "dispatch.db").write_bytes(b"nonsense " * 1000)

    workspace.restore(copy)

    again = Store(workspace.url)
    with again.read() as tx:
        assert len(tx.editions.latest()) == 1
    again.close()
    assert (tmp_path / "dispatch.db.damaged").read_bytes().startswith(b"nonsense")


def test_a_copy_of_one_kind_is_not_put_into_a_database_of_the_other(
    sqlite_url, postgres_url, clock, tmp_path
):
    copy = tmp_path / "copy"
    back_up(sqlite_url, copy, now=clock())
    workspace = Workspace(postgres_url, clock, tmp_path)

    with pytest.raises(BadInput, match="is a copy of a database on SQLite, and the database is on"):
        workspace.restore(copy)
    workspace.store.close()


def make_newer(copy):
    import json
    import sqlite3
    import zipfile

    if copy.read_bytes().startswith(b"SQLite"):
        with sqlite3.connect(copy) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        return
    older = copy.with_name("older")
    shutil.move(copy, older)
    with zipfile.ZipFile(older) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "manifest.json":
                data = json.dumps({**json.loads(data), "revision": "9999"}).encode()
            target.writestr(name, data)
