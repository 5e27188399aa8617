"""The code of templates, made once for the same text however many editions are made from it."""

from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING

from jinja2.bccache import Bucket, BytecodeCache

if TYPE_CHECKING:
    from types import CodeType


class CodeMemory(BytecodeCache):
    """Keeps the code that was made last, in this process only.

    For environments that make the same code of the same text. Two threads at once cost no more
    than making a code twice.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], CodeType] = OrderedDict()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was kept for this text."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made, and let go of what was made first."""
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code
        while len(self._kept) > self._most:
            with suppress(KeyError):  # another thread was there first
                self._kept.popitem(last=False)
