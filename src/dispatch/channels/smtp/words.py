"""By which words mail servers say what a no is about: patterns for one line in small letters.

They are looked for where the enhanced code does not decide. docs/adr/0047 names who says what.
"""

import re

_NAMES = re.compile(r"\S*[@/]\S*|\b[\w-]+(?:\.[\w-]+)+\b")
_POSTFIXS_PREFIX = re.compile(r"recipient address rejected:")
_WHOM_YOU_REACH = re.compile(
    r"\byou( a?re|'re)? (try|tried|attempt|want|wish)\w* to (reach|contact|e?-?mail|send)\b"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def plain(words: str) -> str:
    """The words without what people have chosen: addresses, links, names of hosts.

    Nor what Postfix puts in front of each policy that it applies at RCPT, nor the "you" of "the
    mailbox you are trying to reach".

    >>> plain("<max.quota@limit.example>: Recipient address rejected: slow down").split()
    ['slow', 'down']
    """
    named = _POSTFIXS_PREFIX.sub(" ", _NAMES.sub(" ", words.lower()))
    return _WHOM_YOU_REACH.sub(" ", named)


# The recipient, or this one mail.

SIZE = _any(
    r"\bsize\b",
    r"\btoo (large|big|long)\b",
    r"\b(message|line) (file|length)\b",
    r"\btoo many (\w+ ){0,2}(headers?|lines|parts|attachments|links|urls)\b",
)

ON_THE_WAY = _any(
    r"\bhops?\b",
    r"\bloop(s|ing)?\b",
    r"gr[ea]y-? ?list",
    r"\breceiving (e?-?mail|messages)\b",
)

_BOX = r"(mail ?box|inbox|bo[iî]te|postfach|empfänger|buz[oó]n|destinataire|destinatario|casella)"

BOX_FULL = _any(
    rf"\b{_BOX}\w*\b( [\w()]+){{0,3}} \(?(full|pleine?|satur\w+|voll|llen[oa]|pien[oa])\b",
    rf"\b(full|too many (e?-?mails|messages) in)( \S+){{0,2}} {_BOX}\b",
    r"\b(user|mail ?box|inbox) has too many\b",
)
"""A mailbox that is full, and no quota of mails that leave could be meant."""

FULL = _any(
    rf"\b{_BOX}\w*\b.{{0,40}}(\bquota|speicher|kontingent|cuota|\bspazio)",
    rf"(\bquota|kontingent|cuota)\b.{{0,40}}\b{_BOX}",
    r"\bover ?quota\b",
    r"\b(mail ?box|inbox|storage)\b[^:;.]{0,40}\b(full|quota|storage|limit|exceed)",
    r"\b(full|quota|exceed\w*)\b.{0,40}\b(mail ?box|inbox|storage allocation|disk quota)\b",
    r"\brecipient('s)? (is |has )?(over|full|quota|storage|exceed)",
)

NOBODY = _any(
    r"\b(unknown|no such|invalid|non-?existent|unrout\w+|undeliverable) (\w+ ){0,2}"
    r"(user|mail ?box|recipient|address|account|alias|person)",
    r"\b(user|mail ?box|recipient|address|account|person)\b( \w+){0,4} "
    r"(unknown|not (found|exist|known|listed|valid))",
    # An account may be ours.
    r"\b(user|mail ?box|recipient|address|person)\b( \w+){0,4} (disabled|inactive)",
    r"\bdo(es)?(n't| not) (exist|have (an?|this)\b)",
    r"\bno mail ?box\b",
)

RESTRICTED = _any(
    r"\b(group|mailing[- ]list|distribution list|members|allowed[- ]senders?"
    r"|(?<!authorized )(?<!authorised )recipients?)\b"
)
"""Whom a list or a person takes mail from: it speaks of senders, and is that recipient's."""

# Exchange names the half of itself that speaks. Looked for in all of the words.
SENDERS_HALF = _any(r"storedrv\.(submission|clientsubmit)", r"\brelay limit exceeded")
RECIPIENTS_HALF = _any(r"storedrv\.deliver", r"recipient thread limit")
RECIPIENTS_RULE = "resolver.rst"

# How much may go.

_SPAN = r"(second|minute|hour|day|week|month)"

PERIOD = _any(
    # Not "in an hour": that is when to try again.
    rf"(?<!in )(?<!after )(?<!within )\b(per|an?|this|each|every|last|past) (\d+ )?{_SPAN}s?\b",
    rf"\b(in|within) one {_SPAN}\b",
    r"\b(hour|dai|week|month)ly\b",
    r"\btoday\b|\b24 ?h|\bheute\b|\baujourd'hui\b",
)

LIMIT = _any(
    # Much the same word in many languages.
    r"(?<!de)(?<!un)l[ií]mit(?!less)",
    r"\bquotas?\b",
    r"\brates?\b",
    r"\brate-?limit",
    r"\bthrottl",
    r"\bflood",
    r"\bcredits\b",
    r"\bexcee?d",
    r"\ballowance\b",
    r"\btoo (many|much|fast|quick|frequent|often|soon)",
    r"\bslow(er|ing)?\b",
    r"\bbusy\b",
    r"\bunusual (amount|volume|sending|activity)",
    r"\bmax\b|\bm[aá]xim[auo]",
    r"\b(more than|only) \d+ (\w+ )?(e?-?mails?|messages?|recipients?)\b",
    r"\bcap\b|\bexhausted\b|\bused up\b",
    r"\bzu viele|kontingent|\bhöchst(zahl|grenze|menge)|(über|ueber)schritten|erschöpft",
    r"\btrop d|\bdépass|\bépuis",
    r"\bdemasiad|\bcuota|\bsuperad[oa]\b|\bagotad|\btropp[io]\b|\bsuperato\b|\besaurit",
)

VERDICT = _any(r"\bscored?\b")
"""That a mail was weighed, whatever it exceeds."""

SENDING = _any(
    PERIOD.pattern,
    r"\bsen[dt]\w*\b",
    r"\bout(going|bound|mail)\b",
    r"\bsubmission",
    r"\brelay",
    r"\byou(r|'?ve)?\b",
    r"\baccount'?s\b",
)
"""That a quota is one of mails that leave, and not of a mailbox."""

SESSION = _any(
    r"\bsessions?\b",
    r"\b(per|in|for|on|this|the|same|single|one|each|a|your|smtp) ((smtp|one|this) )?"
    r"(connection|transaction)\b",
    r"\bconnection has (reached|carried|sent|exceeded)\b",
    r"\bpar connexion\b|\bpro (smtp-?)?verbindung\b|\bpor conexión\b",
    r"\btoo many (recipients|rcpts?|messages|mails|e-?mails)\b",
)

SESSIONS_TOGETHER = _any(
    r"\bconnection rate\b",
    r"\bconcurrent",
    r"\bsimultaneous",
    r"\btoo many (\w+ )?(connections?|sessions?)\b",
)

# What the account may do.

_WHO = r"(sender|from( address| header)?|mail from|return[- ]path|envelope[- ]from|originator)"
_OUTSIDE = r"(domain|account|user|you|client|credentials?)"
_MAY = r"(allow|authori[sz]|permi|verif|own|match|confirm|accept|logged in|validat|register)"
_MAY_NOT = rf"(not|n't|un|never|without)\W?(\w+ ){{0,3}}?{_MAY}"
_ENDED = r"(suspend|disabl|block|lock|terminat|deactivat|restrict|frozen|clos|compromis|paus|expir)"

ACCOUNT_NAMED = _any(rf"\b{_WHO}('?s)?\b", r"\baccounts?\b", r"\b(login|credentials?|username)\b")

ACCOUNT = _any(
    r"\bsend(ing)?[- ]?(as\b|on behalf|for another)",
    r"\b(send|relay|submit)\w*( e?-?mails?| messages?)? (from|through|via|using)\b",
    r"\brelay\w* (disallowed|denied|refused) as\b",
    r"\b(unconfigured|unverified|unregistered) sending domain\b",
    rf"\b{_WHO}\b[^.;]{{0,60}}({_MAY_NOT}|\bmust\b)",
    rf"{_MAY_NOT}\w* (\w+ ){{0,3}}?{_WHO}\b",
    rf"\b{_WHO}\W+(\w+ )?(rejected|denied|refused|blocked|banned|verify failed)",
    r"\b(bad|banned|blocked|invalid|unauthori[sz]ed|unauthenticated|unverified) (\w+ )?senders?\b",
    r"\bidentit(y|ies)\b",
    r"\b(address|domain)\b is (not|un)\W?verified\b",
    # "not allowed to send", and not: "to send to this person".
    rf"\b{_OUTSIDE}\b[^.;]{{0,40}}\bnot (yet )?{_MAY}\w* to (send|relay|perform|use|submit)\b"
    r"(?! ((e?-?mails?|messages?) )?to\b)",
    rf"\b{_OUTSIDE}\b[^.;]{{0,40}}\bnot (yet )?{_MAY}\w*\s*($|[.:;,])",
    rf"\b(your|sending|sender'?s?|smtp) (\w+ )?account\b[^.;]{{0,60}}\b{_ENDED}",
    rf"\bsending\b[^.;]{{0,30}}\b{_ENDED}",
    rf"\bsmtp (access|service|sending) (is |was |has been )?{_ENDED}",
    r"\baccount (is |has been |was )?(suspend|terminat|paus)",
    r"\b(authentication|login|log in) (is )?(required|needed|first)\b",
    r"\bnot (authenticated|logged in)\b",
    r"\bmust (be )?(authenticate|log ?in)",
)
