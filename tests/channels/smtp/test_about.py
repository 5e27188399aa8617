"""Whom a no of a mail server is about: answers that services document, and their neighbours."""

import pytest

from dispatch.channels.smtp.about import About, names_limit, read_no, read_reason

RECIPIENTS = [
    ("RCPT", "552 5.2.2 mailbox over quota"),
    ("RCPT", "552 5.2.2 mailbox over quota, daily sending limit exceeded"),
    ("RCPT", "550 5.1.1 User unknown"),
    ("RCPT", "550 5.1.1 account limit of unknown users: rate"),
    ("RCPT", "452 4.2.2 Mailbox full"),
    ("MAIL", "552 5.3.4 too large"),
    ("MAIL", "552 too large"),
    ("MAIL", "552 message size exceeds fixed limit"),
    ("the mail", "552 5.3.4 Message size exceeds fixed limit"),
    ("the mail", "554 5.3.4 message file too big"),
    (
        "RCPT",
        (
            "450 4.2.1 The user you are trying to contact is receiving mail at a rate that "
            "prevents additional messages from being delivered."
        ),
    ),
    ("RCPT", "450 The user you are trying to contact is receiving mail too quickly"),
    ("RCPT", "452 4.2.2 The email account that you tried to reach is over quota"),
    ("RCPT", "550 5.2.1 The email account that you tried to reach is disabled"),
    ("RCPT", "432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded"),
    ("RCPT", "554 delivery error: dd This user doesn't have a mail.example account"),
    ("RCPT", "450 User is receiving mail too quickly"),
    ("RCPT", "450 4.7.1 <a@b.example>: Recipient address rejected: Greylisted, see http://x"),
    (
        "RCPT",
        (
            "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in virtual "
            "mailbox table"
        ),
    ),
    (
        "RCPT",
        "550 <a@b.example>: Recipient address rejected: User unknown in local recipient table",
    ),
    ("RCPT", "550 Unrouteable address"),
    ("RCPT", "550 no such address here"),
    ("RCPT", "552 Mailbox quota exceeded"),
    ("RCPT", "552 Quota exceeded (mailbox for user is full)"),
    ("RCPT", "550 mailbox full"),
    ("RCPT", "452 user over quota"),
    ("RCPT", "552 Requested mail action aborted: exceeded storage allocation"),
    ("RCPT", "554 5.4.6 Too many hops"),
    ("RCPT", "554 5.4.14 Hop count exceeded - possible mail loop"),
    ("RCPT", "550 #5.1.0 Address rejected."),
    ("RCPT", "550 5.2.1 mailbox disabled, rate limit"),
    ("RCPT", "550 sorry, no mailbox here by that name (#5.1.1 - chkuser)"),
    ("MAIL", "552 5.2.2 over quota"),
    ("RCPT", "550 5.4.310 DNS domain does not exist"),
    ("RCPT", "550 5.5.0 Mailbox limit"),
    ("RCPT", "550 The account that you tried to reach is over quota"),
    ("RCPT", "452 The mailbox you are trying to reach has exceeded its quota"),
    ("RCPT", "550 mailbox full, try again in an hour"),
    ("RCPT", "550 Mailbox is full. You may try later"),
    ("RCPT", "552 mailbox quota exceeded, try again in 2 hours"),
    ("RCPT", "550 Too many messages in the recipient's mailbox"),
    ("RCPT", "550 user has too many messages on the server"),
    ("RCPT", "550 Boîte du destinataire pleine (quota dépassé)"),
    ("RCPT", "550 Le quota de la boîte du destinataire est dépassé"),
    ("RCPT", "550 Das Postfach hat sein Kontingent überschritten"),
    ("RCPT", "550 Buzón lleno"),
    ("the mail", "554 5.6.0 Too many MIME parts"),
]

PERHAPS_RECIPIENTS = [
    ("RCPT", "554 5.7.1 <a@b.example>: Relay access denied"),
    ("RCPT", "550 5.7.1 Access denied"),
    ("the mail", "550 5.7.1 Our system has detected that this message is likely unsolicited mail"),
    ("RCPT", "550 5.7.0 Mail relay denied"),
    ("RCPT", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    ("the mail", "554 5.7.9 Message not accepted for policy reasons"),
    ("RCPT", "554 5.7.1 <a@b.example>: Recipient address rejected: Access denied"),
    ("the mail", "451 4.3.0 queue file write error"),
    ("RCPT", "451 4.3.0 <a@b.example>: Temporary lookup failure"),
    ("RCPT", "550 relay not permitted"),
    ("RCPT", "550 Requested action not taken: mailbox unavailable"),
    ("RCPT", "550 You are not allowed to send to this group"),
    ("RCPT", "550 5.7.1 You do not have permission to send to this recipient"),
    ("RCPT", "550 5.7.1 Delivery restricted to members only"),
    ("the mail", "554 5.7.1 Message rejected as spam by corporate filter"),
    ("RCPT", "550 temporarily separate integrated corporate users"),
    ("RCPT", "451 Temporary local problem - please try later"),
    ("RCPT", "550 5.0.0 rejected"),
    ("RCPT", "550 permission denied for rate.limit@quota.example"),
    ("RCPT", "550 5.7.1 sender blocked by recipient"),
    ("the mail", "554 5.7.0 Reject, id=12345-01 - SPAM"),
    ("the mail", "554 5.6.0 Message contains invalid header"),
    ("the mail", "550 5.6.1 8-bit not allowed"),
    ("RCPT", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    ("RCPT", "552 quota exceeded"),
    ("RCPT", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
    ("RCPT", "550 5.7.1 Service unavailable; Client host [1.2.3.4] blocked using bl.example"),
    ("RCPT", "450 try again later"),
    ("RCPT", "451 4.3.5 Server configuration error"),
    ("the mail", "550 Account disabled"),
    ("the mail", "550 spam score exceeds threshold"),
    ("RCPT", "550 5.5.0 user unlimited"),
    ("RCPT", "550 Der Empfänger kann nicht erreicht werden"),
]

ACCOUNTS = [
    ("RCPT", "550 5.7.1 not allowed to send as news@x.example"),
    ("the mail", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    ("the mail", "550 5.7.1 Client does not have permissions to send as this sender"),
    ("MAIL", "550 5.7.1 Access denied"),
    ("MAIL", "550 5.1.0 sender rejected"),
    (
        "the mail",
        (
            "554 5.2.0 "
            "STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; "
            "Failed to process message"
        ),
    ),
    ("RCPT", "550 5.1.8 Access denied, bad outbound sender"),
    ("RCPT", "550 5.7.708 Access denied, traffic not accepted from this IP"),
    ("RCPT", "550 5.7.501 Access denied, spam abuse detected"),
    (
        "the mail",
        (
            "554 Message rejected: Email address is not verified. The following identities "
            "failed the check in region EU-WEST-1: news@x.example"
        ),
    ),
    (
        "the mail",
        (
            "554 Access denied: User `arn:aws:iam::1:user/x` is not authorized to perform "
            "`ses:SendRawEmail' on resource"
        ),
    ),
    ("the mail", "554 Message rejected: Sending paused for this account."),
    ("RCPT", "553 5.7.1 <news@x.example>: Sender address rejected: not owned by user bob"),
    ("RCPT", "553 5.7.1 <news@x.example>: Sender address rejected: not logged in"),
    ("RCPT", "450 4.1.8 <news@x.example>: Sender address rejected: Domain not found"),
    ("RCPT", "550 authentication required"),
    ("RCPT", "550 5.1.0 <john@x.example> sender rejected"),
    (
        "the mail",
        (
            "550 The from address does not match a verified Sender Identity. Mail cannot be "
            "sent until this error is resolved."
        ),
    ),
    ("RCPT", "550 Unauthenticated senders not allowed"),
    ("RCPT", "450 4.7.1 Domain news.example is not allowed to send: The domain is unverified"),
    ("RCPT", "550 5.7.1 Sending account is disabled"),
    ("RCPT", "550 Your account has been suspended"),
    ("the mail", "550 5.7.1 Sender domain not verified"),
    ("RCPT", "550 5.7.1 Sender not authorized to use this address"),
    ("RCPT", "554 5.7.1 You are not allowed to use this sender address"),
    ("RCPT", "550 5.7.1 User not authorized to send on behalf of <news@x.example>"),
    ("RCPT", "550 5.7.1 You are not authorized to send from this address"),
    ("RCPT", "550 5.7.1 <a@b.example>: Recipient address rejected: Sender not allowed"),
    ("RCPT", "550 5.7.1 account disabled"),
    ("RCPT", "550 5.7.1 Your account is not permitted to send mail"),
    ("RCPT", "550 5.7.1 login required"),
    ("RCPT", "550 5.7.1 No permission to send from this address"),
    ("the mail", "554 5.7.1 You may not send as this sender"),
    ("the mail", "553 Relaying disallowed as news@x.example"),
    ("the mail", "550 5.7.1 relaying denied: unconfigured sending domain x.example"),
    ("the mail", "553 Sender address must match login"),
    ("RCPT", "550 SMTP access disabled for this account"),
    (
        "the mail",
        (
            "550 5.7.1 Domain x.example is not allowed to send: for tests only. Add the address "
            "to authorized recipients"
        ),
    ),
]

SESSIONS = [
    ("DATA", "452 4.4.5 Maximum number of messages per session exceeded."),
    ("RCPT", "451 4.3.0 too many mails, try again"),
    (
        "RCPT",
        (
            "452 4.5.3 Your message has too many recipients. For more information regarding "
            "Google's sending limits"
        ),
    ),
    ("MAIL", "421 too many messages in this connection"),
    ("MAIL", "421 Max message per connection reached, closing transmission channel"),
    ("RCPT", "452 4.5.3 Error: too many recipients"),
    ("RCPT", "550 Too many messages. Try again in 92 seconds."),
    ("RCPT", "421 4.7.0 Too many messages"),
    ("RCPT", "450 Only 20 messages per connection are allowed"),
    ("RCPT", "550 5.7.1 Only 10 messages per connection allowed"),
    ("DATA", "421 4.7.0 Max messages reached for connection"),
    ("RCPT", "451 Max emails in connection"),
    ("RCPT", "450 Connection has reached its message maximum"),
    ("RCPT", "550 Nombre de messages par connexion dépassé"),
    ("RCPT", "550 Anzahl der Nachrichten pro Verbindung überschritten"),
    ("the mail", "554 Transaction failed: Maximum message count per session reached"),
]

MOMENTS = [
    ("RCPT", "550 5.4.5 Daily user sending limit exceeded."),
    ("MAIL", "550 5.4.5 Daily user sending limit exceeded."),
    ("DATA", "550 5.4.5 Daily user sending limit exceeded."),
    (
        "the mail",
        (
            "550 5.4.5 Daily user sending limit exceeded. For more information on Gmail "
            "sending limits go to https://limits.example - gsmtp"
        ),
    ),
    ("RCPT", "421 4.7.0 Try again later"),
    ("RCPT", "451 4.7.0 Temporary rate limit"),
    ("DATA", "421 4.7.28 Our system has detected an unusual rate of unsolicited mail"),
    ("RCPT", "550 5.7.28 mail flood"),
    ("RCPT", "452 Too much mail"),
    ("RCPT", "451 slow down"),
    ("RCPT", "451 Rate exceeded"),
    ("RCPT", "554 5.7.1 <a@b.example>: Recipient address rejected: rate limit exceeded"),
    ("RCPT", "554 5.7.1 rate limit exceeded"),
    ("RCPT", "450 4.2.1 Peak SMTP relay limit exceeded for customer. This is a temporary error."),
    ("RCPT", "550 5.7.1 Daily SMTP relay limit exceeded for customer."),
    ("RCPT", "550 5.7.1 Daily SMTP relay sending limit exceeded for this user"),
    (
        "the mail",
        (
            "550 5.7.1 [1.2.3.4 1] Our system has detected an unusual rate of unsolicited "
            "mail originating from your IP address."
        ),
    ),
    ("MAIL", "421 4.4.5 Server busy, try again later."),
    (
        "the mail",
        (
            "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed "
            "to process message"
        ),
    ),
    ("the mail", "554 5.2.252 SendAsDenied; news@x not allowed to send as other@x"),
    ("RCPT", "432 4.3.2 Concurrent connections limit exceeded."),
    ("RCPT", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded"),
    (
        "RCPT",
        (
            "550 5.1.90 Your message can't be sent because you've reached your daily limit "
            "for message recipients"
        ),
    ),
    ("RCPT", "550 5.7.705 Access denied, tenant has exceeded threshold"),
    ("MAIL", "421 4.4.2 Message submission rate for this client has exceeded the configured limit"),
    ("DATA", "454 Throttling failure: Maximum sending rate exceeded"),
    ("DATA", "454 Throttling failure: Daily message quota exceeded"),
    ("MAIL", "421 Too many concurrent SMTP connections"),
    (
        "the mail",
        (
            "421 4.7.0 [TSS04] Messages from 0.0.0.0 temporarily deferred due to unexpected "
            "volume or user complaints"
        ),
    ),
    ("RCPT", "450 4.7.1 <a@b.example>: Recipient address rejected: sender rate overlimit"),
    ("RCPT", "450 4.7.1 Error: too much mail from 1.2.3.4"),
    ("MAIL", "450 4.7.1 Error: too much mail from 1.2.3.4"),
    ("RCPT", "452 4.3.1 Insufficient system storage"),
    ("RCPT", "554 5.7.1 <a@b.example>: Recipient address rejected: Policy quota exceeded"),
    (
        "the mail",
        (
            "550 Domain x.example has exceeded the max emails per hour (500/500 (100%)) "
            "allowed. Message discarded."
        ),
    ),
    ("RCPT", "550 Sender rate overlimit - 12.0 / 1h"),
    ("RCPT", "452 space shortage, please try later"),
    ("RCPT", "450 Requested mail action not taken: mailbox unavailable Mail send limit exceeded."),
    (
        "RCPT",
        (
            "554 5.7.1 <a@b.example>: Recipient address rejected: You have exceeded your "
            "Outmail quota."
        ),
    ),
    ("RCPT", "550 5.7.1 Your mail limit has been reached."),
    ("RCPT", "554 5.7.1 message count quota exceeded"),
    ("DATA", "550 5.7.0 Too many emails per second. Please upgrade your plan https://x.example"),
    ("RCPT", "452 Too many recipients received this hour (throttled)"),
    ("RCPT", "450 too frequent connects from 1.2.3.4, please try again later."),
    ("RCPT", "451 Authentication failed: Maximum credits exceeded"),
    ("RCPT", "550 5.4.6 Unusual sending activity detected. Please try after sometime"),
    ("RCPT", "552 daily sending quota exceeded"),
    ("RCPT", "550 quota exceeded"),
    ("RCPT", "550 Tageslimit erreicht"),
    ("RCPT", "550 limite d'envoi atteinte"),
    ("RCPT", "451 mail quota for sender exceeded (#4.4.5)"),
    ("RCPT", "421 4.7.0 example.org Too many errors"),
    ("RCPT", "550 Message rate limit reached"),
    ("the mail", "550 5.7.1 Daily quota exceeded"),
    ("RCPT", "451 4.7.1 Please slow down"),
    ("RCPT", "451 Rate limit exceeded, try later"),
    ("RCPT", "552 5.7.1 quota exceeded"),
    ("DATA", "554 5.7.1 sending quota exceeded for today"),
    ("MAIL", "550 5.7.1 message rate limit"),
    ("MAIL", "451 4.7.1 slower"),
    ("RCPT", "450 4.3.2 please try later"),
    ("RCPT", "550 User limit reached for this hour"),
    ("RCPT", "421 Rate limit reached. Please try again later"),
    ("RCPT", "554 5.7.1 Spam limit of account: blocked"),
    ("RCPT", "550 Message discarded: you have sent more than 200 messages in one hour"),
    ("RCPT", "550 only 5 recipients per 5 minutes allowed"),
    ("RCPT", "550 only 100 messages per day allowed"),
    ("the mail", "554 Too many messages sent today"),
    ("RCPT", "550 5.7.1 Hourly cap reached"),
    ("RCPT", "550 5.7.1 credit exhausted"),
    ("RCPT", "550 Your mailbox has reached its daily sending limit"),
    ("RCPT", "554 You've hit the maximum number of emails"),
    ("RCPT", "550 5.7.1 Your account sent 1000 messages today, which is the maximum"),
    ("RCPT", "554 5.7.1 Nombre maximum d'envois atteint"),
    ("RCPT", "550 Nombre maximal de messages par heure dépassé"),
    ("RCPT", "550 Höchstzahl an Mails pro Tag überschritten"),
    ("RCPT", "550 Ihr Versandkontingent ist erschöpft"),
    ("RCPT", "550 Se ha superado el número máximo de correos"),
]

ALL = (
    [(*one, About.RECIPIENT, True) for one in RECIPIENTS]
    + [(*one, About.RECIPIENT, False) for one in PERHAPS_RECIPIENTS]
    + [(*one, About.ACCOUNT, True) for one in ACCOUNTS]
    + [(*one, About.SESSION, True) for one in SESSIONS]
    + [(*one, About.MOMENT, True) for one in MOMENTS]
)


@pytest.mark.parametrize(("command", "answer", "about", "sure"), ALL)
def test_reads_whom_an_answer_is_about(command, answer, about, sure):
    code, _, words = answer.partition(" ")

    reading = read_no(command, int(code), words)

    assert (reading.about, reading.sure) == (about, sure)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "the mail", ""])
@pytest.mark.parametrize("code", [450, 451, 452, 454, 550, 554])
@pytest.mark.parametrize(
    "words",
    [
        "5.4.5 Daily quota exceeded",
        "4.7.28 too many mails a day",
        "sending rate limit",
        "slow down",
    ],
)
def test_a_limit_is_one_at_whatever_command_it_comes(command, code, words):
    assert read_no(command, code, words).about is About.MOMENT


@pytest.mark.parametrize("words", ["limit", "quota", "rate", "too many", "slow down", "sender"])
@pytest.mark.parametrize("status", ["5.1.1", "5.2.2", "4.2.1", "5.1.6"])
@pytest.mark.parametrize("command", ["RCPT", "DATA", "the mail"])
def test_the_recipients_codes_beat_all_words(command, status, words):
    reading = read_no(command, 552, f"{status} {words}")

    assert (reading.about, reading.sure) == (About.RECIPIENT, True)


@pytest.mark.parametrize(
    "reason",
    ["mail: 5,000 bytes, and the mail server takes 10 - choose", "Text limit exceeded", ""],
)
def test_a_reason_that_is_no_mail_servers_is_the_recipients(reason):
    assert read_reason(reason).about is About.RECIPIENT


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("4.7.0 too many connections", True),
        ("4.7.28 see https://limit.example/rate", False),
        ("4.3.2 shutting down", False),
    ],
)
def test_only_words_name_a_limit(words, named):
    assert names_limit(words) is named
