"""Jobs that wait for other machines: several at once, few for one machine."""

from collections import Counter
from threading import Event, Lock
from threading import enumerate as threads

import pytest

from dispatch.pipeline.intake.at_once import work_at_once
from patience import PATIENCE


class Crowd:
    """Counts who is at work, in all and at each host."""

    def __init__(self):
        self.lock = Lock()
        self.now = Counter()
        self.most = Counter()

    def work(self, job):
        host, _ = job
        with self.lock:
            self.now.update([host, "all"])
            self.most |= self.now
        sum(range(20_000))  # so that others have the time to begin
        with self.lock:
            self.now.subtract([host, "all"])
        return host


def host_of(job):
    return job[0]


def test_every_job_is_done_and_comes_with_its_result():
    jobs = [(f"host{number % 7}", number) for number in range(100)]

    done = [one for one in work_at_once(jobs, lambda job: job[1] ** 2, host=host_of) if one]

    assert sorted(done) == sorted((job, job[1] ** 2) for job in jobs)


def test_no_more_than_so_many_at_once_and_at_one_host():
    crowd = Crowd()
    jobs = [(f"host{number % 5}", number) for number in range(200)]

    list(work_at_once(jobs, crowd.work, host=host_of, at_once=4, per_host=2))

    assert crowd.most["all"] <= 4
    assert all(crowd.most[f"host{number}"] <= 2 for number in range(5))


def test_a_job_that_hangs_delays_no_other():
    hang = Event()
    jobs = [("slow", 0), *((f"host{number}", number) for number in range(1, 50))]
    done = []

    def work(job):
        if job[0] == "slow":
            assert hang.wait(PATIENCE)
        return job[1]

    for one in work_at_once(jobs, work, host=host_of, at_once=2):
        if one is not None:
            done.append(one[1])
        if len(done) == 49:
            hang.set()

    assert done[-1] == 0


def test_the_caller_hears_when_nothing_comes_for_a_while():
    hang = Event()

    def work(_job):
        return hang.wait(PATIENCE)

    done = work_at_once(["job"], work, host=str)
    nothing = next(done)
    hang.set()

    assert nothing is None
    assert [one for one in done if one] == [("job", True)]


def test_who_wants_no_more_does_not_wait_for_what_is_under_way():
    hang, going = Event(), [True]
    jobs = work_at_once(
        ["slow", "quick"],
        lambda job: hang.wait(PATIENCE) if job == "slow" else True,
        host=str,
        keep_going=lambda: bool(going),
    )

    quick = next(filter(None, jobs))
    going.clear()
    rest = list(jobs)
    hang.set()

    assert quick == ("quick", True)
    assert rest == []


def test_what_the_work_raises_is_raised_to_the_caller():
    def work(_job):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(work_at_once([1], work, host=str))


def test_nothing_to_do_starts_nothing():
    before = set(threads())

    assert list(work_at_once([], str, host=str)) == []
    assert set(threads()) <= before  # those of other tests may end meanwhile
