"""Links lead somewhere, the architecture is the tree's, nothing is about one machine."""

import re

import pytest

from dispatch import __version__
from docs.docs_pages import DOCS, PAGES, ROOT, anchors_of, links_of, name_of

ROOMS = sorted(
    path.name for path in (ROOT / "src/dispatch").iterdir() if (path / "__init__.py").exists()
)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_lead_somewhere(page):
    for link in links_of(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page

        assert target.exists(), f"{link}: no such file"
        assert not anchor or anchor in anchors_of(target), f"{link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_is_about_no_machine_in_particular(page):
    text = page.read_text(encoding="utf-8")

    assert not re.search(r"(?<![\w.])/(work|root|home|tmp|Users)/", text)


def test_every_page_can_be_reached_from_the_readme():
    reached = {ROOT / "README.md"}
    waiting = list(reached)
    while waiting:
        page = waiting.pop()
        near = {(page.parent / link.partition("#")[0]).resolve() for link in links_of(page)}
        new = {one for one in near if one.suffix == ".md"} - reached
        reached |= new
        waiting += new

    pages = {page for page in PAGES if page.parent.name != "changelog.d"}  # fragments come and go
    assert pages - reached == set()


@pytest.mark.parametrize("room", ROOMS)
def test_the_architecture_mentions_every_room(room):
    assert f"`{room}/`" in (DOCS / "architecture.md").read_text(encoding="utf-8")


def test_the_architecture_names_only_what_is_there():
    text = "".join(one.read_text(encoding="utf-8") for one in DOCS.glob("architecture*.md"))
    named = re.findall(r"`([\w/-]+/|[\w/-]+\.(?:py|yaml|toml))`", text)
    source = ROOT / "src/dispatch"
    places = (
        ROOT,
        source,
        *(source / room for room in ROOMS),
    )  # wings are named within their rooms

    assert [name for name in named if not any((place / name).exists() for place in places)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_architecture_names_the_wings_of_a_room(room):
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    [row] = [line for line in text.splitlines() if line.startswith(f"| `{room}/` |")]
    folders = (path for path in (ROOT / "src/dispatch" / room).iterdir() if path.is_dir())
    wings = {path.name for path in folders if any(path.glob("*.py"))}

    assert {name.rstrip("/") for name in re.findall(r"`(\w+/)`", row.split("|")[-2])} == wings


def test_no_file_repeats_the_name_of_its_folder():
    files = (ROOT / "src/dispatch").rglob("*.py")
    repeated = [
        path
        for path in files
        if path.stem == path.parent.name or path.stem.startswith(f"{path.parent.name}_")
    ]

    assert [str(path.relative_to(ROOT)) for path in repeated] == []


def test_changelog_fragments_are_named_as_the_readme_of_their_folder_says():
    names = {path.name for path in (ROOT / "changelog.d").iterdir()}
    kinds = "added|changed|fixed|removed|security"

    fragments = names - {"README.md", "template.jinja"}
    assert [name for name in fragments if not re.fullmatch(rf"[\w-]+\.({kinds})\.md", name)] == []


def test_the_newest_version_of_the_changelog_is_this_one():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.findall(r"(?m)^## (\S+) \(\d{4}-\d\d-\d\d\)$", text)[0] == __version__
