"""`dispatch subscribers segment` shows whom a rule picks."""

SAVED = "\nsegments: {french: \"locale.startswith('fr') and joined >= '2026-09-10'\"}\n"


def segment(dispatch, rule: str, *options: str):
    return dispatch("subscribers", "segment", rule, *options)


def test_a_rule_is_counted_and_listed_and_a_name_stands_for_a_rule(dispatch):
    file = dispatch.folder / "schedules.yaml"
    file.write_text(file.read_text() + SAVED)
    dispatch("subscribers", "import")

    by_name = segment(dispatch, "french")
    first = segment(dispatch, "source == 'newsletter form'", "--limit", "1")
    counted = segment(dispatch, "french", "--count", "--json")
    rows = segment(dispatch, "has('city') and joined < '2026-09-04'", "--json")
    slips = [segment(dispatch, one) for one in ("frensh", "joined > 'May'", "has('citty')")]

    assert "amina.diallo@readers.example" in by_name.out
    assert by_name.out.rstrip().endswith("2 of 8 in readers")
    assert "more - '--limit" in first.out
    assert {**counted.json, "rule": ""} == {
        "audience": "readers", "rule": "", "readers": 8, "picked": 2
    }  # fmt: skip
    assert [row["source"] for row in rows.json] == ["newsletter form"]
    assert [(one.code, one.err.partition(" - ")[2].strip()) for one in slips] == [
        (2, "did you mean 'french'? (a column of yours is fields.frensh)"),
        (2, "write it like joined >= '2026-01-31', '2026-01' or '2026'"),
        (0, "did you mean 'city'?"),
    ]
