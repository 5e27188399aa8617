"""Many jobs that wait for other machines, several at once, and few for one machine."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, NoReturn, TypeVar

AT_ONCE = 16
"""Mostly they wait: so many keep a processor busy with what comes back, and more would only queue
up behind it."""

PER_HOST = 2
"""As a browser of old did: a host of many feeds is not stormed."""

QUIET_SECONDS = 0.25


Job = TypeVar("Job")
Result = TypeVar("Result")


def work_at_once(
    jobs: Iterable[Job],
    work: Callable[[Job], Result],
    *,
    host: Callable[[Job], str],
    at_once: int = AT_ONCE,
    per_host: int = PER_HOST,
    keep_going: Callable[[], bool] = lambda: True,
) -> Iterator[tuple[Job, Result] | None]:
    """Each job with its result as they come; None now and then, when none has come for a while.

    At most `at_once` jobs are under way or not yet taken, and at most `per_host` of one host. When
    the caller takes no more, or `keep_going` says no, nothing new is begun, and nobody waits for
    what is under way. What `work` raises is raised here.
    """
    seats = _Seats(jobs, host, per_host)
    todo: SimpleQueue[tuple[str, Job] | None] = SimpleQueue()
    done: SimpleQueue[tuple[str, Job, Callable[[], Result]]] = SimpleQueue()
    crowd = min(at_once, seats.left)
    for _ in range(crowd):
        # A daemon, so that a server that hangs does not keep the program from ending.
        Thread(target=_serve, args=(work, todo, done), name="feeds", daemon=True).start()
    under_way = 0
    try:
        while (seats.left or under_way) and keep_going():
            while under_way < at_once and (taken := seats.take()) is not None:
                under_way += 1
                todo.put(taken)
            try:
                name, job, result = done.get(timeout=QUIET_SECONDS)
            except Empty:
                yield None
                continue
            under_way -= 1
            seats.free(name)
            yield job, result()
    finally:
        for _ in range(crowd):
            todo.put(None)


class _Seats(Generic[Job]):
    """The jobs that wait, by host, and a seat for each that may be under way there."""

    def __init__(self, jobs: Iterable[Job], host: Callable[[Job], str], per_host: int) -> None:
        self._waiting: defaultdict[str, deque[Job]] = defaultdict(deque)
        for job in jobs:
            self._waiting[host(job)].append(job)
        # Every host has its first seat before any has its second.
        self._free = deque(
            name
            for seat in range(per_host)
            for name, mine in self._waiting.items()
            if len(mine) > seat
        )
        self.left = sum(map(len, self._waiting.values()))

    def take(self) -> tuple[str, Job] | None:
        """A job that may begin now, and its host; None if all seats are taken."""
        while self._free:
            name = self._free.popleft()
            if waiting := self._waiting[name]:
                self.left -= 1
                return name, waiting.popleft()
        return None

    def free(self, name: str) -> None:
        """One job of the host is done."""
        self._free.append(name)


def _serve(
    work: Callable[[Job], Result],
    todo: SimpleQueue[tuple[str, Job] | None],
    done: SimpleQueue[tuple[str, Job, Callable[[], Result]]],
) -> None:
    while (given := todo.get()) is not None:
        name, job = given
        try:
            result = work(job)
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody sees it
            done.put((name, job, partial(_raise, error)))
        else:
            done.put((name, job, partial(_same, result)))


def _same(result: Result) -> Result:
    return result


def _raise(error: BaseException) -> NoReturn:
    raise error
