"""subscribers/*.csv, as people and spreadsheets really write them."""

import codecs
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.config.csv import encoding as csv_encoding
from dispatch.config.files.problems import Severity
from dispatch.config.people.subscribers import SubscriberFile, read_audience_files, read_subscribers
from dispatch.model.people.subscriber import Consent, SubscriberRow

NO_CONSENT = Consent(None, "")


@pytest.fixture
def read(tmp_path: Path):
    path = tmp_path / "subscribers" / "readers.csv"
    path.parent.mkdir()

    def read(content: str | bytes) -> SubscriberFile:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_subscribers(path)

    return read


def emails(file: SubscriberFile) -> list[str]:
    return [row.email for row in file.rows]


def said(file: SubscriberFile) -> list[str]:
    return [str(problem) for problem in file.problems]


class TestColumns:
    def test_a_full_row_becomes_a_subscriber(self, read):
        file = read(
            "email,name,locale,timezone,topics,cadence,consented_at,consent_source,City of birth\n"
            "ada@example.org,Ada L.,fr_ca,Europe/Paris,IA | Arts|IA,weekly,"
            "2026-01-31T10:00:00+01:00,form,London\n"
        )

        assert file == SubscriberFile(
            audience="readers",
            rows=(
                SubscriberRow(
                    line=2,
                    email="ada@example.org",
                    consent=Consent(datetime(2026, 1, 31, 9, tzinfo=UTC), "form"),
                    name="Ada L.",
                    locale="fr-CA",
                    timezone="Europe/Paris",
                    topics=("IA", "Arts"),
                    cadence="weekly",
                    fields={"city_of_birth": "London"},
                ),
            ),
        )

    def test_an_address_is_enough(self, read):
        file = read("email\nada@example.org\n")

        assert file.rows == (SubscriberRow(2, "ada@example.org", NO_CONSENT),)

    @pytest.mark.parametrize(
        "heading", ["Email", " E-MAIL ", "e-mail", '"Email Address"', "Adresse e-mail", "Courriel"]
    )
    def test_the_address_column_may_be_spelled_as_people_do(self, read, heading):
        file = read(f"Name,{heading}\nAda,ada@example.org\n")

        assert file.rows == (SubscriberRow(2, "ada@example.org", NO_CONSENT, name="Ada"),)

    def test_other_columns_get_names_that_templates_can_say(self, read):
        file = read("email,Prénom usuel,2026 gift!,日本\na@example.org,Ada,pen,x\n")

        assert file.rows[0].fields == {"prenom_usuel": "Ada", "field_2026_gift": "pen", "日本": "x"}

    def test_a_date_without_a_zone_is_utc(self, read):
        file = read("email,consented_at\na@example.org,2026-01-31\n")

        assert file.rows[0].consent.at == datetime(2026, 1, 31, tzinfo=UTC)

    def test_a_name_stays_on_one_line_because_it_goes_into_a_header(self, read):
        file = read('email,name\na@example.org,"Ada\r\nBcc: all@example.org"\n')

        assert file.rows[0].name == "Ada Bcc: all@example.org"

    def test_who_is_not_active_does_not_come_back_by_a_file(self, read):
        file = read(
            "email,state\na@example.org,active\nb@example.org,ended\n"
            "c@example.org,Pending\nd@example.org,\ne@example.org,endd\n"
        )

        assert emails(file) == ["a@example.org", "d@example.org"]
        assert file.inactive == 2
        assert said(file) == [
            "subscribers/readers.csv:6: state: unknown state 'endd' - did you mean 'ended'?",
            (
                "subscribers/readers.csv: state: 2 rows are marked pending, ended or suppressed"
                " and were left out: line 3 ('ended'), line 4 ('Pending')"
            ),
        ]


class TestForms:
    ROWS = (SubscriberRow(2, "ada@example.org", NO_CONSENT, name="Adélie"),)

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_reads_what_spreadsheets_save(self, read, separator, line_end, encoding):
        text = f"email{separator}name{line_end}ada@example.org{separator}Adélie{line_end}"

        file = read(text.encode(encoding))

        assert file == SubscriberFile("readers", self.ROWS)

    def test_big_endian_utf_16_is_read_too(self, read):
        text = "email,name\nada@example.org,Adélie\n"

        file = read(codecs.BOM_UTF16_BE + text.encode("utf-16-be"))

        assert file.rows == self.ROWS

    def test_latin_1_is_read_with_a_notice(self, read):
        file = read("email;name\nada@example.org;Adélie\n".encode("latin-1"))

        assert file.rows == self.ROWS
        [review_mail] = file.problems
        assert review_mail.severity is Severity.NOTICE
        assert str(review_mail) == (
            "subscribers/readers.csv:2: is not UTF-8, so the file was read as"
            " Windows-1252 (Latin-1) - check that accents are right, or save it as 'CSV UTF-8'"
        )

    def test_what_windows_adds_to_latin_1_is_read(self, read):
        file = read("email,name\na@example.org,100 €\n".encode("cp1252"))

        assert file.rows[0].name == "100 €"

    def test_bytes_that_windows_does_not_know_are_latin_1(self, read):
        file = read(b"email,name\na@example.org,\x81\xe9\n")

        assert file.rows[0].name == "é"
        assert "was read as Latin-1" in said(file)[0]

    def test_quotes_hold_separators_quotes_and_line_ends(self, read):
        file = read(
            'email,name,note\na@example.org,"Lovelace, ""Ada""","two\nlines"\nb@example.org,,\n'
        )

        assert file.rows[0].name == 'Lovelace, "Ada"'
        assert file.rows[0].fields == {"note": "two\nlines"}
        assert file.rows[1].line == 4

    def test_blank_lines_and_empty_columns_at_the_end_do_no_harm(self, read):
        file = read("\n\nemail,name,,\n\na@example.org,Ada,,\n , ,,\n,,,,,,\nb@example.org\n\n")

        assert emails(file) == ["a@example.org", "b@example.org"]
        assert [row.line for row in file.rows] == [5, 8]
        assert file.problems == ()

    @pytest.mark.parametrize(
        "first", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;", "\ufeffsep=;", "sep=,"]
    )
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_a_first_line_may_name_the_separator(self, read, first, line_end):
        sign = first.strip('"')[-1]
        lines = [first, f"email{sign}name", f"ada@example.org{sign}Adélie", ""]

        file = read(line_end.join(lines))

        assert file.rows == (SubscriberRow(3, "ada@example.org", NO_CONSENT, name="Adélie"),)
        assert file.problems == ()

    def test_a_line_of_the_separator_further_down_is_a_row(self, read):
        file = read("email;name\nsep=;\na@example.org;A\n")

        assert emails(file) == ["a@example.org"]
        assert file.problems[0].line == 2

    def test_a_comma_in_a_heading_does_not_hide_the_real_separator(self, read):
        file = read('email;"likes, dislikes";name\na@example.org;x;Ada\n')

        assert file.rows[0].name == "Ada"


class TestBadRows:
    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            (
                "ada@example,,,,",
                (
                    "email: 'ada@example' is not an e-mail address"
                    " - the part after @ needs a dot, as in example.org"
                ),
            ),
            (",Ada,,,", "email: is missing - add the address or remove the row"),
            (
                "a@example.org,,,,,more",
                (
                    "has 6 cells, but there are 5 columns"
                    " - put a text that contains the separator in quotes"
                ),
            ),
            ('a@example.org,"Ada" L.,,,', 'a quote is not closed - close the quote, or write ""'),
        ],
    )
    def test_a_bad_row_is_named_and_the_others_come_in(self, read, row, problem):
        header = "email,name,locale,timezone,consented_at\n"

        file = read(f"{header}first@example.org\n{row}\nlast@example.org\n")

        assert emails(file) == ["first@example.org", "last@example.org"]
        assert file.faulty == 1
        [found] = said(file)
        if problem[0] in "ah":  # about the row as a whole
            assert found.startswith(f"subscribers/readers.csv:3: {problem}")
        else:
            assert found == f"subscribers/readers.csv:3: {problem}"

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            (
                "a@example.org,,english,,",
                (
                    "locale: unknown language 'english', so that it was left empty"
                    " - write a code such as fr, en or fr-CA"
                ),
            ),
            (
                "a@example.org,,,Paris,",
                (
                    "timezone: unknown time zone 'Paris', so that it was left empty"
                    " - did you mean 'Europe/Paris'?"
                ),
            ),
            (
                "a@example.org,,,GMT+2,",
                (
                    "timezone: unknown time zone 'GMT+2', so that it was left empty"
                    " - write the city that is meant, such as 'Europe/Athens'"
                    " or 'Africa/Johannesburg' (UTC+2 outside summer time)"
                ),
            ),
            (
                "a@example.org,,,,31/01/2026",
                (
                    "consented_at: '31/01/2026' is not a date, so that it was left empty"
                    " - write it as 2026-01-31 or 2026-01-31T09:30:00+01:00"
                ),
            ),
            (
                "a@example.org,,,,0001-01-01T00:00:00+14:00",
                (
                    "consented_at: '0001-01-01T00:00:00+14:00' is not a date, so that it was left"
                    " empty - write it as 2026-01-31 or 2026-01-31T09:30:00+01:00"
                ),
            ),
        ],
    )
    def test_a_cell_that_can_be_done_without_costs_itself_and_nobody(self, read, row, problem):
        file = read(f"email,name,locale,timezone,consented_at\n{row}\nlast@example.org\n")

        assert file.rows[0] == SubscriberRow(2, "a@example.org", NO_CONSENT)
        assert emails(file) == ["a@example.org", "last@example.org"]
        assert file.faulty == 0
        assert [one.severity for one in file.problems] == [Severity.NOTICE]
        assert said(file) == [f"subscribers/readers.csv:2: {problem}"]

    def test_all_that_is_wrong_with_a_row_is_one_sentence(self, read):
        file = read("email,timezone,consented_at\nada,Mars,soon\n")

        assert said(file) == [
            (
                "subscribers/readers.csv:2: email: 'ada' is not an e-mail address; "
                "timezone: unknown time zone 'Mars'; consented_at: 'soon' is not a date - "
                "an address looks like name@example.org; write a name such as Europe/Paris; "
                "write it as 2026-01-31 or 2026-01-31T09:30:00+01:00"
            )
        ]
        assert file.faulty == 1

    def test_a_cell_under_no_heading_is_not_dropped_in_silence(self, read):
        file = read("email,,name\na@example.org,x,Ada\nb@example.org,,Bo\n")

        assert emails(file) == ["b@example.org"]
        assert "has a cell in a column without a name" in said(file)[0]

    def test_the_first_of_two_rows_with_one_address_counts(self, read):
        file = read("email,name\nAda@example.org,first\nb@example.org,\nada@EXAMPLE.org,second\n")

        assert [(row.email, row.name) for row in file.rows] == [
            ("Ada@example.org", "first"),
            ("b@example.org", ""),
        ]
        assert file.duplicates == 1
        [review_mail] = file.problems
        assert review_mail.severity is Severity.NOTICE
        assert str(review_mail) == (
            "subscribers/readers.csv:4: email: ada@EXAMPLE.org is already in line 2, which counts"
            " - remove one of the two"
        )

    @pytest.mark.parametrize("rows_after", [3, 200])
    def test_a_quote_left_open_takes_nobody_else_with_it(self, read, rows_after):
        others = "".join(f"r{number}@example.org,x\n" for number in range(rows_after))

        file = read(f'email,name\na@example.org,"Ada\n{others}')

        assert len(file.rows) == rows_after
        assert file.rows[0].line == 3
        assert said(file) == [
            (
                "subscribers/readers.csv:2: a quote is not closed"
                ' - close the quote, or write "" for a quote inside a text'
            )
        ]

    def test_a_cell_without_end_is_one_bad_row(self, read):
        file = read(f"email,name\na@example.org,{'x' * 200_000}\nb@example.org,\n")

        assert emails(file) == ["b@example.org"]
        assert len(said(file)[0]) < 200


class TestNoText:
    """What no database stores, and what was damaged, costs its row."""

    BEFORE, AFTER = "email,name\nada@example.org,Adélie\n", "\nzoé@example.org,Zoé\n"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    @pytest.mark.parametrize("row", ["bo\0b@example.org,Bob", "bob@example.org,B\0b", "\0"])
    def test_a_nul_costs_its_row(self, read, encoding, row):
        file = read((self.BEFORE + row + self.AFTER).encode(encoding))

        assert emails(file) == ["ada@example.org", "zoé@example.org"]
        assert file.rows[-1].name == "Zoé"
        assert said(file) == [
            (
                "subscribers/readers.csv:3: contains a character that is no text"
                " - remove it, or write the row anew"
            )
        ]

    @pytest.mark.parametrize(
        "bad", [b"\xff", b"\xe9", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"]
    )
    def test_bytes_that_are_not_utf_8_cost_their_row(self, read, bad):
        file = read(self.BEFORE.encode() + b"bob@example.org,B" + bad + self.AFTER.encode())

        assert emails(file) == ["ada@example.org", "zoé@example.org"]
        assert [row.name for row in file.rows] == ["Adélie", "Zoé"]
        assert said(file) == [
            (
                "subscribers/readers.csv:3: contains bytes that are no text"
                " - write the row anew, and save it as CSV (UTF-8)"
            )
        ]

    def test_a_half_character_of_utf_16_costs_its_row(self, read):
        rows = [self.BEFORE, "bob@example.org,", self.AFTER]
        first, second, third = (text.encode("utf-16-le") for text in rows)

        file = read(codecs.BOM_UTF16_LE + first + second + b"\x00\xd8" + third + b"x")

        assert emails(file) == ["ada@example.org", "zoé@example.org"]
        assert [problem.line for problem in file.problems] == [3, 5]

    def test_utf_32_is_read_too(self, read):
        file = read((self.BEFORE + self.AFTER).encode("utf-32"))

        assert [row.name for row in file.rows] == ["Adélie", "Zoé"]

    def test_a_row_of_utf_8_in_a_file_of_latin_1_is_read_too(self, read):
        file = read(
            "email,name\na@example.org,é\nb@example.org,è\n".encode("latin-1")
            + "c@example.org,ü".encode()
        )

        assert [row.name for row in file.rows] == ["é", "è", "ü"]

    def test_a_mark_of_byte_order_between_two_files_put_together_does_no_harm(self, read):
        one, two = (f"email\n{name}@example.org\n".encode("utf-8-sig") for name in "ab")

        file = read(b"\xef\xbb\xbf" + one + two.replace(b"email\n", b""))

        assert emails(file) == ["a@example.org", "b@example.org"]

    def test_control_characters_are_taken_out_of_names(self, read):
        file = read("email,name,note\na@example.org,A\x1b[31md\x07a\u202e\x85,b\x08\x9fc\ufffe\n")

        [row] = file.rows
        assert (row.name, row.fields) == ("A[31mda", {"note": "bc"})

    @pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
    def test_a_line_without_end_costs_its_row(self, read, line_end):
        rows = ["email,name", f"a@example.org,{'x' * 300_000}", "b@example.org,Bo", ""]

        file = read(line_end.join(rows))

        assert emails(file) == ["b@example.org"]
        assert said(file) == [
            (
                "subscribers/readers.csv:2: is longer than 100000 characters"
                " - shorten it, or remove the row"
            )
        ]

    @pytest.mark.parametrize("line_end", ["\n", "\r\n"])
    @pytest.mark.parametrize(
        "torn", ["d@example.org,D\rE,X", "d@example.org,\rD,\rE", "d@example.org,D\rnonsense"]
    )
    def test_a_lone_cr_costs_its_row(self, read, line_end, torn):
        rows = ["email,name,town", "a@example.org,A,", torn, "b@example.org,B,", ""]

        file = read(line_end.join(rows))

        assert emails(file) == ["a@example.org", "b@example.org"]
        assert file.faulty == 1
        assert said(file) == [
            (
                "subscribers/readers.csv:3: has a line end (CR) in the midst of it"
                " - remove it, or put its cell in quotes"
            )
        ]

    def test_a_cr_within_quotes_is_a_part_of_the_text(self, read):
        file = read('email,name\na@example.org,"A\rB"\nb@example.org,B\n')

        assert emails(file) == ["a@example.org", "b@example.org"]
        assert said(file) == []

    @pytest.mark.parametrize("end", ["\r", "\r\r\n", "\r\n\r"])
    @pytest.mark.parametrize("number", [2, 200])
    def test_rows_that_end_in_cr_behind_others_are_rows(self, read, end, number):
        rows = "".join(f"r{one}@example.org,R{end}" for one in range(number))

        file = read(f"email,name\na@example.org,A\n{rows}b@example.org,B\n")

        assert len(emails(file)) == number + 2
        assert said(file) == []

    def test_ten_thousand_cells_cost_their_row(self, read):
        file = read(f"email,name\na@example.org,{',x' * 10_000}\nb@example.org,Bo\n")

        assert emails(file) == ["b@example.org"]
        assert said(file)[0].startswith(
            "subscribers/readers.csv:2: has 10002 cells, but there are 2 columns - "
        )

    def test_a_text_in_quotes_that_is_too_long_costs_its_row(self, read):
        file = read(
            'email,name\na@example.org,"' + f"{'x' * 90_000}\n" * 3 + '"\nb@example.org,Bo\n'
        )

        assert emails(file) == ["b@example.org"]
        assert file.problems[0].line == 2

    def test_rows_inside_a_text_in_quotes_are_not_swallowed_in_silence(self, read):
        file = read(
            'email,name\na@example.org,"Ada\nb@example.org,Bo\nc@example.org,Cy"\nd@example.org,Di\n'
        )

        assert emails(file) == ["d@example.org"]
        assert said(file) == [
            (
                "subscribers/readers.csv:2: has a text in quotes in which line 3 looks like a row"
                " - close the quote where the text ends, or write the text on one line"
            )
        ]


class TestMany:
    """Of a file in which everything is wrong, a person reads the beginning."""

    def test_two_hundred_problems_of_a_file_are_told_and_how_many_more(self, read):
        file = read("email\n" + "a@example.org\nnobody\n" * 500)

        assert (len(file.rows), file.faulty, file.duplicates) == (1, 500, 499)
        assert len(file.problems) == 201
        assert said(file)[0].startswith("subscribers/readers.csv:3: email: 'nobody' is not ")
        assert said(file)[-1] == (
            "subscribers/readers.csv: and 799 more - mend these first, and look again"
        )

    def test_what_is_about_the_whole_file_is_among_them(self, read):
        file = read(
            "email,state\né,\n".encode("latin-1") + b"x,\n" * 400 + b"a@example.org,ended\n"
        )

        told = " ".join(said(file))
        assert "the file was read as Windows-1252" in told
        assert "1 rows are marked pending" in told
        assert len(file.problems) == 201

    def test_notices_fill_what_errors_leave(self, read):
        rows = "".join(f"r{number}@example.org,often\n" for number in range(250))

        file = read(f"email,cadence\n{rows}nobody,\n")

        severities = [problem.severity for problem in file.problems]
        assert severities.count(Severity.ERROR) == 2
        assert len(file.rows) == 250
        assert said(file)[-2].startswith("subscribers/readers.csv:252: email: 'nobody'")
        assert said(file)[-1].startswith("subscribers/readers.csv: and 51 more - ")

    def test_twenty_thousand_bad_cells_are_read_while_one_waits(self, read):
        rows = "".join(f"r{number}@example.org,Mars{number}\n" for number in range(20_000))

        file = read(f"email,timezone\n{rows}")

        assert len(file.rows) == 20_000  # a guess at what was meant takes milliseconds for each
        assert said(file)[-1].startswith("subscribers/readers.csv: and 19800 more - ")


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"", "is empty - begin with a line of column names, such as email,name"),
            (b"\n \n", "is empty - begin with a line of column names, such as email,name"),
            (b"\xef\xbb\xbf", "is empty - begin with a line of column names, such as email,name"),
            (
                b"ada@example.org\nbob@example.org\n",
                "has no column 'email' - name the columns in the first line, one of them 'email'",
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


LENIENT = settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PIECES = st.sampled_from(
    [
        "a@example.org",
        "b@b.fr",
        ",",
        ";",
        "\t",
        '"',
        "\n",
        "\r\n",
        "\r",
        "é",
        "|",
        "fr",
        "\0",
        "'=",
        " ",
    ]
)


class TestWhateverIsWritten:
    @LENIENT
    @given(st.binary(max_size=300))
    def test_bytes_give_rows_or_problems(self, read, content):
        file = read(content)

        assert file.rows or file.problems or not content.strip()

    @LENIENT
    @given(st.lists(PIECES, max_size=40).map("".join))
    def test_no_line_is_lost_without_a_word(self, read, body):
        file = read(f"email,name,locale\n{body}\nlast@example.org")

        assert emails(file)[-1:] == ["last@example.org"]

    @LENIENT
    @given(st.text())
    def test_any_heading_gives_rows_or_problems(self, read, heading):
        content = f"email,{heading}\na@example.org,x\n".encode("utf-8", "replace")

        file = read(content)

        assert file.rows or file.problems
