"""A workspace whose service ticks when a test says so."""

from datetime import UTC, datetime

import pytest
import structlog

from app_stage import opened, workspace_in

JUST_BEFORE = datetime(2026, 11, 24, 7, 59, tzinfo=UTC)
"""A Tuesday; the weekly's slot is at 9:00 in Paris, which is 8:00 UTC."""


@pytest.fixture
def folder(tmp_path, migrated_sqlite):
    return workspace_in(tmp_path / "letters", migrated_sqlite)


@pytest.fixture
def clock(clock):
    clock.now = JUST_BEFORE
    return clock


@pytest.fixture
def app(folder, clock):
    with opened(folder, clock) as app:
        yield app


@pytest.fixture
def said():
    """What the service has logged, as dicts."""
    with structlog.testing.capture_logs() as lines:
        yield lines
