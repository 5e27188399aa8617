"""Mails that a bounce mailbox holds and that suppress nobody: written for this test, one by one."""

import pytest

from channels.bounces.returned_mails import NEWSLETTER, OURS, failed, mail, multipart, part, report
from dispatch.channels.bounces.returned import Kind, read_mail

ADA = "Ada Byron <ada@one.example>"
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.one.example>"

AWAY = {
    "away-en": (
        "Out of Office: This week",
        "I am away until Monday. Mail to <bob@one.example> fails.",
    ),
    "away-en-2": (
        "Automatic reply: This week",
        "My mailbox ada@one.example is full, 552 5.2.2, sorry.",
    ),
    "away-en-3": ("Auto: This week", "I no longer work here; ada@one.example: user unknown."),
    "away-de": (
        "Abwesenheitsnotiz: This week",
        "Ich bin im Urlaub. ada@one.example existiert nicht mehr.",
    ),
    "away-de-2": (
        "Automatische Antwort: This week",
        "550 5.1.1 Benutzer unbekannt, so fühle ich mich.",
    ),
    "away-fr": (
        "Réponse automatique : This week",
        "Je suis absent. Adresse inconnue : ada@one.example",
    ),
    "away-fr-2": ("Absence du bureau", "Message non distribué avant lundi."),
    "away-es": (
        "Respuesta automática: This week",
        "Estoy fuera de la oficina. El usuario no existe.",
    ),
    "away-it": ("Risposta automatica: This week", "Sono fuori sede. Casella piena."),
    "away-pt": ("Resposta automática: This week", "Estou de férias. Usuário desconhecido."),
    "away-nl": ("Automatisch antwoord: This week", "Ik ben afwezig. Gebruiker onbekend."),
    "away-sv": ("Autosvar: This week", "Jag är på semester."),
    "away-pl": ("Odpowiedź automatyczna: This week", "Jestem na urlopie. Nieznany użytkownik."),
    "away-ru": ("Автоответ: This week", "Я в отпуске. Пользователь не найден."),
    "away-ja": ("自動返信: This week", "只今不在です。ユーザーが見つかりません。"),
    "away-zh": ("自动回复: This week", "我在休假。用户不存在。"),
}


def away(name: str, **more: str) -> bytes:
    subject, text = AWAY[name]
    return mail(text, from_=ADA, subject=subject, **more)


def answer(subject: str, text: str, **more: str) -> bytes:
    return mail(text, from_=ADA, subject=subject, **more)


QUOTED = "\n".join(f"> {line}" for line in report(failed("550 5.1.1 unknown")).decode().split("\n"))
PASTED = report(failed("550 5.1.1 User unknown", "5.1.1")).decode()

AUTOMATIC = [
    *(away(name) for name in AWAY if name != "away-en-3"),
    away("away-en", return_path="<>"),
    away("away-en-3", auto_submitted="auto-replied"),
    away("away-en-3", x_autoreply="yes"),
    away("away-en-3", precedence="auto_reply"),
    away("away-en-3", return_path="<>"),
    away("away-de", charset="latin-1"),
    away("away-ja", charset="iso-2022-jp", content_type="text/plain; charset=iso-2022-jp"),
    away("away-ru", charset="koi8-r", content_type="text/plain; charset=us-ascii"),
    answer("=?utf-8?q?Abwesenheit?=", "weg", auto_submitted="auto-replied (vacation)"),
    answer(
        "Re: This week",
        "I have left. My address ada@one.example is not valid any more.",
        auto_submitted="auto-replied",
    ),
    answer("Undeliverable? No: out of office", "Back on Monday. <ada@one.example>: user unknown"),
    answer(
        "Ticket #4711 received", "We have received your message.", auto_submitted="auto-generated"
    ),
    answer(
        "Please confirm your message [challenge 9a]",
        "Your message to ada@one.example was not delivered yet. Press the link to be let in.",
        auto_submitted="auto-replied",
        precedence="bulk",
    ),
    answer(
        "Boxbe: your message is waiting",
        "bob@one.example has not delivered it yet.",
        return_path="<>",
        precedence="junk",
    ),
    mail(
        "We got it and will answer.",
        from_="postmaster@one.example",
        subject="Re: This week",
        auto_submitted="auto-replied",
    ),
    multipart(
        "alternative",
        [part("text/plain", "Back soon"), part("text/html", "<p>Back soon</p>")],
        from_=ADA,
        subject="Out of the Office",
        x_auto_response_suppress="All",
    ),
]

ORDINARY = [
    answer("Re: This week", "Thank you, lovely issue!"),
    answer("Re: Undelivered Mail Returned to Sender", f"What is this?\n\n{QUOTED}"),
    answer("Re: Undelivered Mail Returned to Sender", f"What is this?\n\n{PASTED}"),
    answer("AW: Unzustellbar: This week", f"Was soll das?\n\n{PASTED}"),
    answer("Fwd: Undelivered Mail Returned to Sender", PASTED),
    answer("Fwd: Mail delivery failed: returning message to sender", PASTED),
    multipart(
        "mixed",
        [part("text/plain", "See below."), part("message/rfc822", PASTED)],
        from_=ADA,
        subject="Fwd: Undelivered Mail Returned to Sender",
    ),
    multipart(
        "mixed",
        [
            part("text/plain", "See the details."),
            part("message/delivery-status", failed("550 5.1.1", "5.1.1")),
        ],
        from_=ADA,
        subject="FW: Undeliverable: This week",
    ),
    answer("your list is broken", "550 5.1.1 User unknown: <bob@two.example>"),
    answer(
        "Address change", "My old address ada@one.example is disabled, please use ada@two.example"
    ),
    answer("quota exceeded", "My mailbox was full, sorry, write again"),
    answer(
        "Undeliverable: why newsletters bounce",
        "Mail to <ada@one.example> could not be delivered. 550 5.1.1 user unknown",
        list_unsubscribe="<https://list.example/u>",
        list_id="<l.example>",
    ),
    answer(
        "Delivery failure and how to read it",
        "550 5.1.1 <bob@two.example>: user unknown",
        list_id="bounces <bounces.example>",
        list_unsubscribe="<mailto:x@list.example>",
    ),
    answer(
        "[list] Digest, Vol 4", "Message: 1\nSubject: failure notice\n<bob@two.example>: unknown"
    ),
    mail(
        "Maintenance on Sunday. <ada@one.example> is our contact.",
        from_="Postmaster <postmaster@one.example>",
        subject="Maintenance of our mail system",
    ),
    mail(
        "Dear sender, please mind our new rules for bulk mail.",
        from_="postmaster@one.example",
        subject="New sender guidelines",
    ),
    mail("Please do not send so many.", from_="postmaster@one.example", subject="Re: This week"),
    mail(
        "What is this about?\n\n" + PASTED,
        from_="postmaster@one.example",
        subject="Re: Undelivered Mail Returned to Sender",
        in_reply_to="<1@news.example>",
    ),
    answer("", ""),
    mail("", from_="", subject=""),
    answer("How do I unsubscribe from this?", "I would like to know how to unsubscribe."),
    answer("Re: This week", "unsubscribe is a word that I like"),
    answer(
        "Your package could not be delivered",
        "Dear customer, pay here: <x@shop.example>",
        list_unsubscribe="<https://shop.example>",
    ),
    answer("Your package could not be delivered", "Dear customer, click here to pay the fee."),
]

SPAM = [
    answer("Cheap watches", "Buy <now@shop.example>", x_spam_flag="YES"),
    answer("***SPAM*** You have won", "550 5.1.1 user unknown <ada@one.example>"),
    mail(
        "<ada@one.example>: user unknown. Open the attachment.",
        from_=DAEMON,
        x_spam_flag="YES",
        subject="Undelivered Mail Returned to Sender",
    ),
    answer("Hello", "dear friend", x_spam_status="Yes, score=12.1 required=5.0"),
]


def receipt(disposition: str, **headers: str) -> bytes:
    given = {"from_": ADA, "subject": "Read: This week", **headers}
    fields = f"Final-Recipient: rfc822; ada@one.example\nDisposition: {disposition}\n"
    kind = "report; report-type=disposition-notification"
    parts = [
        part("text/plain", "It was displayed."),
        part("message/disposition-notification", fields),
    ]
    return multipart(kind, parts, **given)


RECEIPTS = [
    receipt("manual-action/MDN-sent-manually; displayed"),
    receipt("automatic-action/MDN-sent-automatically; deleted", subject="Not read: This week"),
    receipt("automatic-action/MDN-sent-automatically; processed", return_path="<>"),
    receipt(
        "manual-action/MDN-sent-manually; displayed", subject="Gelesen: This week", return_path="<>"
    ),
]

GOOD_NEWS = [
    report(
        "Final-Recipient: rfc822; ada@one.example\nAction: delivered\nStatus: 2.0.0",
        subject="Successful Mail Delivery Report",
    ),
    report("Final-Recipient: rfc822; ada@one.example\nAction: relayed\nStatus: 2.0.0"),
    report("Final-Recipient: rfc822; ada@one.example\nAction: expanded\nStatus: 2.0.0"),
    report("Final-Recipient: rfc822; ada@one.example\nAction: delivered\nStatus: 5.1.1"),
    report(
        "Final-Recipient: rfc822; ada@one.example\nAction: delayed\nStatus: 4.4.1\n"
        "Will-Retry-Until: Fri, 4 Dec 2026 09:00:00 +0000",
        subject="Delayed Mail (still being retried)",
    ),
    report("Final-Recipient: rfc822; ada@one.example\nAction: delayed\nStatus: 5.1.1"),
    report("Final-Recipient: rfc822; ada@one.example\nAction: pondered\nStatus: 5.1.1"),
    report("Final-Recipient: rfc822; ada@one.example\nAction: failed\nStatus: 2.1.5"),
]

OF_REPORTS = [
    report(failed("550 5.1.1 unknown", "5.1.1"), original=part("message/rfc822", PASTED)),
    report(
        failed("550 5.1.1 unknown", "5.1.1", "mailer-daemon@one.example"),
        original=part(
            "text/rfc822-headers", "From: MAILER-DAEMON@two.example\nSubject: failure notice\n"
        ),
    ),
    report(
        failed("550 5.1.1 unknown", "5.1.1"),
        original=part("message/rfc822", away("away-en-3", auto_submitted="auto-replied")),
    ),
]

EACH = [
    *((Kind.AUTOMATIC, one) for one in AUTOMATIC),
    *((Kind.ORDINARY, one) for one in ORDINARY),
    *((Kind.SPAM, one) for one in SPAM),
    *((Kind.RECEIPT, one) for one in RECEIPTS),
    *((Kind.REPORT, one) for one in GOOD_NEWS),
    *((Kind.REPORT_OF_REPORT, one) for one in OF_REPORTS),
]


@pytest.mark.parametrize(("kind", "raw"), EACH, ids=range(len(EACH)))
def test_it_is_what_it_is_and_suppresses_nobody(kind: Kind, raw: bytes):
    read = read_mail(raw)

    assert (read.kind, [one for one in read.fates if one.permanent]) == (kind, [])
    assert read.kind is Kind.REPORT or not read.fates


def test_the_set_is_large_enough_to_mean_something():
    assert len(EACH) >= 60


def test_the_newsletter_itself_is_an_ordinary_mail():
    assert read_mail(NEWSLETTER.encode()).kind is Kind.ORDINARY


def test_a_filter_before_us_may_have_marked_a_true_report():
    read = read_mail(report(failed("550 5.1.1 unknown", "5.1.1"), x_spam_flag="YES"))

    assert (read.kind, read.to) == (Kind.REPORT, (OURS,))
