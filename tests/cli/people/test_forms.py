"""`dispatch forms`: the form for other sites is the whole of what is printed."""

import pytest

from joining_stage import with_forms

PAGE = "https://letter.atelier.example/subscribe/newsletter"


@pytest.fixture(autouse=True)
def _forms(workspace):
    with_forms(workspace)


def test_each_form_is_listed_with_its_page(dispatch):
    rows = dispatch("forms", "list", "--json").json

    assert [row["form"] for row in rows] == ["newsletter", "quick"]
    assert rows[0]["page"] == PAGE
    assert rows[0]["fields"] == ["email", "name", "topics", "locale", "timezone", "company"]
    assert rows[1]["confirm"] == "single"


def test_a_form_is_printed_alone_and_the_rest_beside_it(dispatch):
    shown = dispatch("forms", "show", "newsletter", "--locale", "fr")

    assert shown.out.startswith(f'<form method="post" action="{PAGE}?lang=fr"')
    assert shown.out.endswith("</form>\n")
    assert "S’abonner" in shown.out
    assert shown.out.count("<option") == 3
    assert f"its own page is {PAGE}" in shown.err

    call = dispatch("forms", "show", "quick", "--json-call")
    assert call.out.startswith("curl https://letter.atelier.example/api/v1/forms/quick/sign-ups")
    assert "only servers can call it as it is" in call.err


def test_a_form_that_is_not_there_is_named(dispatch):
    told = dispatch("forms", "show", "newslettr")

    assert told.code == 2
    assert told.err == "form newslettr: not in schedules.yaml - did you mean 'newsletter'?\n"
