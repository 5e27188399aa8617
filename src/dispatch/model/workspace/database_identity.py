"""Which database this is, and whether a workspace knows it with all of its past."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, slots=True)
class Identity:
    """What a database says of itself.

    `age` grows whenever a batch of deliveries is taken up or put back, and while it is worked off,
    so that of two copies the one with the smaller age lacks something that may have gone out.
    `grown` has for each workspace the age at which it last took up or put back a batch; None where
    nobody has looked. From `doubtful_since` on posts
    and editions are missing that may have gone out all the same. Up to the number `old_links` a
    reader has links from before there were public ids.
    """

    id: str
    age: int
    doubtful_since: datetime | None = None
    old_links: int = 0
    grown: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a workspace remembers of its database: the identity, and the age it had at least.

    `by` is the workspace that had it grow last, as far as is known, and `by_age` the age then.
    `boot` is the start of the machine under which it had that age, and `on_disk` the age that it
    has after a power cut at least.
    """

    id: str
    age: int
    by: str = field(default="", compare=False)
    by_age: int = field(default=0, compare=False)
    boot: str = field(default="", compare=False)
    on_disk: int = field(default=0, compare=False)

    def least(self, boot: str) -> int:
        """The age that the database must have under this start of the machine."""
        return self.age if not self.boot or boot == self.boot else self.on_disk


class Recognition(Enum):
    """How a database stands to what a workspace remembers."""

    FIRST = "the first one"
    KNOWN = "the one it knows"
    LOST = "a new one in the place of the one it knows"
    OTHER = "another one"
    OLDER = "an older copy of the one it knows"


FINE = frozenset({Recognition.FIRST, Recognition.KNOWN})
"""Those over which things may go out."""


def recognise(identity: Identity, known: Known | None, *, boot: str = "") -> Recognition:
    """How the database stands to what is remembered, under this start of the machine.

    After a power cut it may be as old as it was on the disk: what has gone out since is reserved
    in it.

    An older copy may have grown past the age that is remembered: then it does not know that who had
    the true one grow did so. A database over which nothing went out is no loss, whatever has become
    of it.

    >>> recognise(Identity("a", 3), Known("a", 7)).name
    'OLDER'
    >>> recognise(Identity("b", 0), Known("a", 0)).name
    'FIRST'
    >>> recognise(Identity("a", 9, grown={"here": 2, "there": 9}), Known("a", 7, "here", 7)).name
    'OLDER'
    >>> recognise(Identity("a", 5), Known("a", 7, boot="one", on_disk=4), boot="two").name
    'KNOWN'
    """
    if known is None:
        return Recognition.FIRST
    if known.id == identity.id:
        return Recognition.KNOWN if _has_all_of(identity, known, boot) else Recognition.OLDER
    if known.age == 0:
        return Recognition.FIRST
    return Recognition.OTHER if identity.age else Recognition.LOST


def _has_all_of(identity: Identity, known: Known, boot: str) -> bool:
    if identity.age < known.least(boot):
        return False
    return identity.grown is None or identity.grown.get(known.by, 0) >= known.by_age
