"""What the tests of people share: the file beside the database, of who has left."""

import pytest

from dispatch.config.process.endings_file import EndingsFile
from dispatch.pipeline.people.endings import Endings
from pipeline_samples import MARKERS


@pytest.fixture
def file(tmp_path) -> EndingsFile:
    return EndingsFile(tmp_path / ".dispatch-endings")


@pytest.fixture
def endings(file, clock) -> Endings:
    return Endings(file, MARKERS, clock)
