"""Python's collector is left as it was."""

import gc

from dispatch.pipeline.delivery.garbage import ALIVE, collecting_rarely


def test_looks_are_rare_until_the_last_one_is_through():
    before = gc.get_threshold()

    with collecting_rarely():
        with collecting_rarely():
            within = gc.get_threshold()
        still = gc.get_threshold()

    assert within == still == (ALIVE, *before[1:])
    assert gc.get_threshold() == before
