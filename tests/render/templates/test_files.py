import re
from pathlib import Path

import pytest

from dispatch.errors import TemplateFailed
from dispatch.render.templates.files import MOST_BYTES, load_template, snippet_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "weekly").mkdir()
    return tmp_path


def test_the_files_that_make_a_template_are_read_and_others_left(folder: Path) -> None:
    for name in ("subject.txt", "digest.mjml", "words.yaml", "head.mjml"):
        (folder / "weekly" / name).write_text(name)
    for name in (".digest.mjml", "notes.md", "digest.txt~", "other.yaml"):
        (folder / "weekly" / name).write_text("not me")

    sources = load_template(folder, "weekly")

    assert sources == {
        name: name for name in ("digest.mjml", "head.mjml", "subject.txt", "words.yaml")
    }


def test_a_byte_order_mark_and_windows_line_ends_are_removed(folder: Path) -> None:
    (folder / "weekly" / "digest.txt").write_bytes(b"\xef\xbb\xbfa\r\nb\r\n")

    sources = load_template(folder, "weekly")

    assert sources["digest.txt"] == "a\nb\n"


def test_a_file_in_another_encoding_is_told_with_its_line(folder: Path) -> None:
    (folder / "weekly" / "digest.txt").write_bytes("a\nb\nété".encode("latin-1"))

    with pytest.raises(TemplateFailed, match=r"^templates/weekly/digest.txt:3: not UTF-8"):
        load_template(folder, "weekly")


def test_a_file_that_is_too_large_is_refused(folder: Path) -> None:
    (folder / "weekly" / "digest.mjml").write_text("x" * (MOST_BYTES + 1))

    with pytest.raises(TemplateFailed, match=r"templates/weekly/digest.mjml: larger than 256 KB"):
        load_template(folder, "weekly")


def test_a_template_that_is_not_there_comes_with_a_guess(folder: Path) -> None:
    expected = re.escape("templates/weekyl: there is no such folder - did you mean 'weekly'?")

    with pytest.raises(TemplateFailed, match=expected):
        load_template(folder, "weekyl")


@pytest.mark.parametrize("name", ["../weekly", "/etc", "a/b", "", ".", "weekly/"])
def test_a_name_cannot_lead_out_of_the_folder(folder: Path, name: str) -> None:
    with pytest.raises(TemplateFailed, match="not a name"):
        load_template(folder, name)


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside.txt", "outside"])
def test_a_link_to_outside_is_refused_and_nothing_of_it_is_shown(folder: Path, target: str) -> None:
    templates = folder / "templates"
    (templates / "weekly").mkdir(parents=True)
    (folder / "outside.txt").write_text("a secret")
    (templates / "weekly" / "outside").symlink_to(folder)
    (templates / "weekly" / "digest.txt").symlink_to(
        target if target != "outside" else "outside/outside.txt"
    )

    with pytest.raises(TemplateFailed, match=r"digest\.txt: is a link to outside of") as caught:
        load_template(templates, "weekly")

    assert "secret" not in str(caught.value)


def test_a_template_that_is_a_link_to_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "digest.txt").write_text("a secret")
    (tmp_path / "templates" / "weekly").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(TemplateFailed, match="templates/weekly: is a link to outside of"):
        load_template(tmp_path / "templates", "weekly")


def test_templates_may_share_a_file_by_a_link(tmp_path: Path) -> None:
    templates = tmp_path / "real"
    (templates / "weekly").mkdir(parents=True)
    (templates / "bulletin").mkdir()
    (templates / "bulletin" / "head.mjml").write_text("shared")
    (templates / "weekly" / "head.mjml").symlink_to("../bulletin/head.mjml")
    (tmp_path / "templates").symlink_to(templates)

    assert load_template(tmp_path / "templates", "weekly") == {"head.mjml": "shared"}


@pytest.mark.parametrize(
    ("channel", "provider", "file"),
    [
        ("toots", "mastodon", "snippet.mastodon.txt"),
        ("second-toots", "mastodon", "snippet.second-toots.txt"),
        ("toots", "webhook", "snippet.txt"),
        ("toots", "", "snippet.txt"),
    ],
)
def test_a_channel_or_its_provider_may_have_its_own_snippet(channel, provider, file) -> None:
    sources = {"snippet.txt": "", "snippet.mastodon.txt": "", "snippet.second-toots.txt": ""}

    assert snippet_file(sources, channel, provider) == file
