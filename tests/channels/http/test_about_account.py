"""What a refusal says of the whole account, in words that no adapter knows."""

import pytest

from dispatch.channels.http.about_account import LATER, about_account
from dispatch.errors import CredentialsRefused, RateLimited


@pytest.mark.parametrize(
    "words",
    [
        "Your account has been suspended. Contact support",
        "Your account is under review and may not send mail",
        "Your SMTP account is not yet activated",
        "The account is suspended",
        "Account is disabled",
        "Please activate your Acme account. Check your inbox for the mail.",
        "Authenticated user is not authorized to send mail",
        "Email sending is disabled for your entire account",
    ],
)
def test_an_account_that_may_not_send_is_named(words):
    error = about_account("acme", words)

    assert isinstance(error, CredentialsRefused)
    assert str(error) == f"acme: the account may not send ({words}) - see its state there"


@pytest.mark.parametrize(
    "words",
    [
        "email quota exceeded",
        "You have reached your daily sending limit of 100 messages",
        "You have used up your monthly credits",
        "daily limit of emails reached",
    ],
)
def test_a_used_up_limit_passes(words):
    error = about_account("acme", words)

    assert isinstance(error, RateLimited)
    assert error.retry_after == LATER


@pytest.mark.parametrize(
    "words",
    [
        "The recipient's account is suspended",
        "mailbox quota exceeded",
        "Message size limit exceeded",
        "ada@account.example is not valid",
        "to[0].email: your value is not allowed",
        "HTTP 400 Bad Request",
    ],
)
def test_what_may_be_about_a_message_or_its_reader_is_not_the_accounts(words):
    assert about_account("acme", words) is None
