"""What `dispatch channels check` tells of an account."""

import pytest

from pigeon_post import KEY, announce

LOFT = "\nchannels:\n  loft: {provider: pigeon, options: {api_key: env:LOFT_KEY}}\n"


@pytest.fixture
def loft(dispatch, tmp_path, monkeypatch):
    announce(tmp_path, monkeypatch)
    monkeypatch.setenv("LOFT_KEY", KEY)
    dispatch.write((dispatch.folder / "schedules.yaml").read_text("utf-8") + LOFT)


def test_the_quota_has_a_column_and_notes_stand_below(dispatch, loft):
    people = dispatch("channels", "check", "loft")
    programs = dispatch("channels", "check", "--json")

    assert (people.code, programs.code) == (0, 0)
    assert "1,888 left of 50,000 per 24 hours" in people.out
    assert "channel loft: grain is low - buy some" in people.out
    told = {row["channel"]: (row["says"], row["quota"], row["notes"]) for row in programs.json}
    assert told["loft"] == (
        "loft <7>",
        {"left": 1_888, "most": 50_000, "period": "24 hours"},
        ["grain is low - buy some"],
    )
    assert told["outbox"][1:] == (None, [])


def test_where_no_service_tells_one_there_is_no_column(dispatch):
    assert "quota" not in dispatch("channels", "check").out
