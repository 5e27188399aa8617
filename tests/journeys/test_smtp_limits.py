"""A mail server that has had enough: nobody is refused for it who was not."""

import os
from collections import Counter
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from journey_stage import Stage
from loopback import free_port

QUIRK = Path(os.environ.get("DISPATCH_TEST_TOOLS") or "no test tools") / "smtp_quirk.py"
pytestmark = pytest.mark.skipif(
    not QUIRK.is_file(), reason="DISPATCH_TEST_TOOLS names no folder with a server of quirks"
)

ACCEPTED, PENDING, REFUSED = DeliveryState.ACCEPTED, DeliveryState.PENDING, DeliveryState.REFUSED
PEOPLE = [f"reader{number}@{'abcdefg'[number % 7]}.example" for number in range(120)]
ALIKE = [f"reader{number}@one.example" for number in range(30)]

DAILY = "550 5.4.5 Daily user sending limit exceeded."
SESSION = "452 4.4.5 Maximum number of messages per session exceeded."


@contextmanager
def server(**quirks):
    """A mail server with these quirks; it keeps what it took in `taken`."""
    spec = spec_from_file_location("smtp_quirk", QUIRK)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    running = module.start(**quirks)
    try:
        yield running
    finally:
        running.shutdown()
        running.server_close()


@pytest.fixture
def stage(tmp_path, blog, sqlite_url):
    stage = Stage(
        tmp_path / "workspace", feed=blog.address, port=free_port(), database_url=sqlite_url
    )
    stage.subscribe(*PEOPLE)
    blog.publish("First light")
    return stage


def send_over(stage, server):
    """What a run over this server says, and how the deliveries stand after it."""
    stage.move_to(server.server_address[1])
    ran = stage.run("run", "weekly")
    assert "Traceback" not in ran.stderr
    # It counts an empty one where a connection ends after DATA.
    copies = Counter(to for to, mail in server.taken if mail)
    accepted = {one.partition("@")[0] for one in stage.records().recipients(ACCEPTED)}
    assert set(copies) == accepted
    assert set(copies.values()) <= {1}
    return ran.returncode, ran.stdout + ran.stderr, stage.records().counts


ENOUGH = {
    "daily limit at MAIL": ({"total_mail": 40}, DAILY),
    "daily limit at RCPT": ({"total_rcpt": 40}, DAILY),
    "daily limit at DATA": ({"total_data": 40}, DAILY),
    "rate at 451": ({"total_rcpt": 40}, "451 4.7.1 Sending rate too high, slow down"),
    "rate at 5.7.1": ({"total_data": 40}, "554 5.7.1 Your sending rate limit is exceeded"),
    "rate at 421": ({"total_rcpt": 40}, "421 4.7.28 Rate limit, closing"),
    "another's address": ({"total_rcpt": 40}, "550 5.7.1 not allowed to send as letter"),
    "denied to everybody": ({"total_rcpt": 40}, "554 5.7.1 Access denied"),
}


@pytest.mark.parametrize(("quirk", "words"), ENOUGH.values(), ids=ENOUGH)
def test_who_comes_after_the_limit_waits_and_the_channel_says_why(stage, quirk, words):
    with server(max_say=words, **quirk) as quirky:
        code, said, counts = send_over(stage, quirky)

    assert counts.keys() == {ACCEPTED, PENDING}
    assert 40 <= counts[ACCEPTED] < 70  # those under way meet the limit later
    assert code == 1
    assert "channel mail is stopped until" in said
    assert words in said.replace("\n", " ")


def test_who_has_waited_for_the_limit_gets_one_mail(stage):
    with server(total_data=40, max_say=DAILY) as quirky:
        send_over(stage, quirky)
        quirky.o.clear()
        stage.run("channels", "resume", "mail")
        code, _, counts = send_over(stage, quirky)

    assert (code, counts) == (0, {ACCEPTED: 120})


SHARES = {
    "at DATA": {"max_data": 10, "max_say": SESSION},
    "at RCPT": {"max_rcpt": 10, "max_say": "452 4.5.3 Too many recipients"},
    "at MAIL, closing": {"max_mail": 10, "max_say": "421 too many messages in this connection"},
    "after the mail": {"max_dot": 10, "max_say": SESSION},
}


@pytest.mark.parametrize("quirks", SHARES.values(), ids=SHARES)
def test_a_connection_that_has_carried_its_share_is_followed_by_another(stage, quirks):
    with server(close="421" in quirks["max_say"], **quirks) as quirky:
        code, _, counts = send_over(stage, quirky)

    assert (code, counts) == (0, {ACCEPTED: 120})
    assert quirky.conns >= 12


def test_a_sender_that_may_not_send_as_such_is_told_after_the_mail(stage):
    words = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"
    with server(max_dot=0, max_say=words) as quirky:
        code, said, counts = send_over(stage, quirky)

    assert (code, counts) == (1, {PENDING: 120})
    assert "stopped until a person acts" in said.replace("\n", " ")


def test_a_full_mailbox_and_one_domains_policy_are_the_readers_own(stage):
    stage.subscribe(*ALIKE)
    full, unwanted = "552 5.2.2 mailbox over quota", "550 5.7.1 We take no newsletters"
    answers = {"reader3": full, **{f"reader{one}": unwanted for one in range(10, 15)}}
    with server(rcpt=answers) as quirky:
        code, _, counts = send_over(stage, quirky)

    assert counts == {ACCEPTED: 24, REFUSED: 6}
    assert stage.records().edition.state is EditionState.FINISHED
    assert code == 1  # somebody was refused
