"""Addresses are known again, however many there are."""

from dispatch.config.people.first_lines import FirstLines

KEYS = [f"reader{number}@example.org" for number in range(20_000)]


def test_each_address_is_known_by_the_first_line_it_was_on():
    lines = FirstLines()

    new = lines.add_all(KEYS, range(2, 20_002))
    repeated = lines.add_all([KEYS[7], "new@example.org", KEYS[19_999]], [30_000, 30_001, 30_002])

    assert new == {}
    assert repeated == {0: 9, 2: 20_001}
    assert (lines.add(KEYS[0], 40_000), lines.add("newer@example.org", 40_001)) == (2, 40_001)
    assert len(lines) == 20_002


def test_an_address_that_is_twice_among_many_is_known_again_at_once():
    assert FirstLines().add_all(["a@x.example", "b@x.example", "a@x.example"], [2, 3, 4]) == {2: 2}


def test_addresses_that_two_have_are_found_with_both_lines():
    coming, gone = FirstLines(), FirstLines()
    coming.add_all(KEYS, range(2, 20_002))

    for number in (3, 5_000):
        gone.add(KEYS[number], 50_000 + number)
    gone.add("stranger@example.org", 60_000)

    assert sorted(gone.shared_with(coming)) == [(50_003, 5), (55_000, 5_002)]
