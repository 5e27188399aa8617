"""A mailbox as a folder."""

import pytest

from dispatch.channels.mailboxes.maildir import Maildir
from dispatch.errors import MailboxUnavailable


@pytest.fixture
def folder(tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_what_is_new_is_read_and_moved_once_it_is_kept(folder):
    for name in ("1.a", "2.b", ".hidden"):
        (folder / "new" / name).write_bytes(name.encode())
    (folder / "new" / "a-folder").mkdir()
    (folder / "tmp" / "3.c").write_bytes(b"not whole yet")
    maildir = Maildir(folder)

    portion = maildir.take(0)
    before = sorted(one.name for one in (folder / "cur").iterdir())
    maildir.mark(portion, {"1.a"})

    assert portion.mails == [("1.a", b"1.a"), ("2.b", b"2.b")]
    assert before == []
    assert sorted(one.name for one in (folder / "cur").iterdir()) == ["1.a:2,S", "2.b:2,"]
    assert maildir.take(0) is None


def test_many_mails_come_in_portions_and_one_that_cannot_be_read_keeps_no_other(folder):
    for number in range(250):
        (folder / "new" / f"{number:03}").write_bytes(b"mail")
    (folder / "new" / "000").unlink()
    (folder / "new" / "000").symlink_to(folder / "new" / "000")  # which opens as nothing
    maildir = Maildir(folder)

    sizes = []
    while portion := maildir.take(0):
        sizes.append(len(portion.mails))
        (folder / "new" / portion.mails[0][0]).unlink()  # somebody has taken it meanwhile
        maildir.mark(portion, set())

    assert sizes == [100, 100, 49]


def test_a_mail_that_cannot_be_moved_keeps_no_other_where_it_is(folder):
    for name in ("1" * 254, "2.b"):
        (folder / "new" / name).write_bytes(b"mail")
    maildir = Maildir(folder)

    maildir.mark(maildir.take(0), set())

    assert [one.name for one in (folder / "cur").iterdir()] == ["2.b:2,"]
    assert "cannot be moved to cur/ (File name too long)" in maildir.trouble


def test_a_maildir_in_which_nothing_can_be_moved_is_a_sentence(folder):
    for number in range(2):
        (folder / "new" / f"{number}").write_bytes(b"mail")
    (folder / "cur").rmdir()
    (folder / "cur").write_bytes(b"no folder")
    maildir = Maildir(folder)

    with pytest.raises(MailboxUnavailable, match="new/0: cannot be moved to cur/"):
        maildir.mark(maildir.take(0), set())


@pytest.mark.parametrize("name", ["nowhere", "new"])
def test_another_folder_is_said_to_be_none(folder, name):
    with pytest.raises(MailboxUnavailable, match="write the folder that has new/ and cur/ in it"):
        Maildir(folder / name)
