"""The words by which products and people say whether somebody may be mailed, in four languages.

All are in lower case and without accents, with single spaces between their parts.
"""

import re
import unicodedata

from dispatch.model.people.subscriber import SubscriptionState
from dispatch.model.text.invisible import visible

YES = frozenset(
    {
        "yes",
        "y",
        "true",
        "t",
        "1",
        "1.0",
        "on",
        "x",
        "✓",
        "✔",
        "✅",
        "☑",
        "👍",
        "checked",
        "oui",
        "o",
        "vrai",
    }
    | {"ja", "j", "wahr", "si", "s", "verdadero", "sim"}
)
CROSSED = frozenset({"✗", "✘", "✖", "❌", "❎", "☒", "👎", "🚫"})
"""Neither yes nor no: a column of those who are out is crossed for them, one of the others not."""

NO = frozenset(
    {
        "no",
        "☐",
        "n",
        "false",
        "f",
        "0",
        "0.0",
        "off",
        "none",
        "null",
        "nil",
        "never",
        "n/a",
        "na",
        "-",
    }
    | {"[]", "{}", '""', "\\n", "(null)", "<null>", "#n/a"}
    | {"–", "—", "unchecked", "non", "faux", "nein", "falsch", "nie", "falso", "nao", "not set"}
    | {"0000-00-00", "0000-00-00 00:00:00", "ninguno", "aucun", "aucune", "keine", "kein"}
)

_ACTIVE = """
    active|enabled|subscribed|subscriber|confirmed|opted in|opt in|optin|single opt in|double opt in
    single opted in|double opted in|confirmed opt in
    express|explicit|implied|implicit|approved|verified|valid|deliverable|engaged|allowed
    marketing contact|free|paid|comped|actif|abonne|abonnee|inscrit|inscrite|confirme|confirmee
    valide|aktiv|angemeldet|abonniert|bestatigt|eingetragen|gultig|activo|activa|suscrito|suscrita
    confirmado|confirmada|habilitado|de alta|alta|validado|regular|premium|attivo|attiva|iscritto
    iscritta|ativo|inscrito|actief|ingeschreven|aangemeld
"""
_PENDING = """
    pending|unconfirmed|not confirmed|awaiting confirmation|confirmation pending|waiting|waitlisted
    unverified|validating|invited|non subscribed|nonsubscribed|not subscribed|never subscribed
    transactional|no consent|not opted in|opt in pending|en attente|non confirme|non confirmee
    non abonne|non inscrit|ausstehend|unbestatigt|nicht bestatigt|wartend|nicht angemeldet
    pendiente|no confirmado|sin confirmar|no suscrito|non marketing contact|unactivated|in attesa
"""
_PAUSED = "paused|on hold|en pause|mis en pause|pausiert|pausado|pausada|in pausa"
_UNMISTAKABLE = """
    unsubscribed|unsubscribe|globally unsubscribed|global unsubscribe|list unsubscribed|opted out
    opt out|optout|optedout|blocklisted|blacklisted|blacklist|blocklist|bounced|hard bounce
    hard bounced|soft bounce|soft bounced|bounce|cleaned|complained|complaint|marked as spam
    spam complaint|reported spam|abuse complaint|suppressed|undeliverable|do not contact|do not mail
    do not email|do not send|donotcontact|donotmail|never mail|unreachable|dnc|dnm
    desabonne|desabonnee|desinscrit|desinscrite|ne pas contacter|ne pas envoyer|liste noire
    rebond|abgemeldet vom newsletter|ausgetragen|abbestellt|unzustellbar|nicht kontaktieren
    nicht anschreiben|dado de baja|dada de baja|de baja|desuscrito|desuscrita|rebotado|rebotada
    no contactar|no enviar|lista negra|nomail|by user|by bounces|by moderator|unactivated
    disiscritto|disiscritta|uitgeschreven|afgemeld|descadastrado|descadastrada|wypisany
"""
_ENDED = """
    ended|blocked|spam|abuse|junk|disabled|deactivated|deleted|removed|archived|inactive|invalid
    excluded|banned|rejected|cancelled|canceled|left|expired|quarantined|erased|denied|declined
    not allowed|resilie|resiliee|bloque|bloquee|rejete|plainte|supprime|supprimee|inactif|inactive
    desactive|desactivee|invalide|exclu|exclue|abgemeldet|gekundigt|gesperrt|blockiert|geblockt
    inaktiv|deaktiviert|geloscht|ungultig|beschwerde|widerrufen|baja|cancelado|cancelada|bloqueado
    bloqueada|rebote|inactivo|inactiva|desactivado|desactivada|eliminado|eliminada|queja|invalido
    suprimido|suprimida|deshabilitado|excluido|suspended|suspendu|cancellato|cancellata|inattivo
    disattivato|annullato|inativo|geblokkeerd|stop
"""


def plain(cell: str, most: int = 60) -> str:
    """A cell as these words are written, of `most` characters.

    >>> plain("Opted_Out"), plain("Désabonné ")
    ('opted out', 'desabonne')
    """
    letters = unicodedata.normalize("NFKD", visible(cell[:most]).casefold())
    bare = "".join(char for char in letters if unicodedata.category(char)[0] != "M")
    return " ".join(re.sub(r"(?<=\w)[-_](?=\D)", " ", bare).split())


def _listed(text: str) -> list[str]:
    return [word.strip() for line in text.split("\n") for word in line.split("|") if word.strip()]


STATES = {
    **dict.fromkeys(_listed(_ACTIVE), SubscriptionState.ACTIVE),
    **dict.fromkeys(_listed(_PENDING), SubscriptionState.PENDING),
    **dict.fromkeys(_listed(_PAUSED), SubscriptionState.PAUSED),
    **dict.fromkeys(_listed(_ENDED), SubscriptionState.ENDED),
    **dict.fromkeys(_listed(_UNMISTAKABLE), SubscriptionState.ENDED),
}
"""What a word says about somebody's consent."""

UNMISTAKABLE = frozenset(_listed(_UNMISTAKABLE))
"""Words that say, in whatever column they stand, that somebody is not to be mailed."""

NEVER = UNMISTAKABLE | frozenset(
    _listed("never|none|no|off|stop|no mail|no mails|no email|no emails|no e mail|no e mails")
    + _listed("not at all")
    + _listed("jamais|aucun|aucune|aucun e mail|nie|niemals|kein|keine|keine mails|keine e mails")
    + _listed("gar nicht|nunca|ninguno|ninguna|ningun correo|mai|mute|muted|paused|on hold")
)
"""Words that say, as how often somebody wants mail, that they want none."""


def state_of(word: str) -> SubscriptionState | None:
    """What a plain word says, also of several: unsubscribes as unsubscribe.

    >>> state_of("desabonnes").value, state_of("teacher")
    ('ended', None)
    """
    bare = word.strip(".,;:!*'\"()[]<> ")
    return STATES.get(bare) or STATES.get(bare.removesuffix("s"))
