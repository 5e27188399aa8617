"""Feeds added to schedules.yaml: nothing else in the file changes."""

import os

import pytest

from dispatch.config.files.yaml_file import read_yaml
from dispatch.config.intake.new_feeds import NewFeed, add_feeds
from dispatch.errors import BadInput

NEW = [
    NewFeed("one", "https://one.example/feed", 'The "One" # & more'),
    NewFeed("two", "http://b/"),
]
LINES = ['one: {url: "https://one.example/feed", title: "The \\"One\\" # & more"}']
LINES += ['two: {url: "http://b/"}']
REST = "campaigns: {}  # later\n"


def feeds_of(tree):
    return {name: feed.get("url") for name, feed in tree["feeds"].items()}


@pytest.fixture
def add(tmp_path):
    path = tmp_path / "schedules.yaml"

    def add(text, new=NEW):
        path.write_bytes(text.encode())
        add_feeds(tmp_path, new)
        return path.read_bytes().decode()

    return add


@pytest.mark.parametrize(
    "feeds",
    [
        "feeds:\n  a: {url: file:a.xml}\n",
        "feeds:\n    a: {url: file:a.xml}  # mine\n",
        "feeds:\n  a:\n    url: file:a.xml\n    title: A\n",
        "feeds:  # ours\n\n  # the first\n  a: {url: file:a.xml,\n      title: A}\n",
    ],
    ids=["lines", "wide", "block", "over two lines"],
)
@pytest.mark.parametrize("behind", [f"\n# more\n{REST}", REST])
def test_they_come_behind_those_that_are_there(add, feeds, behind):
    changed = add(feeds + behind)

    indent = "    " if "    a:" in feeds else "  "
    assert changed == feeds + "".join(f"{indent}{line}\n" for line in LINES) + behind


@pytest.mark.parametrize(
    "feeds", ["{}", "{ }", "{a: {url: file:a.xml}}", "{a: {url: file:a.xml}, }"]
)
def test_they_come_inside_the_brackets(add, tmp_path, feeds):
    changed = add(f"feeds: {feeds} # ours\n{REST}")

    assert changed.endswith(f"}} # ours\n{REST}")
    assert list(feeds_of(read_yaml(tmp_path / "schedules.yaml").tree))[-2:] == ["one", "two"]


def test_a_file_may_end_with_its_feeds(add):
    text = f"{REST}feeds:\n  a: {{url: file:a.xml}}"

    assert add(text) == text + "".join(f"\n  {line}" for line in LINES) + "\n"


def test_line_ends_and_marks_of_other_systems_stay(add, tmp_path):
    text = "\ufefffeeds:\r\n  a: {url: file:a.xml}\r\ncampaigns: {}\r\n"

    changed = add(text)

    assert changed.replace("\r\n", "").count("\n") == 0
    assert changed.startswith("\ufefffeeds:")
    assert feeds_of(read_yaml(tmp_path / "schedules.yaml").tree)["two"] == "http://b/"


@pytest.mark.parametrize(
    "text",
    [
        "x: &f {a: {url: file:a.xml}}\nfeeds: *f\n",
        "feeds:\n  a: &u {url: file:a.xml}\n  b: *u\n",
        "feeds: []\n",
        "other: {}\n",
    ],
)
def test_what_cannot_be_added_to_stays_untouched(add, tmp_path, text):
    with pytest.raises(BadInput, match=r"schedules.yaml: feeds: .* - add them by hand"):
        add(text)

    assert (tmp_path / "schedules.yaml").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["schedules.yaml"]


def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    real = tmp_path / "real.yaml"
    real.write_text("feeds:\n  a: {url: file:a.xml}\n")
    real.chmod(0o640)
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "schedules.yaml").symlink_to(real)

    add_feeds(folder, NEW)

    assert (folder / "schedules.yaml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert len(read_yaml(real).tree["feeds"]) == 3


def test_the_owner_stays_too(tmp_path, monkeypatch):
    path = tmp_path / "schedules.yaml"
    path.write_text("feeds:\n  a: {url: file:a.xml}\n")
    given = []
    monkeypatch.setattr(os, "chown", lambda _, user, group: given.append((user, group)))

    add_feeds(tmp_path, NEW)

    assert given == [(path.stat().st_uid, path.stat().st_gid)]


def test_nothing_to_add_writes_nothing(tmp_path):
    add_feeds(tmp_path, [])

    assert list(tmp_path.iterdir()) == []
