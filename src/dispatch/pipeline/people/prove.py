"""Why somebody is written to, as a document for an authority: the record, told as a story."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from string import ascii_uppercase
from zoneinfo import ZoneInfo

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import Publisher
from dispatch.model.people.form import KEPT_FOR, wording_of
from dispatch.model.people.record import Said, Word, Wording
from dispatch.model.people.subscriber import SUPPRESSED, Subscriber, email_key
from dispatch.model.people.suppression import SuppressionWord, Target, WordOfSuppression
from dispatch.pipeline.people import proof_words
from dispatch.pipeline.people.proof_words import literal
from dispatch.store.transactions import Store, Transaction
from dispatch.words.catalogues import Words

PATTERN = "d MMMM y, HH:mm:ss ZZZZ"
DAY = "d MMMM y"
AT_ONCE = timedelta(minutes=1)
"""What is put on record so soon was said then."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: a sentence, and a line for each thing that is known of it.

    `day` stands for the time where nobody said more than that.
    """

    at: datetime
    title: str
    details: tuple[str, ...] = ()
    day: str = ""


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
        key = email_key(person.email)
        self._suppressions = tx.suppressions.history(*map(Target, self._keys | {key}))
        named = {one.wording for one in self._said if one.wording}
        texts = sorted(tx.record.wordings(named).values(), key=lambda one: (one.since, one.id))
        self._texts = {one.id: (_letter(place), one) for place, one in enumerate(texts)}

    def written(self, now: datetime) -> str:
        """All of it."""
        words = self._words
        name, address = self._publisher.sender.name, self._publisher.sender.email
        sender = f"{literal(name)} <{address}>"
        parts = [
            f"# {self._words('proof.title', email=literal(self._person.email))}",
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
            yield self._words("proof.is_suppressed", moment=since, reason=literal(reason))

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
            lines = [f"{number}. **{one.day or self._moment(one.at)}**. {one.title}."]
            yield "\n".join([*lines, *(f"    - {detail}" for detail in one.details)])

    def _of_sign_ups(self) -> Iterator[Event]:
        """What was filled in; before it is confirmed that may have been anybody."""
        words = self._words
        for row in self._tx.record.sign_ups(self._keys):
            details = [words("proof.page", page=literal(row.page))] if row.page else []
            details.append(words("proof.address", email=literal(row.email)))
            title = words("proof.asked_only", form=literal(row.form))
            if row.confirmed_at is not None:
                title = words("proof.asked", form=literal(row.form))
            yield Event(row.asked_at, title, tuple(details))

    def _of_word(self, word: Word) -> Event:
        title, details = proof_words.said(word, self._words), tuple(self._details(word))
        day = self._words.moment(word.at, DAY) if _is_a_day(word) else ""
        return Event(word.at, title, details, day)

    def _details(self, word: Word) -> Iterator[str]:
        words, trace = self._words, word.trace
        if word.form:
            yield words("proof.form", form=literal(word.form))
        else:
            yield words("proof.ground", source=literal(word.source))
        if word.page:
            page = literal(word.page)
            yield words("proof.page", page=page) if word.form else words("proof.file", page=page)
        if trace.email:
            yield words("proof.address", email=literal(trace.email))
        if trace.network:
            yield words("proof.network", network=literal(trace.network))
        if word.confirmed:
            yield words("proof.confirmed", how=proof_words.confirmed(word.confirmed, self._words))
        if word.wording in self._texts:
            yield words("proof.text", letter=self._texts[word.wording][0])
        if word.given is None:
            yield words("proof.undated")
        if _is_a_day(word):
            yield words("proof.day")
        if word.recorded - word.at >= AT_ONCE:
            yield words("proof.recorded", moment=self._moment(word.recorded))

    def _of_mails(self) -> Iterator[Event]:
        for row in self._tx.record.mails(self._keys, self._person.public_id):
            if row.accepted_at is not None:
                title = proof_words.mailed(row.about, self._words)
                yield Event(
                    row.accepted_at, title, (self._words("proof.to", email=literal(row.address)),)
                )

    def _of_suppressions(self) -> Iterator[Event]:
        for one in self._suppressions:
            title = proof_words.of_suppression(one.what, self._words)
            yield Event(one.at, title, tuple(self._why(one)))

    def _why(self, one: WordOfSuppression) -> Iterator[str]:
        if one.target.startswith(("@", ".")):
            yield self._words("proof.domain", domain=literal(str(Target(one.target))))
        elif one.target != email_key(self._person.email):
            yield self._words("proof.address", email=literal(one.target))
        if one.reason:
            yield self._words("proof.reason", reason=literal(one.reason))
        if one.note:
            yield self._words("proof.note", note=literal(one.note))
        if one.source:
            yield self._words("proof.ground", source=literal(one.source))

    def _quoted(self) -> Iterator[str]:
        for letter, text in self._texts.values():
            yield f"### {self._words('proof.text_title', letter=letter)}"
            yield "\n".join(f"> {line}".rstrip() for line in text.text.splitlines())
            yield self._since(text)
            if wording_of(text.text) != text.id:
                yield self._words("proof.text_changed")

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
        yield self._words("proof.kept_mails", days=KEPT_FOR.days)
        kept, not_kept = self._words("proof.kept_network"), self._words("proof.kept_no_network")
        yield kept if network else not_kept
        yield self._words("proof.not_kept")

    def _moment(self, moment: datetime) -> str:
        return self._words.moment(moment.astimezone(self._zone), PATTERN)


def _is_a_day(word: Word) -> bool:
    """Whether a file or somebody of the team named a day, which is kept as its first moment."""
    return not word.form and word.given is not None and word.given.time() == time()


def _bullets(lines: Iterator[str] | Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _letter(place: int) -> str:
    size = len(ascii_uppercase)
    return ascii_uppercase[place % size] + (str(place // size) if place >= size else "")
