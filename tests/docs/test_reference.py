"""The pages of docs/reference/ say what the code says."""

import importlib

import pytest

from docs.docs_pages import DOCS


@pytest.fixture(scope="module")
def generated():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        return importlib.import_module("generate").pages()


BY_HAND = {"python.md"}  # its examples run
PAGES = [page for page in (DOCS / "reference").glob("*.md") if page.name not in BY_HAND]


def test_there_is_a_page_for_all_that_is_generated(generated):
    assert {page.name for page in PAGES} == set(generated)


@pytest.mark.parametrize("page", sorted(PAGES), ids=lambda p: p.name)
def test_a_page_is_what_the_code_says(page, generated):
    text = page.read_text(encoding="utf-8")

    assert text == generated[page.name], f"{page.name} lags behind - run 'make docs'"
