"""Tables on narrow terminals: what is in them stays readable."""

from rich.console import Console

from dispatch.cli.output.table import table

COLUMNS = ("campaign", "local", "zone", "note", "what happened")
ROWS = [
    ("letter-weekly", "2026-11-24 09:00", "Europe/Paris", "-", "finished; 2 posts, 2 accepted"),
    ("letter-daily", "2026-11-23 18:00", "Europe/Paris", "-", "[bold] is what they wrote"),
]


def lines(width, columns=COLUMNS, rows=ROWS):
    out = Console(width=width, force_terminal=False)
    with out.capture() as said:
        out.print(table("Runs", columns, rows, width=width))
    printed = said.get().splitlines()
    assert all(len(line) <= width for line in printed)
    return printed


def test_is_as_wide_as_it_needs_to_be_and_no_wider():
    [row] = [line.rstrip() for line in lines(160) if "letter-weekly" in line]

    assert row == (
        "│ letter-weekly │ 2026-11-24 09:00 │ Europe/Paris │ -    │ finished; 2 posts, 2 accepted │"
    )


def test_shortens_the_long_column_first_and_only_between_words():
    [row] = [line.rstrip() for line in lines(78) if "letter-weekly" in line]

    assert row == "│ letter-weekly │ 2026-11-24 09:00 │ Europe/Paris │ -    │ finished; 2       │"


def test_cuts_a_page_that_a_mail_server_says():
    printed = lines(80, rows=[(*ROWS[0][:4], "550 " + 90 * "no such user ")])

    assert sum("no such" in line for line in printed) < 20
    assert "…" in "".join(printed)


def test_leaves_out_a_column_that_says_nothing_before_it_takes_the_space_beside_the_lines():
    without = "\n".join(lines(60))
    tight = "\n".join(lines(53))

    assert "note" not in without
    assert "│ letter-weekly │" in without
    assert "│letter-weekly│2026-11-24│Europe/Paris│finished;" in tight


def test_puts_below_one_another_what_does_not_fit_beside_one_another():
    printed = lines(40)

    assert "│ local         │ 2026-11-24 09:00     │" in printed
    assert "│ what happened │ [bold] is what they  │" in printed
    assert sum("│ campaign " in line for line in printed) == 2


def test_cuts_a_word_only_if_it_is_long():
    [first, second] = [
        line
        for line in lines(
            40, ("reader",), [("a-very-long-name-of-somebody@newsletter.example.org",)]
        )
        if "@" in line or "example.org" in line
    ]

    assert first.startswith("│ a-very-long-name-of-somebody@")
    assert second.rstrip(" │").endswith("example.org")


def test_a_column_without_a_name_or_a_word_is_no_trouble():
    assert any("x" in line for line in lines(80, ("a", "b"), [("x", ""), ("", "y")]))
