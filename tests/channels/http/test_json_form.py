"""JSON that is the same for many readers, with their values in it."""

import json

import pytest

from dispatch.channels.http.json_form import JsonForm, json_with

AWKWARD = [
    '"',
    "\\",
    "\\u0000",
    "\x00",
    "\x1f",
    "\n",
    "\ue000",
    "\ue0001\ue000",
    "é",
    "👩‍👩‍👧",
    "</x>",
    "",
]


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("own", ["", *AWKWARD])
def test_it_says_what_writing_it_for_each_reader_would_say(name, own):
    def write(values):
        return {own: own, "to": [{"name": values["name"], "n": 1}], "both": "{b}{a} {a}".format_map(
            {"a": values["name"], "b": values["token"]})}  # fmt: skip

    form = JsonForm(["name", "token", "unused"], write)

    filled = form.fill([name, own, "?"])

    assert json.loads(filled) == write({"name": name, "token": own})


def test_entries_that_are_json_already_stand_in_a_list():
    body = json_with({"from": "ü", "to": ["nobody"]}, "to", ['{"a":1}', '"\ud83d"'])

    assert json.loads(body) == {"from": "ü", "to": [{"a": 1}, "?"]}
    assert json.loads(json_with({}, "to", [])) == {"to": []}
