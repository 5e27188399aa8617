"""Signing in, on both databases by the same statements."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from argon2 import PasswordHasher

from dispatch.errors import Conflict, LinkOver, TooBusy
from dispatch.model.team.passes import Purpose
from dispatch.model.team.role import Role
from dispatch.pipeline.team.browser import Browser
from dispatch.pipeline.team.change_factor import begin_factor, begun_factor, confirm_factor
from dispatch.pipeline.team.check_code import check_code
from dispatch.pipeline.team.factor import Factor
from dispatch.pipeline.team.join import Newcomer, code_for_first_owner, join_as_first_owner
from dispatch.pipeline.team.links import TeamLinks
from dispatch.pipeline.team.passwords import LINE, Passwords
from dispatch.pipeline.team.reset_password import ask_for_reset, reset_password
from dispatch.pipeline.team.sign_in import SignedIn, sign_in
from dispatch.pipeline.team.tries import Wrong

KEYS = ("an old key of the workspace", "the key of the workspace")
PASSWORD, OTHER = "a boat of blue paper", "a kite of red paper"
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
LINKS = TeamLinks("https://letter.example.org", KEYS)
EMAIL = "ada@example.org"


def browser(number: int = 1) -> Browser:
    return Browser(f"mark {number}", network="192.0.2.1")


@pytest.fixture
def tools(store, clock):
    """What most use cases take."""
    return {"keys": KEYS, "passwords": QUICK, "store": store, "clock": clock}


@pytest.fixture
def ada(store, clock, tools):
    newcomer = Newcomer("ada", "Ada", EMAIL, PASSWORD)
    code = code_for_first_owner(store=store, clock=clock)
    return join_as_first_owner(code, newcomer, browser(0), **tools)


def test_of_two_who_have_the_code_one_becomes_the_owner(store, clock, tools):
    code = code_for_first_owner(store=store, clock=clock)

    def join(handle):
        newcomer = Newcomer(handle, handle, f"{handle}@example.org", PASSWORD)
        try:
            came = join_as_first_owner(code, newcomer, Browser(handle), **tools)
        except Conflict:
            return ""
        return "" if isinstance(came, Wrong) else came.handle  # the code is used by then

    with ThreadPoolExecutor() as pool:
        joined = [*pool.map(join, ["ada", "eve", "jean"])]

    assert sorted(joined)[:2] == ["", ""]
    with store.read() as tx:
        assert [one.handle for one in tx.persons.all()] == [max(joined)]


def test_who_tries_many_at_once_has_five_tries(ada, tools, store):
    def guess(number):
        return sign_in(EMAIL, f"a wrong guess {number}", browser(number), **tools)

    with ThreadPoolExecutor(5) as pool:
        came = [*pool.map(guess, range(5)), *map(guess, range(5, 8))]

    assert all(isinstance(one, Wrong) for one in came)
    assert all(one.pause for one in came[5:])
    assert isinstance(sign_in(EMAIL, PASSWORD, browser(9), **tools), Wrong)


# On the other one it is counted by the database's own clock.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_pause_ends_and_what_was_before_it_counts_no_more(ada, tools, clock):
    came = [sign_in(EMAIL, "wrong", browser(), **tools) for _ in range(5)]
    clock.advance(timedelta(minutes=15, seconds=1))
    after = [sign_in(EMAIL, "wrong", browser(), **tools) for _ in range(4)]

    assert [one.left for one in came] == [4, 3, 2, 1, 0]
    assert came[-1].pause == timedelta(minutes=15)
    assert [one.left for one in after] == [4, 3, 2, 1]
    assert isinstance(sign_in(EMAIL, PASSWORD, browser(10), **tools), SignedIn)


def test_codes_of_an_app_and_links_are_used_once(ada, tools, store, clock):
    base = {"store": store, "clock": clock}
    with store.read() as tx:
        session = tx.sessions.find("mark 0", now=clock())
    begin_factor(ada, keys=KEYS, **base)
    with store.read() as tx:
        seed = begun_factor(ada, tx=tx, clock=clock)
    totp = Factor(KEYS)._totp(seed)
    spare = confirm_factor(session, totp.at(clock()), keys=KEYS, **base)
    clock.advance(timedelta(minutes=1))
    came = [sign_in(EMAIL, PASSWORD, browser(number), **tools) for number in (1, 2, 3)]
    code = totp.at(clock())

    entered = [
        check_code(f"mark {number}", said, browser(number + 10), keys=KEYS, **base)
        for number, said in ((1, code), (2, code), (2, spare[0]), (3, spare[0]))
    ]

    assert all(one.needs_code for one in came)
    assert [isinstance(one, Wrong) for one in entered] == [False, True, False, True]
    with pytest.raises(LinkOver):
        check_code("mark 1", totp.at(clock()), browser(20), keys=KEYS, **base)


def test_a_link_of_before_ends_with_a_new_one(ada, tools, store, clock):
    base = {"links": LINKS, "via": "mail", "keys": KEYS, "store": store, "clock": clock}
    for _ in range(2):
        ask_for_reset(EMAIL, network="192.0.2.1", locale="fr", **base)
    with store.read() as tx:
        mails = tx.team_mails.due(now=clock(), limit=9)
        found = [
            bool(tx.passes.find(LINKS.mark(mail.seed), Purpose.RESET, now=clock()))
            for mail in mails
        ]
    chosen = {"via": "mail", "passwords": QUICK, "store": store, "clock": clock}

    came = reset_password(LINKS.mark(mails[1].seed), OTHER, browser(4), **chosen)

    assert found == [False, True]
    assert came.person.handle == "ada"
    with store.read() as tx:
        assert tx.sessions.find("mark 0", now=clock()) is None
        assert tx.sessions.find("mark 4", now=clock()) is not None
        assert tx.persons.get("ada").roles == (Role.OWNER,)


class TestPasswords:
    def test_no_more_than_some_wait_for_it(self):
        enough, go = Event(), Event()

        class Slow(PasswordHasher):
            waiting = 0

            def hash(self, password, **_):
                Slow.waiting += 1
                enough.set()
                go.wait(30)
                return "hash"

        passwords = Passwords(Slow())
        with ThreadPoolExecutor(LINE + 1) as pool:
            begun = [pool.submit(passwords.hash, "x") for _ in range(LINE)]
            enough.wait(30)
            while passwords._line._value:
                pass
            with pytest.raises(TooBusy):
                passwords.hash("x")
            go.set()
            made = [one.result() for one in begun]

        assert made == ["hash"] * LINE

    def test_what_was_made_with_less_is_made_anew_when_somebody_signs_in(
        self, ada, tools, store, clock
    ):
        better = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))

        sign_in(EMAIL, PASSWORD, browser(5), **tools | {"passwords": better})

        with store.read() as tx:
            assert "t=2" in tx.persons.credentials(ada).password

    def test_an_address_that_nobody_has_is_checked_against_a_hash_of_the_same_cost(self):
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        passwords = Passwords(hasher)

        assert not hasher.check_needs_rehash(passwords._decoy)
        assert not passwords.is_right("anything", "")

    def test_letters_count_however_they_were_typed(self):
        kept = QUICK.hash("un bateau échoué")

        assert QUICK.is_right("un bateau e\u0301choue\u0301", kept)


class TestFactor:
    def test_an_app_goes_on_when_another_key_signs(self, clock):
        seed = Factor(KEYS[:1]).new_seed()
        code = Factor(KEYS[:1])._totp(seed).at(clock())

        assert Factor(KEYS).step_of(seed, code, now=clock())
        assert not Factor(KEYS).step_of(seed, "000 000", now=clock())
        with pytest.raises(Conflict, match="its key is gone"):
            Factor(KEYS[1:]).step_of(seed, code, now=clock())

    @pytest.mark.parametrize(("seconds", "counts"), [(-60, 0), (-30, 1), (0, 1), (30, 1), (60, 0)])
    def test_a_clock_may_be_a_little_off(self, clock, seconds, counts):
        factor = Factor(KEYS)
        seed = factor.new_seed()
        code = factor._totp(seed).at(clock() + timedelta(seconds=seconds))

        assert bool(factor.step_of(seed, f"{code[:3]} {code[3:]}", now=clock())) == counts
