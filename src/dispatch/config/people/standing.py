"""Columns that say who is not to be mailed, however a product calls them and fills them.

None of them may pass for a harmless one: who left elsewhere would be written to. So a column whose
heading sounds like it is either understood or keeps the file out, until `subscribers:` in
schedules.yaml says what it is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from dispatch.config.people.headings import parts_of
from dispatch.config.people.standing_words import CROSSED, NO, YES, plain, state_of
from dispatch.config.values.columns import Words
from dispatch.model.people.subscriber import SubscriptionState

ACTIVE, ENDED = SubscriptionState.ACTIVE, SubscriptionState.ENDED

_OUT = re.compile(
    r"unsub|opt_?(ed)?_?out|not_subscribed|(black|block|deny|ban|kill|exclusion|suppression)_?list"
    r"|(do_?not|dont|don_t|never|not_to|no_more)_?(be_)?(e_?mail|mail|contact|send|disturb|market)"
    r"|_no_((e_?)?mail(ing)?s?|newsletters?|mailings?|marketing|contact)_|_dn[cmep]_|_is_dn[cmep]"
    r"|_(hard_|soft_|is_|has_)?bounce|_emails?_?bounce|_blocked_|suppress|_clean(ed)?_|complain"
    r"|_(spam|abuse|disabled|deactivated|banned|deleted|archived|erased|removed|excluded|exclusion"
    r"|quarantined?|invalid|inactive|undeliverable|unreachable|rejected|not_active|not_valid)_"
    r"|_no_?mail_|_suspend(ed|u|ue)?_|^_stop(_(e?_?mails?|newsletters?|mailings?|sending|time|date|status))?_$"
    r"|des_?abonn|des_?inscri|ne_(pas|plus)_|_bloqu|liste_(noire|rouge)|rebond|_plainte|_supprim"
    r"|_desactiv|_opposition_|_resili|_inactif|_refus"
    r"|abgemeldet|_abmeld|abbestell|austrag|ausgetragen|gesperrt|sperrliste|sperrvermerk|werbesperre"
    r"|blockiert|unzustellbar|_gekundigt|nicht_(mehr_)?(kontakt|anschreib|e?_?mail|send|bewerb)"
    r"|keine?n?_(werbung|e?_?mail|newsletter|mailing|kontakt)|robinson|deaktiviert|inaktiv"
    r"|widerr(uf|ief)|widerspr|_geloscht_|ungultig"
    r"|_baja_|desuscri|_cancelad|_cancelacion|bloquead|lista_negra|rebot"
    r"|disiscri|_cancellat|uitgeschrev|_afgemeld|descadastr|_wypisan|отпис"
    r"|_no_(contactar|enviar|molestar|recibir|desea|escribir)|_excluid|_inactiv[oa]|_queja"
)
_STATE = re.compile(
    r"status|_statut_|_(estado|state|zustand|etat|standing|stato|статус|状态|ステータス)_"
)
_OTHER_STATE = re.compile(
    r"_(order|payment|marital|lead|deal|employment|shipping|loyalty|vip|job|ticket|civil|family"
    r"|familienstatus|familienstand|billing|tax|visa|membership|commande|paiement|pedido|pago"
    r"|relationship|http|delivery|invoice|stock|province|provincia|region|county|country|code|home"
    r"|verkaufs|immigration|paid|plan|tier|premium|attendee|attendance|rsvp|registration)_"
)
_OTHER_WAY = re.compile(
    r"_(sms|whatsapp|phone|telephone|telefon\w*|tel|postal|push|fax|mobile|robocall)_"
)
_BY_MAIL = re.compile(r"mail|newsletter|courriel|correo")
_IN = re.compile(
    r"_subscribed_|_subscribed_to_|opt_?(ed)?_?in_|accepts?_(\w+_)?marketing|is_subscriber"
    r"|(email|mail|gdpr|marketing|newsletter|contact)_(consent|permission|allowed|ok|enabled|active)_"
    r"|(can|may)_(be_)?(e?_?mail|contact|send|receive)"
    r"|(ok|okay|agreed?s?|wants?|wish(es)?|allowed|willing)_to_(be_)?(e?_?mail|contact|receive|send)"
    r"|_receives?_(\w+_)?(e?_?mails?|newsletters?)_|_mailable_|_emailable_|_contactable_|mailing_ok"
    r"|_send_(e?_?mails?|newsletters?)_|_abonnee?_|_inscrite?_|_accepte_|consentement"
    r"|souhaite_recevoir|angemeldet|abonniert|einwilligung|einverstanden|empfangt"
    r"|_suscrit[oa]_|_acepta_|consentimiento|_recibe_|_autoriza"
)
_MAYBE_IN = re.compile(
    r"^_((is|has|this|the|e?_?mail|mailing|newsletter|contact|subscriber|user|member|list)_)*"
    r"(active|enabled|confirmed|verified|validated|valid|deliverable|agreed|contact"
    r"|actif|aktiv|activo|confirmee?|verifiee?|bestatigt|verifiziert|confirmado|verificado|valide"
    r"|gultig|valido|abo)_$"
    r"|_(newsletters?|mailings?|e?_?mailings?|marketing|consent|consented|permissions?|gdpr|rgpd"
    r"|dsgvo|preferences?)_|subscri|suscri|abonn|_inscri"
)
_PAYING = re.compile(r"_active_subscription_|_(paid|plan|tier|premium|price|stripe|payment)_")
_UNCLEAR = re.compile(r"_opts?_|_optstatus_|_opt(in|out)\w*_|_permission_status_")
_PENDING = re.compile(r"opt_?in_pending")
_MAYBE_PENDING = re.compile(r"_(unconfirmed|pending|unverified|ausstehend|pendiente)_")
_DETAIL = re.compile(
    r"_(rating|ip|url|urls|link|links|token|hash|uuid|id|lat|latitude|lon|longitude|country|page|pages|rate"
    r"|score|referr?er|browser|agent)_$|_to_track_|_tracking_"
)
_WHEN_OR_HOW = re.compile(
    r"_(at|on|time|date|timestamp|datum|fecha|since|zeit|zeitpunkt|le|am|el|depuis|seit|desde"
    r"|source|method|form|quelle|origine|origen|via|count|number|name|version|text|by)_$"
    r"|_(date|datum|fecha|source|quelle|origine|origen)_(of_|de_|d_|du_|des_|der_)?"
)
_BOUNCES = frozenset({"hard", "soft", "permanent", "temporary", "dur", "doux", "weich", "duro"})
_COUNTED = re.compile(r"bounce|complain|spam|rebond|rebot|_count_|_number_")
_TOLD_BY_TEXT = re.compile(
    r"_(at|on|time|date|timestamp|datum|fecha|since|le|am|el|reasons?|why|message|title|campaign"
    r"|type|by|source|comment|grund|motif|motivo|raison|zeitpunkt|der|other)_$|_(date|fecha|datum)_"
)
_DATE = re.compile(
    r"(19|20)\d\d[-/.]\d\d?[-/.]\d\d?\b|\d\d?[-/.]\d\d?[-/.](\d\d){1,2}\b|1\d{9}(\d{3})?"
)
_NULL_DATE = re.compile(r"[-/.:tz ]*0[-/.:tz 0]*")


class Kind(Enum):
    """How the cells of such a column are read."""

    STATE = "state"  # a word such as active or bounced
    IN = "subscribed"  # yes: may be mailed
    OUT = "unsubscribed"  # yes, or anything that tells when or why: may not
    PENDING = "pending"  # yes: has not confirmed
    UNCLEAR = "unclear"  # sounds like one of these, but which?


_KINDS = (
    (_PENDING, Kind.PENDING),
    (_MAYBE_PENDING, Kind.PENDING),
    (_OUT, Kind.OUT),
    (_STATE, Kind.STATE),
    (_WHEN_OR_HOW, None),
    (_IN, Kind.IN),
    (_UNCLEAR, Kind.UNCLEAR),
    (_MAYBE_IN, Kind.IN),
)
"""What a heading is, by the first pattern that it fits."""


@dataclass(slots=True)
class Standing:
    """One such column, and what has been found in it so far.

    One that is not `certain` only may be such a column: where no cell says so, it is harmless.
    """

    name: str
    kind: Kind
    certain: bool = True
    by_text: bool = False
    counted: bool = False
    words: Words = field(default_factory=dict)
    known: int = 0
    unknown: list[tuple[int, str]] = field(default_factory=list)
    _read: dict[str, SubscriptionState | None] = field(default_factory=dict)

    def read(self, cell: str, line: int) -> SubscriptionState | None:
        """What a cell says; None where that is not known."""
        try:
            found = self._read[cell]
        except KeyError:
            found = self.meaning(cell)
            if len(self._read) < 10_000:
                self._read[cell] = found
        if found is not None:
            self.known += 1
        elif len(self.unknown) < 2:
            self.unknown.append((line, cell))
        return found

    def meaning(self, cell: str) -> SubscriptionState | None:
        """The same, without taking note of it."""
        word = plain(cell)
        if self.words:
            return self.words.get(word)
        return _READ[self.kind](self, word, cell)

    @property
    def is_understood(self) -> bool:
        """Whether it says anything about anybody that we can act on."""
        return self.known > 0

    @property
    def keeps_file_out(self) -> bool:
        """Whether nobody can come in before somebody says what the column is."""
        if not self.unknown or self.words:
            return False
        return not self.known if self.certain else bool(self.known)


def _state(_: Standing, word: str, __: str) -> SubscriptionState | None:
    return state_of(word)


def _in(column: Standing, word: str, cell: str) -> SubscriptionState | None:
    if word in YES or (column.certain and word not in NO and _DATE.match(cell)):
        return ACTIVE
    return ENDED if word in NO or word in CROSSED else state_of(word)


def _out(column: Standing, word: str, cell: str) -> SubscriptionState | None:
    if (
        word in NO
        or _NULL_DATE.fullmatch(word)
        or word in {"subscribed", "opted in", "not bounced", "ok"}
    ):
        return ACTIVE
    if (
        word in YES
        or word in CROSSED
        or state_of(word) is ENDED
        or word.replace(" ", "_") == column.name
    ):
        return ENDED
    if (
        column.by_text
        or _DATE.match(cell)
        or (column.counted and (word.isdigit() or word in _BOUNCES))
    ):
        return ENDED
    return None


def _pending(_: Standing, word: str, __: str) -> SubscriptionState | None:
    if word in YES or word in CROSSED:
        return SubscriptionState.PENDING
    return ACTIVE if word in NO else state_of(word)


def _unclear(_: Standing, word: str, __: str) -> SubscriptionState | None:
    # yes and no could say either; a word of consent cannot.
    return state_of(word)


_READ: Mapping[Kind, Callable[[Standing, str, str], SubscriptionState | None]] = {
    Kind.STATE: _state,
    Kind.IN: _in,
    Kind.OUT: _out,
    Kind.PENDING: _pending,
    Kind.UNCLEAR: _unclear,
}


def standing_of(heading: str, name: str) -> Standing | None:
    """What a column says about who may be mailed, by its heading; None where it is about else.

    >>> standing_of("emailBlacklisted", "emailblacklisted").kind
    <Kind.OUT: 'unsubscribed'>
    >>> standing_of("Order status", "order_status") is None
    True
    """
    parts = parts_of(heading)
    if _is_about_else(parts):
        return None
    pattern, kind = next((one for one in _KINDS if one[0].search(parts)), (None, None))
    if kind is None:
        return None
    if kind is Kind.STATE and _IN.search(parts):
        kind = Kind.IN
    certain = pattern is not _MAYBE_IN and pattern is not _MAYBE_PENDING
    by_text, counted = bool(_TOLD_BY_TEXT.search(parts)), bool(_COUNTED.search(parts))
    return Standing(name, kind, certain, by_text=by_text, counted=counted)


def _is_about_else(parts: str) -> bool:
    """Whether a heading only sounds like it: a detail, another way than mail, another state."""
    if _DETAIL.search(parts) or (_OTHER_WAY.search(parts) and not _BY_MAIL.search(parts)):
        return True
    if _OUT.search(parts):
        return False
    return bool(_OTHER_STATE.search(parts) if _STATE.search(parts) else _PAYING.search(parts))
