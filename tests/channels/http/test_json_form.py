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


@pytest.mark.parametrize("own", ["", *AWKWARD])
@pytest.mark.parametrize("names", [AWKWARD, ["Ada", "Bob"], ["Ada"]])
def test_it_says_what_writing_it_for_each_reader_would_say(names, own):
    def write(values):
        both = "{token}{name} {name}".format_map(values)
        return {own: own, "to": [{"name": values["name"], "n": 1}], "all": both, "as": values["as"]}

    form = JsonForm(["name", "as", "token", "unused"], write, parts=["as"])

    filled = form.fill([names, ['{"a":["b"]}'] * len(names), [own] * len(names), names])

    assert json.loads(f"[{''.join(filled)}]") == [
        write({"name": name, "as": {"a": ["b"]}, "token": own}) for name in names
    ]


def test_entries_that_are_json_already_stand_in_a_list():
    body = json_with({"from": "ü", "to": ["nobody"]}, "to", ['{"a":1}', ',"\ud83d"'])

    assert json.loads(body) == {"from": "ü", "to": [{"a": 1}, "?"]}
    assert json.loads(json_with({}, "to", [])) == {"to": []}
