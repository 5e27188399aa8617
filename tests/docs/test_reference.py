"""The pages of docs/reference/ and docs/providers/ say what the code says."""

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
FOLDERS = DOCS / "reference", DOCS / "providers"
PAGES = [page for one in FOLDERS for page in one.iterdir() if page.name not in BY_HAND]
OF_PROVIDERS = {page.stem for page in (DOCS / "providers").glob("*.md")} - {"README"}


def path_of(page):
    return page.relative_to(DOCS).as_posix()


def test_there_is_a_page_for_all_that_is_generated(generated):
    assert set(map(path_of, PAGES)) == set(generated)


def test_each_provider_that_comes_with_dispatch_has_a_page(generator):
    assert set(generator.bundled()) == OF_PROVIDERS


@pytest.mark.parametrize("name", sorted(OF_PROVIDERS))
def test_a_page_of_a_provider_says_how_to_set_it_up_and_what_to_know(name):
    lines = (DOCS / f"providers/{name}.md").read_text(encoding="utf-8").splitlines()
    marks = "<!-- facts -->", "<!-- /facts -->", "## Set it up", "## What to know"
    places = [lines.index(mark) for mark in marks]

    assert lines[0].startswith("# ")
    assert places == sorted(places)
    assert f"provider: {name}" in map(str.strip, lines)


@pytest.mark.parametrize("page", sorted(PAGES), ids=path_of)
def test_a_page_is_what_the_code_says(page, generated):
    text = page.read_text(encoding="utf-8")

    assert text == generated[path_of(page)], f"{page.name} lags behind - run 'make docs'"


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
