"""What each column of a file is taken for, and on whose word."""

import io

import pytest

from dispatch.config.people.look_at_columns import look_at_columns, rules_said
from dispatch.config.people.subscribers import read_subscribers
from dispatch.config.people.write_refused import write_refused
from dispatch.errors import BadInput

FILE = """\
E-Mail;Vorname;Nachname;Langue;Firma;Opt;Status;
;;;;;;;
ada@x.org;;Byron;fr;;Y;active;
bob@x.org;Bob;;;=1+1;N;active;
"""


@pytest.fixture
def path(tmp_path):
    (tmp_path / "members.csv").write_text(FILE)
    return tmp_path / "members.csv"


def test_columns_are_shown_with_their_first_value_and_what_they_are_taken_for(path):
    rules = {"Opt": {"Y": "active"}, "firma": "ignore"}

    found = look_at_columns(path, rules, rules_said(["Firma=name"]))

    assert [(one.heading, one.first, one.taken_for, one.by) for one in found] == [
        ("E-Mail", "ada@x.org", "email", "its heading"),
        ("Vorname", "Bob", "your own: fields.vorname", "its heading"),
        ("Nachname", "Byron", "your own: fields.nachname", "its heading"),
        ("Langue", "fr", "locale, and your own: fields.langue", "its heading"),
        ("Firma", "=1+1", "name", "--column"),
        ("Opt", "Y", "who may be mailed (its words)", "schedules.yaml"),
        ("Status", "active", "who may be mailed (state)", "its heading"),
        ("", "", "nothing, as it has no heading", "its heading"),
    ]


def test_the_parts_of_a_name_are_told_as_such(path):
    found = look_at_columns(path, {}, {})

    assert found[1].taken_for == "name, and your own: fields.vorname"


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        ("Firma=nmae", "'nmae' is nothing that a column can be - did you mean 'name'?"),
        ("Firma", "says nothing of a column - write it as --column 'Heading=name'"),
        ("=name", "says nothing of a column"),
        ("Frima=name", "the file has no such column - did you mean 'Firma'?"),
    ],
)
def test_what_cannot_be_said_of_a_column_is_told(path, option, problem):
    with pytest.raises(BadInput) as caught:
        look_at_columns(path, {}, rules_said([option]))

    assert problem in str(caught.value)


def test_a_file_that_cannot_be_read_has_no_columns_to_show(tmp_path):
    (tmp_path / "readers.csv").write_text("name\nAda\n")

    assert look_at_columns(tmp_path / "readers.csv", {}, {}) == []
    assert look_at_columns(tmp_path / "nowhere.csv", {}, {}) == []


def test_rows_that_do_not_count_are_written_with_line_and_reason(path):
    path.write_text(FILE + '"open@x.org;;\nlast@x.org;"a\nb";;;;;;\n')
    to = io.StringIO()

    number = write_refused(path, {}, [(4, "twice"), (5, "wrong row"), (6, "left before")], to)

    assert number == 3
    assert to.getvalue().split("\r\n") == [
        "line,reason,E-Mail,Vorname,Nachname,Langue,Firma,Opt,Status,",
        "4,twice,bob@x.org,Bob,,,'=1+1,N,active,",
        "5,wrong row",
        '6,left before,last@x.org,"a\nb",,,,,,',
        "",
    ]


@pytest.mark.parametrize("row", ["4,twice,bob@x.org,Bob", '4,"twi\nce",bob@x.org,"Bob"'])
def test_what_was_written_so_is_mended_and_read_without_line_and_reason(path, row):
    path.write_text(f"line,reason,email,name\n{row}\n9,wrong address,nobody,Eva\n")
    to, wrong = io.StringIO(), row.count("\n") + 3

    write_refused(path, {}, [(wrong, "wrong address")], to)

    [person] = read_subscribers(path).rows
    assert (person.email, person.name, person.fields) == ("bob@x.org", "Bob", {})
    ours = "nothing: it tells of a row that did not count"
    assert [one.taken_for for one in look_at_columns(path, {}, {})] == [ours, ours, "email", "name"]
    assert to.getvalue().split("\r\n")[:2] == [
        "line,reason,email,name",
        f"{wrong},wrong address,nobody,Eva",
    ]


def test_columns_of_these_names_in_another_place_or_that_somebody_means_are_their_own(path):
    path.write_text("email,line,reason\nbob@x.org,4,shy\n")
    assert read_subscribers(path).rows[0].fields == {"line": "4", "reason": "shy"}

    path.write_text("line,reason,email\n4,shy,bob@x.org\n")
    rules = {"members": {"reason": "ignore"}}
    assert read_subscribers(path, rules=rules).rows[0].fields == {"line": "4", "reason": "shy"}
