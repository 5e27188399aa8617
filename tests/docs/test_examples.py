"""What the documentation tells people to type is typed here, page by page."""

from contextlib import closing

import pytest
import structlog

from docs.docs_pages import PAGES, blocks_of, name_of
from docs.example_runner import Reader, compare

WITH_EXAMPLES = [page for page in PAGES if blocks_of(page)]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_the_examples_of_a_page_work_in_a_new_workspace(page, tmp_path, monkeypatch):
    with closing(Reader(tmp_path, monkeypatch)) as reader:
        for block in blocks_of(page):
            if not block.not_run:
                reader.follow(block)


def test_a_promise_that_is_not_kept_is_noticed():
    with pytest.raises(pytest.fail.Exception):
        compare("│ weekly │ 8 │", "│ weekly   │ 9 │")


@pytest.fixture(autouse=True)
def _quiet():
    yield
    structlog.reset_defaults()
