"""subscribers/*.csv with bytes that are no text, cells without end and problems without number."""

import codecs

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.config.files.problems import Severity
from subscribers_stage import emails, said


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

    def test_five_thousand_bad_cells_are_read_while_one_waits(self, read):
        rows = "".join(f"r{number}@example.org,Mars{number}\n" for number in range(5_000))

        file = read(f"email,timezone\n{rows}")

        assert len(file.rows) == 5_000  # a guess at what was meant takes milliseconds for each
        assert said(file)[-1].startswith("subscribers/readers.csv: and 4800 more - ")


LENIENT = settings(
    max_examples=100,
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
