"""A mail server that drips, floods, is silent or takes nothing costs a limited time and no mail."""

import time

import pytest

from dispatch.channels.provider import READY
from dispatch.errors import OutcomeUnknown, ProviderUnavailable
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.hostile_smtp import (
    HostileSmtp,
    drip,
    drip_record,
    flood,
    keep_silent,
    say,
    sip,
)
from dispatch.testing.samples import a_mail
from smtp_stage import LOGIN, PATIENCE, TIMEOUT, refusal, told

LARGE = a_mail(text="word " * 1_000_000)
"""More than the buffers between us and a server hold that reads nothing."""

ENDLESS = {
    "a byte now and then": drip(b"250 ok, and more to come"),
    "a line now and then": drip(b"250-on\r\n"),
    "lines at once": flood(b"250-on and on\r\n"),
    "a line at once": flood(b"250 and so on "),
    "nothing": keep_silent,
}
OFFERS = {
    "helo": (),
    "auth": ("PIPELINING", "AUTH PLAIN"),
    "challenge": ("PIPELINING", "AUTH LOGIN"),
}
OPTIONS = {"auth": LOGIN, "challenge": LOGIN, "starttls": {"security": "starttls"}}


class TestAnAnswerWithoutEnd:
    @pytest.mark.parametrize("deed", ENDLESS.values(), ids=ENDLESS)
    @pytest.mark.parametrize("point", ["greeting", "ehlo", "helo", "starttls", "auth", "challenge"])
    def test_ends_the_login(self, smtp, tls, point, deed):
        offers = OFFERS.get(point, ("PIPELINING",))
        with HostileSmtp(**{point: deed}, offers=offers, tls=tls) as server:
            provider = smtp(server, **OPTIONS.get(point, {}))

            errors = [refusal(lambda: provider.send([a_mail()])), refusal(provider.check)]

        assert [type(error) for error in errors] == [ProviderUnavailable] * 2
        assert server.connections == 2

    @pytest.mark.parametrize("deed", ENDLESS.values(), ids=ENDLESS)
    def test_ends_a_check(self, smtp, deed):
        with HostileSmtp(noop=deed) as server:
            error = refusal(smtp(server).check)

        assert type(error) is ProviderUnavailable

    @pytest.mark.parametrize("deed", ENDLESS.values(), ids=ENDLESS)
    @pytest.mark.parametrize("point", ["mail", "rcpt", "data"])
    def test_costs_nothing_before_the_mail_has_left(self, send, point, deed, mode):
        offers, options = mode
        point = "rcpt" if "CHUNKING" in offers and point == "data" else point
        with HostileSmtp(**{point: deed}, offers=offers) as server:
            result = send(server, **options)

        # With several in flight it has left, and nobody can say what became of it.
        expected = OutcomeUnknown if options else ProviderUnavailable
        assert type(told(result)) is expected
        assert server.taken == []

    @pytest.mark.parametrize("deed", ENDLESS.values(), ids=ENDLESS)
    def test_leaves_a_mail_in_doubt_that_has_left(self, send, deed, mode):
        offers, options = mode
        with HostileSmtp(dot=deed, offers=offers) as server:
            result = send(server, **options)

        assert type(told(result)) is OutcomeUnknown

    @pytest.mark.parametrize("deed", ENDLESS.values(), ids=ENDLESS)
    def test_is_not_waited_for_when_leave_is_taken(self, smtp, deed):
        with HostileSmtp(quit=deed) as server:
            began = time.monotonic()
            provider = smtp(server, timeout=2 * PATIENCE)
            account, outcomes = provider.check(), provider.send([a_mail()])
            provider.close()
            took = time.monotonic() - began

        assert account == f"127.0.0.1:{server.port} (not encrypted)"
        assert outcomes == [Accepted()]
        assert took < PATIENCE

    def test_to_a_reset_costs_nothing(self, send):
        mails = [a_mail(1), a_mail(2)]
        refuse, offers = say(b"550 no such person\r\n"), ("PIPELINING", "CHUNKING")
        with HostileSmtp(rcpt=refuse, rset=drip(b"250-"), offers=offers) as server:
            result = send(server, *mails)

        assert result.kinds() == {Refused}
        assert len(result.came_out) == len(mails)

    def test_on_one_connection_delays_no_other(self, smtp):
        mails = [a_mail(number) for number in range(40)]
        with HostileSmtp(dot=drip(b"250-"), spared=5, times=1) as server:
            wire = smtp(server, timeout=60).open_wire(4)
            began = time.monotonic()
            while len(server.taken) < len(mails) - 1:
                wire.offer([mails.pop() for _ in range(min(wire.room, len(mails)))])
                wire.hand_over([mail for mail, what in wire.poll(1) if what is READY])
                assert time.monotonic() - began < PATIENCE
            wire.close()


class TestEncryption:
    @pytest.mark.parametrize("deed", [drip_record(), keep_silent, drip(b"220 hello")])
    def test_that_does_not_come_about_is_not_waited_for(self, smtp, deed):
        with HostileSmtp(connect=deed) as server:
            provider = smtp(server, security="tls")

            errors = [refusal(lambda: provider.send([a_mail()])), refusal(provider.check)]

        assert [type(error) for error in errors] == [ProviderUnavailable] * 2

    @pytest.mark.parametrize("rest", [drip_record, lambda first: drip(b"ok\r\n", first=first)])
    def test_is_not_waited_for_after_starttls(self, smtp, tls, rest):
        with HostileSmtp(starttls=rest(first=b"220 go on\r\n"), tls=tls) as server:
            error = refusal(smtp(server, security="starttls").check)

        assert type(error) is ProviderUnavailable

    @pytest.mark.parametrize("point", ["greeting", "ehlo", "challenge", "noop", "mail", "rcpt"])
    def test_ends_nothing_and_an_encrypted_answer_may_drip_too(self, smtp, tls, certificate, point):
        server = HostileSmtp(
            **{point: drip_record()}, tls=tls, tls_at_once=True, offers=("AUTH LOGIN",)
        )
        with server:
            provider = smtp(server, security="tls", ca_file=certificate / "cert.pem", **LOGIN)
            call = provider.check if point == "noop" else lambda: provider.send([a_mail()])

            error = refusal(call)

        assert type(error) is ProviderUnavailable
        assert server.taken == []

    def test_takes_no_answer_that_came_before_it(self, smtp, tls, certificate):
        # As somebody on the way would put it in, to be taken for the server's answer to EHLO.
        sly = say(b"220 go on\r\n250 AUTH PLAIN\r\n")
        with HostileSmtp(starttls=sly, tls=tls) as server:
            provider = smtp(server, security="starttls", ca_file=certificate / "cert.pem", **LOGIN)
            error = refusal(provider.check)

        assert "it says more than it is asked" in str(error)


class TestAServerThatTakesNoMore:
    @pytest.mark.parametrize("deed", [keep_silent, sip()], ids=["nothing", "a byte now and then"])
    def test_is_given_up_and_cannot_have_the_mail(self, send, mode, deed):
        offers, options = mode
        with HostileSmtp(body=deed, offers=offers) as server:
            result = send(server, LARGE, **options)

        assert type(told(result)) is ProviderUnavailable
        assert server.taken == []

    @pytest.mark.parametrize("deed", [keep_silent, sip()], ids=["nothing", "a byte now and then"])
    def test_may_have_a_small_one(self, send, deed):
        with HostileSmtp(body=deed) as server:
            result = send(server)

        assert type(told(result)) is OutcomeUnknown

    def test_is_given_up_when_encrypted_too(self, send, tls, certificate):
        with HostileSmtp(body=keep_silent, tls=tls, tls_at_once=True) as server:
            result = send(server, LARGE, security="tls", ca_file=certificate / "cert.pem")

        assert type(told(result)) is ProviderUnavailable

    @pytest.mark.parametrize("security", ["none", "tls"])
    def test_has_as_long_as_it_needs_while_it_goes_on(self, smtp, tls, certificate, security):
        # 5 MB, of which it takes some now and then: in longer than an answer may take.
        may_take, certified = 5 * TIMEOUT, certificate / "cert.pem"
        size, every, times = (30_000, 0.01, 120) if security == "none" else (16_384, 0.005, 240)
        slow = sip(size, every=every, times=times)
        with HostileSmtp(body=slow, tls=tls, tls_at_once=security == "tls") as server:
            provider = smtp(server, security=security, ca_file=certified, timeout=may_take)
            began = time.monotonic()
            outcomes = provider.send([LARGE])
            took = time.monotonic() - began

        assert outcomes == [Accepted()]
        assert took > may_take
