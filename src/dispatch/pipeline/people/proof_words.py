"""What a proof says of each kind of thing that happened: a sentence for each."""

import re

from dispatch.model.delivery.state import DeliveryState
from dispatch.model.people.form import BY_LINK, UNCONFIRMED
from dispatch.model.people.reader_mail import Topic
from dispatch.model.people.record import Said, Word
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.model.people.suppression import SuppressionWord
from dispatch.model.text.plain_text import one_line
from dispatch.words.catalogues import Words

_SIGNS = re.compile(r"[\\`*\[<]")
"""What makes something else of a text in Markdown than it says."""


def literal(text: str) -> str:
    r"""What somebody wrote, as it was written: it ends no line and begins no other.

    >>> literal("no *more*\n2. **Joined**")
    'no \\*more\\* 2. \\*\\*Joined\\*\\*'
    """
    return _SIGNS.sub(r"\\\g<0>", one_line(text))


def stands(state: SubscriptionState, audience: str, moment: str, words: Words) -> str:
    """Where a subscription stands."""
    return {
        SubscriptionState.ACTIVE: words("proof.is_active", audience=audience, moment=moment),
        SubscriptionState.PAUSED: words("proof.is_paused", audience=audience, moment=moment),
        SubscriptionState.PENDING: words("proof.is_pending", audience=audience, moment=moment),
        SubscriptionState.ENDED: words("proof.is_ended", audience=audience, moment=moment),
    }[state]


def said(word: Word, words: Words) -> str:
    """What a word on record did."""
    audience = word.audience
    known: dict[str, str] = {
        Said.ACTIVE: words("proof.said.active", audience=audience),
        Said.ENDED: words("proof.said.ended", audience=audience),
        Said.PAUSED: words("proof.said.paused", audience=audience),
        Said.RESUMED: words("proof.said.resumed", audience=audience),
        Said.CHOSE: words("proof.said.chose"),
        Said.MOVED: words("proof.said.moved"),
        Said.REVOKED: words("proof.said.revoked"),
        Said.LIFTED: words("proof.said.lifted"),
    }
    return known.get(word.state) or words("proof.said.other", what=word.state, audience=audience)


def mailed(about: str, words: Words) -> str:
    """That a mail about their own affairs went out."""
    known: dict[str, str] = {
        Topic.CONFIRM: words("proof.mail.confirm"),
        Topic.REMIND: words("proof.mail.confirm"),
        Topic.NEW_ADDRESS: words("proof.mail.new_address"),
        Topic.MOVED: words("proof.mail.moved"),
    }
    return known.get(about) or words("proof.mail")


def of_suppression(what: str, words: Words) -> str:
    """What became of a suppression."""
    known: dict[str, str] = {
        SuppressionWord.LIFTED: words("proof.unsuppressed"),
        SuppressionWord.ASKED: words("proof.asked_to_lift"),
    }
    return known.get(what) or words("proof.suppressed")


def confirmed(how: str, words: Words) -> str:
    """How it is known that it was they."""
    known = {BY_LINK: words("proof.by_link"), UNCONFIRMED: words("proof.unconfirmed")}
    return known.get(how, how)


def delivered(state: DeliveryState, words: Words) -> str:
    """What became of letters."""
    known = {
        DeliveryState.ACCEPTED: words("proof.state.accepted"),
        DeliveryState.REFUSED: words("proof.state.refused"),
        DeliveryState.SUPPRESSED: words("proof.state.suppressed"),
        DeliveryState.FAILED: words("proof.state.failed"),
        DeliveryState.UNKNOWN: words("proof.state.unknown"),
    }
    return known.get(state) or words("proof.state.open")
