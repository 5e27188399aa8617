"""A network, and campaigns that post there."""

import pytest

from network_stage import NetworkStage


@pytest.fixture
def stage(store, clock):
    return NetworkStage(store, clock)
