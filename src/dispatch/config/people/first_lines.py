"""On which line an address was first, for millions of them in little memory."""

from array import array
from collections.abc import Iterator, Sequence

_FEW = 1 << 12
_FULLEST = 0.7


class FirstLines:
    """Email keys, and the first line of each, in some 20 bytes.

    Keys are kept as Python's hash of 64 bits, which is salted anew in each process. That any two of
    a million addresses share one happens once in 37 million files; then the second is taken
    for a repetition, and told.
    """

    def __init__(self) -> None:
        self._number = 0
        self._make_room(_FEW)

    def __len__(self) -> int:
        return self._number

    def add(self, email_key: str, line: int) -> int:
        """The line on which the address was first: this one, where it is new."""
        return self._add(hash(email_key), line)

    def add_all(self, email_keys: Sequence[str], lines: Sequence[int]) -> dict[int, int]:
        """Add many; places among them of those that were there already, and the lines of these."""
        while (self._number + len(lines)) > _FULLEST * len(self._lines):
            self._grow()
        hashes, kept, mask = self._hashes, self._lines, len(self._lines) - 1
        repeated: dict[int, int] = {}
        for place, (key, line) in enumerate(zip(map(hash, email_keys), lines, strict=True)):
            slot = key & mask
            while there := kept[slot]:
                if hashes[slot] == key:
                    repeated[place] = there
                    break
                slot = (slot + 1) & mask
            else:
                hashes[slot], kept[slot] = key, line
        self._number += len(lines) - len(repeated)
        return repeated

    def shared_with(self, others: "FirstLines") -> Iterator[tuple[int, int]]:
        """Of each address that both have: its line here, and its line there."""
        for key, line in zip(self._hashes, self._lines, strict=True):
            if line and (other := others.find(key)):
                yield line, other

    def _add(self, key: int, line: int) -> int:
        if self._number >= _FULLEST * len(self._lines):
            self._grow()
        slot = self._slot(key)
        if there := self._lines[slot]:
            return there
        self._hashes[slot], self._lines[slot] = key, line
        self._number += 1
        return line

    def find(self, key: int) -> int:
        """The line of an address by its hash; 0 where it is not there."""
        return self._lines[self._slot(key)]

    def _slot(self, key: int) -> int:
        """Where the key is, or would be."""
        mask = len(self._lines) - 1
        slot = key & mask
        while self._lines[slot] and self._hashes[slot] != key:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        old_hashes, old_lines = self._hashes, self._lines
        self._make_room(2 * len(old_lines))
        hashes, lines, mask = self._hashes, self._lines, len(self._lines) - 1
        for key, line in zip(old_hashes, old_lines, strict=True):
            if line:
                slot = key & mask
                while lines[slot]:
                    slot = (slot + 1) & mask
                hashes[slot], lines[slot] = key, line

    def _make_room(self, size: int) -> None:
        self._hashes = array("q", bytes(8 * size))
        self._lines = array("I", bytes(4 * size))  # 0: nothing is there
