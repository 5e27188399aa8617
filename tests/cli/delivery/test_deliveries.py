"""The say of a person over deliveries and editions that go out, as commands."""

import csv
import io
import sys

import pytest

from dispatch.clock import system_clock
from dispatch.pipeline.delivery.address import address_edition
from dispatch.store.transactions import Store

READER = "o.hara@readers.example"


@pytest.fixture
def unknown(dispatch, workspace, weekly_is_out):
    """The short id of an edition that is finished; the answer for one reader was lost."""
    set_state(workspace, "unknown", "the line went dead")
    [edition] = dispatch("editions", "list", "--json").json
    return edition["edition"]


@pytest.fixture
def approved(dispatch, waiting):
    """The short id of an edition of the bulletin that is approved and not addressed."""
    dispatch("editions", "approve", waiting)
    return waiting[:8]


def counts(dispatch, edition):
    channels = dispatch("editions", "show", edition, "--json").json["deliveries"]
    return {state: number for one in channels.values() for state, number in one.items()}


def addressed(workspace, edition):
    """Have an edition addressed, as by a process that died right after that."""
    store = Store(f"sqlite:///{workspace / 'dispatch.db'}")
    address_edition(edition, store=store, clock=system_clock)
    store.close()


def set_state(workspace, state, reason):
    store = Store(f"sqlite:///{workspace / 'dispatch.db'}")
    with store._engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE deliveries SET state = ?, reason = ? WHERE recipient = ?",
            (state, reason, READER),
        )
    store.close()


def test_a_run_does_not_go_on_with_a_paused_edition_and_says_why(dispatch, workspace, approved):
    addressed(workspace, approved)

    paused = dispatch("editions", "pause", approved, "--reason", "a dead link")
    ended = dispatch("run", "bulletin")
    told = dispatch("run", "bulletin", "--json").json

    sentence = f"edition {approved} is paused: a dead link - go on with 'dispatch editions resume"
    assert f"edition {approved} is paused after the hand-overs under way" in paused.out
    assert ended.code == 1
    assert sentence in ended.err
    assert [one["reason"] for one in told["paused"]] == ["a dead link"]
    assert dispatch.copies() == {}


def test_a_paused_edition_is_shown_with_its_reason(dispatch, workspace, approved):
    addressed(workspace, approved)
    dispatch("editions", "pause", approved, "--reason", "a dead link")

    shown = dispatch("editions", "show", approved)
    [listed] = dispatch("editions", "list", "--json").json

    assert ": paused" in shown.out
    assert "reason: a dead link" in shown.out
    assert (listed["state"], listed["reason"]) == ("paused", "a dead link")


def test_a_resumed_edition_is_sent_by_the_next_run(dispatch, workspace, approved):
    addressed(workspace, approved)
    dispatch("editions", "pause", approved)

    resumed = dispatch("editions", "resume", approved)
    ended = dispatch("run", "bulletin")

    assert "'dispatch run bulletin' or 'dispatch up' sends the rest" in resumed.out
    assert ended.code == 0
    assert set(dispatch.copies().values()) == {1}


def test_a_cancelled_edition_is_not_sent_and_everybody_in_it_is_accounted_for(
    dispatch, workspace, approved
):
    addressed(workspace, approved)

    cancelled = dispatch("editions", "cancel", approved)
    dispatch("run", "bulletin")

    assert f"edition {approved} is cancelled after the hand-overs under way" in cancelled.out
    assert counts(dispatch, approved) == {"failed": 2}
    assert dispatch.copies() == {}


def test_what_cannot_be_held_is_told_as_a_sentence(dispatch, approved):
    early = dispatch("editions", "pause", approved)
    missing = dispatch("editions", "resume", "ffff")

    assert early.code == 1
    assert "is approved - it cannot become paused" in early.err
    assert missing.code == 2
    assert missing.err == "edition ffff: not known - see 'dispatch editions list'\n"


def test_sending_again_what_may_have_arrived_wants_a_yes(dispatch, unknown):
    asked = dispatch("deliveries", "resolve", "--unknown", "resend")
    said = dispatch("deliveries", "resolve", "--unknown", "resend", "--yes", "--by", "marie")
    dispatch("run", "weekly")

    assert asked.code == 1
    assert asked.err == (
        "1 delivery is unknown and may have arrived: send a second copy? "
        "- say --yes if that is meant\n"
    )
    assert f"edition {unknown}: 1 delivery is waiting again" in said.out
    assert "'dispatch run weekly' or 'dispatch up' sends what is due" in said.out
    assert counts(dispatch, unknown) == {"accepted": 16}
    assert dispatch("deliveries", "missed", "--json").json == []


@pytest.mark.parametrize(("answer", "state"), [("y\n", "pending"), ("n\n", "unknown")])
def test_on_a_terminal_it_is_asked(dispatch, unknown, monkeypatch, answer, state):
    terminal = io.StringIO(answer)
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", terminal)

    asked = dispatch("deliveries", "resolve", "--unknown", "resend", "--edition", unknown)

    assert "send a second copy? [y/N]" in asked.out
    assert [one["state"] for one in dispatch("deliveries", "missed", "--json").json] == [state]


def test_a_person_may_accept_what_is_unknown(dispatch, unknown):
    words = ("deliveries", "resolve", "--unknown", "accept", "--by", "marie")
    nobody = dispatch(*words, "--recipient", "reader@readers.example")
    accepted = dispatch(*words, "--recipient", READER.upper())
    again = dispatch(*words)

    listed = dispatch("deliveries", "list", "--edition", unknown, "--json").json
    assert nobody.out == "reader@readers.example: no delivery is unknown\n"
    assert accepted.out == "1 delivery is now counted as accepted\n"
    assert again.out == "no delivery is unknown\n"
    assert [one["reason"] for one in listed if one["reason"]] == ["marie accepted it"]


def test_an_address_that_is_none_is_told(dispatch):
    ended = dispatch("deliveries", "resolve", "--unknown", "accept", "--recipient", "no@where@x")

    assert ended.code == 2
    assert "no@where@x" in ended.err


def test_what_failed_is_sent_by_the_next_run_and_only_once(dispatch, workspace, unknown):
    set_state(workspace, "failed", "the last attempt did not reach the provider")

    retried = dispatch("deliveries", "retry-failed", "--edition", unknown)
    dispatch("run", "weekly")
    again = dispatch("deliveries", "retry-failed")

    assert f"edition {unknown}: 1 delivery is waiting again" in retried.out
    assert again.out == "no delivery has failed\n"
    assert counts(dispatch, unknown) == {"accepted": 16}


def test_what_a_limit_had_refused_is_sent_again(dispatch, workspace, unknown):
    set_state(workspace, "refused", "550 5.4.5 Daily user sending limit exceeded.")

    retried = dispatch("deliveries", "retry-failed", "--edition", unknown)
    dispatch("run", "weekly")

    assert f"edition {unknown}: 1 delivery is waiting again" in retried.out
    assert counts(dispatch, unknown) == {"accepted": 16}


def test_what_may_be_the_accounts_is_sent_again_if_that_is_meant(dispatch, workspace, unknown):
    set_state(workspace, "refused", "554 5.7.1 access denied")

    told = dispatch("deliveries", "retry-failed")
    retried = dispatch("deliveries", "retry-failed", "--refused")

    assert "1 delivery is refused in words that leave open whether the address is" in told.out
    assert "'--refused' has them sent again, too" in " ".join(told.out.split())
    assert f"edition {unknown}: 1 delivery is waiting again" in retried.out


def test_who_did_not_get_it_is_listed_with_the_reason(dispatch, unknown):
    table = dispatch("deliveries", "missed", "--edition", unknown)
    [row] = dispatch("deliveries", "missed", "--json").json

    assert READER in table.out
    assert (row["recipient"], row["state"]) == (READER, "unknown")
    assert row["reason"] == "the line went dead"
    assert row["since"]


def test_nobody_was_missed_where_all_was_accepted(dispatch, weekly_is_out):

    assert dispatch("deliveries", "missed").out == "Missed: nobody\n"
    assert dispatch("deliveries", "missed", "--json").json == []


def test_the_missed_go_into_a_file_in_which_no_cell_is_a_formula(
    dispatch, workspace, tmp_path, unknown
):
    set_state(workspace, "refused", '=HYPERLINK("https://evil.example")\u00e9')
    file = tmp_path / "missed.csv"

    written = dispatch("deliveries", "missed", "--csv", str(file))
    printed = dispatch("deliveries", "missed", "--csv", "-")

    text = file.read_text(encoding="utf-8")
    [row] = csv.DictReader(io.StringIO(text))
    assert written.out == f"{file}: deliveries written: 1\n"
    assert (row["recipient"], row["state"]) == (READER, "refused")
    assert row["reason"] == '\'=HYPERLINK("https://evil.example")\u00e9'
    assert row["edition"].startswith(unknown)
    assert list(csv.reader(io.StringIO(printed.out))) == list(csv.reader(io.StringIO(text)))


def test_a_table_ends_where_nobody_would_read_on(dispatch, monkeypatch, workspace, approved):
    addressed(workspace, approved)
    monkeypatch.setattr("dispatch.cli.delivery.deliveries.TABLE_ROWS", 1)

    ended = dispatch("deliveries", "missed")

    assert "and 1 more - '--csv FILE' writes all of them" in ended.out


def test_csv_and_json_at_once_is_too_much(dispatch):
    ended = dispatch("deliveries", "missed", "--json", "--csv", "-")

    assert ended.code == 2
    assert "choose one of --csv and --json" in ended.err


def test_a_file_that_cannot_be_written_is_told(dispatch, tmp_path):
    ended = dispatch("deliveries", "missed", "--csv", str(tmp_path / "no" / "missed.csv"))

    assert ended.code == 1
    assert "No such file or directory" in ended.err
