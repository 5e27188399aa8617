import pytest

from notify_stage import Stage


@pytest.fixture
def stage(store, clock):
    return Stage(store, clock)
