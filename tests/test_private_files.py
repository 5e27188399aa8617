"""Files are whole, private, and keep what people have decided about them."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dispatch.private_files import (
    create_private,
    make_private_folder,
    open_private,
    whole_file,
    write_private,
)

UMASKS = [0o000, 0o022, 0o077, 0o777]


@pytest.fixture(params=UMASKS, ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def replace(path: Path, content: bytes = b"new") -> None:
    with whole_file(path) as file:
        file.write(content)


def test_a_private_file_is_private_whatever_the_umask(tmp_path, umask):
    path = tmp_path / "secret"

    write_private(path, b"hush")

    assert (path.read_bytes(), mode(path)) == (b"hush", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_private_file_was_never_anything_else(tmp_path, umask):
    with whole_file(tmp_path / "new") as file:
        file.write(b"half")

        [draft] = tmp_path.iterdir()
        assert (draft.name.startswith(".new."), mode(draft)) == (True, 0o600)
    assert mode(tmp_path / "new") == 0o600


def test_a_private_file_takes_the_place_of_a_link_and_not_of_what_it_leads_to(tmp_path):
    (tmp_path / "theirs").write_bytes(b"theirs")
    (tmp_path / "ours").symlink_to(tmp_path / "theirs")

    write_private(tmp_path / "ours", b"hush")

    assert (tmp_path / "theirs").read_bytes() == b"theirs"
    assert not (tmp_path / "ours").is_symlink()


def test_what_is_made_once_stays(tmp_path, umask):
    path = tmp_path / "key"

    made = create_private(path, b"one"), create_private(path, b"two")

    assert (made, path.read_bytes(), mode(path)) == ((True, False), b"one", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_opened_that_is_there_already(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    with pytest.raises(FileExistsError):
        open_private(tmp_path / "link")


def test_folders_are_private_whatever_the_umask_and_old_ones_stay_as_they_are(tmp_path, umask):
    old = tmp_path / "old"
    old.mkdir()
    old.chmod(0o755)

    make_private_folder(old / "a" / "b")
    make_private_folder(old / "a" / "b")

    assert [mode(old), mode(old / "a"), mode(old / "a" / "b")] == [0o755, 0o700, 0o700]


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path):
    (tmp_path / "a").write_bytes(b"")

    for path in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(OSError, match=r"exists|Not a directory"):
            make_private_folder(path)


@pytest.mark.parametrize("before", [0o644, 0o640, 0o664, 0o600, 0o400])
def test_a_file_that_people_edit_keeps_its_mode(tmp_path, umask, before):
    path = tmp_path / "schedules.yaml"
    path.write_bytes(b"old")
    path.chmod(before)

    replace(path)

    assert (path.read_bytes(), mode(path)) == (b"new", before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_that_people_edit_keeps_its_owner_and_group(tmp_path):
    path = tmp_path / "schedules.yaml"
    path.write_bytes(b"old")
    os.chown(path, 1234, 5678)
    path.chmod(0o664)

    replace(path)

    state = path.stat()
    assert (state.st_uid, state.st_gid, mode(path)) == (1234, 5678, 0o664)


def test_a_group_that_cannot_be_kept_takes_its_rights_with_it(tmp_path, monkeypatch):
    path = tmp_path / "schedules.yaml"
    path.write_bytes(b"old")
    os.chown(path, -1, 5678) if os.geteuid() == 0 else pytest.skip("only root gives files away")
    path.chmod(0o664)

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    replace(path)

    assert mode(path) == 0o604


def test_extended_attributes_stay(tmp_path):
    path = tmp_path / "schedules.yaml"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.team", b"editors")
    except OSError:
        pytest.skip("this disk has no extended attributes")

    replace(path)

    assert os.getxattr(path, "user.team") == b"editors"


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "schedules.yaml"
    real.write_bytes(b"old")
    (tmp_path / "link").symlink_to("real/schedules.yaml")

    replace(tmp_path / "link")

    assert (tmp_path / "link").is_symlink()
    assert real.read_bytes() == b"new"
    assert list(real.parent.iterdir()) == [real]


def test_what_fails_on_the_way_leaves_the_file_of_before(tmp_path):
    path = tmp_path / "schedules.yaml"
    path.write_bytes(b"old")

    def fail() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", [write_private, create_private, replace])
def test_an_error_names_the_file_that_was_meant(tmp_path, write):
    path = tmp_path / "nowhere" / "file"

    with pytest.raises(FileNotFoundError) as caught:
        write(path, b"x")

    assert caught.value.filename == str(path)


def test_a_name_of_the_greatest_length_has_a_draft_too(tmp_path):
    path = tmp_path / ("é" * 127)

    replace(path)

    assert path.read_bytes() == b"new"


def test_of_many_that_make_a_file_where_there_are_no_hard_links_one_succeeds(tmp_path, monkeypatch):
    def no_links(source: str, *_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", source)

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "file"

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: create_private(path, b"%d" % number), range(16)))

    assert made.count(True) == 1
    assert path.read_bytes() == b"%d" % made.index(True)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
