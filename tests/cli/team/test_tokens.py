"""Tokens from the command line: made and printed once, listed, revoked."""

import json

from dispatch.model.team.api_token import is_api_token


def test_a_life_of_a_token(dispatch):
    dispatch("people", "add", "ada", "--email", "ada@atelier.example", "--role", "editor")

    told = [
        dispatch("tokens", "make", *words.split())
        for words in (
            "screen --person ada --role viewer",
            "screen --person ada --role owner",
            "screen --person nobody --role viewer",
            "screen --person ada --role king",
            "screen --person ada --role viewer --days 7",
        )
    ]
    listed = json.loads(dispatch("tokens", "list", "--json").out)
    ended = [dispatch("tokens", "revoke", number) for number in ("1", "1", "9")]

    assert [one.code for one in told] == [0, 1, 2, 2, 2]
    assert is_api_token(told[0].out.strip())
    assert "shown once" in told[0].err
    assert told[1].err.startswith("token: may do no more than ada - leave out owner")
    assert [(one["name"], one["hint"], one["state"]) for one in listed] == [
        ("screen", told[0].out[:8], "active")
    ]
    assert [one.code for one in ended] == [0, 1, 2]
    assert json.loads(dispatch("tokens", "list", "--json").out) == []
    assert dispatch("tokens", "list").out.startswith("Tokens: none - 'dispatch tokens make'")
