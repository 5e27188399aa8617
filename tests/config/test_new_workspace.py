"""`dispatch init`: a new workspace that works, and nothing of anybody else's touched."""

import re
import shutil

import pytest

from dispatch.config.new_workspace import PARTS, add_template, new_workspace
from dispatch.config.people.subscribers import read_subscribers
from dispatch.config.schedules.load import load_workspace
from dispatch.errors import BadInput, NotFound


def test_a_new_workspace_is_in_order(tmp_path):
    folder = tmp_path / "deep" / "letters"

    new_workspace(folder)

    workspace = load_workspace(folder)
    people = read_subscribers(folder / "subscribers/readers.csv")
    assert set(workspace.campaigns) == {"weekly", "bulletin"}
    assert (len(people.rows), people.problems) == (8, ())
    assert all((folder / name).exists() for name in PARTS)


def test_files_of_people_are_private_from_the_start(tmp_path):
    new_workspace(tmp_path)

    people = tmp_path / "subscribers"
    assert people.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in people.iterdir()} == {0o600}


def test_what_a_run_makes_is_left_out_of_version_control(tmp_path):
    new_workspace(tmp_path / "letters")

    ignored = (tmp_path / "letters/.gitignore").read_text(encoding="utf-8").split()
    assert {"/.dispatch-*", "/dispatch.db*", "/outbox/", "/preview/"} == set(ignored)


def test_a_folder_with_other_things_keeps_them(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".gitignore").write_text("*.tmp\n")

    new_workspace(tmp_path)

    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert "*.tmp" in (tmp_path / ".gitignore").read_text()
    load_workspace(tmp_path)


@pytest.mark.parametrize("taken", PARTS)
def test_a_workspace_that_is_there_is_left_alone(tmp_path, taken):
    (tmp_path / taken).mkdir()

    with pytest.raises(BadInput, match=f"has {taken} already - choose another folder"):
        new_workspace(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [taken]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "letters").write_text("mine")

    with pytest.raises(BadInput, match="is not a folder - choose another folder"):
        new_workspace(tmp_path / "letters")


def test_a_place_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("mine")

    with pytest.raises(BadInput, match=r"Not a directory - .*choose another folder"):
        new_workspace(tmp_path / "file" / "letters")


def test_an_older_workspace_gets_a_template_that_came_later(tmp_path):
    new_workspace(tmp_path)
    shutil.rmtree(tmp_path / "templates/letter")

    add_template(tmp_path, "letter")

    assert (tmp_path / "templates/letter/digest.mjml").is_file()
    assert not list((tmp_path / "templates").glob(".*"))


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("weekly", BadInput, "templates/weekly: is there already - move it away, or keep it"),
        ("../weekly", NotFound, "does not come with dispatch - bulletin, confirm, letter, weekly"),
    ],
)
def test_no_template_of_somebodys_is_written_over(tmp_path, name, error, said):
    new_workspace(tmp_path)
    mine = tmp_path / "templates/weekly/subject.txt"
    mine.write_text("mine")

    with pytest.raises(error, match=re.escape(said)):
        add_template(tmp_path, name)

    assert mine.read_text() == "mine"


def test_a_folder_that_is_no_workspace_gets_no_template(tmp_path):
    with pytest.raises(BadInput, match=r"schedules\.yaml: there is no such file"):
        add_template(tmp_path, "letter")

    assert not list(tmp_path.iterdir())
