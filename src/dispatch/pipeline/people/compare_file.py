"""What a staged file of people says, beside what the database knows of them."""

from dispatch.config.files.problems import FileProblem, Severity
from dispatch.config.people.kept_out import lines_of
from dispatch.config.people.subscribers import SubscriberFile
from dispatch.model.people.refusal import Outcome, Refusal
from dispatch.store.transactions import Transaction


def disagreements(file: SubscriberFile, outcome: Outcome, tx: Transaction) -> list[FileProblem]:
    """Where a file and the database disagree about somebody, a sentence for each.

    Who left or is suppressed, though the file brings them in; and who is here, though the file says
    that they are not to be mailed.
    """
    left = outcome.lines_of(Refusal.LEFT, Refusal.SUPPRESSED)
    here = tx.arrivals.still_active(file.audience)
    erased = outcome.lines_of(Refusal.ERASED)
    told = []
    if erased.number:
        lines = lines_of([(line, "") for line, _ in erased.first], erased.number)
        problem = f"{erased.number} rows are of people who were erased, and stay out: {lines}"
        told.append(_notice(file, problem, ""))
    if left.number:
        problem = f"{left.number} rows are of people who have left or are suppressed, and stay out"
        told.append(_notice(file, f"{problem}: {lines_of(left.first, left.number)}", ""))
    if here.number:
        problem = f"{here.number} rows say that somebody is not to be mailed who is active here"
        advice = "end them with 'dispatch subscribers end ADDRESS' where the file is right"
        told.append(_notice(file, f"{problem}: {lines_of(here.first, here.number)}", advice))
    return told


def _notice(file: SubscriberFile, problem: str, advice: str) -> FileProblem:
    return FileProblem(file.shown, None, "", problem, advice, Severity.NOTICE)
