"""The pages of docs/reference/ say what the code says."""

import importlib

import pytest

from docs.docs_pages import DOCS


@pytest.fixture(scope="module")
def generated():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        return importlib.import_module("generate").pages()


def test_there_is_a_page_for_all_that_is_generated(generated):
    assert {page.name for page in (DOCS / "reference").glob("*.md")} == set(generated)


@pytest.mark.parametrize("page", sorted((DOCS / "reference").glob("*.md")), ids=lambda p: p.name)
def test_a_page_is_what_the_code_says(page, generated):
    text = page.read_text(encoding="utf-8")

    assert text == generated[page.name], f"{page.name} lags behind - run 'make docs'"
