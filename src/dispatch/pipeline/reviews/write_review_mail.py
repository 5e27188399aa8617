"""A review mail: what a reviewer reads about an edition, with a reader's digest below it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.channels.takes import TakesOf, anything
from dispatch.model.campaigns.approval import Otherwise
from dispatch.model.campaigns.campaign import Each
from dispatch.model.delivery.message import Address, EmailMessage
from dispatch.model.editions.edition import Edition, EditionState
from dispatch.model.editions.review_mail import About, ReviewMail
from dispatch.model.text.plain_text import one_line, printable, shorten
from dispatch.pipeline.messages.digests import render_for
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.messages.snippets import snippets_for
from dispatch.pipeline.reviews.decide import goes_out_undecided
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.render.review_mail import Brief, review_html, review_text
from dispatch.render.texts import MOST_SUBJECT, Digest
from dispatch.render.trials.proof import SOMEBODY

MOST_TITLE = 200
"""In code points, of a post's title: feeds have written whole posts there."""

ID, FINGERPRINT = 8, 12
"""How much of an id and of a fingerprint commands need to name: what `editions list` shows, and
enough that no edit gives the same by chance."""


def write_mail(
    review_mail: ReviewMail,
    edition: Edition,
    *,
    readers: str,
    links: SignedLinks,
    now: datetime,
    takes_of: TakesOf = anything,
    renderer: Renderer = HERE,
) -> EmailMessage:
    """The mail that tells a reviewer; `readers` says how many people the digest would go to.

    The digest in it is for nobody in particular, and so are its links for readers: they end no
    subscription and change no cadence. Nothing in a mail decides anything.
    Raises TemplateFailed.
    """
    shown = review_mail.about is not About.DECIDED
    digest = _digest(edition, links, renderer) if shown else None
    words = _Words(review_mail, edition, readers, now, takes_of=takes_of, renderer=renderer)
    brief = words.brief()
    sender = edition.content.publisher.sender
    domain = sender.email.rpartition("@")[2]
    return EmailMessage(
        id=review_mail.message_id,
        message_id=f"<{review_mail.message_id}@{domain}>",
        sender=sender,
        to=Address(review_mail.address),
        subject=shorten(one_line(words.subject()), MOST_SUBJECT),
        text=review_text(brief, digest),
        html=review_html(brief, digest),
        headers=(("Auto-Submitted", "auto-generated"),),  # RFC 3834: no out-of-office answers
    )


def _digest(edition: Edition, links: SignedLinks, renderer: Renderer) -> Digest | None:
    content = edition.content
    if content.email is None:
        return None
    return render_for(SOMEBODY, content, renderer, links=links)


class _Words:
    """The words of one review mail."""

    def __init__(
        self,
        review_mail: ReviewMail,
        edition: Edition,
        readers: str,
        now: datetime,
        *,
        takes_of: TakesOf,
        renderer: Renderer,
    ) -> None:
        self._takes_of = takes_of
        self._renderer = renderer
        self._notice = review_mail
        self._edition = edition
        self._content = edition.content
        self._readers = readers
        self._zone = ZoneInfo(edition.content.sending.timezone)
        self._now = now.astimezone(self._zone)
        self._made = edition.id[:ID]
        self._asked = edition.state is EditionState.CHANGES_REQUESTED

    def subject(self) -> str:
        day = self._content.slot
        name = f"{self._content.title}, {day.day} {day:%B}"
        match self._notice.about:
            case About.WAITS:
                return f"To approve{self._until()}: {name}"
            case About.CHANGES:
                return f"Changes requested: {name}"
            case About.REMINDER:
                return f"Still to {'edit' if self._asked else 'approve'}{self._until()}: {name}"
            case About.DECIDED if self._edition.state is EditionState.REJECTED:
                return f"Skipped at its deadline: {name}"
            case About.DECIDED:
                return f"Goes out, as nobody decided: {name}"

    def brief(self) -> Brief:
        return Brief(
            heading=one_line(self._heading()),
            lead=one_line(self._lead()),
            facts=tuple((name, one_line(value)) for name, value in self._facts() if value),
            posts=tuple(self._posts()),
            commands=tuple(self._commands()),
            snippets=tuple(self._snippets()) if self._shown else (),
        )

    @property
    def _shown(self) -> bool:
        return self._notice.about is not About.DECIDED

    def _heading(self) -> str:
        title = self._content.title
        if not self._shown:
            skipped = self._edition.state is EditionState.REJECTED
            return f"{title} was skipped" if skipped else f"{title} goes out"
        if self._asked:
            return f"{title}: changes were requested"
        return f"{title} waits for approval"

    def _lead(self) -> str:
        if not self._shown:
            return _sentence(self._notice.said)
        lead = "This is a preview for review: no reader has got anything of it."
        if self._asked:
            lead += f" {_sentence(f'Requested by {self._edition.note}')}"
            lead += " It can be approved once somebody has edited it."
        return f"{lead} {self._otherwise()}".strip()

    def _otherwise(self) -> str:
        review = self._edition.review
        if review.deadline is None:
            return "It waits without a deadline."
        if goes_out_undecided(self._edition):
            what = "it goes out as it is"
        else:
            what = "it is skipped, and its posts wait for the next edition"
            if review.otherwise is Otherwise.SEND and not self._asked:
                what += ", as it was edited or objected to"
        verb = "edited and approved" if self._asked else "approved"
        return f"Unless it is {verb} by {self._moment(review.deadline)}, {what}."

    def _facts(self) -> Iterator[tuple[str, str]]:
        content, review = self._content, self._edition.review
        yield "Edition", f"{self._made}, for {_day(content.slot)}, {content.slot:%H:%M}"
        if content.email is not None:
            plan = content.email
            who = f" where {plan.segment}" if plan.segment else ""
            yield (
                "Digest",
                f"{self._readers} of audience {plan.audience}{who}; by channel {plan.via}",
            )
        for social in content.social:
            number = len(content.posts) if social.each is Each.POST else 1
            yield "Snippets", f"{number}, by channel {social.via}"
        if self._shown:
            yield "Goes out", self._goes_out()
        if self._shown and review.deadline is not None:
            yield "Deadline", self._moment(review.deadline)
        if self._shown:
            yield "May approve", self._who()
        yield "Edited by", self._edition.author
        if not self._asked:  # there the lead says so
            yield "Changes requested by", self._edition.note

    def _goes_out(self) -> str:
        plan = self._content.sending
        starts = plan.starts(self._now)
        if plan.local_time and plan.slot:
            when = f"at {plan.slot.local:%H:%M} by each reader's own clock"
        elif starts > self._now:
            when = f"{self._moment(starts)}, if it is approved by then"
        else:
            when = "as soon as it is approved"
        when += f"; never {plan.hours.quiet}" if plan.hours.quiet else ""
        return f"{when}; on business days" if plan.hours.business_days else when

    def _who(self) -> str:
        review, author = self._edition.review, self._edition.author
        who = ", ".join(review.by) or "anybody"
        return f"{who}, but not {author}" if review.other_than_author and author else who

    def _posts(self) -> Iterator[tuple[int, str, str]]:
        feeds = {feed.name: feed.title for feed in self._content.feeds}
        for post in self._content.posts:
            title = shorten(one_line(post.title), MOST_TITLE) or one_line(post.link)
            yield post.id, title, one_line(feeds.get(post.feed, post.feed))

    def _commands(self) -> Iterator[tuple[str, str]]:
        made, campaign = self._made, self._content.campaign
        editions, by = "dispatch editions", "--by YOUR-NAME"
        if not self._shown:
            yield "See how it stands", f"{editions} show {made}"
            if self._edition.state is EditionState.REJECTED:
                yield "Make an edition of its posts now", f"dispatch run {campaign}"
            else:
                yield "Stop what has not left yet", f"{editions} pause {made} --reason 'WHY'"
            return
        yield "Look at it", f"dispatch preview {campaign} --edition {made}"
        if not self._asked:
            seen = self._edition.fingerprint[:FINGERPRINT]
            yield "Let it go out", f"{editions} approve {made} {by} --fingerprint {seen}"
            asking = f"{editions} request-changes {made} {by} --note 'WHAT'"
            yield "Have somebody change it", asking
        yield (
            "Change its texts, or its posts by their numbers (see --help)",
            f"{editions} edit {made} {by} --subject 'ANOTHER SUBJECT'",
        )
        if self._asked:
            yield "Say that it is fine as it is", f"{editions} edit {made} {by}"
        yield "Drop it", f"{editions} reject {made} {by} --reason 'WHY'"

    def _snippets(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for plan in self._content.social:
            takes = self._takes_of(plan.via)
            made = snippets_for(takes, self._content, plan, self._renderer)
            yield plan.via, tuple(printable(one.text) for one in made)

    def _until(self) -> str:
        deadline = self._edition.review.deadline
        if deadline is None:
            return ""
        local = deadline.astimezone(self._zone)
        # Within a week a weekday is enough; the one it is today would be taken for today.
        near = local.date() - self._now.date() < timedelta(days=6)
        return f" until {local:%a %H:%M}" if near else f" until {local.day} {local:%b %H:%M}"

    def _moment(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        return f"{_day(local)}, {local:%H:%M} ({self._zone.key})"


def _day(moment: datetime) -> str:
    return f"{moment:%A}, {moment.day} {moment:%B %Y}"


def _sentence(words: str) -> str:
    """With a capital at its beginning and an end."""
    text = one_line(words)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
