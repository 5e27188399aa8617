"""Reports that say in words alone what became of a mail, as many servers write them."""

import pytest

from channels.bounces.returned_mails import MESSAGE_ID, NEWSLETTER, OURS, mail, multipart, part
from dispatch.channels.bounces.returned import Kind, read_mail
from dispatch.model.delivery.event import EventKind

HARD, SOFT = (EventKind.BOUNCED, True), (EventKind.BOUNCED, False)
WAITS = (EventKind.DEFERRED, False)

FOUND = [
    pytest.param(
        mail(
            "A message that you sent could not be delivered.\n\n  ada@one.example\n"
            "    host mx.one.example [192.0.2.1]\n    SMTP error from remote mail server after "
            f"RCPT TO:<ada@one.example>:\n    550 No such user\n\n------ This is a copy of the "
            f"message, including all the headers. ------\n\n{NEWSLETTER}",
            from_="Mail Delivery System <Mailer-Daemon@exim.example>",
            x_failed_recipients="ada@one.example",
            auto_submitted="auto-replied",
            subject="Mail delivery failed: returning message to sender",
        ),
        HARD,
        id="exim",
    ),
    pytest.param(
        mail(
            "Hi. This is the qmail-send program at q.example.\nI'm afraid I wasn't able to deliver "
            "your message to the following addresses.\nThis is a permanent error; I've given up. "
            "Sorry it didn't work out.\n\n<ada@one.example>:\nSorry, no mailbox here by that name. "
            f"(#5.1.1)\n\n--- Below this line is a copy of the message.\n\n{NEWSLETTER}",
            from_="MAILER-DAEMON@q.example",
            subject="failure notice",
        ),
        HARD,
        id="qmail",
    ),
    pytest.param(
        mail(
            "Hi. This is the qmail-send program at q.example.\n\n<ada@one.example>:\nMailbox is "
            f"over quota. (#5.2.2)\n\n--- Below this line is a copy of it.\n\n{NEWSLETTER}",
            from_="MAILER-DAEMON@q.example",
            subject="failure notice",
        ),
        SOFT,
        id="qmail, full",
    ),
    pytest.param(
        mail(
            "** Address not found **\n\nYour message wasn't delivered to ada@one.example because "
            "the address couldn't be found, or is unable to receive mail.\n\nThe response was:\n\n"
            "550 5.1.1 The email account that you tried to reach does not exist.\n",
            from_="Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
            subject="Delivery Status Notification (Failure)",
            x_failed_recipients="ada@one.example",
        ),
        HARD,
        id="gmail without fields",
    ),
    pytest.param(
        mail(
            "<html><body><p>Your message to <b>ada@one.example</b> couldn't be delivered.</p>"
            "<p>ada wasn't found at one.example.</p><p>550 5.1.10 RESOLVER.ADR.RecipientNotFound; "
            "Recipient not found</p></body></html>",
            from_="Microsoft Outlook <postmaster@tenant.example>",
            subject="Undeliverable: This week",
            content_type="text/html; charset=utf-8",
        ),
        HARD,
        id="exchange in html",
    ),
    pytest.param(
        mail(
            "Sorry, we were unable to deliver your message to the following address.\n\n"
            "<ada@one.example>:\n554: delivery error: dd This user doesn't have an account\n\n"
            "--- Below this line is a copy of the message.\n\n",
            from_="MAILER-DAEMON@yahoo.example",
            subject="Failure Notice",
        ),
        HARD,
        id="yahoo",
    ),
    pytest.param(
        mail(
            "   ----- The following addresses had permanent fatal errors -----\n<ada@one.example>\n"
            "    (reason: 550 5.1.1 <ada@one.example>... User unknown)\n\n"
            "   ----- Transcript of session follows -----\n... while talking to mx.one.example.:\n",
            from_="Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example>",
            subject="Returned mail: see transcript for details",
        ),
        HARD,
        id="sendmail",
    ),
    pytest.param(
        mail(
            "Ваше сообщение не доставлено.\n\nada@one.example:\n550 Пользователь не найден\n",
            from_="Mail Delivery System <Mailer-Daemon@mail.example>",
            subject="Письмо не доставлено",
        ),
        HARD,
        id="russian",
    ),
    pytest.param(
        mail(
            "次の宛先へメールを配信できませんでした。\n<ada@one.example>:\n宛先のユーザーが存在しません。\n",
            from_="MAILER-DAEMON@docomo.example",
            subject="配信不能",
            charset="iso-2022-jp",
            content_type="text/plain; charset=iso-2022-jp",
        ),
        HARD,
        id="japanese",
    ),
    pytest.param(
        mail(
            "Ihre Nachricht an <ada@one.example> konnte nicht zugestellt werden.\n"
            "552 Quota exceeded\n",
            from_="Mail Delivery System <mailer-daemon@gmx.example>",
            subject="Nachricht nicht zustellbar",
        ),
        SOFT,
        id="german, full",
    ),
    pytest.param(
        mail(
            "Your message:\n   From: weekly@news.example\n\nCould not be delivered because of\n\n"
            "550 5.1.1 User unknown\n\nThe following recipients were affected:\n"
            f"    ada@one.example\n\nOriginal Sender:    <{OURS}>\n",
            from_="postmaster@filter.example",
            subject='Undeliverable Mail: "This week"',
        ),
        HARD,
        id="the reason before the address",
    ),
    pytest.param(
        multipart(
            "report; report-type=delivery-status",
            [
                part(
                    "text/plain",
                    "  ----- The following addresses had permanent fatal errors -----\n\n>>> "
                    "ada@one.example <ada@one.example>\n\n  ----- Transcript of session follows "
                    "-----\n550 sorry, no mailbox here by that name (#5.1.1 - chkusr)\n",
                ),
                part("message/rfc822", NEWSLETTER),
            ],
            from_="MAILER-DAEMON <MAILER-DAEMON@one.example>",
            subject="FAILURE NOTICE : This week",
        ),
        HARD,
        id="a report without fields",
    ),
    pytest.param(
        mail(
            "收件人邮件地址（ada@one.example）不存在，邮件无法送达。",
            from_="PostMaster@qq.example",
            subject="来自qq.example的退信",
        ),
        HARD,
        id="chinese",
    ),
    pytest.param(
        mail(
            "Your message to <ada@one.example> was automatically rejected:\nI want no such mail",
            from_="Mail Delivery Subsystem <postmaster@d.example>",
            subject="Automatically rejected mail",
        ),
        SOFT,
        id="a rule of the recipient's",
    ),
    pytest.param(
        mail(
            "The following address failed:\n\nada@one.example\n\nFor the following reason:\n\n"
            "Something that nobody has told us\n",
            from_="mailer-daemon@mx.example",
            subject="Mail delivery failed",
        ).replace(b"\n", b"\r"),
        SOFT,
        id="line ends of old Macs",
    ),
    pytest.param(
        mail(
            "Your message has not yet been delivered to ada@one.example after 24 hours.\n"
            "No action is required on your part.\n",
            from_="Mail Delivery System <mailer-daemon@mx.example>",
            subject="Warning: message delayed 24 hours",
        ),
        WAITS,
        id="delayed",
    ),
]


@pytest.mark.parametrize(("raw", "expected"), FOUND)
def test_reports_without_fields_are_read_by_their_words(raw: bytes, expected: object):
    read = read_mail(raw)

    assert read.kind is Kind.REPORT
    assert [(one.recipient, one.kind, one.permanent) for one in read.fates] == [
        ("ada@one.example", *expected)
    ]


def test_the_original_at_the_end_of_the_text_leads_to_the_delivery():
    raw = FOUND[0].values[0].replace(OURS.encode(), b"x@news.example", 1)

    assert (read_mail(raw).message_ids, read_mail(raw).tokens) == ((MESSAGE_ID,), ("k3x9aa7qq",))


def test_a_report_that_names_nobody_is_told_of_nobody_and_found_by_its_token():
    raw = mail("Your mail could not be delivered.", from_="", subject="Mail Error")

    read = read_mail(raw)

    assert ([one.recipient for one in read.fates], read.tokens) == ([""], ("k3x9aa7qq",))


def test_a_report_that_cannot_be_read_leaves_the_address_alive():
    raw = mail("", from_="MAILER-DAEMON@mx.example", subject="Undelivered Mail", content_type="x/y")

    assert [one.permanent for one in read_mail(raw).fates] == [False]


ADA_DEAD = "ada@one.example\nbecause of user unknown."
PHISHING = f"5 mails could not be delivered to {OURS}. Your account is disabled, unless you verify."
OTHER_LANGUAGES = [
    ("Αποτυχία παράδοσης", "Το μήνυμά σας δεν παραδόθηκε\nada@one.example\nΆγνωστος χρήστης"),
    ("غير قابل للتسليم: This week", "تعذر تسليم رسالتك\nada@one.example\nالمستخدم غير موجود"),
    ("Teslim edilemedi", "İletiniz teslim edilemedi:\nada@one.example\nKullanıcı bulunamadı"),
    ("退信", "您的邮件被退回\n原邮件信息：\n收件人：ada@one.example\n退信原因：收件人邮箱不存在"),
]
CLAIMED = [
    ("MAILER-DAEMON@mx.example", "Mail delivery failed", PHISHING, False),
    ("it@evil.example", "Undelivered messages", PHISHING, False),
    (
        "ada@one.example",
        "Undeliverable: I have left",
        f"It was not delivered to\n{ADA_DEAD}",
        False,
    ),
    ("sam@x.example", "Delivery failure?", f"Mails could not be delivered to\n{ADA_DEAD}", False),
    *(("MAILER-DAEMON@mx.example", subject, text, True) for subject, text in OTHER_LANGUAGES),
]


@pytest.mark.parametrize(("writer", "subject", "text", "dead"), CLAIMED)
def test_an_address_is_dead_by_words_that_name_it_and_that_a_mail_server_signs(
    writer: str, subject: str, text: str, *, dead: bool
):
    fates = read_mail(mail(text, from_=writer, subject=subject)).fates

    assert any(one.permanent for one in fates) is dead
