"""A suggestion is a slip of the pen away, and means nearly the same, or there is none."""

import pytest

from dispatch.model.text.suggestions import closest, did_you_mean

STATES = ("subscribed", "unsubscribed", "active", "inactive", "pending", "ended")


@pytest.mark.parametrize(
    ("written", "known", "meant"),
    [
        ("timezon", ("at", "timezone"), ["timezone"]),
        ("mial", ("mail", "outbox"), ["mail"]),
        ("unsubscribd", STATES, ["unsubscribed"]),
        ("subscribd", STATES, ["subscribed"]),
        ("inactve", STATES, ["inactive"]),
        ("EVERY", ("every", "until"), ["every"]),
        ("opted-in", ("opted_in", "opted_out"), ["opted_in"]),
        ("prenom", ("prénom", "nom"), ["prénom"]),
        ("thusday", ("tuesday", "thursday"), ["thursday"]),
        ("DISPATCH_LEASE", ("DISPATCH_LEASE_SECONDS", "DISPATCH_URL"), ["DISPATCH_LEASE_SECONDS"]),
        ("cat", ("bat", "hat"), ["bat", "hat"]),
    ],
)
def test_a_slip_of_the_pen_is_known_for_what_was_meant(written, known, meant):
    assert closest(written, known) == meant


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("subscribed", ["unsubscribed"]),
        ("unsubscribed", ["subscribed"]),
        ("subscribd", ["unsubscribed"]),
        ("unsubscribd", ["subscribed"]),
        ("active", ["inactive"]),
        ("inaktiv", ["aktiv"]),
        ("activo", ["inactivo"]),
        ("abonné", ["désabonné"]),
        ("not_subscribed", ["subscribed"]),
        ("confirmed", ["unconfirmed"]),
        ("opt_in", ["opt_out"]),
        ("max_text", ["min_text"]),
        ("resubscribe", ["unsubscribe"]),
        ("pending", ["sending"]),
        ("internal", ["external"]),
        ("enable", ["disable"]),
        ("include", ["exclude"]),
        ("Etc/GMT+2", ["Etc/GMT-2"]),
        ("GMT+2", ["GMT+3", "GMT-2"]),
        ("mail1", ["mail2"]),
        ("per_minute", ["per_domain"]),
        ("day", ["monday", "friday"]),
        ("at", ["on"]),
        ("cat", ["bat", "hat", "rat"]),
        ("", ["at"]),
    ],
)
def test_nothing_is_suggested_that_says_something_else(written, known):
    assert closest(written, known) == []


def test_where_nothing_is_near_all_are_told():
    assert did_you_mean("subscribed", ["unsubscribed", "ended"]) == "known are: ended, unsubscribed"
    assert did_you_mean("x", []) == "there is none yet"


def test_two_neighbours_that_are_as_near_are_both_told():
    assert did_you_mean("cat", ["bat", "hat"]) == "did you mean 'bat' or 'hat'?"


def test_a_long_word_and_many_choices_do_not_hang():
    assert closest("x" * 100_000, [f"word{number}" for number in range(2000)]) == []
