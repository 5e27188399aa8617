"""What a run came to, as it is told at the end: to people, and to programs."""

from typing import TYPE_CHECKING

from dispatch.cli.intake.feeds import POLL_COLUMNS, poll_row
from dispatch.cli.output.console import say, show
from dispatch.cli.output.verbosity import verbosity

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.model.campaigns.campaign import Campaign
    from dispatch.model.editions.edition import Edition
    from dispatch.model.editions.piece import Piece
    from dispatch.model.intake.post import Choice
    from dispatch.pipeline.delivery.deliver import DeliveryReport
    from dispatch.pipeline.people.import_file import ImportReport
    from dispatch.pipeline.run_campaign import RunReport


ONLY_FINISHED = "what was approved comes first, and no slot has come due since"
"""Why a run made no edition, where one had been approved."""

PIECE_COLUMNS = ("piece", "kind", "after", "says")
MOST_SAID = 60
"""Characters of a piece in a table."""


def exit_code(report: "RunReport") -> int:
    """1 where something failed, else 2 where a file needs mending, else 0."""
    if report.has_failed:
        return 1
    return 2 if report.has_faulty_files else 0


def tell(report: "RunReport", plan: "Campaign", *, every_post: bool = False) -> None:
    """As tables; with `every_post` those that will never be used, too."""
    tell_borne(report)
    for one in report.imports:
        for problem in one.file.problems:
            say(str(problem), err=True)
    rows = [_import_row(one) for one in report.imports]
    show("Subscribers", ("audience", "rows", "new"), rows, as_json=False, empty="no file")
    if not report.only_finished:
        show("Feeds", POLL_COLUMNS, map(poll_row, report.polls), as_json=False)
        if verbosity().quiet:
            _tell_feeds_in_trouble(report)
        choices = report.composed.draft.choices if report.composed else ()
        rows = [_choice_row(choice) for choice in choices if every_post or not choice.past]
        show("Posts", ("feed", "post", "in", "why"), rows, as_json=False, empty="none")
        if pieces := _pieces(report):
            show("Pieces that come again", PIECE_COLUMNS, pieces, as_json=False)
    # The last word is rather what went out than that nothing new was made.
    went_on = not report.edition and any(one.ended for one in report.deliveries)
    at_last = verbosity().quiet and went_on
    if not at_last:
        tell_deliveries(report)
    _tell_edition(report, plan)
    if at_last:
        tell_deliveries(report)


def _pieces(report: "RunReport") -> list[dict[str, object]]:
    """What the edition has besides posts, as it is made."""
    content = report.composed.draft.content if report.composed else None
    return [
        {"piece": one.standing, "kind": one.kind.value, "after": one.after, "says": _says(one)}
        for one in (content.pieces if content else ())
    ]


def _says(piece: "Piece") -> str:
    from dispatch.model.text.cutting import cut

    return cut(" ".join((piece.text or piece.alt or piece.address).split()), MOST_SAID)


def tell_borne(report: "RunReport") -> None:
    """What is wrong with channels in whose place others step in."""
    for sentence in borne(report):
        say(sentence, err=True)


def borne(report: "RunReport") -> list[str]:
    """The same, as sentences."""
    stepped_in = ["another channel of via: steps in"] if report.borne else []
    return [*map(str, report.borne), *stepped_in]


def tell_deliveries(report: "RunReport") -> None:
    """What became of those that went out, and which wait."""
    for delivered in report.deliveries:
        _tell_deliveries(delivered)
    for edition in report.paused:
        _tell_paused(edition)
    for edition, until in report.scheduled:
        _tell_later(f"{edition.content.title}: edition {edition.id[:8]}", edition, until)


def _tell_feeds_in_trouble(report: "RunReport") -> None:
    for poll in report.polls:
        if poll.problem:
            say(poll.problem, err=True)


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
    _tell_readers(report, plan)
    if report.errors:
        return  # told last
    if report.only_finished:
        say(f"{plan.title}: {ONLY_FINISHED} - {_next_edition(report, plan)}")
    elif report.composed is None:
        say(f"{plan.title}: this slot has run already - nothing was sent for it")
    elif report.composed.edition is None:
        say(f"{plan.title}: {report.composed.draft.skipped} - no edition was made")
    elif not report.composed.edition.content.posts:
        unread = [poll.feed for poll in report.polls if poll.problem]
        others = f" in the others, as {', '.join(unread)} could not be read" if unread else ""
        say(f"{plan.title}: there is no new post{others} - its edition has none (when_empty: send)")


def _tell_readers(report: "RunReport", plan: "Campaign") -> None:
    """What single readers got: mails about their own affairs, and the latest edition."""
    accepted = sum(not one.problem for one in report.reader_mails)
    if accepted:
        say(f"{accepted} {'mail' if accepted == 1 else 'mails'} to readers about their own affairs")
    for one in report.reader_mails:
        if one.problem:
            say(str(one), err=True)
    for came in report.welcomes:
        if came.edition:
            of = f"edition {came.edition.welcome_of[:8]}"
            say(f"{plan.title}: {_people(came.welcomed)} new to it get {of} as a welcome")
        if came.dropped:
            say(f"{plan.title}: no welcome for {_people(came.dropped)}: {came.reason}")


def _people(number: int) -> str:
    return f"{number} {'reader' if number == 1 else 'readers'}"


def _next_edition(report: "RunReport", plan: "Campaign") -> str:
    """How the next edition comes about, after a run that made none."""
    from dispatch.model.editions.edition import EditionState

    out = all(one.edition.state is EditionState.FINISHED for one in report.deliveries)
    if report.deliveries and out and not report.scheduled:
        return f"run it again for the next edition{', or wait for its time' if plan.when else ''}"
    return "the next edition is made once this one is out"


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
    numbers = ", ".join(f"{number} {state.value}" for state, number in report.counts.items())
    in_numbers = f": {numbers}" if verbosity().quiet and numbers else ""
    say(f"{edition.content.title}: edition {edition.id[:8]} is {edition.state}{in_numbers}")
    if edition.state is EditionState.CANCELLED:
        return
    for sentence in report.stops:
        say(sentence, err=True)
    if report.waiting_until is not None and report.as_planned:
        _tell_later(f"edition {edition.id[:8]}: the next part", edition, report.waiting_until)
    elif report.waiting_until is not None:
        when = " when that is mended" if report.stops else ""
        if not when and not report.is_due:
            when = f" after {report.waiting_until:%Y-%m-%d %H:%M} UTC, when the next is due"
        say(
            f"edition {edition.id[:8]}: not everybody is served yet - run again{when}, "
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
    if report.only_finished:
        return ONLY_FINISHED
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
        "pieces": _pieces(report),
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
        "reader_mails": [
            {"about": one.reader_mail.about.value, "problem": one.problem}
            for one in report.reader_mails
        ],
        "welcomes": [
            {
                "edition": one.edition.id if one.edition else None,
                "welcomed": one.welcomed,
                "dropped": one.dropped,
                "reason": one.reason,
            }
            for one in report.welcomes
        ],
        "paused": [{"edition": one.id, "reason": one.reason} for one in report.paused],
        "problems": [str(error) for error in report.errors],
        "channels_passed_over": [str(problem) for problem in report.borne],
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
