"""People come in by file and go out by file; who has left stays out."""

import csv
import io

from dispatch.store.transactions import Store


def states(dispatch) -> dict[str, str]:
    listed = dispatch("subscribers", "list", "--json").json
    return {row["email"]: row["state"] for row in listed}


def test_everybody_in_the_folder_comes_in_once(dispatch):
    first = dispatch("subscribers", "import", "--json").json
    second = dispatch("subscribers", "import", "--json").json

    assert [(file["audience"], file["rows"], file["new"]) for file in first + second] == [
        ("readers", 8, 8),
        ("readers", 8, 0),
    ]


def test_an_export_comes_in_again_without_loss(dispatch, tmp_path):
    dispatch("subscribers", "import")
    before = dispatch("subscribers", "list", "--json").json
    file = tmp_path / "copy.csv"

    written = dispatch("subscribers", "export", "readers", "--to", str(file))
    brought = dispatch("subscribers", "import", str(file), "--audience", "friends", "--json").json

    after = dispatch("subscribers", "list", "--audience", "friends", "--json").json
    assert written.out == f"{file}: 8 people written\n"
    assert (brought[0]["new"], brought[0]["problems"]) == (8, [])
    assert [{**row, "audience": ""} for row in after] == [{**row, "audience": ""} for row in before]


def test_an_export_goes_to_standard_output_by_default(dispatch):
    dispatch("subscribers", "import")

    ended = dispatch("subscribers", "export", "readers")

    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert len(rows) == 8
    assert {row["state"] for row in rows} == {"active"}


def test_a_misspelt_audience_is_told(dispatch):
    dispatch("subscribers", "import")

    ended = dispatch("subscribers", "export", "readrs")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "audience readrs: nobody is or was in it - did you mean 'readers'?\n"


def test_who_has_left_is_not_brought_back_by_a_file(dispatch):
    dispatch("subscribers", "import")

    left = dispatch("subscribers", "end", "Reader@Readers.example", "--source", "asked by phone")
    dispatch("subscribers", "import")
    again = dispatch("subscribers", "end", "reader@readers.example")

    assert left.out == "Reader@Readers.example: left readers\n"
    assert again.out == "reader@readers.example: had left already\n"
    assert states(dispatch)["reader@readers.example"] == "ended"


def test_a_suppressed_address_gets_nothing_whatever_a_file_says(dispatch):
    dispatch("subscribers", "import")

    first = dispatch("subscribers", "suppress", "READER@readers.example", "--reason", "complaint")
    again = dispatch("subscribers", "suppress", "reader@readers.example", "--reason", "complaint")
    counts = dispatch("run", "weekly", "--json").json["deliveries"][0]["counts"]

    assert first.out == "READER@readers.example: suppressed\n"
    assert again.out == "reader@readers.example: was suppressed already\n"
    assert counts == {"accepted": 15, "suppressed": 1}
    assert "reader@readers.example" not in dispatch.copies()


def test_an_address_is_suppressed_in_the_form_in_which_it_came_in(dispatch):
    dispatch("subscribers", "suppress", "ada@bücher.example", "--reason", "complaint")

    store = Store(f"sqlite:///{dispatch.folder / 'dispatch.db'}")
    with store.read() as tx:
        emails = [one.email for one in list(tx.suppressions.listed())]
    store.close()

    assert emails == ["ada@xn--bcher-kva.example"]


def test_bytes_on_the_command_line_that_are_no_text_are_told(dispatch):
    ended = dispatch("subscribers", "suppress", "ada@example.org", "--reason", "caf\udce9")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "caf\\udce9: is not text - type it anew, as UTF-8\n"


def test_suppressed_addresses_are_listed_newest_first_and_more_of_them_are_told(dispatch):
    nobody = dispatch("subscribers", "suppressed")
    for name in ("ada", "bob", "eve"):
        dispatch("subscribers", "suppress", f"{name}@example.org", "--reason", f"why {name}")

    listed = dispatch("subscribers", "suppressed", "--json").json
    some = dispatch("subscribers", "suppressed", "--limit", "2")
    one = dispatch("subscribers", "suppressed", " bob ", "--json").json

    assert "no address" in nobody.out + nobody.err
    assert sorted((row["email"], row["reason"]) for row in listed) == [
        (f"{name}@example.org", f"why {name}") for name in ("ada", "bob", "eve")
    ]
    assert some.out.count("@example.org") == 2
    assert "more" in some.out + some.err
    assert [row["email"] for row in one] == ["bob@example.org"]


def test_a_cadence_that_there_is_not_is_told_with_those_that_there_are(dispatch):
    dispatch("subscribers", "import")

    ended = dispatch("subscribers", "cadence", "reader@readers.example", "wekly")

    assert (ended.code, ended.out) == (2, "")
    assert "'wekly' is no cadence - did you mean 'weekly'?" in " ".join(ended.err.split())
