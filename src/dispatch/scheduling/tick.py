"""What the service does at each tick: run what is due, and wake for what is to go out; and poll."""

import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

import structlog

from dispatch.app import App
from dispatch.errors import DispatchError, MailboxUnavailable
from dispatch.log import at_work_on
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Schedule, Slot
from dispatch.pipeline.editions.compose import skip_slots
from dispatch.pipeline.editions.look_for_news import look_for_news
from dispatch.pipeline.intake.poll import PollReport
from dispatch.pipeline.people.pause import end_pauses
from dispatch.pipeline.reviews.decide import decide_overdue, skip_if_missed
from dispatch.pipeline.team.count_readers import count_readers
from dispatch.scheduling.due import Due, Waiting, due_slots
from dispatch.scheduling.expecting import LONGEST, RETRY, Expecting
from dispatch.version import __version__

log = structlog.get_logger()

Step = Callable[[], None]

FILES = "schedules.yaml"
"""What is read by the steps that remember their own trouble."""

TOLD_ONE_BY_ONE = 5
"""Slots that were passed over; of more the first and the last are named."""


def tick(app: App, *, waiting: Waiting | None = None) -> None:
    """Do everything whose time has come; one thing's trouble never stops another.

    Safe on any number of machines at once: slots, editions and deliveries are claimed as rows.
    `waiting` is what earlier ticks of this process know of campaigns that have nothing due.
    """
    with app.pulse.beat():
        if not _knows_its_database(app):
            return
        _attempt(app, "ticks", partial(note_tick, app))
        for name, step in _steps(app, waiting or Waiting()):
            if app.stopping.is_set():
                return
            _attempt(app, name, step)


def read_files_again(app: App) -> None:
    """Take up changes of schedules.yaml, for a process that serves pages and does not tick."""
    _attempt(app, "", app.reload_if_changed)


def poll_due(app: App) -> None:
    """Poll the feeds whose time has come; any number of machines may do so at once.

    Beside `tick` and not in it: a feed that hangs must not hold up a run that does not use it.
    """
    if _may_work(app):
        _attempt(app, "polling", partial(_poll_due, app))


def check_links(app: App) -> None:
    """Ask the links of editions that wait whether they are there."""
    if _may_work(app):
        _attempt(app, "links", partial(_check_links, app))


def answer_news(app: App, expecting: Expecting) -> None:
    """Make an edition for each campaign that runs on new posts and has some, in its time."""
    campaigns = [one for one in app.workspace.campaigns.values() if one.new_posts]
    if not campaigns:
        return
    with app.store.read() as tx:
        numbers = tx.news.numbers()
    for campaign in expecting.pick(campaigns, numbers, now=app.clock()):
        if app.stopping.is_set():
            return
        step = partial(_answer, app, campaign, expecting, numbers)
        _attempt(app, f"campaign {campaign.name}", step, campaign=campaign.name)


def _steps(app: App, waiting: Waiting) -> Iterator[tuple[str, Step]]:
    # One after the other, so that the campaigns are those of the file as it is now.
    yield "", app.reload_if_changed  # which knows itself what it has failed at
    if waiting.went_back(app.clock()):
        yield "", app.follow
    yield "deadlines", partial(_decide_overdue, app)
    yield "pauses", partial(_end_pauses, app)
    yield "schedules", partial(_run_due, app, waiting)
    yield "new posts", partial(answer_news, app, waiting.news)
    yield "addressing", partial(_address, app)
    yield "welcomes", partial(_welcome, app)
    yield "deliveries", app.delivery.reconcile
    if waiting.may_look_after(app.clock()):
        yield "sign-ups", partial(_look_after_sign_ups, app)
        yield "people", partial(_erase_lapsed, app)
        yield "what came later", partial(_forget_events, app)
    if waiting.may_count(app.clock()):
        yield "readers", partial(_count_readers, app, waiting)


def note_tick(app: App) -> None:
    """Say in the database that this machine is at work: the team's pages show it."""
    with app.store.begin() as tx:
        now = app.clock()
        tx.ticks.note(socket.gethostname(), __version__, now=now)
        tx.ticks.forget(now=now)


def _knows_its_database(app: App) -> bool:
    try:
        app.check_database()
    except DispatchError as error:
        log.warning("database.refused", problem=str(error))
        return False
    return True


def _check_links(app: App) -> None:
    app.editions.check_links()


def _may_work(app: App) -> bool:
    """Whether what goes on beside the ticks may do so; if not, the next tick says why."""
    if app.stopping.is_set():
        return False
    try:
        app.check_database()
    except DispatchError:
        return False
    return True


def _attempt(app: App, what: str, step: Step, **at_work: str) -> None:
    """Do something; its trouble is said, stops nothing else, and is known until it works.

    `at_work` names what it is done for: the campaign, and perhaps the edition.
    """
    with at_work_on(**at_work):
        try:
            step()
        except DispatchError as error:
            why = str(error)
            log.warning("step.failed", step=what or FILES, problem=why)
        except Exception as bug:
            why = type(bug).__name__
            log.exception("step.crashed", step=what or FILES)
        else:
            app.pulse.worked(what)
            return
    if what:
        app.pulse.failed(what, why)


def renew_subscriptions(app: App) -> None:
    """Subscribe at the hubs of feeds, and renew; beside `tick`, as a hub may be slow."""
    if _may_work(app):
        _attempt(app, "hubs", partial(_renew_subscriptions, app))


def send_review_mails(app: App) -> None:
    """Tell reviewers what waits for them; beside `tick`, as a mail server may hang."""
    if _may_work(app):
        _attempt(app, "reviewers", partial(_send_review_mails, app))


def _send_review_mails(app: App) -> None:
    for told in app.editions.send_review_mails():
        mail = told.review_mail
        with at_work_on(campaign=told.campaign, edition=mail.edition_id):
            if told.problem:
                log.warning("review_mail.failed", problem=str(told))
            else:
                log.info("review_mail.accepted", about=mail.about.value, address=mail.address)


def read_bounces(app: App) -> None:
    """Read what mail servers have sent back; beside `tick`, as the mailbox's server may hang.

    It asks for one row as long as it is not due.
    """
    try:
        if app.stopping.is_set() or not app.bounces.is_due():
            if not app.bounces.problem():  # another machine may have read it since
                app.pulse.worked("bounces")
            return
    except DispatchError:
        return
    if _may_work(app):
        _attempt(app, "bounces", partial(_read_bounces, app))


def _read_bounces(app: App) -> None:
    report = app.bounces.read()
    if report is None:
        return  # another machine is at it
    if report.read:
        log.info(
            "bounces.read", mails=report.read, understood=report.understood, events=report.said
        )
    if report.problem:
        raise MailboxUnavailable(report.problem)


def send_reader_mails(app: App) -> None:
    """Write to readers about their own affairs; often and beside `tick`, as people wait for it.

    It asks for one row as long as there is none. That it cannot ask is for the next tick to say.
    """
    try:
        if app.stopping.is_set() or not app.reader_mails.are_due():
            return
    except DispatchError:
        return
    if _may_work(app):
        _attempt(app, "readers' mails", partial(_send_reader_mails, app))


def _send_reader_mails(app: App) -> None:
    for came in app.reader_mails.send():
        mail = came.reader_mail
        if came.problem:
            log.warning("reader_mail.failed", reader_mail=mail.id, problem=str(came))
        else:
            log.info("reader_mail.accepted", reader_mail=mail.id, about=mail.about.value)


def work_on_uploads(app: App) -> None:
    """Look at a file that somebody has handed over, or bring it in.

    Beside `tick`, as it may take minutes. It asks for one row as long as there is none.
    """
    try:
        if app.stopping.is_set() or not app.uploads.are_due():
            return
    except DispatchError:
        return
    if _may_work(app):
        _attempt(app, "files of people", partial(_work_on_uploads, app))


def _work_on_uploads(app: App) -> None:
    while not app.stopping.is_set() and app.uploads.work():
        pass


def send_team_mails(app: App) -> None:
    """Write to the team about their own affairs, in the round of readers' mails."""
    try:
        if app.stopping.is_set() or not app.signing_in.mails_are_due():
            return
    except DispatchError:
        return
    if _may_work(app):
        _attempt(app, "mails to the team", partial(_send_team_mails, app))


def _send_team_mails(app: App) -> None:
    for came in app.signing_in.send_mails():
        mail = came.team_mail
        if came.problem:
            log.warning("team_mail.failed", team_mail=mail.id, problem=str(came))
        else:
            log.info("team_mail.accepted", team_mail=mail.id, about=mail.about.value)


def _welcome(app: App) -> None:
    for came in app.delivery.make_welcomes():
        if came.dropped:
            log.info(
                "welcome.dropped",
                campaign=came.campaign,
                readers=came.dropped,
                reason=came.reason,
            )
        if came.edition is not None:
            log.info(
                "welcome.made",
                campaign=came.campaign,
                edition=came.edition.id,
                readers=came.welcomed,
            )


def _look_after_sign_ups(app: App) -> None:
    reminded = app.reader_mails.remind()
    if reminded:
        log.info("sign_ups.reminded", readers=reminded)
    app.reader_mails.forget_limits()
    app.signing_in.forget()
    forgotten = app.reader_mails.forget()
    if forgotten:
        log.info("sign_ups.forgotten", rows=forgotten)
    app.uploads.forget()


def _erase_lapsed(app: App) -> None:
    number = app.people.erase_lapsed()
    if number:
        log.info("people.erased", readers=number)


def _forget_events(app: App) -> None:
    forgotten = app.delivery.forget_events()
    if forgotten:
        log.info("events.forgotten", rows=forgotten)


def _count_readers(app: App, waiting: Waiting) -> None:
    waiting.readers = count_readers(
        waiting.readers, store=app.store, clock=app.clock, zone=app.zone
    )


def _renew_subscriptions(app: App) -> None:
    for report in app.intake.renew_subscriptions():
        if report.problem:
            log.warning("websub.request_failed", feed=report.feed, problem=report.problem)


def _poll_due(app: App) -> None:
    app.intake.make_feeds_due()
    for report in app.intake.poll_due():
        _tell_poll(report)


def _tell_poll(report: PollReport) -> None:
    if report.problem:
        log.warning("feed.failed", feed=report.feed, problem=report.problem)
    elif report.kept.new:
        log.info("feed.polled", feed=report.feed, posts=report.kept.new)
    if report.over_limit:
        log.warning("feed.page_over_limit", feed=report.feed, problem=report.over_limit)
    if report.silent:
        log.warning("feed.silent", feed=report.feed, problem=report.silent)


def _run_due(app: App, waiting: Waiting) -> None:
    now = app.clock()
    asked = {
        campaign.name: (campaign, schedule)
        for campaign in app.workspace.campaigns.values()
        if (schedule := campaign.schedule)
        and not waiting.has_begun(campaign.name, schedule, now=now)
    }
    if not asked:
        return
    with app.store.read() as tx:
        answered_until = tx.runs.answered_until(list(asked), now=now)
    for name, (campaign, schedule) in asked.items():
        if app.stopping.is_set():
            return
        after = answered_until.get(name, now)
        step = partial(_run, app, campaign, schedule, waiting, after=after)
        _attempt(app, f"campaign {name}", step, campaign=name)


def _run(
    app: App, campaign: Campaign, schedule: Schedule, waiting: Waiting, *, after: datetime
) -> None:
    due = due_slots(schedule, after=after, now=app.clock())
    if due.skipped:
        _skip(app, campaign, due)
    if due.run is None or _has_edition(app, campaign, due.run):
        waiting.begin(campaign.name, schedule, until=due.next_at)
        return
    _make(app, campaign, due.run)


def _answer(app: App, campaign: Campaign, expecting: Expecting, numbers: Mapping[str, int]) -> None:
    now = app.clock()
    with app.store.read() as tx:
        call = look_for_news(campaign, tx=tx, now=now)
    if call.ready > now:
        expecting.note(campaign, numbers, until=min(call.ready, now + LONGEST))
        return
    expecting.note(campaign, numbers, until=now + RETRY)  # should it fail
    _make(app, campaign, None)
    expecting.forget(campaign)


def _make(app: App, campaign: Campaign, slot: Slot | None) -> None:
    """Make an edition and say what came of it; raises what kept it from being made."""
    report = app.campaigns.make_edition(campaign, slot)
    for imported in report.imports:
        for problem in imported.file.problems:
            log.warning("subscribers.problem", problem=str(problem))
    for poll in report.polls:
        _tell_poll(poll)
    for error in report.errors:
        raise error
    if report.composed is None:
        return  # another machine has this slot, or we are to stop and have not heard all feeds
    if report.composed.edition is None:
        log.info("run.skipped", campaign=campaign.name, reason=report.composed.draft.skipped)
    else:
        edition = report.composed.edition
        state = edition.state.value
        log.info("edition.composed", campaign=campaign.name, edition=edition.id, state=state)


def _has_edition(app: App, campaign: Campaign, slot: Slot) -> bool:
    # It was made by a clock that was ahead: another one will not be.
    with app.store.read() as tx:
        return tx.runs.has_edition(campaign.name, slot)


def _skip(app: App, campaign: Campaign, due: Due) -> None:
    new = skip_slots(campaign.name, due.skipped, store=app.store, clock=app.clock)
    if len(new) > TOLD_ONE_BY_ONE:
        log.warning(
            "slots.skipped",
            campaign=campaign.name,
            first=new[0][0].key,
            last=new[-1][0].key,
            number=len(new),
            reason=new[-1][1],
        )
        return
    for slot, reason in new:
        log.warning("slot.skipped", campaign=campaign.name, slot=slot.key, reason=reason)


def _decide_overdue(app: App) -> None:
    # Before the runs, so that the posts of what is skipped are free for them.
    for one in decide_overdue(store=app.store, clock=app.clock):
        log.warning(
            "edition.deadline_passed",
            campaign=one.edition.campaign,
            edition=one.edition.id,
            decision=one.decision,
        )


def _end_pauses(app: App) -> None:
    # Before the addressing, so that who is back gets what goes out now.
    if number := end_pauses(store=app.store, clock=app.clock):
        log.info("pauses.over", number=number)


def _address(app: App) -> None:
    with app.store.read() as tx:
        found = tx.editions.to_address(app.clock())
    for edition_id, campaign in found:
        if app.stopping.is_set():
            return
        step = partial(_address_one, app, edition_id, campaign)
        _attempt(app, f"campaign {campaign}", step, campaign=campaign, edition=edition_id)


def _address_one(app: App, edition_id: str, campaign: str) -> None:
    if reason := skip_if_missed(edition_id, store=app.store, clock=app.clock):
        log.warning("edition.skipped", campaign=campaign, edition=edition_id, reason=reason)
        return
    number = app.delivery.address(edition_id)
    if number is not None:  # else it is not its hours
        log.info("edition.addressed", campaign=campaign, edition=edition_id, deliveries=number)
