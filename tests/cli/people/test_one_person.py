"""One person at a time: added, shown, ended, let in again."""

import pytest

CAMILLE = "camille.moreau@readers.example"


def test_a_life(dispatch, weekly_is_out):
    told = [
        dispatch("subscribers", *words.split(), *more)
        for words, more in (
            ("add zoe@acme.com --name Zoé --by marie --source", ["at the fair"]),
            ("add ZOE@acme.com", []),
            ("end zoe@acme.com", []),
            ("add zoe@acme.com", []),
            ("rejoin zoe@acme.com --by jean --source", ["wrote to us"]),
            ("rejoin zoe@acme.com --source", ["again"]),
            ("suppress zoe@acme.com --reason", ["a slip"]),
            ("rejoin zoe@acme.com --source", ["again"]),
            ("lift zoe@acme.com --reason", ["ours"]),
        )
    ]

    assert [one.code for one in told] == [0, 0, 0, 1, 0, 1, 0, 1, 0]
    lines = [(one.out + one.err).strip().partition(": ")[2] for one in told]
    assert lines[0] == "is in readers now"
    assert lines[1].startswith("is in readers already, since ")
    assert lines[3].endswith("use 'dispatch subscribers rejoin' with the new consent")
    assert lines[4:7] == [
        "is in readers again",
        "is in readers - nothing was changed",
        "suppressed",
    ]
    assert lines[7].endswith("lift it first: 'dispatch subscribers lift'")
    assert lines[8] == "may be mailed again"
    shown = dispatch("subscribers", "show", "zoe@acme.com", "--json").json
    assert [(one["what"], one["source"]) for one in shown["words"]][:3] == [
        ("joined", "at the fair (noted by marie)"),
        ("left", "the team"),
        ("joined", "wrote to us (noted by jean)"),
    ]


def test_all_that_is_known_of_somebody_is_shown(dispatch, weekly_is_out):
    shown = dispatch("subscribers", "show", "Camille.Moreau@readers.example").out

    for words in (
        f"{CAMILLE} Camille Moreau\n",
        "locale: fr\n",
        "cadence: weekly (as they came in)\n",
        "city: Lyon\n",
        "newsletter form",
        "2026-09-03 00:00",
        "outbox",
        "accepted",
    ):
        assert words in shown, words


def test_an_address_that_is_nobodys_is_told_with_its_neighbours(dispatch):
    dispatch("subscribers", "import")
    dispatch("subscribers", "suppress", "gone@acme.com", "--reason", "complained")

    near = dispatch("subscribers", "show", "camile.moreau@readers.example")
    far = dispatch("subscribers", "show", "zoe@acme.com")
    suppressed = dispatch("subscribers", "show", "gone@acme.com")

    assert (near.code, far.code, suppressed.code) == (2, 2, 0)
    assert near.err.endswith(
        f"nobody with this address is or was here - did you mean '{CAMILLE}'?\n"
    )
    assert far.err.endswith("is or was here - see 'dispatch subscribers list TEXT'\n")
    assert ": complained - nothing is ever sent there\n" in suppressed.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--audience readrs", "did you mean 'readers'?"),
        ("--locale klingon", "--locale: unknown language 'klingon' - "),
        ("--timezone Mars", "--timezone: unknown time zone 'Mars' - "),
        ("--cadence hourly", "--cadence: 'hourly' is no cadence - known are: "),
        ("--consented-at soon", "--consented-at: 'soon' is not a date - "),
        ("--source ", "--source: is empty - "),
    ],
)
def test_what_cannot_be_understood_is_told(dispatch, words, told):
    ended = dispatch("subscribers", "add", "zoe@acme.com", *words.split(" "))

    assert ended.code == 2
    assert told in ended.err
    assert dispatch("subscribers", "list", "--json").json == []


def test_a_list_ends_somewhere_and_says_how_many_more_there_are(dispatch, weekly_is_out):
    first = dispatch("subscribers", "list", "--limit", "3")
    found = dispatch("subscribers", "list", "MOREAU", "--state", "active", "--audience", "readers")
    nobody = dispatch("subscribers", "list", "100%")
    every = dispatch("subscribers", "list", "--json")
    one = dispatch("subscribers", "list", "--json", "--limit", "1")
    misspelt = dispatch("subscribers", "list", "--state", "actve")
    elsewhere = dispatch("subscribers", "list", "--audience", "reader")

    assert first.out.endswith("\nand 5 more - '--limit 8' shows all\n")
    assert CAMILLE in found.out
    assert found.out.count("@") == 1
    assert nobody.out == "Subscribers: nobody like that\n"
    assert (len(every.json), len(one.json)) == (8, 1)
    assert misspelt.err == "--state actve: no such state - did you mean 'active'?\n"
    assert (elsewhere.code, "did you mean 'readers'?" in elsewhere.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "more", "alone"),
    [
        ("posts list", "these are the first 1, and there are more", "posts list ouvrir"),
        ("deliveries list", "these are the first 1, and there are more", ""),
        ("feeds list", "and 1 more - '--limit 2' shows all", "feeds list NOTEB"),
    ],
)
def test_other_lists_end_and_say_so_too(dispatch, weekly_is_out, words, more, alone):
    few = dispatch(*words.split(), "--limit", "1")
    many = dispatch(*words.split(), "--limit", "99")
    json = dispatch(*words.split(), "--limit", "1", "--json")

    assert more in few.out.splitlines()[-1]
    assert "more" not in many.out.splitlines()[-1]
    assert len(json.json) == 1
    if alone:
        assert len(dispatch(*alone.split(), "--json").json) == 1
