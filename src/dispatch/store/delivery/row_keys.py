"""The key of a delivery is one number: which edition, and where in it.

So an edition's deliveries are one range of the primary key. That needs no index which grows or
changes with them. A very large table can be partitioned by it, too.
"""

BITS = 32

FIRST_SNIPPET = 1 << 31
"""Where the positions of snippets begin; below, a reader's position is the subscriber's id."""


def key(number: int, position: int) -> int:
    """The key of the delivery at a position (from 1) of the edition with this number."""
    return (number << BITS) + position


def key_of_reader(number: int, subscriber_id: int) -> int:
    """The key of the digest for a reader in the edition with this number."""
    return key(number, subscriber_id)


def is_of_snippet(delivery: int) -> bool:
    """Whether the delivery with this key is a snippet's, and no reader's."""
    return delivery % (1 << BITS) >= FIRST_SNIPPET


def number_of(delivery: int) -> int:
    """The number of the edition that the delivery with this key is of."""
    return delivery >> BITS


def key_range(number: int) -> tuple[int, int]:
    """The first and the last key that an edition's deliveries can have."""
    return key(number, 1), key(number + 1, 0) - 1
