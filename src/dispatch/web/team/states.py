"""States as pages show them: always a word, a sign and a colour. One table for all of them."""

from dataclasses import dataclass

from markupsafe import Markup

from dispatch.web.team.icons import PATHS
from dispatch.words.catalogues import Words

SIGNS = {
    "wait": "clock",
    "set": "calendar",
    "good": "check",
    "bad": "x",
    "doubt": "doubt",
    "still": "dash",
}
"""The sign of each mood; what is live has a dot that breathes."""

MOODS = {
    "planned": "set",
    "draft": "still",
    "in review": "wait",
    "changes requested": "wait",
    "approved": "set",
    "scheduled": "set",
    "sending": "live",
    "paused": "wait",
    "finished": "good",
    "partly failed": "bad",
    "skipped": "still",
    "rejected": "still",
    "cancelled": "still",
    "pending": "wait",
    "accepted": "good",
    "refused": "bad",
    "suppressed": "still",
    "failed": "bad",
    "unknown": "doubt",
    "delivered": "good",
    "bounced": "bad",
    "complained": "bad",
    "deferred": "wait",
    "bounced softly": "wait",
    "not tried": "still",
    "no word": "still",
    "unsubscribed": "still",
    "opened": "good",
    "clicked": "good",
    "other": "doubt",
    "published": "good",
    "edited": "good",
    "deleted": "still",
    "new": "set",
    "held": "wait",
    "dropped": "still",
    "told": "good",
    "healthy": "good",
    "failing": "bad",
    "silent": "wait",
    "gone": "still",
    "ready": "good",
    "waits": "wait",
    "stopped": "bad",
    "check failed": "wait",
    "low quota": "wait",
    "used up": "bad",
    "ends soon": "wait",
    "no access": "bad",
    "active": "good",
    "pending consent": "wait",
    "ended": "still",
    "revoked": "still",
    "on": "good",
    "off": "still",
}
"""The mood of each state."""


@dataclass(frozen=True, slots=True)
class Badges:
    """Makes badges in one language; their words are `state.<state>` in the catalogue."""

    words: Words

    def __call__(self, state: str, text: str = "") -> Markup:
        """The badge of a state, such as `in review`, with `text` in the place of its own word."""
        mood = MOODS[state]
        if mood == "live":
            shape = Markup('<circle cx="8" cy="8" r="4" fill="currentColor" stroke="none"/>')
        else:
            shape = Markup('<path d="{}"/>').format(PATHS[SIGNS[mood]])
        word = text or self.name(state)
        return Markup(
            '<span class="badge {}"><svg viewBox="0 0 16 16" aria-hidden="true">{}</svg>{}</span>'
        ).format(mood, shape, word)

    def name(self, state: str) -> str:
        """Its word."""
        return self.words(f"state.{state.replace(' ', '_')}")

    @staticmethod
    def mood(state: str) -> str:
        """Its colour."""
        return MOODS[state]
