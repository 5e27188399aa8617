"""Keys of deliveries: which edition, and where in it, in one number.

An edition's deliveries are then one range of the primary key, which needs no index that grows or
changes with them, and is also what a very large table can be partitioned by.
"""

BITS = 32


def key(number: int, position: int) -> int:
    """The key of the delivery at a position (from 1) of the edition with this number."""
    return (number << BITS) + position


def key_of_reader(number: int, subscriber_id: int) -> int:
    """The key of the digest for a reader in the edition with this number."""
    return key(number, subscriber_id)


def number_of(delivery: int) -> int:
    """The number of the edition that the delivery with this key is of."""
    return delivery >> BITS


def key_range(number: int) -> tuple[int, int]:
    """The first and the last key that an edition's deliveries can have."""
    return key(number, 1), key(number + 1, 0) - 1
