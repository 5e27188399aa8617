"""How much a command says: `-q` and `-v`, before the command's name and after it."""

import pytest


@pytest.mark.parametrize("words", ["-q run weekly", "run weekly -q", "run --quiet weekly"])
def test_a_quiet_run_says_its_last_word(dispatch, words):
    ended = dispatch(*words.split())

    [line] = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert line.startswith("The Atelier Letter: edition ")
    assert line.endswith(" is finished: 16 accepted")


def test_a_quiet_run_tells_of_a_feed_in_trouble(dispatch):
    dispatch.edit("file:samples/atelier.rss.xml", "https://127.0.0.1:9/feed.xml")

    ended = dispatch("-q", "run", "weekly")

    assert ended.code == 1
    assert "127.0.0.1" in ended.err
    assert ended.out.count("\n") == 1


def test_a_quiet_list_is_still_the_list(dispatch):
    assert "outbox" in dispatch("channels", "-q", "list").out
    assert dispatch("-q", "editions", "list", "--json").json == []


def test_what_stands_below_the_last_word_is_left_out(dispatch):
    rehearsed = dispatch("-q", "run", "weekly", "--dry-run")
    tested = dispatch("-q", "test-send", "weekly", "ada@example.org")
    dispatch("run", "weekly")
    simulated = dispatch("-q", "simulate", "weekly")
    listed = dispatch("-q", "subscribers", "list", "--limit", "1")

    assert rehearsed.out.startswith("Would go out")
    assert tested.out.startswith("ada@example.org: accepted ")
    assert simulated.out.endswith(" skipped\n")
    assert "amina.diallo@readers.example" in listed.out


def test_one_thing_that_is_shown_is_shown_whole(dispatch):
    dispatch("run", "weekly")
    [edition] = dispatch("editions", "list", "--json").json

    for words in (
        "campaigns show weekly", "runs show 1", f"editions show {edition['edition']}",
        "subscribers show reader@readers.example",
    ):  # fmt: skip
        assert dispatch("-q", *words.split()).out == dispatch(*words.split()).out


def test_a_quiet_check_of_a_broken_file_says_what_is_broken_only(dispatch):
    dispatch.edit("timezone:", "timezon:")

    ended = dispatch("check", "-q")

    assert (ended.code, ended.out) == (2, "")
    assert "unknown key - did you mean 'timezone'?" in ended.err


@pytest.mark.parametrize("words", ["-v run weekly", "run weekly -v"])
def test_more_has_each_step_with_its_time(dispatch, words):
    ended = dispatch(*words.split())

    said = ended.err.splitlines()
    for beginning in ("bringing in people: 8 in ", "polling feeds: 2 in ", "delivering: 16 in "):
        assert any(line.startswith(beginning) and line.endswith(" s") for line in said)


def test_more_has_the_place_of_an_error_and_nobodys_words(dispatch, monkeypatch):
    monkeypatch.setenv("DISPATCH_DATABASE_URL", "sqlite:////nowhere/at/all/dispatch.db")

    ended = dispatch("-v", "run", "weekly")

    assert ended.code == 1
    assert ", in run\n" in ended.err
    assert "OperationalError\n" in ended.err
    assert ended.err.splitlines()[-1].startswith("database sqlite:////nowhere/at/all/dispatch.db: ")


def test_both_at_once_are_a_mistake(dispatch):
    ended = dispatch("-q", "run", "weekly", "-v")

    assert ended.code == 2
    assert "-q and -v ask for contrary things" in " ".join(ended.err.split())


def test_help_has_a_short_name_everywhere(dispatch):
    for words in ("-h", "run -h", "editions -h", "editions approve -h"):
        ended = dispatch(*words.split())

        assert ended.code == 0
        assert "--quiet" in ended.out
        assert "Usage: dispatch" in ended.out
