"""Why somebody is written to, as a document for an authority: the record, told as a story."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import ascii_uppercase
from zoneinfo import ZoneInfo

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import Publisher
from dispatch.model.people.record import Said, Word, Wording
from dispatch.model.people.subscriber import SUPPRESSED, Subscriber, email_key
from dispatch.model.people.suppression import SuppressionWord, Target, WordOfSuppression
from dispatch.pipeline.people import proof_words
from dispatch.store.transactions import Store, Transaction
from dispatch.words.catalogues import Words

PATTERN = "d MMMM y, HH:mm:ss ZZZZ"
AT_ONCE = timedelta(minutes=1)
"""What is put on record so soon was said then."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: a sentence, and a line for each thing that is known of it."""

    at: datetime
    title: str
    details: tuple[str, ...] = ()


def prove(
    person: Subscriber, *, store: Store, publisher: Publisher, words: Words, clock: Clock
) -> str:
    """A document in Markdown, which reads as it is. Raises NotFound for who is not there any more.

    Times are by the publisher's clock.
    """
    with store.read() as tx:
        found = tx.subscribers.get([person.id]).get(person.id)
        if found is None:
            raise NotFound("nobody is there by that name any more - nothing was written")
        return _Proof(found, tx, publisher, words).written(clock())


class _Proof:
    """The parts of one document."""

    def __init__(
        self, person: Subscriber, tx: Transaction, publisher: Publisher, words: Words
    ) -> None:
        self._person = person
        self._tx = tx
        self._publisher = publisher
        self._zone = ZoneInfo(publisher.timezone)
        self._words = words
        self._said = tx.record.words(person.id)
        self._keys = set(tx.erasures.names(person).email_keys)
        self._suppressions = tx.suppressions.history(Target(email_key(person.email)))
        named = {one.wording for one in self._said if one.wording}
        texts = sorted(tx.record.wordings(named).values(), key=lambda one: (one.since, one.id))
        self._texts = {one.id: (_letter(place), one) for place, one in enumerate(texts)}

    def written(self, now: datetime) -> str:
        """All of it."""
        words = self._words
        sender = f"{self._publisher.sender.name} <{self._publisher.sender.email}>"
        parts = [
            f"# {words('proof.title', email=self._person.email)}",
            words("proof.made", moment=self._moment(now), sender=sender)
            + " "
            + words("proof.times", zone=self._publisher.timezone),
            f"## {words('proof.short')}",
            _bullets(self._standing()),
            f"## {words('proof.story')}",
            *self._story(),
        ]
        if self._texts:
            parts += [f"## {words('proof.texts')}", *self._quoted()]
        parts += [f"## {words('proof.letters')}", _bullets(self._letters())]
        parts += [f"## {words('proof.kept')}", _bullets(self._kept())]
        return "\n\n".join(parts) + "\n"

    def _standing(self) -> Iterator[str]:
        standing = self._tx.consents.standing(self._person.id)
        for one in standing.values():
            shown, since = f"**{one.audience}**", self._moment(one.since)
            yield proof_words.stands(one.state, shown, since, self._words)
        if not standing:
            yield self._words("proof.in_none")
        if found := self._tx.suppressions.of(self._person.email):
            since, reason = self._moment(found.since), found.reason or SUPPRESSED
            yield self._words("proof.is_suppressed", moment=since, reason=reason)

    def _story(self) -> Iterator[str]:
        lifted = {one.at for one in self._suppressions if one.what == SuppressionWord.LIFTED}
        said = [one for one in self._said if one.state != Said.LIFTED or one.at not in lifted]
        events = [
            *self._of_sign_ups(),
            *map(self._of_word, said),
            *self._of_mails(),
            *self._of_suppressions(),
        ]
        for number, one in enumerate(sorted(events, key=lambda event: event.at), start=1):
            lines = [f"{number}. **{self._moment(one.at)}**. {one.title}."]
            yield "\n".join([*lines, *(f"    - {detail}" for detail in one.details)])

    def _of_sign_ups(self) -> Iterator[Event]:
        """What they filled in and confirmed."""
        words = self._words
        for row in self._tx.record.sign_ups(self._keys):
            if row.confirmed_at is not None:
                details = [words("proof.page", page=row.page)] if row.page else []
                details.append(words("proof.address", email=row.email))
                title = words("proof.asked", form=row.form)
                yield Event(row.asked_at, title, tuple(details))

    def _of_word(self, word: Word) -> Event:
        return Event(word.at, proof_words.said(word, self._words), tuple(self._details(word)))

    def _details(self, word: Word) -> Iterator[str]:
        words, trace = self._words, word.trace
        if word.form:
            yield words("proof.form", form=word.form)
        else:
            yield words("proof.ground", source=word.source)
        if word.page:
            yield words("proof.page", page=word.page)
        if trace.email:
            yield words("proof.address", email=trace.email)
        if trace.network:
            yield words("proof.network", network=trace.network)
        if word.confirmed:
            yield words("proof.confirmed", how=proof_words.confirmed(word.confirmed, words))
        if word.wording in self._texts:
            yield words("proof.text", letter=self._texts[word.wording][0])
        if word.given is None:
            yield words("proof.undated")
        if word.recorded - word.at >= AT_ONCE:
            yield words("proof.recorded", moment=self._moment(word.recorded))

    def _of_mails(self) -> Iterator[Event]:
        for row in self._tx.record.mails(self._keys, self._person.public_id):
            if row.accepted_at is not None:
                title = proof_words.mailed(row.about, self._words)
                yield Event(row.accepted_at, title, (self._words("proof.to", email=row.address),))

    def _of_suppressions(self) -> Iterator[Event]:
        for one in self._suppressions:
            title = proof_words.of_suppression(one.what, self._words)
            yield Event(one.at, title, tuple(self._why(one)))

    def _why(self, one: WordOfSuppression) -> Iterator[str]:
        if one.reason:
            yield self._words("proof.reason", reason=one.reason)
        if one.note:
            yield self._words("proof.note", note=one.note)
        if one.source:
            yield self._words("proof.ground", source=one.source)

    def _quoted(self) -> Iterator[str]:
        for letter, text in self._texts.values():
            yield f"### {self._words('proof.text_title', letter=letter)}"
            yield "\n".join(f"> {line}".rstrip() for line in text.text.splitlines())
            yield self._since(text)

    def _since(self, text: Wording) -> str:
        return self._words("proof.text_since", moment=self._moment(text.since), id=text.id)

    def _letters(self) -> Iterator[str]:
        received = self._tx.received.last(self._person.id)
        counts = Counter(proof_words.delivered(one.state, self._words) for one in received)
        for state, number in counts.most_common():
            yield self._words("proof.count", count=number, state=state)
        if not counts:
            yield self._words("proof.no_letters")

    def _kept(self) -> Iterator[str]:
        network = any(one.trace.network for one in self._said)
        yield self._words("proof.kept_words")
        yield self._words("proof.kept_beside")
        kept, not_kept = self._words("proof.kept_network"), self._words("proof.kept_no_network")
        yield kept if network else not_kept
        yield self._words("proof.not_kept")

    def _moment(self, moment: datetime) -> str:
        return self._words.moment(moment.astimezone(self._zone), PATTERN)


def _bullets(lines: Iterator[str] | Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _letter(place: int) -> str:
    size = len(ascii_uppercase)
    return ascii_uppercase[place % size] + (str(place // size) if place >= size else "")
