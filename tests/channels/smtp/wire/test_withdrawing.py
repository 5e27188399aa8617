"""Mails that were handed over and are taken back."""

import pytest

from dispatch.model.delivery.message import Accepted
from dispatch.testing.smtp_server import SmtpServer
from wire_driver import drive, judge
from wire_stage import MAILS


class TestWithdrawing:
    def ready(self, wire, mails):
        """Offer mails, and wait until the first of them is READY."""
        wire.offer(mails)
        return next(events for _ in range(99) if (events := wire.poll(1)))[0][0]

    @pytest.mark.parametrize("count", [1, 3])
    def test_a_mail_that_was_ready_is_never_sent(self, open_wire, mode, count):
        server_options, options = mode
        with SmtpServer(**server_options) as server:
            wire = open_wire(server, 1, **options)
            self.ready(wire, MAILS[:count])
            wire.withdraw(MAILS[:count])

            result = drive(wire, MAILS[3:9])

        assert sorted(server.copies) == sorted(mail.recipient for mail in MAILS[3:9])
        judge(result, MAILS[3:9], server.copies)

    def test_a_mail_whose_envelope_is_under_way_is_never_sent(self, open_wire, mode):
        server_options, options = mode
        with SmtpServer(**server_options) as server:
            wire = open_wire(server, 1, **options)
            first = self.ready(wire, MAILS[:2])
            wire.hand_over([first])
            wire.withdraw([MAILS[1]])

            result = drive(wire, MAILS[3:9], handed_before=[first])

        expected = [first, *MAILS[3:9]]
        assert sorted(server.copies.elements()) == sorted(mail.recipient for mail in expected)
        assert result.came_out.pop(first.recipient)
        assert result.kinds() == {Accepted}

    def test_closing_sends_nothing_that_was_not_handed_over(self, open_wire):
        with SmtpServer() as server:
            wire = open_wire(server, 2)
            self.ready(wire, MAILS[:5])
            wire.close()
            wire.close()

        assert server.taken == []
