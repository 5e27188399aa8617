"""Why deliveries went wrong, in the words of the page: ours are said in its language."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.model.delivery.counts import Reason
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.words.catalogues import Words

OURS = {
    "the address is suppressed": "live.reason_suppressed",
    "the subscription has ended": "live.reason_ended",
    "the reader has paused": "live.reason_paused",
    "erased": "live.reason_erased",
    On.SAMPLE.value: "live.reason_sample",
    On.CANCELLED.value: "live.reason_cancelled",
    On.RESTORED.value: "live.reason_restored",
    On.TOO_LATE.value: "live.reason_too_late",
    On.CUT_OFF.value: "live.reason_cut_off",
    "the process was ended during the hand-over": "live.reason_crashed",
    "": "live.reason_other",
}
"""What the engine writes itself, and the sentence for it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A reason, for how many. `language` is that of words which nobody has translated."""

    state: str
    words: str
    number: int
    language: str = ""


def shown_reasons(reasons: Mapping[Reason, int], words: Words) -> list[Shown]:
    """All of them, the most frequent first; what their readers wished comes last."""
    found = [
        Shown(state.value, text, number, language)
        for (state, said), number in reasons.items()
        for text, language in [shown_reason(said, words)]
        if number
    ]
    suppressed = DeliveryState.SUPPRESSED.value
    return sorted(found, key=lambda one: (one.state == suppressed, -one.number, one.words))


def shown_reason(said: str, words: Words) -> tuple[str, str]:
    """One of them, and the language that it stays in; empty where it is the page's."""
    if said in OURS:
        return words(OURS[said]), ""
    return said, "en"
