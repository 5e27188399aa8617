"""Files of suppressions: ours, those of other products, and addresses line by line."""

import os
from datetime import UTC, datetime
from io import StringIO

import pytest

from dispatch.config.files.problems import InvalidValueError
from dispatch.config.people.suppression_file import read_suppressions, write_suppressions
from dispatch.config.people.targets import checked_target
from dispatch.model.people.subscriber import Suppression

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def read(tmp_path, text: str, name: str = "out.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_suppressions(path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada@example.org\nbob@example.org\n", [("ada@example.org", "", None)] * 1),
        ("email\nADA@example.org\n", [("ada@example.org", "", None)]),
        (
            "email,created,reason,status\nada@example.org,1793611800,550 full,5.2.2\n",
            [("ada@example.org", "550 full", AT)],
        ),
        (
            'address,error,created_at\nada@example.org,gone,"Mon, 02 Nov 2026 09:30:00 UTC"\n',
            [("ada@example.org", "gone", AT)],
        ),
        (
            "EmailAddress;SuppressionReason;CreatedAt\nada@example.org;HardBounce;2026-11-02T09:30:00Z\n",
            [("ada@example.org", "HardBounce", AT)],
        ),
        (
            "sep=;\naddress;reason\nada@example.org;a, b, c\n",
            [("ada@example.org", "a, b, c", None)],
        ),
        ("email,timestamp\nada@example.org,1793611800000\n", [("ada@example.org", "", AT)]),
        ("Domain\nexample.org\n@example.net\n", [("@example.org", "", None)]),
        ("*.example.org\n", [(".example.org", "", None)]),
        ("\ufeffemail\r\n zoé@müller.example \r\n", [("zoé@xn--mller-kva.example", "", None)]),
        (
            "email,domain,reason\nada@example.org,,gone\n,example.net,spam\n",
            [("ada@example.org", "gone", None), ("@example.net", "spam", None)],
        ),
        (
            "Email Address,UNSUB_TIME,UNSUB_REASON\nada@example.org,2026-11-02 09:30:00,no more\n",
            [("ada@example.org", "no more", AT)],
        ),
        ("Domain\nExample.org.\n*.example.net.\n", [("@example.org", "", None)]),
        ("email,since\nada@example.org,yesterday\n", [("ada@example.org", "", None)]),
        (
            f"email;since\nada@example.org;Mon, 2 Nov 2026 09:30 +{'9' * 20}\n",
            [("ada@example.org", "", None)],
        ),
    ],
)
def test_lists_of_any_product_are_read(tmp_path, text, found):
    file = read(tmp_path, text)

    assert (file.readable, file.problems) == (True, ())
    assert [(one.target.key, one.reason, one.since) for one in file.rows][: len(found)] == found


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("gmail.com", "'gmail.com' is a domain and no address - write '@gmail.com' if all"),
        ("ada@", "is not an e-mail address"),
        ("ada@nowhere", "is not an e-mail address"),
        ("Ada Lovelace", "is neither an address nor a domain"),
        ("*", "is neither an address nor a domain"),
        ("@", "is neither an address nor a domain"),
        ("*.*.org", "is neither an address nor a domain"),
    ],
)
def test_a_row_that_makes_no_sense_is_told_by_its_line_and_the_others_count(tmp_path, row, problem):
    file = read(tmp_path, f"email\nbob@example.org\n{row}\neve@example.org\n")

    assert [one.line for one in file.rows] == [2, 4]
    [told] = file.problems
    assert str(told).startswith("out.csv:3: ")
    assert problem in str(told)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("name,town\nAda,Paris\n", "has no column of addresses or domains"),
        (None, "there is no such file"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, text, problem):
    file = read(tmp_path, text) if text is not None else read_suppressions(tmp_path / "none.csv")

    assert not file.readable
    assert problem in str(file.problems[0])


def test_what_is_written_is_read_back(tmp_path):
    said = [
        Suppression("@example.org", "asked", AT, "the team"),
        Suppression("*.example.org", "=cmd()", AT),
        Suppression("ada@example.org", "a, b", AT, "file"),
    ]
    text = StringIO(newline="")

    write_suppressions(said, text)
    file = read(tmp_path, text.getvalue())

    assert [
        Suppression(str(one.target), one.reason, one.since, one.source) for one in file.rows
    ] == said


def test_a_domain_is_kept_as_addresses_there_end():
    found = [checked_target(one).key for one in ("Example.org", "@example.org", "*.example.org")]

    assert found == ["@example.org", "@example.org", ".example.org"]
    with pytest.raises(InvalidValueError):
        checked_target("example.org", bare=False)


def test_a_row_whose_quote_is_never_closed_is_told_and_takes_no_other_with_it(tmp_path):
    file = read(tmp_path, 'email,reason\nada@example.org,"full\nbob@example.org,gone\n')

    assert [(one.line, one.target.key) for one in file.rows] == [(3, "bob@example.org")]
    assert file.faulty == 1
    assert str(file.problems[0]).startswith("out.csv:2: ")


def test_a_folder_or_a_pipe_in_place_of_a_file_is_told_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")

    folder, pipe = read_suppressions(tmp_path), read_suppressions(tmp_path / "pipe.csv", shown="p")

    assert (folder.readable, pipe.readable) == (False, False)
    assert "is a folder" in str(folder.problems[0])
    assert str(pipe.problems[0]).startswith("p: ")
