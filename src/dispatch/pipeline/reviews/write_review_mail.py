"""A review mail: what a reviewer reads about an edition, with a reader's digest below it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dispatch.channels.mail.mime import to_mime
from dispatch.channels.takes import TakesOf, anything
from dispatch.model.campaigns.approval import BY_LATENESS, Otherwise
from dispatch.model.campaigns.campaign import Each, EmailPlan
from dispatch.model.delivery.message import Address, EmailMessage
from dispatch.model.editions.edition import Edition, EditionContent, EditionState
from dispatch.model.editions.piece import apart
from dispatch.model.editions.review_mail import About, ReviewMail
from dispatch.model.text.plain_text import one_line, printable, shorten
from dispatch.pipeline.messages.digests import render_for
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.snippets import snippets_for
from dispatch.pipeline.reviews.decide import goes_out_undecided
from dispatch.pipeline.reviews.list_parts import listed_parts
from dispatch.render.digests.pictures import pictures_in
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.render.review_mail import Brief, review_html, review_text
from dispatch.render.texts import MOST_SUBJECT, Digest
from dispatch.render.trials.proof import SOMEBODY
from dispatch.words.catalogues import Words

MOST_BYTES = 100_000
"""Of a mail without its pictures: Gmail cuts off what comes after 102 KB."""

MOST_TITLE = 200
"""In code points, of a post's title: feeds have written whole posts there."""

MOST_LISTED, MOST_OF_LISTED = 60, 80
"""Posts and pieces that are listed where not all are shown, and code points of their titles."""

ID, FINGERPRINT = 8, 12
"""How much of an id and of a fingerprint commands need to name: what `editions list` shows, and
enough that no edit gives the same by chance."""


def write_mail(
    review_mail: ReviewMail,
    edition: Edition,
    *,
    readers: int | None,
    words: Words,
    links: SignedLinks,
    now: datetime,
    takes_of: TakesOf = anything,
    renderer: Renderer = HERE,
    page: str = "",
) -> EmailMessage:
    """The mail that tells a reviewer; `readers` is how many people the digest would go to.

    `page` is where they can look at it and decide, or empty where nobody of the team signs in.
    None for `readers` is for a segment that fails. `words` are of the reviewer's language.
    The digest in it is for nobody in particular, and so are its links for readers: they end no
    subscription and change no cadence. Nothing in a mail decides anything. Where it would be longer
    than mail programs show, only the first posts and pieces are in it, and it says so.
    Raises TemplateFailed.
    """
    shown = review_mail.about is not About.DECIDED
    parts = len(edition.content.parts)
    while True:
        part = replace(edition, content=_beginning(edition.content, parts))
        digest = _digest(part, links, renderer) if shown and part.content.parts else None
        writing = _Writing(
            review_mail, edition, readers, now, words, takes_of=takes_of, renderer=renderer
        )
        mail = _mail(review_mail, part, digest, writing, words, page=page)
        size = len(to_mime(replace(mail, pictures=()), date=now))
        if size <= MOST_BYTES or not part.content.parts:
            return mail
        parts = min(parts * MOST_BYTES // size, parts - 1)


def _mail(
    review_mail: ReviewMail,
    edition: Edition,
    digest: Digest | None,
    writing: "_Writing",
    words: Words,
    *,
    page: str,
) -> EmailMessage:
    """The mail about what is shown of the edition."""
    brief = replace(writing.brief(edition.content), page=page)
    sender = edition.content.publisher.sender
    domain = sender.email.rpartition("@")[2]
    return EmailMessage(
        id=review_mail.message_id,
        message_id=f"<{review_mail.message_id}@{domain}>",
        sender=sender,
        to=Address(review_mail.address),
        subject=shorten(one_line(writing.subject()), MOST_SUBJECT),
        text=review_text(brief, digest, words),
        html=review_html(brief, digest, words),
        headers=(("Auto-Submitted", "auto-generated"),),  # RFC 3834: no out-of-office answers
        pictures=pictures_in(digest.html, edition.content.pictures.values()) if digest else (),
    )


def _beginning(content: EditionContent, parts: int) -> EditionContent:
    """With so many parts; with none where it would lose all its posts, which templates look for."""
    posts, pieces = apart(content.parts[:parts])
    return replace(content, posts=posts, pieces=pieces if posts or not content.posts else ())


def _digest(edition: Edition, links: SignedLinks, renderer: Renderer) -> Digest | None:
    if edition.content.email is None:
        return None
    return render_for(SOMEBODY, edition.content, renderer, links=links)


class _Writing:
    """What one review mail says around the digest."""

    def __init__(
        self,
        review_mail: ReviewMail,
        edition: Edition,
        readers: int | None,
        now: datetime,
        words: Words,
        *,
        takes_of: TakesOf,
        renderer: Renderer,
    ) -> None:
        self._words = words
        self._takes_of = takes_of
        self._renderer = renderer
        self._notice = review_mail
        self._edition, self._content = edition, edition.content
        self._readers = readers
        self._zone = ZoneInfo(edition.content.sending.timezone)
        self._now = now.astimezone(self._zone)
        self._made = edition.id[:ID]
        self._asked = edition.state is EditionState.CHANGES_REQUESTED
        self._skipped = edition.state is EditionState.REJECTED

    def subject(self) -> str:
        words, slot = self._words, self._content.slot
        day = words.moment(slot, words("review_mail.day"))
        name = words("review_mail.name", title=self._content.title, day=day)
        match self._notice.about:
            case About.WAITS:
                return self._to_approve(name)
            case About.CHANGES:
                return words("review_mail.changes", name=name)
            case About.REMINDER:
                return self._still_to_edit(name) if self._asked else self._still_to_approve(name)
            case About.DECIDED if self._skipped:
                return words("review_mail.skipped_at_deadline", name=name)
            case About.DECIDED:
                return words("review_mail.goes_out_undecided", name=name)

    def _to_approve(self, name: str) -> str:
        words, until = self._words, self._until()
        if not until:
            return words("review_mail.to_approve", name=name)
        return words("review_mail.to_approve_until", until=until, name=name)

    def _still_to_approve(self, name: str) -> str:
        words, until = self._words, self._until()
        if not until:
            return words("review_mail.still_to_approve", name=name)
        return words("review_mail.still_to_approve_until", until=until, name=name)

    def _still_to_edit(self, name: str) -> str:
        words, until = self._words, self._until()
        if not until:
            return words("review_mail.still_to_edit", name=name)
        return words("review_mail.still_to_edit_until", until=until, name=name)

    def brief(self, shown: EditionContent) -> Brief:
        """What stands above the digest, and its snippets; of the first posts, if that is long.

        More of them are listed than shown: whoever decides is to know what is in it.
        """
        most = max(len(shown.posts), 1)
        listed = max(len(shown.parts), MOST_LISTED) if shown.parts else 1
        longest = MOST_TITLE if self._is_whole(shown) else MOST_OF_LISTED
        return Brief(
            heading=one_line(self._heading()),
            lead=one_line(self._lead()),
            facts=tuple((name, one_line(value)) for name, value in self._facts() if value),
            parts=tuple(islice(listed_parts(self._content, self._words, longest), listed)),
            commands=tuple(self._commands()),
            snippets=tuple((via, texts[:most]) for via, texts in self._snippets())
            if self._shown and shown.parts
            else (),
            shortened=self._shortened(shown) if self._shown else "",
        )

    @property
    def _named(self) -> str:
        """What commands call the campaign; a letter has none."""
        return self._content.campaign if self._content.letter is None else "letter"

    def _is_whole(self, shown: EditionContent) -> bool:
        return len(shown.parts) == len(self._content.parts)

    def _shortened(self, shown: EditionContent) -> str:
        """That the digest is not all there, and where it is; empty if it is."""
        words = self._words
        if self._is_whole(shown) or self._content.email is None:
            return ""
        look = f"dispatch preview {self._named} --edition {self._made}"
        if not shown.parts:
            return words("review_mail.digest_left_out", command=look)
        if self._content.pieces:
            return words("review_mail.digest_cut", command=look)
        count, number = len(shown.posts), len(self._content.posts)
        return words("review_mail.digest_shortened", count=count, all=number, command=look)

    @property
    def _shown(self) -> bool:
        return self._notice.about is not About.DECIDED

    def _heading(self) -> str:
        words, title = self._words, self._content.title
        if self._shown and self._asked:
            return words("review_mail.was_asked", title=title)
        if self._shown:
            return words("review_mail.waits", title=title)
        if self._skipped:
            return words("review_mail.was_skipped", title=title)
        return words("review_mail.goes_out", title=title)

    def _lead(self) -> str:
        words = self._words
        if not self._shown:
            return self._decided()
        said = [words("review_mail.preview")]
        if self._notice.about is About.WAITS and self._notice.said:
            said.append(_sentence(words("review_mail.asked", note=self._notice.said)))
        if self._asked:
            said.append(_sentence(words("review_mail.requested", note=self._edition.note)))
            said.append(words("review_mail.once_edited"))
        return " ".join([*said, self._otherwise()])

    def _decided(self) -> str:
        """What the deadline came to, and why."""
        words, edition = self._words, self._edition
        if edition.review.deadline is None:
            return _sentence(self._notice.said)
        moment = self._moment(edition.review.deadline)
        if not self._skipped:
            return words("review_mail.nobody_decided", moment=moment)
        if edition.ended_by == BY_LATENESS:
            return words("review_mail.too_late_to_go_out", moment=moment)
        said = [words("review_mail.not_approved", moment=moment)]
        if edition.note:
            said.append(_sentence(words("review_mail.requested", note=edition.note)))
        elif edition.review.other_than_author and edition.author:
            said.append(words("review_mail.author_may_not", author=edition.author))
        return " ".join(said)

    def _otherwise(self) -> str:
        words, review = self._words, self._edition.review
        if review.deadline is None:
            return words("review_mail.no_deadline")
        moment = self._moment(review.deadline)
        if goes_out_undecided(self._edition):
            return words("review_mail.goes_out_unless", moment=moment)
        if self._asked:
            return words("review_mail.skipped_unless_edited", moment=moment)
        if review.otherwise is Otherwise.SEND:
            return words("review_mail.skipped_unless_touched", moment=moment)
        return words("review_mail.skipped_unless", moment=moment)

    def _facts(self) -> Iterator[tuple[str, str]]:
        words, content, review = self._words, self._content, self._edition.review
        made_for = self._full_day_and_time(content.slot)
        edition = words("review_mail.edition_for", id=self._made, moment=made_for)
        yield words("review_mail.edition"), edition
        if content.email is not None:
            yield words("review_mail.digest"), self._whom(content.email)
        for social in content.social:
            number = len(content.posts) if social.each is Each.POST else 1
            by = words("review_mail.snippets_by", number=number, channel=social.via)
            yield words("review_mail.snippets"), by
        if self._shown:
            yield words("review_mail.leaves"), self._leaves()
        if self._shown and review.deadline is not None:
            yield words("review_mail.deadline"), self._moment(review.deadline)
        if self._shown:
            yield words("review_mail.may_approve"), self._who()
        yield words("review_mail.edited_by"), self._edition.author
        if not self._asked:  # there the lead says so
            yield words("review_mail.changes_requested_by"), self._edition.note

    def _whom(self, plan: EmailPlan) -> str:
        words = self._words
        if self._readers is None:
            readers = words("review_mail.readers_unknown")
        else:
            readers = words("review_mail.readers", count=self._readers)
        if not plan.segment:
            return words(
                "review_mail.digest_to", readers=readers, audience=plan.audience, channel=plan.via
            )
        return words(
            "review_mail.digest_to_some",
            readers=readers,
            audience=plan.audience,
            segment=plan.segment,
            channel=plan.via,
        )

    def _leaves(self) -> str:
        words, plan = self._words, self._content.sending
        starts = plan.starts(self._now)
        if plan.local_time and plan.slot:
            said = [words("review_mail.leaves_by_clock", time=f"{plan.slot.local:%H:%M}")]
        elif starts > self._now:
            said = [words("review_mail.leaves_at", moment=self._moment(starts))]
        else:
            said = [words("review_mail.leaves_once_approved")]
        if plan.hours.quiet:
            said.append(words("review_mail.leaves_never", hours=plan.hours.quiet))
        if plan.hours.business_days:
            said.append(words("review_mail.leaves_on_business_days"))
        return "; ".join(said)

    def _who(self) -> str:
        words, review, author = self._words, self._edition.review, self._edition.author
        who = ", ".join(review.by) or words("review_mail.anybody")
        if not review.other_than_author or not author:
            return who
        return words("review_mail.but_not", who=who, author=author)

    def _commands(self) -> Iterator[tuple[str, str]]:
        return self._to_decide() if self._shown else self._once_decided()

    def _to_decide(self) -> Iterator[tuple[str, str]]:
        words, made, editions = self._words, self._made, "dispatch editions"
        by = f"--by {words('review_mail.your_name')}"
        what, why = words("review_mail.what"), words("review_mail.why")
        look = f"dispatch preview {self._named} --edition {made}"
        yield words("review_mail.look"), look
        if not self._asked:
            seen = self._edition.fingerprint[:FINGERPRINT]
            approve = f"{editions} approve {made} {by} --fingerprint {seen}"
            yield words("review_mail.approve"), approve
            asking = f"{editions} request-changes {made} {by} --note '{what}'"
            yield words("review_mail.request_changes"), asking
        other = words("review_mail.another_subject")
        yield words("review_mail.edit"), f"{editions} edit {made} {by} --subject '{other}'"
        if self._asked:
            yield words("review_mail.fine"), f"{editions} edit {made} {by}"
        yield words("review_mail.reject"), f"{editions} reject {made} {by} --reason '{why}'"

    def _once_decided(self) -> Iterator[tuple[str, str]]:
        words, made, editions = self._words, self._made, "dispatch editions"
        yield words("review_mail.see"), f"{editions} show {made}"
        if self._skipped and self._content.letter is None:
            yield words("review_mail.run_again"), f"dispatch run {self._content.campaign}"
        else:
            pause = f"{editions} pause {made} --reason '{words('review_mail.why')}'"
            yield words("review_mail.pause"), pause

    def _snippets(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for plan in self._content.social:
            takes = self._takes_of(plan.via)
            made = snippets_for(takes, self._content, plan, self._renderer)
            yield plan.via, tuple(printable(one.whole) for one in made)

    def _until(self) -> str:
        """A deadline in few words; empty if there is none."""
        words, deadline = self._words, self._edition.review.deadline
        if deadline is None:
            return ""
        local = deadline.astimezone(self._zone)
        # Within a week a weekday is enough; the one it is today would be taken for today.
        if local.date() - self._now.date() < timedelta(days=6):
            return words.moment(local, words("review_mail.weekday_and_time"))
        return words.moment(local, words("review_mail.day_and_time"))

    def _moment(self, moment: datetime) -> str:
        time = self._full_day_and_time(moment.astimezone(self._zone))
        return self._words("review_mail.moment", time=time, zone=self._zone.key)

    def _full_day_and_time(self, moment: datetime) -> str:
        return self._words.moment(moment, self._words("review_mail.full_day_and_time"))


def _sentence(said: str) -> str:
    """With a capital at its beginning and an end."""
    text = one_line(said)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
