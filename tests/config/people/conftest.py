"""A file of subscribers to write and read."""

from pathlib import Path

import pytest

from dispatch.config.people.subscribers import SubscriberFile, read_subscribers


@pytest.fixture
def read(tmp_path: Path):
    path = tmp_path / "subscribers" / "readers.csv"
    path.parent.mkdir()

    def read(content: str | bytes) -> SubscriberFile:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_subscribers(path)

    return read
