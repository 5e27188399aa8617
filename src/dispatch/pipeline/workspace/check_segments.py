"""Segments beside the people they are to pick from: rules that pick nobody, most often by a slip.

It costs little however many people there are: only the first of an audience are asked about.
"""

from collections.abc import Iterator
from contextlib import closing

from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, Severity
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.errors import TemplateFailed
from dispatch.model.people.segment import columns_asked_for
from dispatch.model.text.suggestions import asked, closest
from dispatch.pipeline.people.readers import pick
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Transaction

LOOKED_AT = 50_000
"""People of an audience about whom a rule is asked."""


def check_segments(
    workspace: Workspace, *, tx: Transaction, renderer: Renderer
) -> Iterator[FileProblem]:
    """What is odd about the segments of campaigns, each told once.

    A rule that cannot be read is nothing of ours: `check_workspace` tells of it.
    """
    told: set[tuple[str, str]] = set()
    for campaign in workspace.campaigns.values():
        if campaign.email is None or not campaign.email.segment:
            continue
        rule, audience = campaign.email.segment, campaign.email.audience
        if (rule, audience) in told:
            continue
        told.add((rule, audience))
        path = workspace.place_of_segment(campaign)
        for problem, advice, severity in _odd(rule, audience, tx, renderer):
            line = workspace.lines.of(*path)
            yield FileProblem(FILE, line, dotted(path), problem, advice, severity)


def _odd(
    rule: str, audience: str, tx: Transaction, renderer: Renderer
) -> Iterator[tuple[str, str, Severity]]:
    number = tx.subscribers.count_active(audience)
    if not number:
        return
    try:
        with closing(pick(rule, audience, tx, renderer, among=LOOKED_AT)) as found:
            is_anybody = next(found, None) is not None
    except TemplateFailed as error:
        problem, _, advice = str(error).partition(" - ")
        yield problem, advice or "ask so that it can be answered for everybody", Severity.ERROR
        return
    yield from unknown_columns(rule, audience, tx)
    if not is_anybody and number <= LOOKED_AT:
        of = f"the {number} people" if number > 1 else "the only person"
        problem = f"picks nobody of {of} in audience '{audience}'"
        advice = "try it with 'dispatch subscribers segment RULE'"
        yield problem, advice, Severity.NOTICE


def unknown_columns(
    rule: str, audience: str, tx: Transaction
) -> Iterator[tuple[str, str, Severity]]:
    """Columns that a rule asks for and nobody has, of those who are looked at."""
    wanted = columns_asked_for(rule)
    known = tx.roster.own_columns(audience, among=LOOKED_AT) if wanted else set()
    for name in wanted:
        if name not in known:
            near = closest(name, known)
            advice = asked(near) if near else "see 'dispatch subscribers import --dry-run'"
            problem = f"nobody in audience '{audience}' has a column '{name}'"
            yield problem, advice, Severity.NOTICE
