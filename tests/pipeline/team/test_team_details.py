"""What is refused to people of the team, and what becomes of their mails where much goes wrong."""

import json
import sys
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import httpx
import pytest
from argon2 import PasswordHasher
from joserfc.jwk import ECKey

from dispatch.cli.team.people import roles_in
from dispatch.errors import BadInput, Conflict, LinkOver, NotFound
from dispatch.model.campaigns.campaign import Publisher
from dispatch.model.delivery.message import Address
from dispatch.model.people.upload import Choices
from dispatch.model.team.mail import TeamTopic
from dispatch.model.team.role import Role, rights_of
from dispatch.model.team.sign_in_rule import SignInService
from dispatch.pipeline.people.work_on_upload import _Progress
from dispatch.pipeline.team.browser import Browser
from dispatch.pipeline.team.calendar_links import end_calendar_link
from dispatch.pipeline.team.cancel_invitation import cancel_invitation
from dispatch.pipeline.team.change_account import change_account
from dispatch.pipeline.team.change_factor import remove_factor, renew_spare_codes
from dispatch.pipeline.team.change_password import change_password
from dispatch.pipeline.team.change_person import change_person
from dispatch.pipeline.team.check_password import check_password
from dispatch.pipeline.team.end_person import end_person
from dispatch.pipeline.team.factor import Factor
from dispatch.pipeline.team.invite import invite
from dispatch.pipeline.team.join import (
    Newcomer,
    accept_invitation,
    code_for_first_owner,
    join_as_first_owner,
)
from dispatch.pipeline.team.links import TeamLinks
from dispatch.pipeline.team.passwords import Passwords
from dispatch.pipeline.team.queue_mail import queue_team_mail
from dispatch.pipeline.team.reset_password import ask_for_reset, reset_password
from dispatch.pipeline.team.send_mails import TeamMailReport, send_team_mails
from dispatch.pipeline.team.sign_in import sign_in
from dispatch.pipeline.team.sign_in_by_service import sign_in_by_service
from dispatch.pipeline.team.sign_in_service import Claims, ServiceClient, ServiceFailed
from dispatch.pipeline.team.sign_out import end_other_sessions
from dispatch.pipeline.team.tries import Tries, Wrong
from dispatch.store.delivery.channels import Stop
from dispatch.store.transactions import Store
from little_service import CLIENT, SECRET, LittleService

KEYS = ("the key of the workspace",)
PASSWORD = "a boat of blue paper"
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
LINKS = TeamLinks("https://letter.example.org", KEYS)
ADMIN, AUTHOR = rights_of([Role.ADMIN]), rights_of([Role.AUTHOR])
PUBLISHER = Publisher(
    Address("letter@example.org", "The Letter"), "https://letter.example.org", "UTC", "en"
)


@pytest.fixture
def store(sqlite_url):
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def base(store, clock):
    """What each use case takes."""
    return {"store": store, "clock": clock}


@pytest.fixture
def tools(base):
    """What those take that look at a password."""
    return base | {"keys": KEYS, "passwords": QUICK}


@pytest.fixture
def team(store, clock):
    """An owner, an administrator who has a password, and somebody who has ended; by handle."""
    with store.begin() as tx:
        for handle, role in (("jean", Role.OWNER), ("ada", Role.ADMIN), ("old", Role.VIEWER)):
            tx.persons.add(
                handle=handle,
                name=handle.title(),
                email=f"{handle}@example.org",
                roles=[role],
                password=QUICK.hash(PASSWORD),
                now=clock(),
            )
    end_person("old", by="jean", store=store, clock=clock)
    with store.read() as tx:
        return {one.handle: one for one in tx.persons.all(ended=True)}


@pytest.fixture
def ask(base):
    """Invites somebody as an owner does, unless told otherwise."""

    def ask(email="new@example.org", **others):
        asked = {"roles": [Role.AUTHOR], "by": "jean", "links": LINKS, "via": "mail"}
        return invite(email, **asked | base | others)

    return ask


class TestInvitations:
    @pytest.mark.parametrize(
        ("others", "refusal"),
        [
            ({"roles": []}, (BadInput, "role: none is named")),
            ({"roles": [Role.OWNER], "rights": ADMIN}, (Conflict, "nobody gives more")),
            ({"via": ""}, (Conflict, "no campaign writes mails")),
            ({"email": "JEAN@example.org"}, (Conflict, "Jean is of the team already")),
        ],
    )
    def test_what_cannot_be_is_refused_and_nobody_is_written_to(
        self, team, store, ask, others, refusal
    ):
        error, told = refusal
        with pytest.raises(error, match=told):
            ask(**others)

        with store.read() as tx:
            assert [done.act for done in tx.audit.all()] == ["person.end"]

    def test_a_second_one_ends_the_first_unless_that_is_to_more_than_who_invites_may_give(
        self, team, store, clock, ask
    ):
        first = ask()
        second = ask(roles=[Role.ADMIN, Role.EDITOR], rights=ADMIN)
        owner = ask("boss@example.org", roles=[Role.OWNER])

        with pytest.raises(Conflict, match="more than you may give"):
            ask("boss@example.org", rights=ADMIN)

        with store.read() as tx:
            found = {one.id: one.roles for one in tx.invitations.open(now=clock())}
        assert first.id not in found
        assert found == {second.id: (Role.EDITOR, Role.ADMIN), owner.id: (Role.OWNER,)}

    def test_one_is_taken_back_once_by_who_could_have_given_it(self, team, base, ask):
        owner, author = ask("boss@example.org", roles=[Role.OWNER]), ask()

        cancel_invitation(author.id, by="ada", rights=ADMIN, **base)

        for number, error, told in (
            (999, NotFound, "there is none"),
            (owner.id, Conflict, "to more than you may give"),
            (author.id, Conflict, "is over or was accepted"),
        ):
            with pytest.raises(error, match=told):
                cancel_invitation(number, by="ada", rights=ADMIN, **base)

    def test_who_is_of_the_team_by_now_or_has_the_handle_of_somebody_does_not_join(
        self, team, store, clock, base, ask
    ):
        ask()
        with store.read() as tx:
            [mail] = tx.team_mails.due(now=clock(), limit=2)
        mark, quick = LINKS.mark(mail.seed), {"passwords": QUICK} | base

        for handle, email, error in (
            ("jean", "new@example.org", Conflict),
            ("new", "ada@example.org", LinkOver),
        ):
            newcomer = Newcomer(handle, "New", email, PASSWORD)
            with pytest.raises(error):
                accept_invitation(mark, newcomer, Browser("a mark"), **quick)
        newcomer = Newcomer("new", "New", "new@example.org", PASSWORD)
        assert accept_invitation(mark, newcomer, Browser("b mark"), **quick).roles == (Role.AUTHOR,)
        with pytest.raises(LinkOver):
            accept_invitation(mark, newcomer, Browser("c mark"), **quick)

    def test_who_guesses_the_code_of_the_first_owner_has_few_tries(self, store, clock, tools):
        code = code_for_first_owner(store=store, clock=clock)
        newcomer = Newcomer("eve", "Eve", "eve@example.org", PASSWORD)
        browser = Browser("a mark", network="192.0.2.1")
        guesses = [
            join_as_first_owner("ABCD EFGH", newcomer, browser, **tools).pause for _ in range(25)
        ]

        with_it = join_as_first_owner(code, newcomer, browser, **tools)

        assert guesses[0] is None
        assert guesses[-1]
        assert isinstance(with_it, Wrong)
        assert with_it.pause
        with store.read() as tx:
            assert tx.persons.is_empty()


class TestPeople:
    @pytest.mark.parametrize(
        ("handle", "others", "refusal"),
        [
            ("jean", {"name": "J", "rights": ADMIN}, (Conflict, "may do more than you")),
            ("old", {"name": "O"}, (Conflict, "has ended")),
            ("ada", {"roles": []}, (BadInput, "no role is left")),
            ("ada", {"roles": [Role.OWNER], "rights": ADMIN}, (Conflict, "nobody gives more")),
            ("jean", {"roles": [Role.VIEWER]}, (Conflict, "is the last owner")),
            ("ada", {"email": "JEAN@example.org"}, (Conflict, "is the address of Jean")),
            ("nobody", {"name": "N"}, (NotFound, "nobody")),
        ],
    )
    def test_a_change_that_cannot_be_is_refused_and_all_stays(
        self, base, team, handle, others, refusal
    ):
        error, told = refusal
        with pytest.raises(error, match=told):
            change_person(handle, by="ada", **base | others)

        with base["store"].read() as tx:
            assert {one.handle: one for one in tx.persons.all(ended=True)} == team

    def test_what_stays_as_it_was_is_no_line_of_the_log(self, team, store, base):
        same = change_person("ada", by="jean", roles=[Role.ADMIN], name="Ada", **base)
        look = {"locale": "fr", "theme": "dark", "keys_off": True}
        change_account(same, name="Ada", **look, **base)
        with store.begin() as tx:
            session = tx.sessions.begin("m", same, device="", network="", now=base["clock"]())
        ended = end_other_sessions(session, **base)
        link = end_calendar_link(by="ada", **base)

        with store.read() as tx:
            assert [done.act for done in tx.audit.all()] == ["person.end"]
            assert tx.persons.get("ada").locale == "fr"
        assert (ended, link.calendar_version) == (0, 0)

    def test_a_new_name_is_a_line_of_the_log(self, team, store, base):
        change_account(team["ada"], name="Ada L.", locale="", theme="", keys_off=False, **base)

        with store.read() as tx:
            newest, _ended = tx.audit.page(kind="person")
            assert not tx.audit.page(kind="campaign")
        assert (newest.act, newest.detail) == ("person.rename", {"name": "Ada L."})

    @pytest.mark.parametrize(
        ("handle", "told"),
        [("old", "has ended already"), ("jean", "may do more than you")],
    )
    def test_nobody_ends_who_has_ended_or_may_do_more(self, team, base, handle, told):
        with pytest.raises(Conflict, match=told):
            end_person(handle, by="ada", rights=ADMIN, **base)

    def test_who_says_a_wrong_password_too_often_waits_and_changes_nothing(
        self, team, store, tools
    ):
        with store.begin() as tx:
            ada = tx.persons.change(team["ada"], factor=Factor(KEYS).new_seed())
        came = [check_password(ada, "wrong", "192.0.2.1", **tools) for _ in range(5)]

        answers = [
            act(ada, PASSWORD, "192.0.2.1", **tools)
            for act in (check_password, renew_spare_codes, remove_factor)
        ]

        assert [one.left for one in came] == [4, 3, 2, 1, 0]
        assert all(isinstance(one, Wrong) and one.pause for one in answers)
        with store.read() as tx:
            assert tx.persons.credentials(ada).factor

    def test_spare_codes_need_an_app(self, team, tools):
        with pytest.raises(Conflict, match="there is none"):
            renew_spare_codes(team["ada"], PASSWORD, "192.0.2.1", **tools)

    def test_without_the_extra_no_code_can_be_asked_for(self, monkeypatch, clock):
        seed = Factor(KEYS).new_seed()
        monkeypatch.setitem(sys.modules, "pyotp", None)

        with pytest.raises(Conflict, match=r"install dispatch-digest\[factor\]"):
            Factor(KEYS).step_of(seed, "123456", now=clock())

    def test_who_has_ended_does_not_sign_in_though_a_password_were_kept(self, team, store, tools):
        with store.begin() as tx:
            again = {"password": QUICK.hash(PASSWORD), "email_key": "old@example.org"}
            tx.persons.change(team["old"], **again)

        came = sign_in("old@example.org", PASSWORD, Browser("a mark"), **tools)

        assert isinstance(came, Wrong)

    def test_tries_that_are_begun_and_never_end_count_as_wrong_ones(self, store, clock):
        tries = Tries(KEYS, "a door")

        with store.begin() as tx:
            came = [
                tries.begin("ada@example.org", "192.0.2.1", tx=tx, now=clock()) for _ in range(7)
            ]

        assert came[:5] == [None] * 5
        assert all(one.pause for one in came[5:])

    def test_a_link_helps_nobody_who_is_ended_while_it_is_used(self, team, store, clock, base):
        class Slow(Passwords):
            def hash(self, password):
                end_person("ada", by="jean", **base)
                return QUICK.hash(password)

        ask = {"links": LINKS, "via": "mail", "keys": KEYS, "locale": "", "network": ""}
        ask_for_reset("ada@example.org", **ask, **base)
        with store.read() as tx:
            [mail] = tx.team_mails.due(now=clock(), limit=2)

        with pytest.raises(LinkOver):
            reset_password(
                LINKS.mark(mail.seed),
                "another password",
                Browser("a mark"),
                via="",
                passwords=Slow(),
                **base,
            )

        with store.read() as tx:
            assert not tx.persons.credentials(team["ada"]).password
            assert tx.sessions.find("a mark", now=clock()) is None

    def test_where_no_channel_carries_mail_a_password_changes_without_one(
        self, team, store, clock, tools
    ):
        with store.begin() as tx:
            session = tx.sessions.begin("m", team["ada"], device="", network="", now=clock())

        wrong = change_password(
            session, PASSWORD, "a kite of red paper", Browser("b mark"), via="", **tools
        )

        assert wrong is None
        with store.read() as tx:
            kept = tx.persons.credentials(team["ada"]).password
            assert QUICK.is_right("a kite of red paper", kept)
            assert not tx.team_mails.are_due(now=clock())

    def test_roles_that_are_only_commas_are_none(self):
        with pytest.raises(BadInput, match="role: none is named"):
            roles_in([" , ", ","])


@pytest.fixture
def send(store, clock, team):
    """Sends what is due over a channel that cannot be opened: what came of it."""

    def opened(_):
        raise RuntimeError("a bug with a secret")

    def send(keep_going=lambda: True):
        said = {"publisher": PUBLISHER, "links": LINKS, "open_channel": opened}
        return [*send_team_mails(store=store, clock=clock, keep_going=keep_going, **said)]

    with store.begin() as tx:
        queue_team_mail(
            TeamTopic.CHANGED, "ada@example.org", subject="ada", via="mail", tx=tx, now=clock()
        )
    return send


class TestMails:
    def test_a_bug_of_ours_puts_a_mail_off_and_tells_no_secret(self, send, store, clock):
        [came] = send()

        assert came.again
        assert str(came) == (
            f"mail {came.team_mail.id} to the team (changed): not accepted: "
            "RuntimeError inside dispatch - see the log; it is tried again"
        )
        with store.read() as tx:
            assert not tx.team_mails.due(now=clock(), limit=9)
            assert tx.team_mails.due(now=clock() + timedelta(hours=1), limit=9)

    @pytest.mark.parametrize(
        ("problem", "again", "told"),
        [
            ("", False, " is accepted"),
            ("550 no", False, ": not accepted: 550 no"),
            ("451 later", True, ": not accepted: 451 later; it is tried again"),
        ],
    )
    def test_what_came_of_a_mail_is_told_without_its_address(self, send, problem, again, told):
        mail = send()[0].team_mail

        assert str(TeamMailReport(mail, problem, again=again)) == (
            f"mail {mail.id} to the team (changed){told}"
        )

    def test_a_round_that_is_to_stop_leaves_all_for_the_next(self, send, store, clock):
        assert send(keep_going=lambda: False) == []

        with store.read() as tx:
            [mail] = tx.team_mails.due(now=clock(), limit=2)
        assert mail.attempt == 0

    def test_an_invitation_that_is_over_or_that_a_lost_key_has_signed_is_not_sent(
        self, send, base, ask
    ):
        lost = TeamLinks("https://letter.example.org", ("a key that is lost",))
        cancelled = ask("one@example.org")
        cancel_invitation(cancelled.id, by="jean", **base)
        ask("two@example.org", links=lost)
        with base["store"].read() as tx:
            waiting = len(tx.team_mails.due(now=base["clock"](), limit=9))

        told = send()

        assert waiting == 3
        assert [came.team_mail.about for came in told] == [TeamTopic.CHANGED]
        with base["store"].read() as tx:
            assert not tx.team_mails.are_due(now=base["clock"]())

    def test_what_another_node_has_claimed_meanwhile_is_left_to_it(self, send, store, clock):
        def another_node_is_quicker():
            with store.begin() as tx:
                [mail] = tx.team_mails.due(now=clock(), limit=2)
                assert tx.team_mails.claim(mail, until=clock() + timedelta(minutes=5))
            return True

        assert send(keep_going=another_node_is_quicker) == []

    def test_nothing_goes_over_a_channel_that_somebody_has_stopped(self, send, store, clock):
        with store.begin() as tx:
            tx.channels.put_stop(Stop("mail", None, "the account is locked", 1))

        [came] = send()

        assert came.again
        assert "the account is locked" in came.problem


ISSUER = "https://id.example.org"
SERVICE = SignInService(name="House", issuer=ISSUER, client_id=CLIENT, client_secret="env:X")
ABOUT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


def client_of(answer, secret=SECRET):
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return ServiceClient(SERVICE, secret, http, "https://letter.example.org/back")


class TestService:
    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (httpx.Response(500), "does not answer as it should"),
            (httpx.Response(200, text="<html>"), "does not answer as it should"),
            (httpx.Response(200, json=["a list"]), "its answer cannot be read"),
            (httpx.Response(200, json={"x": "x" * 1_000_000}), "its answer is too long"),
            (
                httpx.Response(200, json=ABOUT | {"issuer": "https://x"}),
                "it calls itself otherwise",
            ),
            (
                httpx.Response(200, json=ABOUT | {"token_endpoint": "http://id.example.org/t"}),
                "it has no usable token_endpoint",
            ),
        ],
    )
    def test_what_it_says_of_itself_is_looked_at_hard(self, clock, answer, told):
        client = client_of(lambda _: answer)

        with pytest.raises(ServiceFailed, match=f"sign-in service House: {told}"):
            client.address(state="s", nonce="n", verifier="v" * 43, now=clock())

    def test_without_the_extra_it_is_said_which_one_is_missing(self, clock, monkeypatch):
        monkeypatch.setitem(sys.modules, "authlib.oauth2.client", None)
        client = client_of(lambda _: httpx.Response(200, json=ABOUT))

        with pytest.raises(ServiceFailed, match=r"install dispatch-digest\[oidc\]"):
            client.address(state="s", nonce="n", verifier="v" * 43, now=clock())

    @pytest.mark.parametrize(
        ("secret", "more", "header", "in_form"),
        [
            (SECRET, {}, True, {}),
            ("", {}, False, {"client_id": CLIENT}),
            (
                SECRET,
                {"token_endpoint_auth_methods_supported": ["client_secret_post"]},
                False,
                {"client_id": CLIENT, "client_secret": SECRET},
            ),
        ],
    )
    def test_we_prove_ourselves_to_it_as_it_wants(self, clock, secret, more, header, in_form):
        asked = []

        def answer(request):
            if request.method == "GET":
                return httpx.Response(200, json=ABOUT | more)
            asked.append((request.headers, dict(parse_qsl(request.content.decode()))))
            return httpx.Response(200, json={"access_token": "one", "token_type": "Bearer"})

        with pytest.raises(
            ServiceFailed, match="its answer cannot be read"
        ):  # there is no ID token
            client_of(answer, secret).claims("c", nonce="n", verifier="v" * 43, now=clock())

        [(headers, form)] = asked
        assert ("authorization" in headers) is header
        assert {key: form[key] for key in form if key.startswith("client_")} == in_form

    def test_keys_that_it_has_changed_are_fetched_anew(self, clock):
        service = LittleService(ISSUER, now=int(clock().timestamp()))
        service.claims = {"sub": "7", "email": "ada@example.org", "email_verified": True}

        def answer(request):
            form = dict(parse_qsl(request.content.decode()))
            status, said = service.answer(request.url.path, form, request.headers)
            return httpx.Response(status, content=json.dumps(said))

        client, sent, found = client_of(answer), {"verifier": "v" * 43, "now": clock()}, []
        for key in ("one", "two"):
            service.key = ECKey.generate_key("P-256", {"kid": "one"})
            code = service.authorize(client.address(state="s", nonce=key, **sent))["code"]
            found.append(client.claims(code, nonce=key, **sent))

        assert [(one.subject, one.email) for one in found] == [("7", "ada@example.org")] * 2

    def test_who_joins_by_a_domain_has_a_handle_of_their_own_and_no_roles_but_those_given(
        self, team, base
    ):
        rule = replace(SERVICE, domains=("example.org",))
        claims = Claims(ISSUER, "7", email="jean.other@example.org", nickname="jean")

        person = sign_in_by_service(claims, Browser("a mark"), service=rule, **base)
        nobody = sign_in_by_service(
            replace(claims, subject="8", email="x@elsewhere.example"),
            Browser("b mark"),
            service=rule,
            **base,
        )

        assert (person.handle, person.roles) == ("jean2", (Role.VIEWER,))
        assert nobody is None


def test_how_far_a_file_of_readers_is_through_is_noted_once_a_second(store, clock):
    with store.begin() as tx:
        tx.uploads.add(
            "a.csv", b"a\n" * 9, Choices("letters"), by="ada", public_id="one", now=clock()
        )
        upload = tx.uploads.find("one")
    progress, done = _Progress(upload, store, clock), []

    for seconds in (0, 2, 0, 2):
        clock.advance(timedelta(seconds=seconds))
        progress(2)
        with store.read() as tx:
            done.append(tx.uploads.find("one").done)

    assert done == [0, 4, 4, 8]
