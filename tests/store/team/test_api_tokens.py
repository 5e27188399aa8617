"""Tokens and kept answers, on both databases."""

from datetime import timedelta

from dispatch.model.team.role import Role


def made(store, clock):
    with store.begin() as tx:
        ada = tx.persons.add(
            handle="ada", name="Ada", email="ada@a.example", roles=[Role.EDITOR], now=clock()
        )
        ends = clock() + timedelta(days=30)
        said = {"hint": "dsp_4fQz", "name": "screen", "roles": [Role.VIEWER, Role.ADMIN]}
        return tx.api_tokens.add("mark", **said, person=ada, now=clock(), ends=ends)


def test_a_token_is_found_by_its_hash_with_whose_it_is(store, clock):
    token = made(store, clock)
    with store.begin() as tx:
        tx.api_tokens.used(token, network="192.0.2.7", now=clock())
        found, ada = tx.api_tokens.find("mark"), tx.persons.get("ada")
        told = [tx.api_tokens.revoke(found, by="ada", now=clock()) for _ in range(2)]
        [listed] = tx.api_tokens.all(person=ada)

    assert (found.person, found.last_network, found.roles) == (
        ada, "192.0.2.7", (Role.VIEWER, Role.ADMIN)
    )  # fmt: skip
    assert found.rights == ada.rights  # an editor's token is no admin's
    assert told == [True, False]
    assert not listed.holds(clock())


def test_a_key_is_taken_once_until_it_is_given_back_or_too_old(store, clock):
    token = made(store, clock)
    begun = []
    for days in (0, 0, 1):
        clock.advance(timedelta(days=days, seconds=days))
        with store.begin() as tx:
            begun.append(tx.api_answers.begin(token, "k", "asked", now=clock()))
            if begun[-1] is None:
                tx.api_answers.keep(token, "k", status=201, headers={"etag": "1"}, body=b"{}")
    with store.begin() as tx:
        tx.api_answers.give_back(token, "k")
        again = tx.api_answers.begin(token, "k", "asked", now=clock())

    first, second, next_day = begun
    assert first is next_day is again is None
    assert (second.status, second.body, second.headers) == (201, b"{}", {"etag": "1"})
