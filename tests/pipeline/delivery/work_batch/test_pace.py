"""At a channel's pace: what came out is written down with what goes out next."""

from itertools import repeat

from dispatch.pipeline.delivery.queue import Queue


def denying(times):
    """A queue that lets one out, and then nothing so many times, though it may soon."""

    class Denying(Queue):
        denials = iter(())

        def permit(self, ready):
            if not ready or next(self.denials, False):
                return 0
            self.denials = repeat(True, times)
            return 1

        def pause(self, most, *, ready, room):
            return 0.01 if ready else most

    return Denying


def test_an_outcome_waits_a_moment_for_the_next_intent_so_that_one_commit_is_for_both(stage):
    stage.queue = denying(3)

    stage.work()

    assert [(wanted, list(taken)) for wanted, taken, _ in stage.ledger.commits] == [
        ([1], []),
        ([2], [1]),
        ([3], [2]),
        ([], [3]),
    ]


def test_an_outcome_is_written_down_by_itself_where_nothing_may_leave_for_long(stage):
    stage.queue = denying(100)

    stage.work()

    assert [(wanted, list(taken)) for wanted, taken, _ in stage.ledger.commits] == [
        ([1], []),
        ([], [1]),
        ([2], []),
        ([], [2]),
        ([3], []),
        ([], [3]),
    ]
