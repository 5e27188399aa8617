"""Words of mail servers tell whether a mailbox is gone, as far as they tell it."""

import pytest

from dispatch.channels.hooks.server_words import is_gone


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown", True),
        ("550-5.1.1 The email account that you tried to reach does not exist", True),
        ("smtp; 550 5.1.1 user unknown", True),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", True),
        ("550 5.2.1 The email account that you tried to reach is disabled", True),
        ("550 No such user here", True),
        ("550 Requested action not taken: mailbox not found", True),
        ("554 delivery error: This user doesn't have an account: does not exist", True),
        ("5.0.0 unknown user", True),
        ("552 5.2.2 The email account that you tried to reach is over quota", False),
        ("550 5.7.1 Message rejected: unknown user reputation", False),
        ("550 5.7.26 This mail is unauthenticated", False),
        ("452 4.2.2 Mailbox full", False),
        ("421 4.7.0 Try again later", False),
        ("550 Mailbox is full", False),
        ("554 Blocked as spam: no such user", False),
        ("550 5.4.1 Recipient address rejected: Access denied", False),
        ("550 Administrative prohibition", None),
        ("5.0.0", None),
        ("mail from 192.0.2.5.1.1 refused", None),
        ("", None),
    ],
)
def test_what_a_server_says(words, gone):
    assert is_gone(words) is gone
