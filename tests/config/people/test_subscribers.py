"""subscribers/*.csv, as people and spreadsheets really write them."""

import codecs
from datetime import UTC, datetime

import pytest

from dispatch.config.files.problems import Severity
from dispatch.config.people.subscribers import SubscriberFile
from dispatch.model.people.subscriber import Consent, SubscriberRow
from subscribers_stage import emails, said

NO_CONSENT = Consent(None, "")


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
