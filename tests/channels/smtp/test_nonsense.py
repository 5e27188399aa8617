"""What a mail server says out of its turn, or so that nobody can follow it, counts for nothing."""

from base64 import b64encode
from threading import Event

import pytest

from dispatch.channels.provider import READY
from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.contract import SECRET
from dispatch.testing.hostile_smtp import HostileSmtp, keep_silent, say
from dispatch.testing.samples import a_mail
from smtp_stage import LOGIN, PATIENCE, refusal, told

LARGE = a_mail(text="word " * 1_000_000)
"""More than the buffers between us and a server hold that reads nothing."""


@pytest.fixture
def timeout():
    """Here answers come at once, and a busy machine has all the time it needs."""
    return PATIENCE / 2


NONSENSE = {
    "no digits": b"ok\r\n",
    "nothing at all": b"\r\n",
    "a code of another kind": b"150 wait\r\n",
    "a code that nobody knows": b"999 ok\r\n",
    "four digits": b"2500 ok\r\n",
    "foreign digits": "٢٥٠ ok\r\n".encode(),
    "a null byte": b"250\x00ok\r\n",
    "bytes beyond ASCII": b"\xff\xfe\x00\x80" * 20 + b"\r\n",
    "lines that disagree": b"250-ok\r\n550 no\r\n",
    "a page of the web": b"HTTP/1.1 400 Bad Request\r\n\r\n<html>\r\n",
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
class TestNonsense:
    @pytest.mark.parametrize(
        ("point", "options"),
        [("greeting", {}), ("ehlo", {}), ("auth", LOGIN), ("challenge", LOGIN), ("noop", {})],
    )
    def test_ends_the_login(self, smtp, answer, point, options):
        offers = ("AUTH LOGIN",) if point == "challenge" else ("AUTH PLAIN",)
        with HostileSmtp(**{point: say(answer)}, offers=offers) as server:
            provider = smtp(server, **options)
            error = refusal(provider.check)

        assert type(error) is ProviderUnavailable
        assert "not understood" in str(error)
        assert str(error).isprintable()

    @pytest.mark.parametrize("point", ["mail", "rcpt", "data"])
    def test_is_no_yes_to_an_envelope(self, send, answer, point):
        with HostileSmtp(**{point: say(answer)}) as server:
            result = send(server)

        assert type(told(result)) is ProviderUnavailable
        assert server.taken == []
        assert str(told(result)).isprintable()

    def test_leaves_a_mail_in_doubt(self, send, answer, mode):
        offers, options = mode
        with HostileSmtp(dot=say(answer), offers=offers) as server:
            result = send(server, **options)

        assert type(told(result)) is OutcomeUnknown
        assert str(told(result)).isprintable()


OUT_OF_STEP = {
    "unknown": b"500 what?\r\n",
    "not implemented": b"502 not here\r\n",
    "bad sequence": b"503 MAIL first\r\n",
    "no such parameter": b"504 not like that\r\n",
    "no mail": b"521 this host takes no mail\r\n",
}


@pytest.mark.parametrize("answer", OUT_OF_STEP.values(), ids=OUT_OF_STEP)
@pytest.mark.parametrize("point", ["mail", "rcpt", "data", "dot"])
def test_what_is_said_of_commands_refuses_nobody(send, mode, answer, point):
    offers, options = mode
    point = "rcpt" if "CHUNKING" in offers and point == "data" else point
    with HostileSmtp(**{point: say(answer)}, offers=offers) as server:
        result = send(server, **options)

    if options and point != "dot":  # it is out with its envelope, and was said yes to
        assert type(told(result)) is OutcomeUnknown
    else:
        assert type(told(result)) is ProviderUnavailable
        assert server.taken == []
    assert answer[:3].decode() in str(told(result))


@pytest.mark.parametrize(
    ("point", "kind"),
    [("mail", CredentialsRefused), ("rcpt", Refused), ("data", ProviderUnavailable)],
)
def test_a_fault_of_syntax_is_about_the_address_where_there_is_one(send, point, kind):
    with HostileSmtp(**{point: say(b"501 5.1.3 syntax\r\n")}) as server:
        result = send(server)

    assert type(told(result)) is kind


def test_a_refusal_that_has_the_next_commands_out_of_step_stays_one(send, mode):
    offers, options = mode
    deeds = {"rcpt": say(b"550 no such user\r\n"), "data": say(b"503 RCPT first\r\n")}
    if "CHUNKING" in offers:
        deeds["dot"] = deeds.pop("data")
    with HostileSmtp(**deeds, offers=offers) as server:
        result = send(server, **options)

    assert told(result) == Refused("550 no such user")


class TestAnAnswerToNothing:
    @pytest.mark.parametrize(
        ("point", "answers"),
        [
            ("greeting", b"220 hello\r\n250 ok\r\n"),
            ("ehlo", b"250-ok\r\n250 AUTH PLAIN\r\n250 ok\r\n"),
            ("ehlo", b"250-ok\r\n250 AUTH PLAIN\r\n250-o"),
            ("auth", b"235 welcome\r\n235 welcome\r\n"),
            ("challenge", b"235 welcome\r\n250 ok\r\n250 ok\r\n"),
        ],
    )
    def test_ends_the_login(self, smtp, point, answers):
        offers = ("AUTH LOGIN",) if point == "challenge" else ("AUTH PLAIN",)
        with HostileSmtp(**{point: say(answers)}, offers=offers) as server:
            error = refusal(smtp(server, **LOGIN).check)

        assert type(error) is ProviderUnavailable
        assert server.taken == []

    @pytest.mark.parametrize(
        ("point", "answers"),
        [
            ("mail", b"250 ok\r\n250 ok\r\n354 go on\r\n250 taken\r\n"),
            ("rcpt", b"250 ok\r\n354 go on\r\n250 taken\r\n"),
            ("rcpt", b"250 ok\r\n250 taken\r\n250 taken\r\n"),
            ("data", b"354 go on\r\n250 taken\r\n"),
        ],
    )
    def test_is_no_yes_to_a_mail_that_was_not_handed_over(self, send, mode, point, answers):
        offers, options = mode
        point = "rcpt" if "CHUNKING" in offers and point == "data" else point
        with HostileSmtp(**{point: say(answers)}, offers=offers) as server:
            result = send(server, **options)

        if not options:  # otherwise it goes out with the envelope, and any of them may be for it
            assert type(told(result)) is ProviderUnavailable
            assert server.taken == []

    def test_that_comes_while_the_mail_waits_for_permission_is_none_to_the_mail(self, smtp):
        asked, said = Event(), Event()

        def deed(talk):
            talk.say(b"354 go on\r\n")
            asked.wait(PATIENCE)
            talk.say(b"250 taken\r\n")
            said.set()

        mail = a_mail()
        with HostileSmtp(data=deed, times=1) as server:
            wire = smtp(server, timeout=5).open_wire(1)
            wire.offer([mail])
            first = next(events for _ in range(99) if (events := wire.poll(1)))
            asked.set()
            said.wait(PATIENCE)
            wire.hand_over([mail])
            taken_at_once = wire.in_flight and server.connections == 1 and wire.poll(0)
            last = next(events for _ in range(99) if (events := wire.poll(1)))
            wire.close()

        assert first == [(mail, READY)]
        assert not taken_at_once
        assert last == [(mail, Accepted())]
        assert (server.connections, len(server.taken)) == (2, 1)

    def test_is_no_yes_to_a_mail_that_has_not_all_left(self, send, mode):
        offers, options = mode

        def deed(talk):
            talk.say(b"250 taken\r\n")
            keep_silent(talk)

        with HostileSmtp(body=deed, offers=offers) as server:
            result = send(server, LARGE, **options)

        assert type(told(result)) is ProviderUnavailable
        assert "spoke unasked (250 taken)" in str(told(result))
        assert server.taken == []

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [(b"552 5.3.4 too large\r\n", Refused), (b"452 4.3.1 full\r\n", RateLimited)],
    )
    def test_is_a_no_where_the_server_has_seen_enough_of_the_mail(
        self, send, mode, answer, outcome
    ):
        offers, options = mode

        def deed(talk):
            talk.take()
            talk.say(answer)

        with HostileSmtp(body=deed, offers=offers) as server:
            result = send(server, LARGE, **options)

        assert type(told(result)) is outcome
        assert answer.decode().strip()[:15] in str(told(result))


class TestSize:
    @pytest.mark.parametrize(
        "size", ["9" * 5000, "9" * 30, "-1", "ten", "²", "٣٠", "1e3", "0", "", "1 2"]
    )
    def test_that_is_none_is_no_limit(self, send, size):
        with HostileSmtp(offers=("PIPELINING", f"SIZE {size}")) as server:
            result = send(server)

        assert result.kinds() == {Accepted}

    def test_that_is_none_is_told_to_who_checks(self, smtp):
        with HostileSmtp(offers=("SIZE -1",)) as server:
            account = smtp(server).check()

        assert account.endswith("; its SIZE is no number that we know, and counts as no limit")


PLAIN = f"\0{LOGIN['username']}\0{SECRET}"

ECHOES = {
    "as it is": SECRET,
    "in capitals": SECRET.upper(),
    "in base64": b64encode(SECRET.encode()).decode(),
    "in base64 without padding": b64encode(SECRET.encode()).decode().rstrip("="),
    "as AUTH PLAIN says it": b64encode(PLAIN.encode()).decode(),
    "the same without padding": b64encode(PLAIN.encode()).decode().rstrip("="),
    "with null bytes": "\0".join(SECRET),
    "over two lines": f"{SECRET[:9]}\r\n535 {SECRET[9:]}",
    "where the sentence is cut": "x" * 280 + " " + SECRET,
}


class TestThePassword:
    @pytest.fixture(params=ECHOES.values(), ids=ECHOES)
    def echo(self, request):
        return request.param

    def hidden(self, shown):
        """Whether no part of the password, or of what AUTH says, that would help is in a text."""
        secrets = [SECRET, *(b64encode(one.encode()).decode() for one in (SECRET, PLAIN))]
        pieces = {one[start : start + 8] for one in secrets for start in (0, 9, len(one) - 12)}
        known = b64encode(f"\0{LOGIN['username']}\0".encode()).decode()[:8]
        return not any(piece.lower() in shown.lower() for piece in pieces - {known})

    @pytest.mark.parametrize(
        "point", ["greeting", "ehlo", "auth", "challenge", "noop", "mail", "rcpt", "data", "dot"]
    )
    @pytest.mark.parametrize("code", ["535", "454", "250", "nonsense"])
    def test_is_not_shown_though_the_server_repeats_it(self, smtp, echo, point, code):
        offers = ("AUTH LOGIN",) if point == "challenge" else ("AUTH PLAIN",)
        answer = f"{code} {echo}\r\n"
        if "\r\n535" in echo:
            answer = answer.replace(f"{code} ", f"{code}-", 1).replace("\r\n535", f"\r\n{code}")
        with HostileSmtp(**{point: say(answer.encode())}, offers=offers) as server:
            provider = smtp(server, **LOGIN)
            shown = ""
            for call in (provider.check, lambda: provider.send([a_mail()])):
                try:
                    shown += repr(call())
                except ProviderError as error:
                    shown += f"{error} {error!r} {error.__cause__!r} {error.__context__!r}"

        assert shown
        assert self.hidden(shown)

    def test_is_not_in_the_name_that_the_server_gives_to_a_mail(self, smtp, echo):
        answer = f"250 queued as {echo}\r\n".replace("\r\n535", "")
        with HostileSmtp(dot=say(answer.encode()), offers=("AUTH PLAIN",)) as server:
            [outcome] = smtp(server, **LOGIN).send([a_mail()])

        assert isinstance(outcome, Accepted)
        assert outcome.id.isprintable()
        assert self.hidden(outcome.id)
