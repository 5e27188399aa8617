"""By which words a report tells that an address is dead, or that it is not: in small letters.

They are looked for in many languages, as reports are written in that of the server. What
`channels/smtp/words.py` has is not repeated here.
"""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.MULTILINE)


_WHO = (
    r"(user|usuario|usuário|utente|utilisateur|benutzer|empf(ä|ae)nger|destinataire|destinatari[oa]"
    r"|destinatário|adress\w*|indirizzo|dirección|endereço|mailbox|postfach|bo[iî]te|buz[oó]n"
    r"|casella|caixa|cuenta|conta|compte|konto|recipient|addressee|account|gebruiker|odbiorca"
    r"|użytkownik|mottagare\w*|modtager\w*|käyttäjä|alıcı|kullanıcı)"
)
_NOT_THERE = (
    r"(unknown|not (found|known|recogni[sz]ed|exist\w*|listed|valid)|no longer|(do|does|did)(es)?"
    r"(n't| not) exist|invalid|inexist\w*|(un|nicht )bekannt|existiert nicht|nicht (gefunden"
    r"|vorhanden)|inconnue?|n'existe (pas|plus)|introuvable|non recens\w+|no existe|desconocid[oa]"
    r"|no encontrad[oa]|sconosciut[oa]|non esiste|inesistente|não existe|desconhecid[oa]"
    r"|onbekend|bestaat niet|nieznan[ya]|nie istnieje|okänd|ukendt|ei löydy|bulunamadı)"
)

NOBODY = _any(
    rf"\b{_WHO}\b[^.;\n]{{0,60}}\b{_NOT_THERE}\b",
    rf"\b(unbekannte[rn]?|desconocid[oa]|nieznany|okänd) {_WHO}\b",
    r"\bno matches to nameserver\b|\bnot a valid (user|recipient|mailbox|address)\b",
    r"\bno (such|valid) (user|recipient|address|mailbox|person|account|alias)",
    r"\bno (user|mailbox|account|recipient) (by that name|with that|here|found)",
    r"\b(invalid|unknown|bad|illegal|non-?existent|unrouteable) (final )?(delivery )?(e?-?mail )?"
    r"(user(id)?|recipients?|mail ?box|address(ee)?|alias|destination (mailbox|system|e?-?mail)?)",
    r"\bmail ?box (is )?(unavailable|not available|disabled)\b",
    r"\bunknown or (illegal|invalid)\b|\baddressee unknown\b|\bname is not recogni[sz]ed\b",
    r"\bdid not exactly match\b|\bdoes not have a final e?-?mail delivery point\b",
    r"\bdoesn?'?t? not? have an? \S+ account\b|\bdoesn't have an? (\S+ )?account\b",
    r"\bunroutable address\b|\bnot our customer\b|\bno mailbox here\b|\bnot a local address\b",
    r"リストにありません",
    r"(宛先|あて先|ユーザー?|メールアドレス|アドレス|受信者|メールボックス)[^。\n]{0,40}"
    r"(不明|存在し(ま|な)|見つか(りま|ら)|ありません|ございません|誤り|間違|無効)",
    r"(пользовател|ящик|адрес|получател|абонент)\S*[^.;\n]{0,60}"
    r"(не найден|не существует|неизвест|отсутству|не зарегистрирован|удал[её]н)",
    r"(неизвестный|несуществующий) (пользовател|адрес|получател)|нет такого",
    r"(用户|用戶|收件人|地址|邮箱|郵箱|帐号|帳號|信箱)[^。\n]{0,30}(不存在|未知|无效|無效|找不到"
    r"|没有找到)",
    r"(사용자|주소|수신자|계정|메일함)[^.\n]{0,30}(없|존재하지|찾을 수)",
    r"(χρήστης|παραλήπτης|διεύθυνση|γραμματοκιβώτιο)[^.;\n]{0,40}"
    r"(άγνωστ|δεν (υπάρχ|βρέθηκ|εντοπίστηκ))",
    r"άγνωστ\w+ (χρήστη|παραλήπτη|διεύθυνση)",
    r"(المستخدم|المستلم|العنوان|عنوان البريد|صندوق البريد)[^.\n]{0,40}"
    r"(غير (موجود|معروف|صحيح)|لا يوجد)",
    r"(המשתמש|הנמען|הכתובת|תיבת הדואר)[^.\n]{0,40}"
    r"(לא (קיים|קיימת|נמצא|נמצאה|ידוע)|אינו קיים|אינה קיימת)",
    r"(uživatel|příjemce|adres\w*|schránka)\b[^.;\n]{0,40}(neexistuje|nenalezen|neznám)",
    r"(felhasználó|címzett|cím|postafiók)\b[^.;\n]{0,40}(nem (létezik|található)|ismeretlen)",
)
"""Nobody is there, whatever is sent."""

NO_SUCH_USER = _any(
    r"\bno such (user|mailbox|recipient)\b",
    r"\bunknown (local )?(user|recipient)\b",
    r"\b(user|recipient) (is )?(unknown|not found|does ?n[o']t exist)\b",
)
"""The same where it cannot be said of a sender."""

DISABLED = _any(
    r"\b(user|mail ?box|recipient|address|e?-?mail account|account)\b[^.;\n]{0,60}\b"
    r"(disabled|inactive|discontinued|deactivated|closed|suspended|terminated|expired|cancell?ed"
    r"|deleted|no longer (valid|active|available|in use|exists?|with"
    r"|accept(s|ing) (e?-?mail|messages)))\b",
    r"\b(inactive|disabled|deactivated|suspended|expired) (user|recipient|mailbox|account)\b",
    r"\b(konto|postfach|compte|bo[iî]te|cuenta|conta|casella)\b[^.;\n]{0,40}\b(gesperrt|deaktiviert"
    r"|geschlossen|desactivad[oa]|désactivée?|fermée?|disattivat[oa]|desativad[oa])",
    r"(ящик|аккаунт|пользовател)\S*[^.;\n]{0,40}(отключ|заблокирован|деактивирован)",
)

NO_DOMAIN = _any(
    r"\b(host|domain)( or domain)?( name)?\b[^.;\n]{0,40}\b(not found|does not exist|unknown)\b"
    r"(?!.{0,40}try again)",
    r"\b(unknown|no such|illegal|invalid) (host|domain|mail server)\b|\bnxdomain\b|\bnull ?mx\b",
    r"\bdns domain\b[^.;\n]{0,60}\bdoes not exist\b|\bhost unknown\b|\billegal\s+name found\b",
    r"\b(does not|doesn't) accept (e?-?mail|messages)\b[^.;\n]{0,20}nullmx",
    r"ドメイン[^。\n]{0,30}(存在し|見つか)|домен\S*[^.;\n]{0,30}(не существует|не найден)",
)
"""The domain is no more, or takes no mail at all (RFC 7505)."""

EDGE = "recipient address rejected: access denied"
"""What Exchange Online says of somebody it does not know, with 5.4.1."""

JUDGED = _any(
    r"spam|junk|unsolicited|bulk ?mail|phish|virus|malware|trojan|infected",
    r"\bblock(ed|ing)?( ?-?list)?\b|black ?-?list|deny ?list|\brbls?\b|dnsbl|reputation|\bbanned\b",
    r"spamhaus|spamcop|barracuda|sorbs|senderscore|cloudmark|proofpoint",
    r"\bpolic(y|ies)\b|prohibit|administrative|\bcontents? (filter|reject|denied|not|of)|\b(to"
    r"|unacceptable|message) content\b|\bunacceptable\b|\bsuspicious\b",
    r"\bspf\b|\bdkim\b|\bdmarc\b|authenticat|\brdns\b|reverse dns|\bptr record|\bhelo\b",
    r"\brelay(ing)?\b[^.;\n]{0,20}\b(den(ied|y)|not (permitted|allowed)|prohibited)|\bto relay\b",
    r"\bnot accepting mail from\b|\brefus\w+ (mail|messages?) from\b|\bnot (allowed"
    r"|authori[sz]ed)\b",
    r"\b(permission|access) denied\b|\bgr[ea]y-?list|\bsender\b[^.;\n]{0,30}\b(rejected|refused)",
    r"\bautomatically rejected\b|\brejected by (the )?(user|recipient|filter)|\bfilter(ed)?\b",
    r"\bquarantin|\bsignature\b|\bscore\b|indésirable|non sollicit|no deseado|indesiderat",
    r"迷惑メール|スパム|受信拒否|拒否され|ブロックされ|ウイルス|спам|чёрн(ый|ом) спис|вирус"
    r"|политик",
    r"垃圾邮件|垃圾郵件|拒收|黑名单|黑名單|病毒|스팸|차단",
)
"""The mail, its sender or its way was judged, and not the address."""

OF_SENDER = _any(
    r"\b(sender|from|return[- ]path|originator|helo)( e?-?mail)?( address| domain"
    r"|'s)?\b[^.;\n]{0,40}"
    r"\b(not (exist|found|valid)|unknown|invalid|does ?n[o']t exist|unverified)",
    r"\b(unknown|invalid|no such|non-?existent) (sender|from|return[- ]path|originator)\b",
)
"""The one who is unknown is who writes."""

FULL = _any(
    r"\bquota\b|overquota|\bexdiskquota\b",
    r"\b(mail ?box|mail ?folder|inbox|disk|user|maildrop)\b[^.;\n]{0,40}\b(is |are )?(full"
    r"|storage)\b",
    r"\bspace not enough\b|\b(not enough|insufficient|out of|no) (disk |storage |mailbox )?space\b",
    r"\binsufficient (system )?storage\b|\bstorage (limit|allocation)\b",
    r"容量|いっぱい|一杯|満杯|キャパシティ|переполнен|превыш\S* (квот|размер|объ[её]м)|квот",
    r"已满|已滿|空间不足|超出|용량|가득",
    r"\b(postfach|speicher\w*)\b[^.;\n]{0,40}\b(voll|ausgeschöpft|erschöpft|überschritten)",
    r"\b(bo[iî]te|buz[oó]n|casella|caixa)\b[^.;\n]{0,40}\b(pleine|llen[oa]|pien[ao]|chei[ao])",
)

FOR_NOW = _any(
    r"\btry again\b|\btemporar(y|ily)\b|\btime[ds]? ?-?out\b|\bexpired\b[^.;\n]{0,30}\bqueue",
    r"\b(delivery time|retry time|message|time limit) (was )?(expired|exceeded)\b"
    r"|maximum-time-expired",
    r"\bin (the )?queue too long\b|\bconnection (was )?(refused|reset|lost|timed|dropped)",
    r"\bcould not (connect|be reached)|\bunable to (connect|establish)|\bunreachable\b",
    r"\bnot (reachable|responding|available at)\b|\bwasn't able to establish\b|\bno (answer|route"
    r"|connection)\b|\bnetwork (is )?unreach",
    r"\btoo many hops\b|\bhop count\b|\bloop(s|ing)?\b|\bbusy\b|\bnot been collected\b",
    r"\bdelivery failed \d+ attempts\b|\bmaximum delivery attempts\b|\btls\b|\bcertificate\b",
    r"\bname ?server (error|timeout)\b|\bservfail\b",
    r"しばらく|一時的|タイムアウト|временн|暂时|일시적",
)
"""Nobody could be reached, or the way there is broken; others may repair that."""

SIZE = _any(
    r"\b(message|mail|mime)\b[^.;\n]{0,40}\b(size|too (large|big|long))\b|\bsize limit\b",
    r"\bmaximum (in(bound|coming) )?message size\b|\btoo many (attachments|headers)\b",
    r"サイズ|размер письма",
)

_MAIL = (
    r"((the|your|this|a|an|my) )?(e?-?mail |following )?(e?-?mail|message)"
    r"( below|( that)? you sent)?"
)
_WHOM = (
    r"((all|some|one or more|any) of )?(the|its|these) ?(following )?"
    r"(users?|recipients?|address(es|\(es\))?)(\(s\))?"
)
QUOTED_FIELDS = re.compile(r"^[ \t]*(to|cc|from|date|sent|subject):[^\n]*$", re.MULTILINE)

STOCK = _any(
    r"this is an automatic(ally)? (generated )?\w* ?(delivery status notification|message)",
    r"this (is the|message was created automatically by) [\w -]{1,40}( program| software)( at host"
    r"| at)?",
    rf"{_MAIL} (could not|cannot|can't|was not|couldn't) (be )?(delivered|sent)( to)?( {_WHOM})?",
    rf"{_MAIL} did not reach( {_WHOM})?|did not reach {_WHOM}",
    rf"del[ie]very (of {_MAIL} )?(to {_WHOM} )?(has |was )?(failed|aborted)( permanently)?",
    rf"{_WHOM} (did not receive (this|your|the) message|failed|had permanent fatal errors)",
    r"(mail|message) delivery (has )?failed( permanently)?|undeliverable( (mail|address|to))?",
    rf"(i'm afraid )?(i|we) (wasn't|was not|were not|weren't) able to deliver( {_MAIL})?"
    rf"( to {_WHOM})?|unable to deliver( {_MAIL})?( to {_WHOM})?",
    r"this is a permanent error(; i've given up)?|i've given up|sorry it didn't work out",
    r"(i'm )?sorry( to have to inform you)?( that)?|failed recipients?|permanent fatal errors?",
    r"non-?delivery report|(returned|failed) (mail|message)|n'a pas pu etre delivre a",
    r"votre message|\byour message\b|\bhi\b|\bmessage is\b",
    r"\(?(generated|expanded) from[ :]*\)?|an undisclosed address",
)
"""What reports say before they come to the point; where no point follows, there is no reason."""
