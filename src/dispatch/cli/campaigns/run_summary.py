"""What a run came to, as it is told at the end: to people, and to programs."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dispatch.cli.intake.feeds import POLL_COLUMNS, poll_row
from dispatch.cli.output.console import say, show

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.errors import DispatchError
    from dispatch.model.campaigns.campaign import Campaign
    from dispatch.model.editions.edition import Edition
    from dispatch.model.intake.post import Choice
    from dispatch.pipeline.delivery.deliver import DeliveryReport
    from dispatch.pipeline.editions.compose import Composed
    from dispatch.pipeline.intake.poll import PollReport
    from dispatch.pipeline.people.import_file import ImportReport
    from dispatch.pipeline.reviews.send_review_mails import NoticeReport


@dataclass(slots=True)
class Story:
    """What a run came to."""

    imports: "list[ImportReport]" = field(default_factory=list)
    polls: "list[PollReport]" = field(default_factory=list)
    composed: "Composed | None" = None
    deliveries: "list[DeliveryReport]" = field(default_factory=list)
    scheduled: "list[tuple[Edition, datetime]]" = field(default_factory=list)  # for later
    waiting: "list[Edition]" = field(default_factory=list)
    paused: "list[Edition]" = field(default_factory=list)
    told: "list[NoticeReport]" = field(default_factory=list)
    errors: "list[DispatchError]" = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """1 where something failed, else 2 where a file needs mending, else 0."""
        from dispatch.model.delivery.state import DeliveryState

        trouble = {DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.UNKNOWN}
        if (
            self.paused
            or any(poll.problem for poll in self.polls)
            or any(one.problem for one in self.told)
            or any(
                (report.waiting_until is not None and not report.as_planned)
                or not trouble.isdisjoint(report.counts)
                for report in self.deliveries
            )
        ):
            return 1
        return 2 if any(not one.file.readable or one.file.faulty for one in self.imports) else 0


def tell(story: Story, plan: "Campaign", *, rehearsed: bool = False) -> None:
    """As tables; rehearsed, with the posts that will never be used, too."""
    for one in story.imports:
        for problem in one.file.problems:
            say(str(problem), err=True)
    rows = [_import_row(one) for one in story.imports]
    show("Subscribers", ("audience", "rows", "new"), rows, as_json=False, empty="no file")
    show("Feeds", POLL_COLUMNS, map(poll_row, story.polls), as_json=False)
    choices = story.composed.draft.choices if story.composed else ()
    rows = [_choice_row(choice) for choice in choices if rehearsed or not choice.past]
    show("Posts", ("feed", "post", "in", "why"), rows, as_json=False, empty="nothing new")
    for report in story.deliveries:
        _tell_deliveries(report)
    for edition in story.paused:
        _tell_paused(edition)
    for edition, until in story.scheduled:
        _tell_later(f"{plan.title}: edition {edition.id[:8]}", edition, until)
    _tell_edition(story, plan)


def _tell_later(what: str, edition: "Edition", until: "datetime") -> None:
    from dispatch.model.text.time_words import in_zone

    when = in_zone(until, edition.content.sending.timezone)
    say(f"{what} goes out on {when} - leave 'dispatch up' running, or run again then")


def _tell_paused(edition: "Edition") -> None:
    made = edition.id[:8]
    say(
        f"{edition.content.title}: edition {made} is paused: {edition.reason} - go on with "
        f"'dispatch editions resume {made}', or end it with 'dispatch editions cancel {made}'",
        err=True,
    )


def _tell_edition(story: Story, plan: "Campaign") -> None:
    from dispatch.model.editions.edition import EditionState

    for edition in story.waiting:
        made = edition.id[:8]
        if edition.state is EditionState.CHANGES_REQUESTED:
            asked = f"waits for changes, requested by {edition.note}"
            advice = f"make them with 'dispatch editions edit {made}'"
            say(f"{plan.title}: edition {made} {asked} - {advice}")
            continue
        say(
            f"{plan.title}: edition {made} waits for approval - look at it with "
            f"'dispatch preview {plan.name} --edition {made}', "
            f"then 'dispatch editions approve {made}'"
        )
    for told in story.told:
        say(f"{plan.title}: {told}" if not told.problem else str(told), err=bool(told.problem))
    if story.errors:
        return  # told last
    if story.composed is None:
        say(f"{plan.title}: this slot has run already - nothing was sent for it")
    elif story.composed.edition is None:
        say(f"{plan.title}: {story.composed.draft.skipped} - nothing new was sent")
    elif not story.composed.edition.content.posts:
        say(f"{plan.title}: there is no new post - its edition has none (when_empty: send)")


def _tell_deliveries(report: "DeliveryReport") -> None:
    from dispatch.model.editions.edition import EditionState

    edition = report.edition
    rows = [
        {"edition": edition.id[:8], "state": state.value, "deliveries": number}
        for state, number in report.counts.items()
    ]
    show("Deliveries", ("edition", "state", "deliveries"), rows, as_json=False, empty="nobody")
    if edition.state is EditionState.PAUSED:
        _tell_paused(edition)
        return
    say(f"{edition.content.title}: edition {edition.id[:8]} is {edition.state}")
    if edition.state is EditionState.CANCELLED:
        return
    for sentence in report.stops:
        say(sentence, err=True)
    if report.waiting_until is not None and report.as_planned:
        _tell_later(f"edition {edition.id[:8]}: the next part", edition, report.waiting_until)
    elif report.waiting_until is not None:
        when = "when that is mended"
        if not report.stops:
            when = f"after {report.waiting_until:%Y-%m-%d %H:%M} UTC, when the next is due"
        say(
            f"edition {edition.id[:8]}: not everybody is served yet - run again {when}, "
            "or leave 'dispatch up' running",
            err=True,
        )


def _choice_row(choice: "Choice") -> dict[str, object]:
    return {
        "feed": choice.post.feed,
        "post": choice.post.title,
        "in": choice.included,
        "why": choice.reason,
    }


def _import_row(one: "ImportReport") -> dict[str, object]:
    return {
        "audience": one.file.audience,
        "rows": len(one.file.rows),
        "new": one.new,
        "problems": [str(problem) for problem in one.file.problems],
    }


def _skipped(story: Story) -> str:
    if story.composed is None:
        return "" if story.errors else "this slot has run already"
    return story.composed.draft.skipped


def as_json(story: Story) -> dict[str, object]:
    """All of it."""
    composed = story.composed
    return {
        "subscribers": [_import_row(one) for one in story.imports],
        "feeds": [poll_row(poll) for poll in story.polls],
        "posts": [_choice_row(choice) for choice in (composed.draft.choices if composed else ())],
        "edition": composed.edition.id if composed and composed.edition else None,
        "skipped": _skipped(story),
        "waiting_for_approval": [edition.id for edition in story.waiting],
        "scheduled": [{"edition": one.id, "goes_out": until} for one, until in story.scheduled],
        "told": [
            {
                "edition": one.notice.edition_id,
                "address": one.notice.address,
                "problem": one.problem,
            }
            for one in story.told
        ],
        "paused": [{"edition": one.id, "reason": one.reason} for one in story.paused],
        "problems": [str(error) for error in story.errors],
        "deliveries": [
            {
                "edition": report.edition.id,
                "state": report.edition.state.value,
                "counts": report.counts,
                "waiting_until": report.waiting_until,
                "as_planned": report.as_planned,
                "stops": report.stops,
            }
            for report in story.deliveries
        ],
    }
