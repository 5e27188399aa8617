"""Which right a change of schedules.yaml takes, by the keys that differ."""

import pytest

from dispatch.config.keys.file import FileKeys
from dispatch.config.keys.rights import RIGHTS, rights_to_change
from dispatch.model.team.role import Right

FILE = "locale: en\nchannels: {mail: {provider: smtp}}\nfeeds: {a: {url: x}}\nteam: {}\n"


def test_each_key_of_the_file_has_a_right():
    assert set(RIGHTS) == set(FileKeys.model_fields)


@pytest.mark.parametrize(
    ("old", "new", "rights"),
    [
        ("locale: en", "locale: en  # ours", []),
        ("{url: x}", "{url: y}", [Right.PLAN]),
        ("smtp", "outbox", [Right.CHANNELS]),
        ("locale: en\n", "", [Right.PEOPLE]),
        ("team: {}", "team: {sign_in: {second_factor: required}}", [Right.OWN]),
        ("locale: en", "unknown: 1", [Right.PEOPLE, Right.OWN]),
        (FILE, "a: [", [Right.PLAN, Right.CHANNELS, Right.PEOPLE, Right.OWN]),
    ],
)
def test_a_change_takes_the_rights_of_all_keys_that_differ(old, new, rights):
    after = FILE.replace(old, new)

    assert rights_to_change(FILE, after) == rights
    assert rights_to_change(after, FILE) == rights
