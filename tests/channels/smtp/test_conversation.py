"""One connection's talk: what is said in which group, and which answer is whose."""

from dataclasses import replace

import pytest

from dispatch.channels.provider import READY
from dispatch.channels.smtp.conversation import Conversation, stuffed
from dispatch.channels.smtp.extensions import Extensions
from dispatch.errors import MessageUnusable
from dispatch.model.delivery.message import Accepted, Mail

A = Mail("a", "lettre@example.org", "a@example.org", (b"Subject: A\r\n\r\n.\r\n",))
B = replace(A, id="b", recipient="b@example.org")
ENVELOPE = b"MAIL FROM:<lettre@example.org>\r\nRCPT TO:<%s@example.org>\r\n"
TO_A, TO_B = ENVELOPE % b"a", ENVELOPE % b"b"

PIPELINING = Extensions(pipelining=True)
CHUNKING = Extensions(pipelining=True, chunking=True)


class Talk:
    """A conversation, with the server's side of it said by the test."""

    def __init__(self, offers, *, depth=1, piece=1000):
        self.talk = Conversation(offers, depth=depth)
        self.piece = piece

    def said(self):
        """What was said since this was asked last."""
        out = b"".join(self.talk.out)
        self.talk.out.clear()
        return out

    def hear(self, *replies):
        """The events after these replies."""
        data = b"".join(reply.encode() + b"\r\n" for reply in replies)
        events = []
        for start in range(0, len(data), self.piece):
            self.talk.hear(data[start : start + self.piece], events)
        return events

    def noes(self):
        """Who was turned down with which code since this was asked last."""
        noes, self.talk.noes = self.talk.noes, []
        return [(mail.id, no.command, no.code) for mail, no in noes]


@pytest.fixture(params=[1000, 1, 7], ids=["at once", "byte by byte", "in sevens"])
def piece(request):
    return request.param


def test_one_group_ends_a_mail_and_announces_the_next(piece):
    talk = Talk(PIPELINING, piece=piece)
    talk.talk.begin(A)
    first = talk.said()
    ready = talk.hear("250 ok", "250-two", "250 lines", "354 go on")

    talk.talk.finish(A)
    talk.talk.begin(B)
    second = talk.said()
    answers = talk.hear("250 2.0.0 Ok: queued as 4F2A", "250 ok", "251 elsewhere", "354 go on")

    assert first == TO_A + b"DATA\r\n"
    assert ready == [(A, READY)]
    assert second == b"Subject: A\r\n\r\n..\r\n.\r\n" + TO_B + b"DATA\r\n"
    assert answers == [(A, Accepted("4F2A")), (B, READY)]


def test_a_chunk_goes_as_it_is_with_the_next_envelope(piece):
    talk = Talk(CHUNKING, piece=piece)
    talk.talk.begin(A)
    first = talk.said()
    ready = talk.hear("250 ok", "250 ok")

    talk.talk.finish(A)
    talk.talk.begin(B)

    assert (first, ready) == (TO_A, [(A, READY)])
    assert talk.said() == b"BDAT 17 LAST\r\n" + A.data + TO_B
    assert talk.hear("250 ok", "250 ok", "250 ok") == [(A, Accepted()), (B, READY)]


def test_without_pipelining_each_command_waits_for_its_answer():
    talk = Talk(Extensions())
    talk.talk.begin(A)
    said = [talk.said()]
    for reply in ("250 ok", "250 ok", "354 go on"):
        talk.hear(reply)
        said.append(talk.said())
    talk.talk.finish(A)
    said.append(talk.said())

    assert b"".join(said[:3]) == TO_A + b"DATA\r\n"
    assert said[3:] == [b"", b"Subject: A\r\n\r\n..\r\n.\r\n"]
    assert not talk.talk.wants
    assert talk.hear("250 ok") == [(A, Accepted())]
    assert talk.talk.wants


def test_nobody_gets_the_empty_mail_that_a_refused_recipient_leaves_behind(piece):
    talk = Talk(PIPELINING, piece=piece)
    talk.talk.begin(A)
    talk.said()
    events = talk.hear("250 ok", "550 no such person", "354 go on")
    dot = talk.said()
    talk.talk.begin(B)
    next_group = talk.said()

    answers = talk.hear("250 queued for nobody", "250 reset", "250 ok", "250 ok", "354 go on")

    assert events == []
    assert talk.noes() == [("a", "RCPT", 550)]
    assert dot == b".\r\n"
    assert next_group == b"RSET\r\n" + TO_B + b"DATA\r\n"
    assert answers == [(B, READY)]


def test_nothing_is_announced_while_the_answer_to_data_is_open():
    talk = Talk(PIPELINING)
    talk.talk.begin(A)
    talk.hear("250 ok", "450 later")

    assert not talk.talk.wants

    talk.hear("503 nobody to send to")
    assert talk.talk.wants


def test_a_server_that_takes_data_after_refusing_the_sender_is_left():
    talk = Talk(PIPELINING)
    talk.talk.begin(A)

    talk.hear("550 not you", "250 ok", "354 go on")

    assert talk.noes() == [("a", "MAIL", 550)]
    assert talk.talk.over


def test_says_reset_after_a_refusal_and_before_the_next():
    talk = Talk(PIPELINING)
    talk.talk.begin(A)
    talk.hear("250 ok", "250 ok", "451 not now")
    talk.said()

    talk.talk.begin(B)

    assert talk.noes() == [("a", "DATA", 451)]
    assert talk.said() == b"RSET\r\n" + TO_B + b"DATA\r\n"


def test_a_withdrawn_mail_is_not_asked_about_again_where_chunks_allow_it():
    talk = Talk(CHUNKING)
    talk.talk.begin(A)
    talk.hear("250 ok", "250 ok")
    talk.said()

    talk.talk.withdraw(A)
    talk.talk.begin(B)

    assert talk.said() == b"RSET\r\n" + TO_B
    assert not talk.talk.over


def test_several_in_flight_go_with_their_envelopes_and_each_gets_its_own_answer(piece):
    talk = Talk(CHUNKING, depth=3, piece=piece)
    mails = [replace(A, id=name, recipient=f"{name}@example.org") for name in "abc"]
    for mail in mails:
        talk.talk.begin(mail)
        talk.talk.finish(mail)
    one = b"RSET\r\n" + TO_A + b"BDAT 17 LAST\r\n" + A.data
    said = talk.said()

    events = talk.hear(
        "250 reset", "250 ok", "250 ok", "250 taken",
        "250 reset", "250 ok", "550 no such person", "503 to whom?",
        "250 reset", "250 ok", "250 ok", "452 no room",
    )  # fmt: skip

    assert said.startswith(one)
    assert len(said) == 3 * len(one)
    assert events == [(mails[0], Accepted())]
    assert talk.noes() == [("b", "RCPT", 550), ("c", "the mail", 452)]
    assert talk.talk.wants


@pytest.mark.parametrize(
    ("sent_of_it", "maybe"), [(0, False), (16, False), (17, True)], ids=["none", "part", "all"]
)
def test_a_mail_whose_last_byte_has_not_left_was_never_taken(sent_of_it, maybe):
    talk = Talk(CHUNKING)
    talk.talk.begin(A)
    talk.hear("250 ok", "250 ok")
    before = len(talk.said()) + len(b"BDAT 17 LAST\r\n")
    talk.talk.finish(A)

    unsettled = talk.talk.unsettled(before + sent_of_it)

    assert unsettled == (([A], [], []) if maybe else ([], [], [A]))


@pytest.mark.parametrize("reply", ["421 closing", "what", "999 what", "", "x" * 9000])
def test_an_answer_that_cannot_be_followed_ends_the_talk(reply):
    talk = Talk(PIPELINING)
    talk.talk.begin(A)

    events = talk.hear(reply, "250 ok", "354 go on")

    assert events == []
    assert talk.talk.over


def test_what_was_not_asked_for_ends_the_talk():
    talk = Talk(PIPELINING)

    talk.hear("421 idle for too long")

    assert talk.talk.over


@pytest.mark.parametrize("offers", [PIPELINING, CHUNKING, Extensions()])
def test_what_was_said_before_anything_had_left_is_no_answer(offers):
    talk = Conversation(offers)
    talk.begin(A)
    events = []

    talk.hear(b"250 ok\r\n", events, sent=0)

    assert talk.over
    assert talk.flaw == "spoke unasked (250 ok)"
    assert talk.noes == events == []


def test_a_yes_before_the_last_byte_has_left_is_none_and_the_mail_was_never_taken():
    talk = Talk(CHUNKING)
    talk.talk.begin(A)
    talk.hear("250 ok", "250 ok")
    talk.talk.finish(A)
    sent, events = talk.talk.said - 1, []

    talk.talk.hear(b"250 taken\r\n", events, sent)

    assert talk.talk.over
    assert events == []
    assert talk.talk.unsettled(sent) == ([], [], [A])


def test_a_no_before_the_last_byte_has_left_is_one_and_ends_the_talk():
    talk = Talk(CHUNKING)
    talk.talk.begin(A)
    talk.hear("250 ok", "250 ok")
    talk.talk.finish(A)
    sent = talk.talk.said - 1

    talk.talk.hear(b"552 too large\r\n", [], sent)

    assert talk.talk.over
    assert talk.noes() == [("a", "the mail", 552)]
    assert talk.talk.unsettled(sent) == ([], [], [])


def test_says_whether_an_answer_has_ended():
    talk = Conversation(PIPELINING)
    talk.begin(A)

    ended = [talk.hear(piece, []) for piece in (b"250-", b"two\r\n", b"250 lines", b"\r\n")]

    assert ended == [False, False, False, True]


def test_an_answer_without_end_ends_the_talk_after_those_that_were_whole(piece):
    talk = Talk(CHUNKING, piece=piece)
    talk.talk.begin(A)
    talk.hear("250 ok", "250 ok")
    talk.talk.finish(A)
    talk.talk.begin(B)

    events = talk.hear("250 ok", "250 ok", "250 ok", *["250-and"] * 101)

    assert events == [(A, Accepted()), (B, READY)]
    assert talk.talk.over
    assert talk.talk.flaw == "more than 100 lines in one answer"


@pytest.mark.parametrize("sender", ["a\r\nDATA", "a\nDATA", "a\rDATA"])
def test_no_address_can_hold_a_command(sender):
    with pytest.raises(MessageUnusable, match="not one that mail can be sent to"):
        Talk(PIPELINING).talk.begin(replace(A, sender=sender))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", b"\r\n"),
        (b".", b"..\r\n"),
        (b"a\r\n.\r\n.b\r\n", b"a\r\n..\r\n..b\r\n"),
        (b"a.\r\nb.c\r\n", b"a.\r\nb.c\r\n"),
    ],
)
def test_dots_are_doubled_at_the_beginning_of_lines_only(data, expected):
    assert stuffed(data) == expected
