# ruff: noqa: E501 - what a server says stands on one line
"""Which failures say that an address is dead: answers as servers write them, and neighbours."""

import pytest

from dispatch.channels.bounces.dead import failure, is_dead

DEAD = [
    ("5.1.1", "550 5.1.1 <ada@one.example>: Recipient address rejected: User unknown in virtual mailbox table"),
    ("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or unnecessary spaces. 550 5.1.1 https://support.example/mail/?p=NoSuchUser a1si - gsmtp"),
    ("5.1.1", ""),
    ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    ("5.1.10", "556 5.1.10 Domain does not accept mail (nullMX)"),
    ("5.1.2", "Host or domain name not found. Name service error for name=gone.example type=A: Host not found"),
    ("5.1.3", "501 5.1.3 Bad recipient address syntax"),
    ("5.1.6", "550 5.1.6 Recipient no longer on server"),
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [VE1EUR.prod.protection.outlook.example]"),
    ("5.4.4", "Host or domain name not found. Name service error for name=gone.example type=AAAA: Host not found"),
    ("5.4.310", "550 5.4.310 DNS domain gone.example does not exist"),
    ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled."),
    ("5.2.1", "550-5.2.1 The email account that you tried to reach is inactive."),
    ("5.0.0", "550 Requested action not taken: mailbox unavailable"),
    ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)."),
    ("5.0.0", "554 delivery error: dd This user doesn't have a yahoo.example account (ada@one.example) [0]"),
    ("5.0.0", "554 30 Sorry, your message to ada@one.example cannot be delivered. This mailbox is disabled (554.30)."),
    ("5.0.0", "550 No such user here"),
    ("5.0.0", "550 no mailbox by that name is currently available"),
    ("5.0.0", "550 unrouteable address"),
    ("5.0.0", "550 5.1.1 User unknown"),
    ("5.3.0", "553 5.3.0 <ada@one.example>... User unknown"),
    ("", "sorry, no mailbox here by that name (#5.1.1)"),
    ("", "Sorry, I couldn't find any host named gone.example. (#5.1.2)"),
    ("5.0.0", "550 Empfänger unbekannt"),
    ("5.0.0", "550 Benutzer existiert nicht"),
    ("5.0.0", "550 Utilisateur inconnu"),
    ("5.0.0", "550 Cette adresse n'existe pas"),
    ("5.0.0", "550 El usuario no existe"),
    ("5.0.0", "550 Usuário desconhecido"),
    ("5.0.0", "550 Utente sconosciuto"),
    ("5.0.0", "550 Gebruiker onbekend"),
    ("5.0.0", "550 Nieznany użytkownik"),
    ("5.0.0", "550 宛先のメールアドレスが存在しません"),
    ("5.0.0", "550 ユーザーが見つかりません"),
    ("5.0.0", "550 Пользователь не найден"),
    ("5.0.0", "550 Нет такого пользователя"),
    ("5.0.0", "550 收件人不存在"),
    ("5.0.0", "550 Mailbox not found"),
    ("5.0.0", "550 Address unknown"),
    ("5.0.0", "550 account has been deactivated"),
    ("5.0.0", ""),
    ("5.1.0", "550 5.1.0 Address rejected."),
]  # fmt: skip

ALIVE = [
    ("5.2.2", "552 5.2.2 Mailbox full"),
    ("5.2.2", "552-5.2.2 The recipient's inbox is out of storage space and inactive. Please direct the recipient to"),
    ("5.1.1", "552 5.2.2 user over quota"),
    ("4.2.2", "452 4.2.2 mailbox full"),
    ("5.0.0", "550 mailbox is full"),
    ("5.0.0", "552 Quota exceeded"),
    ("5.0.0", "Postfach ist voll"),
    ("5.0.0", "550 Boîte aux lettres pleine"),
    ("5.0.0", "550 buzón lleno"),
    ("5.0.0", "メールボックスの容量を超えています"),
    ("5.0.0", "550 почтовый ящик переполнен"),
    ("5.0.0", "550 对方邮箱已满"),
    ("5.7.1", "550 5.7.1 Message rejected as spam by content filtering"),
    ("5.7.1", "550-5.7.1 [192.0.2.1] Our system has detected that this message is likely unsolicited mail"),
    ("5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated"),
    ("5.7.1", "550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.example"),
    ("5.7.1", "554 5.7.1 <ada@one.example>: Relay access denied"),
    ("5.7.133", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup"),
    ("5.7.606", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]"),
    ("5.7.509", "550 5.7.509 Access denied, sending domain news.example does not pass DMARC verification"),
    ("5.1.8", "550 5.1.8 Access denied, bad outbound sender"),
    ("5.1.7", "550 5.1.7 Invalid address: sender's address is malformed"),
    ("5.0.0", "554 IMTA: message refused, see http://postmaster.example - your IP is on a blacklist"),
    ("5.0.0", "550 SPF check failed"),
    ("5.0.0", "550 High probability of spam"),
    ("5.0.0", "550 Sender verify failed"),
    ("5.0.0", "554 Transaction failed. DKIM signature missing"),
    ("5.0.0", "550 Blocked for abuse"),
    ("5.1.1", "550 5.1.1 rejected: listed in a blocklist"),
    ("5.0.0", "550 Administrative prohibition"),
    ("5.0.0", "550 この送信者は受信拒否されています"),
    ("5.0.0", "550 Письмо отклонено как спам"),
    ("5.0.0", "550 垃圾邮件被拒收"),
    ("5.3.4", "552 5.3.4 Message size exceeds fixed maximum message size"),
    ("5.2.3", "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient"),
    ("5.0.0", "552 Message size exceeds limit"),
    ("5.6.0", "554 5.6.0 Message contains invalid header"),
    ("5.4.7", "554 5.4.7 Delivery time expired"),
    ("4.4.7", "550 4.4.7 QUEUE.Expired; message expired"),
    ("5.4.6", "554 5.4.6 Too many hops"),
    ("5.4.14", "550 5.4.14 Hop count exceeded - possible mail loop ATTR34"),
    ("4.4.1", "connect to mx.one.example[192.0.2.1]:25: Connection timed out"),
    ("5.0.0", "connect to mx.one.example: Connection refused"),
    ("5.4.4", "Host or domain name not found. Name service error for name=one.example type=MX: Host not found, try again"),
    ("5.2.1", "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered."),
    ("5.0.0", "421 4.7.0 Try again later"),
    ("5.3.0", "554 5.3.0 local configuration error"),
    ("5.0.0", "550 5.4.5 Daily user sending limit exceeded."),
    ("5.0.0", "554 Denied [cs] (Mode: normal)"),
    ("5.0.0", "550 rejected for reasons that nobody has told"),
    ("5.0.0", "550 拒绝"),
    ("2.0.0", "250 ok"),
    ("5.7.1", "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy"),
    ("5.1.1", "450 4.1.1 <ada@one.example>: Recipient address rejected: unverified address: Address verification in progress"),
    ("5.0.0", "550 Mail from an unknown domain is not accepted: sender domain does not exist"),
    ("5.0.0", "550 Sender address unknown"),
    ("5.0.0", "550 The domain of the sender address does not exist"),
    ("5.0.0", "550 Reverse DNS lookup failed: host not found"),
    ("5.0.0", "550 Invalid HELO: unknown host"),
    ("5.0.0", "550 Your account is suspended for sending spam"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "words"), DEAD)
def test_what_says_that_nobody_is_there_says_so(status: str, words: str):
    assert is_dead(failure(status, words))


@pytest.mark.parametrize(("status", "words"), ALIVE)
def test_what_says_something_else_leaves_the_address_alive(status: str, words: str):
    assert not is_dead(failure(status, words))


@pytest.mark.parametrize(
    ("status", "words", "best"),
    [
        ("5.0.0", "smtp; 550-5.7.1 blocked", "5.7.1"),
        ("5.1.1", "550 no such user", "5.1.1"),
        ("5.1.1 (bad destination mailbox address)", "", "5.1.1"),
        ("", "sorry (#5.1.2)", "5.1.2"),
        ("5.0.0", "550 5.0.0 no", "5.0.0"),
        ("550", "no", ""),
        ("", "host 10.5.1.1 said no", ""),
        ("5.5.0", "version 5.1.1.2 of a program", "5.5.0"),
    ],
)
def test_the_servers_number_counts_before_the_reports(status: str, words: str, best: str):
    assert failure(status, words).status == best
