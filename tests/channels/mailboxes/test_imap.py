"""A mailbox at a mail server: what is new in it, on good days and bad ones."""

from contextlib import nullcontext

import pytest

from dispatch.channels.mailboxes.imap import ImapMailbox
from dispatch.channels.mailboxes.imap_connection import folder_name
from dispatch.channels.mailboxes.mailbox import MOST_BYTES
from dispatch.errors import MailboxUnavailable
from dispatch.model.delivery.bounce_mailbox import ImapPlan
from little_imap import LittleImap

MAIL = b"Subject: hello\r\n\r\nhello\r\n"


def opened(server: LittleImap, password="secret", folder="INBOX", **options) -> ImapMailbox:
    plan = ImapPlan("127.0.0.1", server.port, "none", "bounces", "env:PASSWORD", folder)
    return ImapMailbox(plan, password, seconds=5, **options)


def read_all(mailbox: ImapMailbox, last: int = 0) -> list[int]:
    uids = []
    while portion := mailbox.take(last):
        uids += [int(name) for name, _ in portion.mails]
        last = portion.last
    return uids


def test_what_is_behind_the_last_mail_is_read_in_portions_whole_and_once():
    mails = {uid: b"%d" % uid + MAIL for uid in range(3, 2003, 2)}
    with LittleImap(mails).running() as server:
        mailbox = opened(server)

        found = read_all(mailbox), read_all(mailbox, 1000), read_all(mailbox, 2001)
        portion = mailbox.take(1990)

        mailbox.close()
    assert found == (list(mails), [uid for uid in mails if uid > 1000], [])
    assert portion.mails[0] == ("1991", mails[1991])
    assert mailbox.validity == 7


def test_of_100000_mails_no_question_names_more_than_a_portion():
    with LittleImap(dict.fromkeys(range(1, 100_001), MAIL)).running() as server:
        mailbox = opened(server)

        portion = mailbox.take(70_000)

        mailbox.close()
    assert [name for name, _ in portion.mails] == [str(uid) for uid in range(70_001, 70_101)]
    assert len(server.said) < 40


def test_of_a_huge_mail_the_beginning_is_read():
    with LittleImap({1: MAIL + b"x" * 3 * MOST_BYTES, 2: MAIL}).running() as server:
        mailbox = opened(server)

        [(_, huge), (_, small)] = mailbox.take(0).mails

        mailbox.close()
    assert (len(huge), small) == (MOST_BYTES, MAIL)


def test_what_told_something_is_marked_where_that_may_be():
    with LittleImap(dict.fromkeys(range(1, 5), MAIL)).running() as server:
        mailbox = opened(server)
        mailbox.mark(mailbox.take(0), {"2", "4"})
        server.read_only = True
        reading = opened(server, folder="Bounces")
        reading.mark(reading.take(0), {"1"})
        reading.close()
        mailbox.close()

    assert server.seen == {2, 4}


def test_mails_that_are_taken_away_meanwhile_are_passed_over():
    with LittleImap(dict.fromkeys(range(1, 301), MAIL)).running() as server:
        mailbox = opened(server)
        first = mailbox.take(0)
        server.mails = {uid: mail for uid, mail in server.mails.items() if uid > 150}

        rest = read_all(mailbox, first.last)

        mailbox.close()
    assert rest == list(range(151, 301))


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 AUTH=PLAIN", "IMAP4rev1"])
def test_a_login_that_is_refused_says_what_to_check_and_no_password(capabilities):
    with (
        LittleImap(capabilities=capabilities).running() as server,
        pytest.raises(MailboxUnavailable) as error,
    ):
        opened(server, password="wr0ng horse")

    assert "login refused - check username and password" in str(error.value)
    assert "horse" not in str(error.value)


def test_what_a_server_cannot_do_is_a_sentence():
    cases = {
        "did not answer within 0.2 seconds - check host and port": {"silent": True},
        "takes no password on this line - set security to tls or starttls": {
            "capabilities": "IMAP4rev1 LOGINDISABLED"
        },
        "the folder cannot be opened (no such folder) - correct 'folder'": {},
    }
    said = []
    for faults in cases.values():
        with LittleImap(**faults).running() as server:
            plan = ImapPlan("127.0.0.1", server.port, "none", "bounces", "", "Nowhere")
            with pytest.raises(MailboxUnavailable) as error:
                ImapMailbox(plan, "secret", seconds=0.2)
        said.append(str(error.value).partition(": ")[2])

    assert said == list(cases)


def test_a_server_that_is_not_there_or_encrypts_nothing_is_a_sentence():
    with LittleImap().running() as server:
        plan = ImapPlan("127.0.0.1", server.port, "starttls", "bounces", "")
        with pytest.raises(MailboxUnavailable, match="offers no STARTTLS - check the port"):
            ImapMailbox(plan, "secret", seconds=2)
    with pytest.raises(MailboxUnavailable, match="no connection"):
        ImapMailbox(plan, "secret", seconds=2)


def test_a_server_that_dies_in_the_midst_of_a_mail_is_a_sentence():
    with LittleImap({1: MAIL, 2: MAIL}, breaks_after=1).running() as server:
        mailbox = opened(server)

        with pytest.raises(MailboxUnavailable, match="the line broke"):
            mailbox.take(0)
        mailbox.close()


@pytest.mark.parametrize(
    ("refused", "read", "stops"),
    [
        ({3}, [1, 2, 4, 5], False),
        ({1, 2}, [3, 4, 5], False),
        ({9}, [1, 2, 3, 4, 5], False),
        ({5}, [1, 2, 3, 4], True),  # nothing behind it shows that the server is well
        ({1, 2, 3, 4, 5}, [], True),
    ],
)
def test_a_mail_that_the_server_does_not_give_is_lost_only_where_it_gives_others(
    refused, read, *, stops
):
    mails = dict.fromkeys(range(1, 6), MAIL)
    found, last = [], 0
    with LittleImap(mails, refuses=refused).running() as server:
        mailbox = opened(server)
        with pytest.raises(MailboxUnavailable) if stops else nullcontext() as error:
            while (portion := mailbox.take(last)) is not None:
                found += [int(name) for name, _ in portion.mails]
                last = portion.last
        trouble = str(error.value) if error else mailbox.trouble
        mailbox.close()

    assert found == read
    assert ("internal error" in trouble) is (refused != {9})


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "FETCH", "UID FETCH"])
def test_a_server_that_is_unwell_for_now_is_tried_again_and_nothing_else_is_advised(command):
    with (
        LittleImap({1: MAIL}, no={command: "[UNAVAILABLE] not now"}).running() as server,
        pytest.raises(MailboxUnavailable, match=r"- it is tried again$"),
    ):
        opened(server).take(0)


def test_a_visit_has_an_end_however_slowly_a_server_answers():
    with (
        LittleImap(silent=True).running() as server,
        pytest.raises(MailboxUnavailable, match="has taken too long"),
    ):
        opened(server, total=0.1)


def test_names_of_folders_are_written_as_servers_know_them():
    assert folder_name('A "B" & Zurück/日本') == '"A \\"B\\" &- Zur&APw-ck/&ZeVnLA-"'
