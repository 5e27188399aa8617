"""Which files of subscribers are read, and which are refused as a whole."""

import codecs
import os

import pytest

from dispatch.config.csv import encoding as csv_encoding
from dispatch.config.people.subscribers import read_audience_files, read_subscribers
from subscribers_stage import emails, said


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"", "is empty - begin with a line of column names, such as email,name"),
            (b"\n \n", "is empty - begin with a line of column names, such as email,name"),
            (b"\xef\xbb\xbf", "is empty - begin with a line of column names, such as email,name"),
            (
                b"ada@example.org\nbob@example.org\n",
                (
                    "has no line with the names of its columns - add one before the first person,"
                    " such as email,name"
                ),
            ),
            (
                b"email,name,Name\na@example.org,x,y\n",
                "has two columns 'name' - rename or remove one of them",
            ),
            (
                b"e-mail,email\na@example.org,b@example.org\n",
                "has two columns 'email' - rename or remove one of them",
            ),
            (b"PK\x03\x04\x00\x00", "is not a text file - save the sheet as CSV (UTF-8)"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "is not a text file - save the sheet as CSV (UTF-8)"),
            (b"email\0,name\n", "is not a text file - save the sheet as CSV (UTF-8)"),
            (
                codecs.BOM_UTF8 + b"email,pr\xe9nom\na@example.org,Ada\n",
                (
                    "its column names, in line 1, cannot be read: contains bytes that are no text"
                    " - write the row anew, and save it as CSV (UTF-8)"
                ),
            ),
            (
                ",".join(["email", *(f"c{number}" for number in range(1000))]).encode(),
                "has more than 1000 columns - leave those that you need",
            ),
        ],
    )
    def test_a_file_that_cannot_be_used_gets_one_sentence(self, read, content, problem):
        file = read(content)

        assert said(file) == [f"subscribers/readers.csv: {problem}"]
        assert file.rows == ()
        assert not file.readable

    def test_a_file_that_is_too_large_is_refused_unread(self, read, monkeypatch):
        monkeypatch.setattr(csv_encoding, "MAX_BYTES", 1_000_000)

        file = read(b"email\n" + b"x" * 1_000_000)

        assert said(file) == [
            "subscribers/readers.csv: is larger than 1 MB - split it into several files"
        ]

    def test_a_missing_file_is_a_problem_and_not_a_crash(self, tmp_path):
        file = read_subscribers(tmp_path / "gone.csv")

        assert said(file) == ["gone.csv: there is no such file - check the path"]

    def test_a_folder_is_a_problem_and_not_a_crash(self, tmp_path):
        file = read_subscribers(tmp_path, audience="readers")

        assert "cannot be read" in said(file)[0]

    def test_a_pipe_is_refused_unread(self, tmp_path):
        os.mkfifo(tmp_path / "readers.csv")

        file = read_subscribers(tmp_path / "readers.csv")

        assert said(file) == ["readers.csv: is not a regular file - put a file in its place"]

    def test_a_file_name_that_is_no_audience_is_refused(self, tmp_path):
        path = tmp_path / "My readers.csv"
        path.write_text("email\na@example.org\n")

        file = read_subscribers(path)

        assert said(file)[0].startswith("My readers.csv: 'My readers' cannot be a name - ")
        assert not file.readable

    def test_an_audience_that_is_given_goes_before_the_file_name(self, tmp_path):
        path = tmp_path / "My readers.csv"
        path.write_text("email\na@example.org\n")

        file = read_subscribers(path, audience="readers")

        assert file.audience == "readers"
        assert emails(file) == ["a@example.org"]


class TestFolder:
    def test_the_files_come_by_name_without_what_spreadsheets_leave_behind(self, tmp_path):
        folder = tmp_path / "subscribers"
        folder.mkdir()
        for name in ["b.csv", "a.CSV", "~$b.csv", ".hidden.csv", ".~lock.b.csv#", "notes.txt"]:
            (folder / name).touch()
        (folder / "c.csv").mkdir()

        assert [path.name for path in read_audience_files(tmp_path)] == ["a.CSV", "b.csv"]

    def test_no_folder_means_no_files(self, tmp_path):
        assert read_audience_files(tmp_path) == []
