"""What journeys share: a blog to send from, and a stage on either database."""

from collections.abc import Iterator

import pytest

from journey_stage import Blog


@pytest.fixture
def blog() -> Iterator[Blog]:
    with Blog() as blog:
        yield blog
