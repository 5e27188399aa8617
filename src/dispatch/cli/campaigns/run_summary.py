"""What a run came to, as it is told at the end: to people, and to programs."""

from typing import TYPE_CHECKING

from dispatch.cli.intake.feeds import POLL_COLUMNS, poll_row
from dispatch.cli.output.console import say, show

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.model.campaigns.campaign import Campaign
    from dispatch.model.editions.edition import Edition
    from dispatch.model.intake.post import Choice
    from dispatch.pipeline.delivery.deliver import DeliveryReport
    from dispatch.pipeline.people.import_file import ImportReport
    from dispatch.pipeline.run_campaign import RunReport


def exit_code(report: "RunReport") -> int:
    """1 where something failed, else 2 where a file needs mending, else 0."""
    if report.has_failed:
        return 1
    return 2 if report.has_faulty_files else 0


def tell(report: "RunReport", plan: "Campaign", *, rehearsed: bool = False) -> None:
    """As tables; rehearsed, with the posts that will never be used, too."""
    for one in report.imports:
        for problem in one.file.problems:
            say(str(problem), err=True)
    rows = [_import_row(one) for one in report.imports]
    show("Subscribers", ("audience", "rows", "new"), rows, as_json=False, empty="no file")
    show("Feeds", POLL_COLUMNS, map(poll_row, report.polls), as_json=False)
    choices = report.composed.draft.choices if report.composed else ()
    rows = [_choice_row(choice) for choice in choices if rehearsed or not choice.past]
    show("Posts", ("feed", "post", "in", "why"), rows, as_json=False, empty="nothing new")
    for delivered in report.deliveries:
        _tell_deliveries(delivered)
    for edition in report.paused:
        _tell_paused(edition)
    for edition, until in report.scheduled:
        _tell_later(f"{plan.title}: edition {edition.id[:8]}", edition, until)
    _tell_edition(report, plan)


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


def _tell_edition(report: "RunReport", plan: "Campaign") -> None:
    from dispatch.model.editions.edition import EditionState

    for edition in report.waiting:
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
    for told in report.told:
        say(f"{plan.title}: {told}" if not told.problem else str(told), err=bool(told.problem))
    if report.errors:
        return  # told last
    if report.composed is None:
        say(f"{plan.title}: this slot has run already - nothing was sent for it")
    elif report.composed.edition is None:
        say(f"{plan.title}: {report.composed.draft.skipped} - nothing new was sent")
    elif not report.composed.edition.content.posts:
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
        "rows": one.file.people,
        "new": one.new,
        "problems": [str(problem) for problem in one.file.problems],
    }


def _skipped(report: "RunReport") -> str:
    if report.composed is None:
        return "" if report.errors else "this slot has run already"
    return report.composed.draft.skipped


def as_json(report: "RunReport") -> dict[str, object]:
    """All of it."""
    composed = report.composed
    return {
        "subscribers": [_import_row(one) for one in report.imports],
        "feeds": [poll_row(poll) for poll in report.polls],
        "posts": [_choice_row(choice) for choice in (composed.draft.choices if composed else ())],
        "edition": composed.edition.id if composed and composed.edition else None,
        "skipped": _skipped(report),
        "waiting_for_approval": [edition.id for edition in report.waiting],
        "scheduled": [{"edition": one.id, "goes_out": until} for one, until in report.scheduled],
        "told": [
            {
                "edition": one.review_mail.edition_id,
                "address": one.review_mail.address,
                "problem": one.problem,
            }
            for one in report.told
        ],
        "paused": [{"edition": one.id, "reason": one.reason} for one in report.paused],
        "problems": [str(error) for error in report.errors],
        "deliveries": [
            {
                "edition": one.edition.id,
                "state": one.edition.state.value,
                "counts": one.counts,
                "waiting_until": one.waiting_until,
                "as_planned": one.as_planned,
                "stops": one.stops,
            }
            for one in report.deliveries
        ],
    }
