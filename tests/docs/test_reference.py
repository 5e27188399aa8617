"""The pages of docs/reference/ say what the code says."""

import importlib
import shutil
import subprocess

import pytest

from docs.docs_pages import DOCS


@pytest.fixture(scope="module")
def generator():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        return importlib.import_module("generate")


@pytest.fixture(scope="module")
def generated(generator):
    return generator.pages()


BY_HAND = {"python.md"}  # its examples run
PAGES = [page for page in (DOCS / "reference").glob("*.md") if page.name not in BY_HAND]


def test_there_is_a_page_for_all_that_is_generated(generated):
    assert {page.name for page in PAGES} == set(generated)


@pytest.mark.parametrize("page", sorted(PAGES), ids=lambda p: p.name)
def test_a_page_is_what_the_code_says(page, generated):
    text = page.read_text(encoding="utf-8")

    assert text == generated[page.name], f"{page.name} lags behind - run 'make docs'"


def test_the_manual_page_is_what_the_code_says(generator):
    text = (DOCS / "dispatch.1").read_text(encoding="utf-8")

    assert text == generator.manual(), "dispatch.1 lags behind - run 'make docs'"
    assert ".SS dispatch editions approve \\fIedition\\fR" in text


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_the_manual_page_is_read_without_a_warning():
    page = DOCS / "dispatch.1"

    read = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", page], capture_output=True, text=True, check=True
    )

    assert read.stderr == ""
