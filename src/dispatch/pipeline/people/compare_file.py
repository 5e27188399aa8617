"""What a file of people says, beside what the database knows of them."""

from dispatch.config.files.problems import FileProblem, Severity
from dispatch.config.people.kept_out import lines_of
from dispatch.config.people.subscribers import SubscriberFile
from dispatch.model.people.subscriber import SubscriberRow, SubscriptionState, email_key
from dispatch.store.people.arrivals import KnownSubscriber
from dispatch.store.transactions import Store


def count_changed(file: SubscriberFile, *, store: Store) -> int:
    """Of how many who are in the audience already the file knows something new."""
    rows = {email_key(row.email): row for row in file.rows}
    with store.read() as tx:
        return sum(
            one.state is not None and _differs(rows[one.email_key], one)
            for one in tx.arrivals.known(file.audience, list(rows))
        )


def staying_out(file: SubscriberFile, *, store: Store) -> list[FileProblem]:
    """Where a file and the database disagree about somebody, a sentence for each.

    Who left or is suppressed, though the file brings them in; and who is here, though the file says
    that they are not to be mailed.
    """
    rows = {email_key(row.email): row for row in file.rows}
    gone = {
        email_key(one.email): one for one in file.kept_out if one.state is SubscriptionState.ENDED
    }
    with store.read() as tx:
        left = [
            (rows[key].line, why) for key, why in tx.arrivals.gone(file.audience) if key in rows
        ]
        here = [
            (gone[one.email_key].line, gone[one.email_key].why)
            for one in tx.arrivals.known(file.audience, list(gone))
            if one.state is SubscriptionState.ACTIVE
        ]
    told = []
    if left:
        problem = f"{len(left)} rows are of people who have left or are suppressed, and stay out"
        told.append(_notice(file, f"{problem}: {lines_of(sorted(left))}", ""))
    if here:
        problem = f"{len(here)} rows say that somebody is not to be mailed who is active here"
        advice = "end them with 'dispatch subscribers end ADDRESS' where the file is right"
        told.append(_notice(file, f"{problem}: {lines_of(sorted(here))}", advice))
    return told


def _notice(file: SubscriberFile, problem: str, advice: str) -> FileProblem:
    return FileProblem(file.shown, None, "", problem, advice, Severity.NOTICE)


def _differs(row: SubscriberRow, known: KnownSubscriber) -> bool:
    said = (row.name, row.locale, row.timezone, tuple(row.topics), row.fields)
    if said != known.profile:
        return True
    return not known.own_cadence and row.cadence != known.cadence
