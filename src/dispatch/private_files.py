"""Files written whole or not at all, and private unless somebody has decided otherwise.

What is being written has a name that nobody can guess, in the folder of the file, and only we may
read it, whatever the umask. It takes the file's place in one step, and is there after a power cut.
"""

import contextlib
import errno
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700

NO_HARD_LINKS = frozenset(
    {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV}
)
"""What disks say that have none."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` once all is written, and not where anything is raised.

    For files that people edit or name: one that is there keeps its mode, owner and access list,
    and a link to it stays a link. A new one is private. An OSError names `path`.
    """
    target = Path(os.path.realpath(path))  # Path.resolve raises for a link that leads to itself
    with _named(path), _draft(target) as file:
        yield file
        if target.exists():
            _be_like(target, file)
        _settle(file)
        Path(file.name).replace(target)
        sync_folder(target.parent)


def write_private(path: Path, content: bytes) -> None:
    """Put a private file in the place of whatever is there; what a link leads to stays as it is."""
    with _named(path), _draft(path) as file:
        file.write(content)
        _settle(file)
        Path(file.name).replace(path)
        sync_folder(path.parent)


def create_private(path: Path, content: bytes) -> bool:
    """Make a private file if there is none of that name; False if there is one, which stays.

    Of several that do so at once, one succeeds.
    """
    with _named(path), _draft(path) as file:
        file.write(content)
        _settle(file)
        try:
            move_to_new_name(Path(file.name), path)
        except FileExistsError:
            return False
        sync_folder(path.parent)
        return True


def move_to_new_name(draft: Path, path: Path) -> None:
    """Give a file a name that no other one has; raises FileExistsError, and replaces nothing.

    A rename would replace what came meanwhile, and not every disk has hard links: there whoever
    does this waits for the others at the folder.
    """
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        with _folder_to_itself(path.parent):
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
            draft.replace(path)
    else:
        draft.unlink()


def draft_of(path: Path) -> Path:
    """A name beside a file that nobody can guess, and that is short enough where the file's is."""
    name = path.name.encode(errors="replace")[:64].decode(errors="ignore")
    return path.with_name(f".{name}.{secrets.token_hex(8)}")


def open_private(path: Path) -> BinaryIO:
    """A new private file to write to; raises FileExistsError, also where there is a link."""
    file = open(path, "xb", opener=_open_privately)  # noqa: SIM115 - Path takes no opener
    with contextlib.suppress(AttributeError):  # Windows has no such thing
        os.fchmod(file.fileno(), PRIVATE_FILE)  # the umask may have taken away our own rights
    return file


def make_private_folder(path: Path) -> None:
    """Make a folder, and missing ones around it, private; what is there stays as it is."""
    missing = [path]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for folder in reversed(missing):
        try:
            folder.mkdir(mode=PRIVATE_FOLDER)
        except FileExistsError:
            if not folder.is_dir():
                raise
        else:
            folder.chmod(PRIVATE_FOLDER)  # the umask may have taken away our own rights


def sync_folder(path: Path) -> None:
    """Have the names in a folder survive a power cut."""
    with contextlib.suppress(PermissionError):  # Windows opens no folders
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _draft(path: Path) -> Iterator[BinaryIO]:
    """A private file beside `path`, which is gone at the end unless it was moved away."""
    file = open_private(draft_of(path))
    try:
        with file:
            yield file
    finally:
        Path(file.name).unlink(missing_ok=True)


@contextmanager
def _folder_to_itself(folder: Path) -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415 - not everywhere

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _be_like(path: Path, file: BinaryIO) -> None:
    """Give a draft the owner, group, mode and access list of a file, as far as we may."""
    state, number = path.stat(), file.fileno()
    with contextlib.suppress(AttributeError):  # Windows has no such things
        try:
            os.chown(number, state.st_uid, state.st_gid)
        except OSError:  # only root gives files away
            with contextlib.suppress(OSError):
                os.chown(number, -1, state.st_gid)
        mode = state.st_mode & 0o777
        if os.fstat(number).st_gid != state.st_gid:
            mode &= ~0o070  # what that group might do is not meant for another one
        os.fchmod(number, mode)
        _copy_access_list(path, number)


def _copy_access_list(path: Path, number: int) -> None:
    with contextlib.suppress(OSError):  # not every kind of disk has them
        for name in os.listxattr(path):
            with contextlib.suppress(OSError):
                os.setxattr(number, name, os.getxattr(path, name))


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _open_privately(name: str, flags: int) -> int:
    return os.open(name, flags, PRIVATE_FILE)
