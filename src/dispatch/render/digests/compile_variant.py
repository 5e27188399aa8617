"""One variant of an edition's digest: compiled for a reader, and compared with rendering.

A variant is what readers have in common whom one form suits: their language, which of the values
that the template looks at are empty, and what the values are that it does more with than print
them.
"""

from dataclasses import dataclass, replace

from dispatch.errors import DispatchError
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.plain_text import one_line, printable
from dispatch.render.digests.compile import (
    CannotCompile,
    compile_digest,
    filled,
)
from dispatch.render.digests.digest import DigestRenderer
from dispatch.render.digests.variant import (
    CHOICE_TOKEN,
    FIELD,
    TOKEN,
    CompiledDigest,
    CompiledVariant,
    Reading,
    has_room,
    is_line,
    reader_of,
)
from dispatch.render.templates.context import view_subscriber
from dispatch.render.templates.links import LinksView
from dispatch.render.templates.symbolic_values import WHOLE, NeedsValue, SymbolicSubscriber

_EVERYBODYS_OWN = frozenset({"name", "email", TOKEN, CHOICE_TOKEN, WHOLE})
"""What nearly every reader has another value of: not worth a variant each."""

_TEXTS = frozenset({"name", "email"})
_TRIAL, _TRIAL_CHOICE = "1.trial", "1.choice"
_AWKWARD_VALUE = "O'Neil \"<b>&amp;\xa0é 🏳️‍🌈 ليلى{{ x }}"
_AWKWARD_EMAIL = "o'neil+<&>é=20@example.org"


def compile_variant(
    renderer: DigestRenderer, subscriber: Subscriber, reading: Reading, *, bases: LinksView
) -> CompiledVariant:
    """The digest for all readers like this one, after as many trials as it takes.

    `bases` are the links of readers without the tokens they end with; an empty one stays empty.
    """
    trials = _Trials(renderer, subscriber, reading, bases)
    try:
        digest = trials.compile()
    except (CannotCompile, DispatchError) as reason:
        return CompiledVariant(trials.reading, reason=str(reason))
    if not trials.is_right(digest):
        return CompiledVariant(trials.reading, differs=True)
    return CompiledVariant(trials.reading, digest)


@dataclass(slots=True)
class _Trials:
    renderer: DigestRenderer
    subscriber: Subscriber
    reading: Reading
    bases: LinksView

    def compile(self) -> CompiledDigest:
        """The digest, once it is known what the template needs. Raises CannotCompile."""
        home = self.renderer.symbolic_values
        while True:
            known = self.reading
            view = SymbolicSubscriber(view_subscriber(self.subscriber), home, known.exact)
            try:
                digest = compile_digest(self.renderer, self.subscriber, view, bases=self.bases)
            except NeedsValue:
                digest = None
            finally:
                self._learn(view.asked, home.needed)
            if own := home.needed & _EVERYBODYS_OWN:
                names = ", ".join(sorted(own))
                raise CannotCompile(f"the template does more with {names} than print")
            if digest is not None:
                return digest
            if self.reading == known:
                raise CannotCompile("the template does more with values than print them")

    def is_right(self, digest: CompiledDigest) -> bool:
        """Whether the form gives what rendering gives, for this reader and for an awkward one."""
        subscriber = self.subscriber
        awkward = replace(
            subscriber,
            name=_AWKWARD_VALUE if one_line(subscriber.name) else "",
            email=_AWKWARD_EMAIL,
            fields={
                name: _AWKWARD_VALUE
                if printable(value) and f"{FIELD}{name}" in self.reading.printed
                else value
                for name, value in subscriber.fields.items()
            },
        )
        return self._agrees(digest, subscriber) and self._agrees(digest, awkward)

    def _learn(self, asked: set[str], needed: set[str]) -> None:
        texts = {name for name in asked if name in _TEXTS or name.startswith(FIELD)}
        needed = {name for name in needed if name.startswith(FIELD)}
        exact = {*self.reading.exact, *needed, *(asked - texts)}
        printed = {*self.reading.printed, *texts} - exact
        self.reading = Reading(tuple(sorted(printed)), tuple(sorted(exact)))

    def _agrees(self, digest: CompiledDigest, subscriber: Subscriber) -> bool:
        names = self.reading.printed
        values = [reader_of(name)(subscriber) for name in names]
        if not all(map(is_line, values)) or not has_room(digest.rooms, names, values):
            return True  # not for this form
        try:
            bases = self.bases
            oracle = self.renderer.render(
                subscriber,
                unsubscribe_url=f"{bases.unsubscribe}{_TRIAL}",
                preferences_url=bases.preferences and f"{bases.preferences}{_TRIAL_CHOICE}",
                cadence_url=bases.cadence and f"{bases.cadence}{_TRIAL_CHOICE}",
            )
        except DispatchError:
            return False
        named = dict(zip(names, values, strict=True))
        return filled(digest, {**named, CHOICE_TOKEN: _TRIAL_CHOICE, TOKEN: _TRIAL}) == (
            oracle.subject,
            oracle.html,
            oracle.text,
        )
