"""What schedules.yaml says of the columns of subscriber files."""

import pytest

from dispatch.model.people.subscriber import SubscriptionState

FILE = """\
feeds: {{blog: {{url: "file:feeds/blog.xml"}}}}
campaigns:
  weekly:
    feeds: [blog]
    social: [{{template: weekly}}]
subscribers: {}
"""


def test_a_file_without_it_says_nothing_of_columns(load):
    assert load(FILE.format("{}")).columns == {}


def test_columns_are_told_by_audience(load):
    keys = "{readers: {columns: {Opt status: ignore, Langue: locale, Flag: {Y: active, 1: ended}}}}"

    assert load(FILE.format(keys)).columns == {
        "readers": {
            "Opt status": "ignore",
            "Langue": "locale",
            "Flag": {"Y": SubscriptionState.ACTIVE, "1": SubscriptionState.ENDED},
        }
    }


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (
            "{readers: {columns: {X: ignor}}}",
            "X: 'ignor' is nothing that a column can be - did you",
        ),
        ("{readers: {columns: {X: subscribd}}}", "did you mean 'subscribed'?"),
        ("{readers: {columns: {X: suppressed}}}", "is nothing that a column can be - known are: "),
        ("{readers: {columns: {X: {Y: gone}}}}", "'Y' cannot mean 'gone' - known are: active,"),
        ("{readers: {columns: {X: {}}}}", "is nothing that a column can be - "),
        ("{readers: {columns: [X]}}", "readers.columns: must be a group of keys - "),
        ("{readers: {colums: {X: ignore}}}", "unknown key - did you mean 'columns'?"),
        ("{Readers: {columns: {X: ignore}}}", "'Readers' cannot be a name - "),
        ("{readers: {columns: {X: }}}", "columns.X: has no value - "),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(problems, keys, problem):
    [found] = problems(FILE.format(keys))

    assert found.startswith("schedules.yaml:6: subscribers.")
    assert problem in found
