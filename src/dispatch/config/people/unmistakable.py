"""Cells that say, in whatever column they stand, that somebody is not to be mailed."""

import re

from dispatch.config.people.standing_words import UNMISTAKABLE, plain

_LOUD = frozenset(word.replace(" ", sign) for word in UNMISTAKABLE for sign in " -_")

_MOST = 500
"""Characters of a remark that are looked at."""

# Nearly all cells are asked, and nearly none has one of these.
_BEGINNINGS = re.compile(
    "|".join(sorted({re.escape(word.split()[0][:5]) for word in UNMISTAKABLE} | {"don", "no mo"}))
    + "|ne plus|keine"
)
_LINKS = re.compile(r"\S*(?:://|@|www\.)\S*")
_BETWEEN = re.compile(r"[,;|/+:\n]|\s-\s|\.\s")
_AROUND = re.compile(
    r"^((please|pls|bitte|svp|merci de|por favor|has|is|was|wurde|a ete|[\W_])\s*)+"
    r"|[\s\W\d]*((on|at|in|since|by|le|depuis|am|seit|el|desde|via|per)\b.*)?$"
)
_WISHES = re.compile(
    r"\b(do not|don.?t|never) (ever )?(e.?mail|mail|contact|write|send|disturb)\b"
    r"|\bno more (e ?mail|mail|newsletter)s?\b|\bne plus (contacter|envoyer|ecrire|recevoir)\b"
    r"|\bne (veut|souhaite) (pas|plus)\b[^.]{0,20}\b(recevoir|mail|e mail|lettre|newsletter)"
    r"|\bkeine (e ?)?(mail|newsletter|werbung)s?\b"
    r"|\bno (quiere|desea) (recibir|mas) (correo|mail)?"
)
_ABOUT_FUTURE = ("do ", "no ", "not ", "never", "ne ", "nicht ", "donot")
_OTHER_WAY = re.compile(r"\b((tele)?phones?|telefon\w*|sms|whatsapp|by post|gifts?)\b")


def is_unmistakable(cell: str) -> bool:
    """Whether a cell says it: as a word, as one of several, or in a remark.

    >>> is_unmistakable("Opted-Out"), is_unmistakable("Left bank")
    (True, False)
    >>> is_unmistakable("vip, unsubscribed"), is_unmistakable("please do not e-mail her")
    (True, True)
    """
    if cell.isascii() and cell.casefold() in _LOUD:
        return True
    if not _BEGINNINGS.search(plain(cell[:_MOST], _MOST) if not cell.isascii() else cell.lower()):
        return False
    said = _LINKS.sub(" ", cell[:_MOST])
    return any(_is_loud(plain(part, _MOST)) for part in _BETWEEN.split(said))


def _is_loud(part: str) -> bool:
    word = _AROUND.sub("", part)
    if _WISHES.search(part) or word.startswith(_ABOUT_FUTURE):
        is_meant = not _OTHER_WAY.search(part)
        return is_meant and (bool(_WISHES.search(part)) or word in UNMISTAKABLE)
    return word in UNMISTAKABLE or word.removesuffix("s") in UNMISTAKABLE
