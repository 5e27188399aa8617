"""What the system says of files and disks, in words that help."""

import errno

OF_A_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
"""Says that what was written to has no room, or fails."""

_FULL = ("No space left on device", "check the free space, make room, and try again")
_READ_ONLY = ("is on a disk that may only be read", "name a place that can be written to")
_DENIED = ("permission denied", "check who may read and write there, and in its folder")

_KNOWN = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: ("the quota of its disk is used up", "make room there, and try again"),
    errno.EFBIG: ("is larger than a file may be here", "raise the limit, or split it"),
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EBUSY: ("is mounted by itself, and cannot be replaced", "mount its folder instead"),
    errno.EIO: ("its disk fails (input/output error)", "check the disk, and its free space"),
    errno.EMFILE: ("too many files are open", "raise the limit (ulimit -n)"),
    errno.ENFILE: ("too many files are open on this machine", "end other programs"),
}


def in_words(error: OSError) -> tuple[str, str]:
    """The problem and what to do.

    >>> in_words(OSError(errno.EROFS, "Read-only file system"))
    ('is on a disk that may only be read', 'name a place that can be written to')
    >>> in_words(FileNotFoundError(errno.ENOENT, "No such file or directory"))[0]
    'No such file or directory'
    """
    advice = "check the path, who may write there, and the free space"
    return _KNOWN.get(error.errno or 0, (error.strerror or str(error), advice))
